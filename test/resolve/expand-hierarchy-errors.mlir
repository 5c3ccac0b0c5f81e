// RUN: basalt-opt --expand-hierarchy --verify-diagnostics --split-input-file %s

proc.process @A {
  proc.model @m {
    // expected-note @+1 {{through 'b' of 'B'}}
    proc.instance @b of @B
  }
}
proc.process @B {
  proc.model @m {
    // expected-error @+1 {{process 'A' contains itself}}
    proc.instance @a of @A
  }
}
proc.network @net {
  proc.instance @a of @A
}

// -----

proc.process @Acc {
  proc.ref_port @ref : tensor<si32>
}
proc.process @H {
  proc.ref_port @ref : tensor<si32>
  proc.model @m {
    proc.instance @acc of @Acc
    // expected-error @+1 {{RefPort 'h.acc.ref' never reaches a Var: its chain of connections ends at RefPort 'h.ref', which is not connected}}
    proc.connect @acc::@ref to @ref
  }
}
proc.network @net {
  proc.instance @h of @H
}

// -----

proc.process @Acc {
  proc.ref_port @ref : tensor<si32>
}
proc.process @Leaf {
}
proc.process @H {
  proc.var @v : tensor<si32>
  proc.model @m {
    proc.instance @leaf of @Leaf
  }
}
proc.network @net {
  proc.instance @acc of @Acc
  proc.instance @h of @H
  // expected-error @+1 {{RefPort 'acc.ref' never reaches a Var: its chain of connections ends at Var 'h.v' of a hierarchical process, which is no alias of a child's Var}}
  proc.connect @acc::@ref to @h::@v
}

// -----

proc.process @Leaf {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
}
proc.process @H {
  proc.var @v : tensor<si32>
  proc.model @m {
    proc.instance @leaf of @Leaf
    proc.alias @v to @leaf::@v
  }
}
proc.network @net {
  proc.instance @h of @H {
    // expected-error @+1 {{the value for 'h.v' reaches no child: the model of 'H' has to pass it on}}
    proc.value @v = dense<3> : tensor<i32>
  }
}

// -----

proc.process @Leaf {
  proc.out_port @o : tensor<2xsi32>
}
proc.process @H {
  proc.out_port @o : tensor<2xsi32>
  proc.model @m {
    proc.instance @leaf of @Leaf
    // expected-error @+1 {{virtual port 'v' is left; resolve-virtual-ports has to run before}}
    proc.virtual_port @v = #proc.slice<[-1], [-1], [-1]> of [@leaf::@o]
    proc.connect @v to @o
  }
}
proc.network @net {
  proc.instance @h of @H
}
