// RUN: basalt-opt --verify-diagnostics --split-input-file %s

// Where the entries of a state are stands in two others.

step.program @net {
  // expected-error @+1 {{expects a state 'p.w.offsets' of type 'tensor<4xsi64>'}}
  step.state @p.w : tensor<1xf64> = dense<0.0> : tensor<1xf64> {sparse = #proc.sparse<[2, 3], @p.w.offsets, @p.w.targets>}
}

// -----

step.program @net {
  step.state @p.w.offsets : tensor<4xsi64> = dense<1> : tensor<4xi64>
  step.state @p.w.targets : tensor<1xsi64> = dense<0> : tensor<1xi64>
  // expected-error @+1 {{expects a state 'p.w.targets' of type 'tensor<1xsi32>'}}
  step.state @p.w : tensor<1xf64> = dense<0.0> : tensor<1xf64> {sparse = #proc.sparse<[2, 3], @p.w.offsets, @p.w.targets>}
}

// -----

step.program @net {
  // expected-error @+1 {{has entries of type 'tensor<2x3xf64>'; expected one axis, of a matrix}}
  step.state @p.w : tensor<2x3xf64> = dense<0.0> : tensor<2x3xf64> {sparse = #proc.sparse<[2, 3], @p.w.offsets, @p.w.targets>}
}
