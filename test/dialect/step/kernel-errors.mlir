// RUN: basalt-opt --verify-diagnostics --split-input-file %s

step.program @net {
  step.kernel @k(%a: tensor<2xi64>) {
    // expected-error @below {{cannot stand in a step.kernel, which is scalar code}}
    %0 = arith.addi %a, %a : tensor<2xi64>
    step.yield %0 : tensor<2xi64>
  }
}

// -----

step.program @net {
  step.kernel @k() {
    // expected-error @below {{cannot stand in a step.kernel, which is scalar code}}
    %0 = proc.time_step : i64
    step.yield %0 : i64
  }
}

// -----

step.program @net {
  // expected-error @below {{must end with a step.yield}}
  step.kernel @k(%a: i64) {
    %0 = arith.addi %a, %a : i64
  }
}
