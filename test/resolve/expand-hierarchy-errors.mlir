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

// -----

// Few lines, many instances.

proc.process @P0 {
}
proc.process @P1 {
  proc.model @m {
    proc.instance @c0 of @P0
    proc.instance @c1 of @P0
    proc.instance @c2 of @P0
    proc.instance @c3 of @P0
    proc.instance @c4 of @P0
    proc.instance @c5 of @P0
    proc.instance @c6 of @P0
    proc.instance @c7 of @P0
  }
}
proc.process @P2 {
  proc.model @m {
    proc.instance @c0 of @P1
    proc.instance @c1 of @P1
    proc.instance @c2 of @P1
    proc.instance @c3 of @P1
    proc.instance @c4 of @P1
    proc.instance @c5 of @P1
    proc.instance @c6 of @P1
    proc.instance @c7 of @P1
  }
}
proc.process @P3 {
  proc.model @m {
    proc.instance @c0 of @P2
    proc.instance @c1 of @P2
    proc.instance @c2 of @P2
    proc.instance @c3 of @P2
    proc.instance @c4 of @P2
    proc.instance @c5 of @P2
    proc.instance @c6 of @P2
    proc.instance @c7 of @P2
  }
}
proc.process @P4 {
  proc.model @m {
    proc.instance @c0 of @P3
    proc.instance @c1 of @P3
    proc.instance @c2 of @P3
    proc.instance @c3 of @P3
    proc.instance @c4 of @P3
    proc.instance @c5 of @P3
    proc.instance @c6 of @P3
    proc.instance @c7 of @P3
  }
}
proc.process @P5 {
  proc.model @m {
    proc.instance @c0 of @P4
    proc.instance @c1 of @P4
    proc.instance @c2 of @P4
    proc.instance @c3 of @P4
    proc.instance @c4 of @P4
    proc.instance @c5 of @P4
    proc.instance @c6 of @P4
    proc.instance @c7 of @P4
  }
}
proc.process @P6 {
  proc.model @m {
    proc.instance @c0 of @P5
    proc.instance @c1 of @P5
    proc.instance @c2 of @P5
    proc.instance @c3 of @P5
    proc.instance @c4 of @P5
    proc.instance @c5 of @P5
    proc.instance @c6 of @P5
    proc.instance @c7 of @P5
  }
}
proc.process @P7 {
  proc.model @m {
    proc.instance @c0 of @P6
    proc.instance @c1 of @P6
    proc.instance @c2 of @P6
    proc.instance @c3 of @P6
    proc.instance @c4 of @P6
    proc.instance @c5 of @P6
    proc.instance @c6 of @P6
    proc.instance @c7 of @P6
  }
}
proc.process @P8 {
  proc.model @m {
    proc.instance @c0 of @P7
    proc.instance @c1 of @P7
    proc.instance @c2 of @P7
    proc.instance @c3 of @P7
    // expected-error @+1 {{the network has more than 10000000 instances of leaf processes, counted up to here}}
    proc.instance @c4 of @P7
    proc.instance @c5 of @P7
    proc.instance @c6 of @P7
    proc.instance @c7 of @P7
  }
}
proc.network @net {
  proc.instance @p of @P8
}
