// RUN: basalt-opt --verify-diagnostics --split-input-file %s

step.program @net {
  step.phase spk {
    step.task "a" of "A" {
      // expected-error @below {{refers to an unknown kernel 'k'}}
      step.update @k [] over [2]
      step.yield
    }
  }
}

// -----

step.program @net {
  step.kernel @k(%v: i32) {
    step.yield %v : i32
  }
  step.phase spk {
    step.task "a" of "A" {
      // expected-error @below {{refers to an unknown state @a.v}}
      step.update @k [@a.v] over [2]
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @a.v : tensor<3xsi32> = dense<0> : tensor<3xi32>
  step.kernel @k(%v: i32) {
    step.yield %v : i32
  }
  step.phase spk {
    step.task "a" of "A" {
      // expected-error @below {{updates @a.v of shape (3,) over (2,)}}
      step.update @k [@a.v] over [2]
      step.yield
    }
  }
}

// -----

step.program @net {
  step.kernel @k(%v: i32) {
    step.yield %v : i32
  }
  step.phase spk {
    step.task "a" of "A" {
      %0 = arith.constant dense<1> : tensor<3xi32>
      // expected-error @below {{has an input of shape (3,) over (2,)}}
      %1 = step.update @k [] ins(%0 : tensor<3xi32>) over [2] -> tensor<2xi32>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.kernel @k(%v: i32) {
    step.yield %v : i32
  }
  step.phase spk {
    step.task "a" of "A" {
      %0 = arith.constant dense<1> : tensor<i32>
      // expected-error @below {{has a result that is not over (2,)}}
      %1 = step.update @k [] ins(%0 : tensor<i32>) over [2] -> tensor<3xi32>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.kernel @k(%v: i32) {
    step.yield %v : i32
  }
  step.phase spk {
    step.task "a" of "A" {
      %0 = arith.constant dense<1> : tensor<i64>
      // expected-error @below {{does not fit the arguments or results of the kernel 'k'}}
      %1 = step.update @k [] ins(%0 : tensor<i64>) over [2] -> tensor<2xi32>
      step.yield
    }
  }
}
