// RUN: basalt-opt --check-connections --verify-diagnostics --split-input-file %s

// Shapes: exact, with both declarations.

proc.process @Source {
  // expected-note @+1 {{'s_out' is declared here as OutPort i32[2]}}
  proc.out_port @s_out : tensor<2xsi32>
}
proc.process @Sink {
  // expected-note @+1 {{'a_in' is declared here as InPort i32[3]}}
  proc.in_port @a_in : tensor<3xsi32>
}
proc.network @net {
  proc.instance @s of @Source
  proc.instance @r of @Sink
  // expected-error @+1 {{shapes do not match: 's.s_out' is (2,), but 'r.a_in' is (3,)}}
  proc.connect @s::@s_out to @r::@a_in
}

// -----

proc.process @Accum {
  // expected-note @+1 {{'ref' is declared here as RefPort i32[3]}}
  proc.ref_port @ref : tensor<3xsi32>
}
proc.process @Holder {
  // expected-note @+1 {{'var' is declared here as Var i32[1]}}
  proc.var @var : tensor<1xsi32> = dense<0> : tensor<1xi32>
}
proc.network @net {
  proc.instance @a of @Accum
  proc.instance @h of @Holder
  // expected-error @+1 {{shapes do not match: 'a.ref' is (3,), but 'h.var' is (1,)}}
  proc.connect @a::@ref to @h::@var
}

// -----

// Behind virtual ports, the shape there counts.

proc.process @Source {
  // expected-note @+1 {{'s_out' is declared here as OutPort i32[2, 5]}}
  proc.out_port @s_out : tensor<2x5xsi32>
}
proc.process @Sink {
  // expected-note @+1 {{'a_in' is declared here as InPort i32[2, 5]}}
  proc.in_port @a_in : tensor<2x5xsi32>
}
proc.network @net {
  proc.instance @s of @Source
  proc.instance @r of @Sink
  proc.virtual_port @t = #proc.transpose<[]> of [@s::@s_out]
  // expected-error @+1 {{shapes do not match: 's.s_out' is (5, 2) behind its virtual port, but 'r.a_in' is (2, 5)}}
  proc.connect @t to @r::@a_in
}

// -----

// Element types.

proc.process @A {
  // expected-note @+1 {{'real' is declared here as OutPort f64}}
  proc.out_port @real : tensor<f64>
  // expected-note @+1 {{'ref' is declared here as RefPort i32}}
  proc.ref_port @ref : tensor<si32>
  // expected-note @+1 {{'wide' is declared here as OutPort i32}}
  proc.out_port @wide : tensor<si32>
}
proc.process @B {
  // expected-note @+1 {{'count' is declared here as InPort i24}}
  proc.in_port @count : tensor<si24>
  // expected-note @+1 {{'v' is declared here as Var i16}}
  proc.var @v : tensor<si16> = dense<0> : tensor<i16>
}
proc.process @H {
  // expected-note @+1 {{'in' is declared here as InPort i8}}
  proc.in_port @in : tensor<si8>
  proc.model @m {
    proc.instance @b of @B
    proc.connect @in to @b::@count
  }
}
proc.network @net {
  proc.instance @a of @A
  proc.instance @b of @B
  proc.instance @h of @H
  // expected-error @+1 {{element types do not fit: 'a.real' sends f64, but 'b.count' is i24; a float becomes an integer only by a cast, as in `i24(x)`}}
  proc.connect @a::@real to @b::@count
  // expected-error @+1 {{element types do not match: 'a.ref' is i32, but 'b.v' is i16; what is read and written through a RefPort is not converted}}
  proc.connect @a::@ref to @b::@v
  // expected-error @+1 {{element types do not fit: 'h.in' (i8) cannot pass on all that 'a.wide' (i32) sends; a port of a hierarchical process converts nothing}}
  proc.connect @a::@wide to @h::@in
}

// -----

// Duplicates, second targets, own Vars, Vars that are not shareable.

proc.process @P {
  proc.out_port @o : tensor<si32>
  proc.in_port @i : tensor<si32>
  proc.ref_port @r : tensor<si32>
  proc.ref_port @r2 : tensor<si32>
  proc.ref_port @r3 : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @p of @v
  // expected-note @+1 {{'hidden' is declared here}}
  proc.var not_shareable @hidden : tensor<si32> = dense<0> : tensor<i32>
}
proc.network @net {
  proc.instance @a of @P
  proc.instance @b of @P
  // expected-note @+1 {{the first connection is here}}
  proc.connect @a::@o to @b::@i
  // expected-error @+1 {{'a.o' is already connected to 'b.i'}}
  proc.connect @a::@o to @b::@i
  // expected-note @+1 {{the first connection is here}}
  proc.connect @a::@r to @b::@v
  // expected-error @+1 {{a RefPort has one target, but 'a.r' is connected to 'b.v' and to 'b.p'}}
  proc.connect @a::@r to @b::@p
  // expected-error @+1 {{RefPort 'a.r2' and Var 'a.v' belong to the same process; it can use its Var directly}}
  proc.connect @a::@r2 to @a::@v
  // expected-error @+1 {{RefPort 'a.r2' and VarPort 'a.p' belong to the same process; it can use its Var directly}}
  proc.connect @a::@r2 to @a::@p
  // expected-error @+1 {{Var 'b.hidden' is not shareable, so no RefPort can be connected to it}}
  proc.connect @a::@r3 to @b::@hidden
}

// -----

// What is no port.

proc.process @P {
  // expected-note @+1 {{'shape' is declared here}}
  proc.param @shape = [3]
  // expected-note @+1 {{'i' is declared here as InPort i32}}
  proc.in_port @i : tensor<si32>
}
proc.network @net {
  proc.instance @a of @P
  proc.instance @b of @P
  // expected-error @+1 {{cannot connect 'a.shape' (parameter) to 'b.i' (InPort): only ports can be connected; an InPort takes an OutPort of an instance or an InPort of the enclosing process}}
  proc.connect @a::@shape to @b::@i
}

// -----

// Notes of a pair of kinds that does not fit point to both declarations.

proc.process @P {
  // expected-note @+1 {{'s_out' is declared here as OutPort i32[2]}}
  proc.out_port @s_out : tensor<2xsi32>
  proc.var @var : tensor<2xsi32> = dense<0> : tensor<2xi32>
  // expected-note @+1 {{'var_port' is declared here as VarPort i32[2]}}
  proc.var_port @var_port of @var
}
proc.network @net {
  proc.instance @s of @P
  proc.instance @h of @P
  // expected-error @+1 {{cannot connect 's.s_out' (OutPort) to 'h.var_port' (VarPort): an OutPort goes to an InPort of an instance or to an OutPort of the enclosing process; a VarPort takes a RefPort of another instance or a VarPort of the enclosing process}}
  proc.connect @s::@s_out to @h::@var_port
}

// -----

// An OutPort of a hierarchical process that nothing in it leads to; one that is not connected may be so.

proc.process @Child {
  proc.out_port @out : tensor<si32>
}
proc.process @H {
  proc.out_port @fed : tensor<si32>
  // expected-note @+1 {{'starved' is declared here}}
  proc.out_port @starved : tensor<si32>
  proc.out_port @unused : tensor<si32>
  // expected-note @+1 {{this network has no connection to it}}
  proc.model @m {
    proc.instance @child of @Child
    proc.connect @child::@out to @fed
  }
}
proc.process @Sink {
  proc.in_port @in : tensor<si32>
  proc.in_port @in2 : tensor<si32>
}
proc.network @net {
  proc.instance @h of @H
  proc.instance @sink of @Sink
  proc.connect @h::@fed to @sink::@in
  // expected-error @+1 {{OutPort 'h.starved' is connected, but nothing in its process leads to it}}
  proc.connect @h::@starved to @sink::@in2
}

