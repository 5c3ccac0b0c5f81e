// RUN: basalt-opt --verify-diagnostics --split-input-file %s

// States whose values are made when a run starts.

step.program @net {
  // expected-error @+1 {{is drawn, but is not of the entries of a matrix}}
  step.state @p.w : tensor<3xf64> = dense<0.0> : tensor<3xf64> {distribution = #proc.distribution<kind = normal>}
}

// -----

step.program @net {
  // expected-error @+1 {{has 2 distributions for 1 blocks}}
  step.state @p.w : tensor<4xf64> = dense<0.0> : tensor<4xf64> {sparse = #proc.sparse<[4, 4], @p.o, @p.t>, distribution = #proc.distribution<kind = per_block, blocks = [#proc.distribution<kind = normal>, #proc.distribution<kind = normal>]>}
  step.state @p.o : tensor<5xsi64> = dense<0> : tensor<5xi64> {rule = #proc.rule<kind = blocks, targets = 4, sources = 4, blocks = [#proc.rule_block<target = 0, source = 0, rule = <kind = one_to_one, targets = 4, sources = 4>>]>}
  step.state @p.t : tensor<4xsi32> = dense<0> : tensor<4xi32> {rule = #proc.rule<kind = blocks, targets = 4, sources = 4, blocks = [#proc.rule_block<target = 0, source = 0, rule = <kind = one_to_one, targets = 4, sources = 4>>]>}
}

// -----

step.program @net {
  // expected-error @+1 {{is drawn, which needs zeros of one axis as its value}}
  step.state @p.w.offsets : tensor<3xsi64> = dense<1> : tensor<3xi64> {rule = #proc.rule<kind = all_to_all, targets = 3, sources = 2>}
}
