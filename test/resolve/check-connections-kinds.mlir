// RUN: not basalt-opt --check-connections --split-input-file %s 2>&1 | FileCheck %s

// All pairs of kinds of ends that are not in the table of legal connections. Each error names the
// ends, their kinds, and what is allowed. (What the notes point to is in check-connections-errors.mlir.)

// Between instances.

proc.process @A {
  proc.out_port @o : tensor<si32>
  proc.in_port @i : tensor<si32>
  proc.ref_port @r : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @p of @v
}
proc.process @B {
  proc.out_port @o : tensor<si32>
  proc.in_port @i : tensor<si32>
  proc.ref_port @r : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @p of @v
}
proc.network @net {
  proc.instance @a of @A
  proc.instance @b of @B
  // CHECK: error: cannot connect 'a.o' (OutPort) to 'b.o' (OutPort): an OutPort goes to an InPort of an instance or to an OutPort of the enclosing process; an OutPort of an instance can only be a source
  proc.connect @a::@o to @b::@o
  // CHECK: error: cannot connect 'a.o' (OutPort) to 'b.r' (RefPort): an OutPort goes to an InPort of an instance or to an OutPort of the enclosing process; a RefPort of an instance can only be a source
  proc.connect @a::@o to @b::@r
  // CHECK: error: cannot connect 'a.o' (OutPort) to 'b.p' (VarPort): an OutPort goes to an InPort of an instance or to an OutPort of the enclosing process; a VarPort takes a RefPort of another instance or a VarPort of the enclosing process
  proc.connect @a::@o to @b::@p
  // CHECK: error: cannot connect 'a.o' (OutPort) to 'b.v' (Var): an OutPort goes to an InPort of an instance or to an OutPort of the enclosing process; a Var takes a RefPort of another instance
  proc.connect @a::@o to @b::@v
  // CHECK: error: cannot connect 'a.i' (InPort) to 'b.o' (OutPort): an InPort of an instance can only be a target; an OutPort of an instance can only be a source
  proc.connect @a::@i to @b::@o
  // CHECK: error: cannot connect 'a.i' (InPort) to 'b.i' (InPort): an InPort of an instance can only be a target; an InPort takes an OutPort of an instance or an InPort of the enclosing process
  proc.connect @a::@i to @b::@i
  // CHECK: error: cannot connect 'a.i' (InPort) to 'b.r' (RefPort): an InPort of an instance can only be a target; a RefPort of an instance can only be a source
  proc.connect @a::@i to @b::@r
  // CHECK: error: cannot connect 'a.i' (InPort) to 'b.p' (VarPort): an InPort of an instance can only be a target; a VarPort takes a RefPort of another instance or a VarPort of the enclosing process
  proc.connect @a::@i to @b::@p
  // CHECK: error: cannot connect 'a.i' (InPort) to 'b.v' (Var): an InPort of an instance can only be a target; a Var takes a RefPort of another instance
  proc.connect @a::@i to @b::@v
  // CHECK: error: cannot connect 'a.r' (RefPort) to 'b.o' (OutPort): a RefPort goes to a Var or VarPort of another instance, or to a RefPort of the enclosing process; an OutPort of an instance can only be a source
  proc.connect @a::@r to @b::@o
  // CHECK: error: cannot connect 'a.r' (RefPort) to 'b.i' (InPort): a RefPort goes to a Var or VarPort of another instance, or to a RefPort of the enclosing process; an InPort takes an OutPort of an instance or an InPort of the enclosing process
  proc.connect @a::@r to @b::@i
  // CHECK: error: cannot connect 'a.r' (RefPort) to 'b.r' (RefPort): a RefPort goes to a Var or VarPort of another instance, or to a RefPort of the enclosing process; a RefPort of an instance can only be a source
  proc.connect @a::@r to @b::@r
  // CHECK: error: cannot connect 'a.p' (VarPort) to 'b.o' (OutPort): a VarPort of an instance can only be a target; an OutPort of an instance can only be a source
  proc.connect @a::@p to @b::@o
  // CHECK: error: cannot connect 'a.p' (VarPort) to 'b.i' (InPort): a VarPort of an instance can only be a target; an InPort takes an OutPort of an instance or an InPort of the enclosing process
  proc.connect @a::@p to @b::@i
  // CHECK: error: cannot connect 'a.p' (VarPort) to 'b.r' (RefPort): a VarPort of an instance can only be a target; a RefPort of an instance can only be a source
  proc.connect @a::@p to @b::@r
  // CHECK: error: cannot connect 'a.p' (VarPort) to 'b.p' (VarPort): a VarPort of an instance can only be a target; a VarPort takes a RefPort of another instance or a VarPort of the enclosing process
  proc.connect @a::@p to @b::@p
  // CHECK: error: cannot connect 'a.p' (VarPort) to 'b.v' (Var): a VarPort of an instance can only be a target; a Var takes a RefPort of another instance
  proc.connect @a::@p to @b::@v
  // CHECK: error: cannot connect 'a.v' (Var) to 'b.o' (OutPort): a Var can only be a target; an OutPort of an instance can only be a source
  proc.connect @a::@v to @b::@o
  // CHECK: error: cannot connect 'a.v' (Var) to 'b.i' (InPort): a Var can only be a target; an InPort takes an OutPort of an instance or an InPort of the enclosing process
  proc.connect @a::@v to @b::@i
  // CHECK: error: cannot connect 'a.v' (Var) to 'b.r' (RefPort): a Var can only be a target; a RefPort of an instance can only be a source
  proc.connect @a::@v to @b::@r
  // CHECK: error: cannot connect 'a.v' (Var) to 'b.p' (VarPort): a Var can only be a target; a VarPort takes a RefPort of another instance or a VarPort of the enclosing process
  proc.connect @a::@v to @b::@p
  // CHECK: error: cannot connect 'a.v' (Var) to 'b.v' (Var): a Var can only be a target; a Var takes a RefPort of another instance
  proc.connect @a::@v to @b::@v
}

// -----

// From an instance to the enclosing process.

proc.process @A {
  proc.out_port @o : tensor<si32>
  proc.in_port @i : tensor<si32>
  proc.ref_port @r : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @p of @v
}
proc.process @B {
  proc.out_port @o : tensor<si32>
  proc.in_port @i : tensor<si32>
  proc.ref_port @r : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @p of @v
}
proc.process @H {
  proc.out_port @o : tensor<si32>
  proc.in_port @i : tensor<si32>
  proc.ref_port @r : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @p of @v
  proc.model @m {
    proc.instance @a of @A
    proc.instance @b of @B
    // CHECK: error: cannot connect 'a.o' (OutPort) to 'i' (InPort): an OutPort goes to an InPort of an instance or to an OutPort of the enclosing process; an InPort of the enclosing process can only be a source here
    proc.connect @a::@o to @i
    // CHECK: error: cannot connect 'a.o' (OutPort) to 'r' (RefPort): an OutPort goes to an InPort of an instance or to an OutPort of the enclosing process; a RefPort of the enclosing process takes a RefPort of an instance
    proc.connect @a::@o to @r
    // CHECK: error: cannot connect 'a.o' (OutPort) to 'p' (VarPort): an OutPort goes to an InPort of an instance or to an OutPort of the enclosing process; a VarPort of the enclosing process can only be a source here
    proc.connect @a::@o to @p
    // CHECK: error: cannot connect 'a.o' (OutPort) to 'v' (Var): an OutPort goes to an InPort of an instance or to an OutPort of the enclosing process; a Var takes a RefPort of another instance
    proc.connect @a::@o to @v
    // CHECK: error: cannot connect 'a.i' (InPort) to 'o' (OutPort): an InPort of an instance can only be a target; an OutPort of the enclosing process takes an OutPort of an instance
    proc.connect @a::@i to @o
    // CHECK: error: cannot connect 'a.i' (InPort) to 'i' (InPort): an InPort of an instance can only be a target; an InPort of the enclosing process can only be a source here
    proc.connect @a::@i to @i
    // CHECK: error: cannot connect 'a.i' (InPort) to 'r' (RefPort): an InPort of an instance can only be a target; a RefPort of the enclosing process takes a RefPort of an instance
    proc.connect @a::@i to @r
    // CHECK: error: cannot connect 'a.i' (InPort) to 'p' (VarPort): an InPort of an instance can only be a target; a VarPort of the enclosing process can only be a source here
    proc.connect @a::@i to @p
    // CHECK: error: cannot connect 'a.i' (InPort) to 'v' (Var): an InPort of an instance can only be a target; a Var takes a RefPort of another instance
    proc.connect @a::@i to @v
    // CHECK: error: cannot connect 'a.r' (RefPort) to 'o' (OutPort): a RefPort goes to a Var or VarPort of another instance, or to a RefPort of the enclosing process; an OutPort of the enclosing process takes an OutPort of an instance
    proc.connect @a::@r to @o
    // CHECK: error: cannot connect 'a.r' (RefPort) to 'i' (InPort): a RefPort goes to a Var or VarPort of another instance, or to a RefPort of the enclosing process; an InPort of the enclosing process can only be a source here
    proc.connect @a::@r to @i
    // CHECK: error: cannot connect 'a.r' (RefPort) to 'p' (VarPort): a RefPort goes to a Var or VarPort of another instance, or to a RefPort of the enclosing process; a VarPort of the enclosing process can only be a source here
    proc.connect @a::@r to @p
    // CHECK: error: cannot connect 'a.p' (VarPort) to 'o' (OutPort): a VarPort of an instance can only be a target; an OutPort of the enclosing process takes an OutPort of an instance
    proc.connect @a::@p to @o
    // CHECK: error: cannot connect 'a.p' (VarPort) to 'i' (InPort): a VarPort of an instance can only be a target; an InPort of the enclosing process can only be a source here
    proc.connect @a::@p to @i
    // CHECK: error: cannot connect 'a.p' (VarPort) to 'r' (RefPort): a VarPort of an instance can only be a target; a RefPort of the enclosing process takes a RefPort of an instance
    proc.connect @a::@p to @r
    // CHECK: error: cannot connect 'a.p' (VarPort) to 'p' (VarPort): a VarPort of an instance can only be a target; a VarPort of the enclosing process can only be a source here
    proc.connect @a::@p to @p
    // CHECK: error: cannot connect 'a.p' (VarPort) to 'v' (Var): a VarPort of an instance can only be a target; a Var takes a RefPort of another instance
    proc.connect @a::@p to @v
    // CHECK: error: cannot connect 'a.v' (Var) to 'o' (OutPort): a Var can only be a target; an OutPort of the enclosing process takes an OutPort of an instance
    proc.connect @a::@v to @o
    // CHECK: error: cannot connect 'a.v' (Var) to 'i' (InPort): a Var can only be a target; an InPort of the enclosing process can only be a source here
    proc.connect @a::@v to @i
    // CHECK: error: cannot connect 'a.v' (Var) to 'r' (RefPort): a Var can only be a target; a RefPort of the enclosing process takes a RefPort of an instance
    proc.connect @a::@v to @r
    // CHECK: error: cannot connect 'a.v' (Var) to 'p' (VarPort): a Var can only be a target; a VarPort of the enclosing process can only be a source here
    proc.connect @a::@v to @p
    // CHECK: error: cannot connect 'a.v' (Var) to 'v' (Var): a Var can only be a target; a Var takes a RefPort of another instance
    proc.connect @a::@v to @v
  }
}

// -----

// From the enclosing process to an instance.

proc.process @A {
  proc.out_port @o : tensor<si32>
  proc.in_port @i : tensor<si32>
  proc.ref_port @r : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @p of @v
}
proc.process @B {
  proc.out_port @o : tensor<si32>
  proc.in_port @i : tensor<si32>
  proc.ref_port @r : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @p of @v
}
proc.process @H {
  proc.out_port @o : tensor<si32>
  proc.in_port @i : tensor<si32>
  proc.ref_port @r : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @p of @v
  proc.model @m {
    proc.instance @a of @A
    proc.instance @b of @B
    // CHECK: error: cannot connect 'o' (OutPort) to 'b.o' (OutPort): an OutPort of the enclosing process can only be a target here; an OutPort of an instance can only be a source
    proc.connect @o to @b::@o
    // CHECK: error: cannot connect 'o' (OutPort) to 'b.i' (InPort): an OutPort of the enclosing process can only be a target here; an InPort takes an OutPort of an instance or an InPort of the enclosing process
    proc.connect @o to @b::@i
    // CHECK: error: cannot connect 'o' (OutPort) to 'b.r' (RefPort): an OutPort of the enclosing process can only be a target here; a RefPort of an instance can only be a source
    proc.connect @o to @b::@r
    // CHECK: error: cannot connect 'o' (OutPort) to 'b.p' (VarPort): an OutPort of the enclosing process can only be a target here; a VarPort takes a RefPort of another instance or a VarPort of the enclosing process
    proc.connect @o to @b::@p
    // CHECK: error: cannot connect 'o' (OutPort) to 'b.v' (Var): an OutPort of the enclosing process can only be a target here; a Var takes a RefPort of another instance
    proc.connect @o to @b::@v
    // CHECK: error: cannot connect 'i' (InPort) to 'b.o' (OutPort): an InPort of the enclosing process goes to an InPort of an instance; an OutPort of an instance can only be a source
    proc.connect @i to @b::@o
    // CHECK: error: cannot connect 'i' (InPort) to 'b.r' (RefPort): an InPort of the enclosing process goes to an InPort of an instance; a RefPort of an instance can only be a source
    proc.connect @i to @b::@r
    // CHECK: error: cannot connect 'i' (InPort) to 'b.p' (VarPort): an InPort of the enclosing process goes to an InPort of an instance; a VarPort takes a RefPort of another instance or a VarPort of the enclosing process
    proc.connect @i to @b::@p
    // CHECK: error: cannot connect 'i' (InPort) to 'b.v' (Var): an InPort of the enclosing process goes to an InPort of an instance; a Var takes a RefPort of another instance
    proc.connect @i to @b::@v
    // CHECK: error: cannot connect 'r' (RefPort) to 'b.o' (OutPort): a RefPort of the enclosing process can only be a target here; an OutPort of an instance can only be a source
    proc.connect @r to @b::@o
    // CHECK: error: cannot connect 'r' (RefPort) to 'b.i' (InPort): a RefPort of the enclosing process can only be a target here; an InPort takes an OutPort of an instance or an InPort of the enclosing process
    proc.connect @r to @b::@i
    // CHECK: error: cannot connect 'r' (RefPort) to 'b.r' (RefPort): a RefPort of the enclosing process can only be a target here; a RefPort of an instance can only be a source
    proc.connect @r to @b::@r
    // CHECK: error: cannot connect 'r' (RefPort) to 'b.p' (VarPort): a RefPort of the enclosing process can only be a target here; a VarPort takes a RefPort of another instance or a VarPort of the enclosing process
    proc.connect @r to @b::@p
    // CHECK: error: cannot connect 'r' (RefPort) to 'b.v' (Var): a RefPort of the enclosing process can only be a target here; a Var takes a RefPort of another instance
    proc.connect @r to @b::@v
    // CHECK: error: cannot connect 'p' (VarPort) to 'b.o' (OutPort): a VarPort of the enclosing process goes to a VarPort of an instance; an OutPort of an instance can only be a source
    proc.connect @p to @b::@o
    // CHECK: error: cannot connect 'p' (VarPort) to 'b.i' (InPort): a VarPort of the enclosing process goes to a VarPort of an instance; an InPort takes an OutPort of an instance or an InPort of the enclosing process
    proc.connect @p to @b::@i
    // CHECK: error: cannot connect 'p' (VarPort) to 'b.r' (RefPort): a VarPort of the enclosing process goes to a VarPort of an instance; a RefPort of an instance can only be a source
    proc.connect @p to @b::@r
    // CHECK: error: cannot connect 'p' (VarPort) to 'b.v' (Var): a VarPort of the enclosing process goes to a VarPort of an instance; a Var takes a RefPort of another instance
    proc.connect @p to @b::@v
    // CHECK: error: cannot connect 'v' (Var) to 'b.o' (OutPort): a Var can only be a target; an OutPort of an instance can only be a source
    proc.connect @v to @b::@o
    // CHECK: error: cannot connect 'v' (Var) to 'b.i' (InPort): a Var can only be a target; an InPort takes an OutPort of an instance or an InPort of the enclosing process
    proc.connect @v to @b::@i
    // CHECK: error: cannot connect 'v' (Var) to 'b.r' (RefPort): a Var can only be a target; a RefPort of an instance can only be a source
    proc.connect @v to @b::@r
    // CHECK: error: cannot connect 'v' (Var) to 'b.p' (VarPort): a Var can only be a target; a VarPort takes a RefPort of another instance or a VarPort of the enclosing process
    proc.connect @v to @b::@p
    // CHECK: error: cannot connect 'v' (Var) to 'b.v' (Var): a Var can only be a target; a Var takes a RefPort of another instance
    proc.connect @v to @b::@v
  }
}

// -----

// From the enclosing process to itself.

proc.process @A {
  proc.out_port @o : tensor<si32>
  proc.in_port @i : tensor<si32>
  proc.ref_port @r : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @p of @v
}
proc.process @B {
  proc.out_port @o : tensor<si32>
  proc.in_port @i : tensor<si32>
  proc.ref_port @r : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @p of @v
}
proc.process @H {
  proc.out_port @o : tensor<si32>
  proc.in_port @i : tensor<si32>
  proc.ref_port @r : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @p of @v
  proc.model @m {
    proc.instance @a of @A
    proc.instance @b of @B
    // CHECK: error: cannot connect 'o' (OutPort) to 'o' (OutPort): an OutPort of the enclosing process can only be a target here; an OutPort of the enclosing process takes an OutPort of an instance
    proc.connect @o to @o
    // CHECK: error: cannot connect 'o' (OutPort) to 'i' (InPort): an OutPort of the enclosing process can only be a target here; an InPort of the enclosing process can only be a source here
    proc.connect @o to @i
    // CHECK: error: cannot connect 'o' (OutPort) to 'r' (RefPort): an OutPort of the enclosing process can only be a target here; a RefPort of the enclosing process takes a RefPort of an instance
    proc.connect @o to @r
    // CHECK: error: cannot connect 'o' (OutPort) to 'p' (VarPort): an OutPort of the enclosing process can only be a target here; a VarPort of the enclosing process can only be a source here
    proc.connect @o to @p
    // CHECK: error: cannot connect 'o' (OutPort) to 'v' (Var): an OutPort of the enclosing process can only be a target here; a Var takes a RefPort of another instance
    proc.connect @o to @v
    // CHECK: error: cannot connect 'i' (InPort) to 'o' (OutPort): an InPort of the enclosing process goes to an InPort of an instance; an OutPort of the enclosing process takes an OutPort of an instance
    proc.connect @i to @o
    // CHECK: error: cannot connect 'i' (InPort) to 'i' (InPort): an InPort of the enclosing process goes to an InPort of an instance; an InPort of the enclosing process can only be a source here
    proc.connect @i to @i
    // CHECK: error: cannot connect 'i' (InPort) to 'r' (RefPort): an InPort of the enclosing process goes to an InPort of an instance; a RefPort of the enclosing process takes a RefPort of an instance
    proc.connect @i to @r
    // CHECK: error: cannot connect 'i' (InPort) to 'p' (VarPort): an InPort of the enclosing process goes to an InPort of an instance; a VarPort of the enclosing process can only be a source here
    proc.connect @i to @p
    // CHECK: error: cannot connect 'i' (InPort) to 'v' (Var): an InPort of the enclosing process goes to an InPort of an instance; a Var takes a RefPort of another instance
    proc.connect @i to @v
    // CHECK: error: cannot connect 'r' (RefPort) to 'o' (OutPort): a RefPort of the enclosing process can only be a target here; an OutPort of the enclosing process takes an OutPort of an instance
    proc.connect @r to @o
    // CHECK: error: cannot connect 'r' (RefPort) to 'i' (InPort): a RefPort of the enclosing process can only be a target here; an InPort of the enclosing process can only be a source here
    proc.connect @r to @i
    // CHECK: error: cannot connect 'r' (RefPort) to 'r' (RefPort): a RefPort of the enclosing process can only be a target here; a RefPort of the enclosing process takes a RefPort of an instance
    proc.connect @r to @r
    // CHECK: error: cannot connect 'r' (RefPort) to 'p' (VarPort): a RefPort of the enclosing process can only be a target here; a VarPort of the enclosing process can only be a source here
    proc.connect @r to @p
    // CHECK: error: cannot connect 'r' (RefPort) to 'v' (Var): a RefPort of the enclosing process can only be a target here; a Var takes a RefPort of another instance
    proc.connect @r to @v
    // CHECK: error: cannot connect 'p' (VarPort) to 'o' (OutPort): a VarPort of the enclosing process goes to a VarPort of an instance; an OutPort of the enclosing process takes an OutPort of an instance
    proc.connect @p to @o
    // CHECK: error: cannot connect 'p' (VarPort) to 'i' (InPort): a VarPort of the enclosing process goes to a VarPort of an instance; an InPort of the enclosing process can only be a source here
    proc.connect @p to @i
    // CHECK: error: cannot connect 'p' (VarPort) to 'r' (RefPort): a VarPort of the enclosing process goes to a VarPort of an instance; a RefPort of the enclosing process takes a RefPort of an instance
    proc.connect @p to @r
    // CHECK: error: cannot connect 'p' (VarPort) to 'p' (VarPort): a VarPort of the enclosing process goes to a VarPort of an instance; a VarPort of the enclosing process can only be a source here
    proc.connect @p to @p
    // CHECK: error: cannot connect 'p' (VarPort) to 'v' (Var): a VarPort of the enclosing process goes to a VarPort of an instance; a Var takes a RefPort of another instance
    proc.connect @p to @v
    // CHECK: error: cannot connect 'v' (Var) to 'o' (OutPort): a Var can only be a target; an OutPort of the enclosing process takes an OutPort of an instance
    proc.connect @v to @o
    // CHECK: error: cannot connect 'v' (Var) to 'i' (InPort): a Var can only be a target; an InPort of the enclosing process can only be a source here
    proc.connect @v to @i
    // CHECK: error: cannot connect 'v' (Var) to 'r' (RefPort): a Var can only be a target; a RefPort of the enclosing process takes a RefPort of an instance
    proc.connect @v to @r
    // CHECK: error: cannot connect 'v' (Var) to 'p' (VarPort): a Var can only be a target; a VarPort of the enclosing process can only be a source here
    proc.connect @v to @p
    // CHECK: error: cannot connect 'v' (Var) to 'v' (Var): a Var can only be a target; a Var takes a RefPort of another instance
    proc.connect @v to @v
  }
}
