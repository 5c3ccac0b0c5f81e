// RUN: basalt-opt --schedule --verify-diagnostics --split-input-file %s

// There is no order; check-deadlocks has said so, unless schedule runs alone.

proc.process @Neuron {
  proc.in_port @a_in : tensor<si32>
  proc.out_port @s_out : tensor<si32>
  proc.model @model {
    proc.phase spk {
      %0 = proc.recv @a_in : tensor<i32>
      proc.send @s_out, %0 : tensor<i32>
    }
  }
}
proc.network @net {
  // expected-error @below {{expected a network without deadlocks, found that 'n' waits for itself; check-deadlocks says why}}
  proc.instance @n of @Neuron
  proc.connect @n::@s_out to @n::@a_in
}

// -----

proc.process @Reader {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @v
  proc.ref_port @ref : tensor<si32>
  proc.model @model {
    proc.phase pre_mgmt {
      %0 = proc.read @ref : tensor<i32>
      proc.set @v, %0 : tensor<i32>
    }
  }
}
proc.network @net {
  // expected-error @below {{expected a network without deadlocks, found that 'a' waits for itself; check-deadlocks says why}}
  proc.instance @a of @Reader
  proc.instance @b of @Reader
  proc.connect @a::@ref to @b::@port
  proc.connect @b::@ref to @a::@port
}

// -----

proc.process @A {
  proc.ref_port @ref : tensor<3xsi32>
  proc.model @model {
    proc.phase host {
      %0 = proc.read @ref : tensor<3xi32>
    }
  }
}
proc.process @B {
  proc.var @v : tensor<2xsi32> = dense<0> : tensor<2xi32>
  proc.var_port @port of @v
}
proc.network @net {
  proc.instance @a of @A
  proc.instance @b of @B
  // expected-error @below {{expected a resolved network, found the transform #proc.slice<[0], [2], [1]> of a RefPort}}
  proc.connect @a::@ref to @b::@port via [#proc.slice<[0], [2], [1]>]
}

// -----

// What resolve would not have left.

// expected-error @below {{expected a resolved network, found a module without exactly one network}}
module {
}

// -----

proc.process @P {
  proc.ref_port @ref : tensor<si32>
}
proc.process @Q {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
}
proc.network @net {
  proc.instance @p of @P
  proc.instance @q of @Q
  // expected-error @below {{expected a resolved network, found a connection from RefPort to Var}}
  proc.connect @p::@ref to @q::@v
}

// -----

proc.process @P {
  proc.in_port @in : tensor<si32>
  proc.out_port @out : tensor<si32>
}
proc.network @net {
  proc.instance @p of @P
  proc.virtual_port @v = #proc.reshape<[]> of [@p::@out]
  // expected-error @below {{expected a resolved network, found a connection that does not join ports of two instances}}
  proc.connect @v to @p::@in
}

// -----

// expected-error @below {{expected a resolved network, found a process of several models}}
proc.process @P {
  proc.model @a {
  }
  proc.model @b {
  }
}
proc.network @net {
}

// -----

proc.process @P {
}
proc.process @Q {
  // expected-error @below {{expected a resolved network, found a model of child instances}}
  proc.model @a {
    proc.instance @p of @P
  }
}
proc.network @net {
}

// -----

proc.process @P {
  proc.model @a {
    // expected-error @below {{expected a resolved network, found a phase that is still text}}
    proc.phase spk source "print(1)" {
    }
  }
}
proc.network @net {
}

// -----

proc.process @P {
  proc.in_port @in : tensor<si32>
  proc.model @a {
    proc.phase spk {
      %true = arith.constant true
      scf.if %true {
        // expected-error @below {{expected a resolved network, found a message that is not at the top level of spk}}
        %0 = proc.recv @in : tensor<i32>
      }
    }
  }
}
proc.network @net {
}

// -----

proc.process @P {
  proc.ref_port @ref : tensor<si32>
  proc.model @a {
    proc.phase host {
      // expected-error @below {{expected a resolved network, found RefPort 'p.ref', which is accessed but not connected}}
      %0 = proc.read @ref : tensor<i32>
    }
  }
}
proc.network @net {
  proc.instance @p of @P
}

// -----

proc.process @P {
  // expected-error @below {{expected a resolved network, found the Var 'p.v' without an initial value}}
  proc.var @v : tensor<si32>
}
proc.network @net {
  proc.instance @p of @P
}

// -----

proc.process @P {
  // expected-error @below {{expected a resolved network, found the Var 'p.v' without a concrete type}}
  proc.var @v : tensor<?xsi32> = dense<0> : tensor<i64>
}
proc.network @net {
  proc.instance @p of @P
}
