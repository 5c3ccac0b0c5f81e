// RUN: printf 'target: runs\nversion: 1\ninherits: tiny\nsynapses: {kinds: [run_length]}\n' > %t.yaml
// RUN: basalt targets %t.yaml --canonical | sed -z 's/\t/\\\\09/g; s/\n/\\\\0A/g; s/.*/s|LIMITS|"&"|/' > %t.sed
// RUN: sed -f %t.sed %s | basalt-opt --place-neurons -verify-diagnostics
//
// What networks from files cannot have in this form; test/neurocore/*-errors.test have the others.

neurocore.network @net on "runs" limits LIMITS {
  neurocore.program @P {
  }
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  // expected-error @+1 {{'d.a_buff' has synapses, several of a source at one neuron, and 'runs' has no sparse lists that hold them}}
  neurocore.synapses "d.a_buff" from @p 0 to @p 0 = dense<[[0, 1, 4, 0, -1, -1], [0, 1, 3, 0, -1, -1]]> : tensor<2x6xi32>
}
