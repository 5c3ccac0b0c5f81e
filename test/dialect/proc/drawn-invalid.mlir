// RUN: basalt-opt --verify-diagnostics --split-input-file --allow-unregistered-dialect %s

// Rules of connectivity and distributions, and the values that are made by them.

// expected-error @+1 {{there is no network by this rule: there are not enough places for the number}}
"test.op"() {rule = #proc.rule<kind = fixed_indegree, targets = 3, sources = 4, number = 5, multapses = false>} : () -> ()

// -----

// expected-error @+1 {{there is no network by this rule: the probability is not from 0 to 1}}
"test.op"() {rule = #proc.rule<kind = pairwise_bernoulli, targets = 3, sources = 4, probability = 1.5 : f64>} : () -> ()

// -----

// expected-error @+1 {{there is no network by this rule: a block is not within the matrix}}
"test.op"() {rule = #proc.rule<kind = blocks, targets = 3, sources = 4, blocks = [#proc.rule_block<target = 0, source = 3, rule = <kind = one_to_one, targets = 2, sources = 2>>]>} : () -> ()

// -----

// expected-error @+1 {{there is no network by this rule: a block has blocks}}
"test.op"() {rule = #proc.rule<kind = blocks, targets = 3, sources = 4, blocks = [#proc.rule_block<target = 0, source = 3, rule = <kind = blocks, targets = 2, sources = 1, blocks = []>>]>} : () -> ()

// -----

// expected-error @+1 {{the blocks of a rule are of '#proc.rule_block'}}
"test.op"() {rule = #proc.rule<kind = blocks, targets = 3, sources = 4, blocks = [1]>} : () -> ()

// -----

// expected-error @+1 {{the blocks of a rule belong to its kind 'blocks', and are not counted}}
"test.op"() {rule = #proc.rule<kind = one_to_one, targets = 3, sources = 3, blocks = []>} : () -> ()

// -----

// expected-error @+1 {{the blocks of a distribution are distributions, and belong to its kind 'per_block'}}
"test.op"() {drawn = #proc.distribution<kind = per_block, blocks = [2]>} : () -> ()

// -----

// expected-error @+1 {{the parameters of a distribution are numbers of type f64, the bounds of whole numbers i64}}
"test.op"() {drawn = #proc.distribution<kind = normal, first = 1.0 : f32>} : () -> ()

// -----

// expected-error @+1 {{the parameters of a distribution are numbers of type f64, the bounds of whole numbers i64}}
"test.op"() {drawn = #proc.distribution<kind = poisson, first = 1.0 : f64, min = 1.0 : f64>} : () -> ()

// -----

// expected-error @+1 {{the parameters of a distribution are numbers of type f64, the bounds of whole numbers i64}}
"test.op"() {drawn = #proc.distribution<kind = uniform, second = 1.0 : f64, max = 1 : i64>} : () -> ()

// -----

// expected-error @+1 {{integers need 'low' below 'high', which is excluded}}
"test.op"() {drawn = #proc.distribution<kind = integers, low = 3, high = 3>} : () -> ()

// -----

proc.process @P {
  proc.var @w : tensor<3xf64>
}
proc.network @net {
  proc.instance @p of @P {
    // expected-error @+1 {{has both a rule and a distribution}}
    proc.value @w = dense<0.0> : tensor<3xf64> {rule = #proc.rule<kind = one_to_one, targets = 3, sources = 3>, distribution = #proc.distribution<kind = normal>}
  }
}

// -----

proc.process @P {
  proc.var @w : tensor<3xf64>
}
proc.network @net {
  proc.instance @p of @P {
    // expected-error @+1 {{is drawn, which needs zeros of one axis as its value}}
    proc.value @w = dense<1.0> : tensor<3xf64> {distribution = #proc.distribution<kind = normal>}
  }
}

// -----

proc.process @P {
  proc.var @w : tensor<3xsi32>
}
proc.network @net {
  proc.instance @p of @P {
    // expected-error @+1 {{has a rule, but neither the 6 offsets nor the 5 targets of it}}
    proc.value @w = dense<0> : tensor<4xi32> {rule = #proc.rule<kind = one_to_one, targets = 5, sources = 5>}
  }
}
