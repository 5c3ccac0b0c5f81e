// RUN: basalt targets tiny --canonical | sed -z 's/\t/\\\\09/g; s/\n/\\\\0A/g; s/.*/s|LIMITS|"&"|/' > %t.sed
// RUN: sed -f %t.sed %s | basalt-opt -split-input-file -verify-diagnostics
//
// Synapses that lead from nowhere or to nowhere.

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{has entries of type 'tensor<1x5xi32>', expected 6 numbers of 32 bits each}}
  neurocore.synapses "d.a_buff" from @p 0 to @p 0 = dense<[[0, 0, 4, 0, -1]]> : tensor<1x5xi32>
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{comes from 'q', which is no population or injector}}
  neurocore.synapses "d.a_buff" from @q 0 to @p 0 = dense<[[0, 0, 4, 0, -1, -1]]> : tensor<1x6xi32>
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  neurocore.program @P {
  }
  // expected-error @+1 {{comes from 'P', which is no population or injector}}
  neurocore.synapses "d.a_buff" from @P 0 to @p 0 = dense<[[0, 0, 4, 0, -1, -1]]> : tensor<1x6xi32>
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.injector @src.s_out : ui1 x 1
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{goes to 'src.s_out', which is no population}}
  neurocore.synapses "d.a_buff" from @p 0 to @src.s_out 0 = dense<[[0, 0, 4, 0, -1, -1]]> : tensor<1x6xi32>
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{goes to accumulator 1 of 'p', which has 1}}
  neurocore.synapses "d.a_buff" from @p 0 to @p 1 = dense<[[0, 0, 4, 0, -1, -1]]> : tensor<1x6xi32>
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{goes to accumulator -1 of 'p', which has 1}}
  neurocore.synapses "d.a_buff" from @p 0 to @p -1 = dense<[[0, 0, 4, 0, -1, -1]]> : tensor<1x6xi32>
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{has an entry from 3 to 0, of 3 sources and 3 neurons}}
  neurocore.synapses "d.a_buff" from @p 0 to @p 0 = dense<[[3, 0, 4, 0, -1, -1]]> : tensor<1x6xi32>
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{has an entry from 0 to 3, of 3 sources and 3 neurons}}
  neurocore.synapses "d.a_buff" from @p 0 to @p 0 = dense<[[0, 3, 4, 0, -1, -1]]> : tensor<1x6xi32>
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{has the entry from 1 to 0 behind that from 1 to 2}}
  neurocore.synapses "d.a_buff" from @p 0 to @p 0 = dense<[[1, 2, 4, 0, -1, -1], [1, 0, 4, 0, -1, -1]]> : tensor<2x6xi32>
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{has lists of type 'tensor<3x1xi32>', expected the number of a list and that of a neuron for each source}}
  neurocore.synapses "d.a_buff" from @p 0 to @p 0 lists dense<0> : tensor<3x1xi32> = dense<[[0, 0, 4, 0, -1, -1]]> : tensor<1x6xi32>
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{has lists for 2 sources of 3}}
  neurocore.synapses "d.a_buff" from @p 0 to @p 0 lists dense<0> : tensor<2x2xi32> = dense<[[0, 0, 4, 0, -1, -1]]> : tensor<1x6xi32>
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{has list 1 of 1 for source 2}}
  neurocore.synapses "d.a_buff" from @p 0 to @p 0 lists dense<[[0, 0], [0, 0], [1, 0]]> : tensor<3x2xi32> = dense<[[0, 0, 4, 0, -1, -1]]> : tensor<1x6xi32>
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{leads source 1 from neuron 2 to 3 of 3}}
  neurocore.synapses "d.a_buff" from @p 0 to @p 0 lists dense<[[0, 0], [0, 2], [0, 0]]> : tensor<3x2xi32> = dense<[[0, 1, 4, 0, -1, -1]]> : tensor<1x6xi32>
}
