// RUN: basalt-opt --verify-diagnostics --split-input-file %s

// States whose values are made when a run starts.

step.program @net {
  // expected-error @+1 {{is drawn, but is not of the entries of a matrix}}
  step.state @p.w : tensor<3xf64> = dense<0.0> : tensor<3xf64> {distribution = #proc.distribution<kind = normal>}
}

// -----

step.program @net {
  // expected-error @+1 {{is drawn, which needs zeros of one axis as its value}}
  step.state @p.w.offsets : tensor<3xsi64> = dense<1> : tensor<3xi64> {rule = #proc.rule<kind = all_to_all, targets = 3, sources = 2>}
}
