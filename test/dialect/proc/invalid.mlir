// RUN: basalt-opt --verify-diagnostics --split-input-file %s

proc.process @P {
  // expected-error @+1 {{has an element type that cannot be declared: 'i32'}}
  proc.var @v : tensor<i32>
}

// -----

proc.process @P {
  // expected-error @+1 {{has an element type that cannot be declared: 'f16'}}
  proc.in_port @i : tensor<f16>
}

// -----

proc.process @P {
  // expected-error @+1 {{has 1 shape names for rank 2}}
  proc.out_port @o : tensor<?x?xf32> {shape_names = ["n"]}
}

// -----

proc.process @P {
  // expected-error @+1 {{has 2 shape names with a star; one is possible}}
  proc.ref_port @r : tensor<*xf32> {shape_names = ["*n", "*m"]}
}

// -----

// expected-error @+1 {{'proc.var' op expects parent op 'proc.process'}}
proc.var @v : tensor<f32>

// -----

proc.process @P {
  // expected-error @+1 {{refers to 'v', which is no Var of this process}}
  proc.var_port @p of @v
}

// -----

proc.process @P {
  proc.var not_shareable @v : tensor<f32>
  // expected-error @+1 {{refers to the Var 'v', which is not shareable}}
  proc.var_port @p of @v
}

// -----

proc.process @P {
  // expected-error @+1 {{has both phases and instances}}
  proc.model @m {
    proc.instance @p of @P
    proc.phase spk {
    }
  }
}

// -----

proc.process @P {
  proc.model @m {
    // expected-error @+1 {{cannot stand in a proc.model}}
    %c = arith.constant 1 : i64
  }
}

// -----

proc.process @P {
  proc.model @m {
    proc.phase spk {
      %c = arith.constant 1 : i64
      // expected-error @+1 {{is not in the closed list of ops of behaviours}}
      %d = arith.divsi %c, %c : i64
    }
  }
}

// -----

proc.process @P {
  proc.model @m {
    // expected-error @+1 {{has both a source text and a body}}
    proc.phase spk source "stop()" {
      proc.stop
    }
  }
}

// -----

proc.process @P {
  proc.model @m {
    // expected-error @+1 {{must end with proc.yield}}
    proc.guard post_guard {
      proc.stop
    }
  }
}

// -----

proc.network @net {
  // expected-error @+1 {{refers to an unknown process 'P'}}
  proc.instance @p of @P
}

// -----

proc.process @P {
}
proc.network @net {
  proc.instance @p of @P {
    // expected-error @+1 {{gives 'v', which is no Var of 'P'}}
    proc.value @v = dense<1> : tensor<i64>
  }
}

// -----

proc.process @P {
}
proc.network @net {
  proc.instance @p of @P {
    // expected-error @+1 {{cannot stand in a proc.instance}}
    proc.stop
  }
}

// -----

proc.process @P {
  proc.out_port @o : tensor<f32>
}
proc.network @net {
  proc.instance @p of @P
  // expected-error @+1 {{refers to an unknown port or Var 'p.nope'}}
  proc.connect @p::@o to @p::@nope
}

// -----

proc.process @P {
  proc.out_port @o : tensor<f32>
  proc.in_port @i : tensor<f32>
  proc.model @m {
  }
}
proc.network @net {
  proc.instance @p of @P
  // A model is no member of an instance.
  // expected-error @+1 {{refers to an unknown port or Var 'p.m'}}
  proc.connect @p::@m to @p::@i
}

// -----

proc.process @P {
  proc.out_port @o : tensor<f32>
  proc.in_port @i : tensor<f32>
}
proc.network @net {
  proc.instance @p of @P
  // expected-error @+1 {{expects #proc transforms of one source, found #proc.concat<0>}}
  proc.connect @p::@o to @p::@i via [#proc.concat<0>]
}

// -----

proc.network @net {
  // expected-error @+1 {{refers to an unknown port or Var 'p.o'}}
  proc.virtual_port @v = #proc.transpose<[]> of [@p::@o]
}

// -----

proc.process @P {
  proc.out_port @o : tensor<f32>
}
proc.network @net {
  proc.instance @p of @P
  // expected-error @+1 {{expects a #proc transform, found 1 : i64}}
  proc.virtual_port @v = 1 of [@p::@o]
}

// -----

proc.process @P {
  proc.out_port @o : tensor<f32>
}
proc.network @net {
  proc.instance @p of @P
  // expected-error @+1 {{has 2 sources; only concat takes several, and it takes at least one}}
  proc.virtual_port @v = #proc.reshape<[1]> of [@p::@o, @p::@o]
}

// -----

proc.process @P {
  proc.model @m {
    proc.instance @p of @P
    // expected-error @+1 {{refers to an unknown port or Var 'v'}}
    proc.alias @v to @p::@v
  }
}

// -----

proc.process @P {
  proc.model @m {
    proc.phase spk {
      // expected-error @+1 {{refers to 'v', which is no Var of this process}}
      %0 = proc.get @v : tensor<f32>
    }
  }
}

// -----

proc.process @P {
  proc.var @v : tensor<si24>
  proc.model @m {
    proc.phase spk {
      // expected-error @+1 {{has a value of type 'tensor<f32>', but the Var 'v' has 'tensor<i24>'}}
      %0 = proc.get @v : tensor<f32>
    }
  }
}

// -----

// expected-error @+1 {{must stand in a proc.model}}
%0 = proc.get @v : tensor<f32>

// -----

// expected-error @+1 {{the bounds of limits must be of type i64 or f64}}
proc.process @P { proc.var @v : tensor<si24> {limits = #proc.limits<low = 0 : i32>} }

// -----

proc.process @P {
  // expected-error @+1 {{expects #proc.limits or an array as the limit of 'v', found 5 : i64}}
  proc.model @m limits {v = 5} {}
}
