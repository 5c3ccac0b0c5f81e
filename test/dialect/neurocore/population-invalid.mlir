// RUN: basalt targets tiny --canonical | sed -z 's/\t/\\\\09/g; s/\n/\\\\0A/g; s/.*/s|LIMITS|"&"|/' > %t.sed
// RUN: sed -f %t.sed %s | basalt-opt -split-input-file -verify-diagnostics
//
// What neurons cannot have.

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{has 0 neurons, expected 1 to 1048576}}
  neurocore.population @p of "P" runs @P : 0 {
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{has -2 neurons, expected 1 to 1048576}}
  neurocore.population @p of "P" runs @P : -2 {
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{has 3 neurons, and an order of 2}}
  neurocore.population @p of "P" runs @P : 3 order [0, 1] {
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{has an order in which 2 is once too often, or no neuron}}
  neurocore.population @p of "P" runs @P : 3 order [2, 1, 2] {
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{has an order in which 3 is once too often, or no neuron}}
  neurocore.population @p of "P" runs @P : 3 order [0, 1, 3] {
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    // expected-error @+1 {{has 2 values, expected 1 or 3}}
    neurocore.slot "p.v" : si32 = dense<[1, 2]> : tensor<2xi32>
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    // expected-error @+1 {{has values of type 'tensor<1xf32>', expected integers}}
    neurocore.slot "p.v" : si32 = dense<1.0> : tensor<1xf32>
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    // expected-error @+1 {{has 4 values, expected 1 or 3}}
    neurocore.parameter "p.bias" : si32 = dense<[1, 2, 3, 4]> : tensor<4xi32>
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    // expected-error @+1 {{has 0 bits, expected 1 to 64}}
    neurocore.accumulator "d.a_buff" bits 0 slots 1 = []
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    // expected-error @+1 {{has 3 slots, expected a power of two up to 64}}
    neurocore.accumulator "d.a_buff" bits 16 slots 3 = []
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    // expected-error @+1 {{has 128 slots, expected a power of two up to 64}}
    neurocore.accumulator "d.a_buff" bits 16 slots 128 = []
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    // expected-error @+1 {{has contents for 2 steps, but 1 slots}}
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = [dense<1> : tensor<3xi32>, dense<2> : tensor<3xi32>]
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    // expected-error @+1 {{has 2 values, expected 1 or 3}}
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = [dense<[1, 2]> : tensor<2xi32>]
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    // expected-error @+1 {{has the interval 0, expected at least 1}}
    neurocore.timer 0, 0
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    // expected-error @+1 {{has the interval -3, expected at least 1}}
    neurocore.timer -3, 0
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{has 1 compartments and a program, expected one of both}}
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.compartment du 0 dv 0 vth 1 bias 0 exponent 0
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{has 0 compartments and no program, expected one of both}}
  neurocore.population @p of "P" : 3 {
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" : 3 {
    // expected-error @+1 {{has the vth -1, expected at least 0}}
    neurocore.compartment du 0 dv 0 vth -1 bias 0 exponent 0
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    // expected-error @+1 {{stores by 'round', expected wrap, wrap_up, saturate or saturate_symmetric}}
    neurocore.slot "p.v" : si32 store "round" = dense<0> : tensor<1xi32>
  }
}
