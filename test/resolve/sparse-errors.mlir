// RUN: basalt-opt --resolve --verify-diagnostics --split-input-file %s

// Shapes and aliases are checked against the matrix.

proc.process @Reader {
  // expected-note @+1 {{'ref' is declared here as RefPort f64[4]}}
  proc.ref_port @ref : tensor<4xf64>
}
proc.process @Synapses {
  // expected-note @+1 {{'w' is declared here as Var f64[2, 3]}}
  proc.var @w : tensor<4xf64> = dense<1.0> : tensor<4xf64> {sparse = #proc.sparse<[2, 3], @w.offsets, @w.targets>}
  proc.var not_shareable @w.offsets : tensor<4xsi64> = dense<[0, 1, 3, 4]> : tensor<4xi64>
  proc.var not_shareable @w.targets : tensor<4xsi32> = dense<[0, 0, 1, 1]> : tensor<4xi32>
}
proc.network @net {
  proc.instance @reader of @Reader
  proc.instance @synapses of @Synapses
  // expected-error @+1 {{shapes do not match: 'reader.ref' is (4,), but 'synapses.w' is (2, 3)}}
  proc.connect @reader::@ref to @synapses::@w
}

// -----

proc.process @Synapses {
  // expected-note @+1 {{'synapses.w' is declared here}}
  proc.var @w : tensor<4xf64> = dense<1.0> : tensor<4xf64> {sparse = #proc.sparse<[2, 3], @w.offsets, @w.targets>}
  proc.var not_shareable @w.offsets : tensor<4xsi64> = dense<[0, 1, 3, 4]> : tensor<4xi64>
  proc.var not_shareable @w.targets : tensor<4xsi32> = dense<[0, 0, 1, 1]> : tensor<4xi32>
}
proc.process @Layer {
  // expected-note @+1 {{'weights' is declared here}}
  proc.var @weights : tensor<4xf64>
  proc.model @network {
    proc.instance @synapses of @Synapses
    // expected-error @+1 {{alias 'weights' is f64[4], but 'synapses.w' is f64[2, 3]}}
    proc.alias @weights to @synapses::@w
  }
}
proc.network @net {
  proc.instance @layer of @Layer
}
