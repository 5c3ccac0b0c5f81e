// RUN: basalt-opt --verify-diagnostics --split-input-file %s

step.program @net {
  // expected-error @+1 {{must have a concrete type, found 'tensor<?xsi32>'}}
  step.state @v : tensor<?xsi32> = dense<0> : tensor<2xi32>
}

// -----

step.program @net {
  // expected-error @+1 {{has an initial value of type 'tensor<3xi32>' for the type 'tensor<2xsi32>'}}
  step.state @v : tensor<2xsi32> = dense<0> : tensor<3xi32>
}

// -----

step.program @net {
  // expected-error @+1 {{refers to an unknown state 'v'}}
  step.alias "u" to @v
}

// -----

step.program @net {
  // expected-error @+1 {{refers to an unknown state 'v'}}
  step.var_port @p of @v
}

// -----

step.program @net {
  // expected-error @+1 {{must end with a step.yield of its result types}}
  step.guard @g of "a" post_guard {
    step.yield
  }
}

// -----

step.program @net {
  step.phase spk {
    // expected-error @+1 {{cannot stand in a step.phase}}
    proc.stop
  }
}

// -----

step.program @net {
  step.guard @g of "a" post_guard {
    %t = arith.constant dense<true> : tensor<i1>
    step.yield %t : tensor<i1>
  }
  step.phase spk {
    // expected-error @+1 {{with a guard cannot have results}}
    %0 = step.task "a" of "P" if @g -> tensor<i1> {
      %t = arith.constant dense<true> : tensor<i1>
      step.yield %t : tensor<i1>
    }
  }
}

// -----

step.program @net {
  step.phase spk {
    // expected-error @+1 {{refers to an unknown guard 'g'}}
    step.task "a" of "P" if @g {
      step.yield
    }
  }
}

// -----

step.program @net {
  step.phase spk {
    step.task "a" of "P" {
      // expected-error @+1 {{refers to an unknown state 'v'}}
      %0 = step.get @v : tensor<i32>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @v : tensor<si32> = dense<0> : tensor<i32>
  step.phase spk {
    step.task "a" of "P" {
      // expected-error @+1 {{has a value of type 'tensor<i64>', but the state 'v' has 'tensor<si32>'}}
      %0 = step.get @v : tensor<i64>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @v : tensor<si32> = dense<0> : tensor<i32>
  step.state @w : tensor<si32> = dense<0> : tensor<i32>
  step.var_port @door of @w
  step.phase post_mgmt {
    step.task "a" of "P" {
      // expected-error @+1 {{goes via 'door', which is no VarPort of 'v'}}
      %0 = step.get @v via @door : tensor<i32>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.phase post_mgmt {
    step.task "a" of "P" {
      // expected-error @+1 {{cannot stand in a step.task}}
      %0 = proc.read @r : tensor<i32>
      step.yield
    }
  }
}

// -----

step.program @net {
  // expected-error @+1 {{must end with a step.yield}}
  step.kernel @k(%x: i32) {
    %0 = arith.addi %x, %x : i32
  }
}

// -----

step.program @net {
  step.kernel @k(%x: i32) {
    // expected-error @+1 {{cannot stand in a step.kernel, which is scalar code}}
    %0 = arith.constant dense<1> : tensor<3xi32>
    step.yield %x : i32
  }
}

// -----

step.program @net {
  step.state @v : tensor<3xsi32> = dense<0> : tensor<3xi32>
  step.phase spk {
    step.task "a" of "P" {
      // expected-error @+1 {{refers to an unknown kernel 'k'}}
      step.update @k [@v] over [3]
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @v : tensor<3xsi32> = dense<0> : tensor<3xi32>
  step.kernel @k(%x: i32) {
    step.yield %x : i32
  }
  step.phase spk {
    step.task "a" of "P" {
      // expected-error @+1 {{updates @v of shape (3,) over (4,)}}
      step.update @k [@v] over [4]
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @v : tensor<3xsi32> = dense<0> : tensor<3xi32>
  step.kernel @k(%x: i32, %y: i32) {
    step.yield %x : i32
  }
  step.phase spk {
    step.task "a" of "P" {
      // expected-error @+1 {{does not fit the arguments or results of the kernel 'k'}}
      step.update @k [@v] over [3]
      step.yield
    }
  }
}

// -----

step.program @net {
  step.phase spk {
    // expected-error @+1 {{refers to an unknown state 'v'}}
    step.probe @v
  }
}

// -----

step.program @net {
  step.phase spk {
    %s = arith.constant dense<true> : tensor<3xi1>
    // expected-error @+1 {{refers to an unknown port 'p'}}
    step.probe @p, %s : tensor<3xi1>
  }
}

// -----

step.program @net {
  step.state @v : tensor<3xsi32> = dense<0> : tensor<3xi32>
  step.kernel @k(%x: i32, %y: i32) {
    step.yield %x : i32
  }
  step.phase spk {
    step.task "a" of "P" {
      %c = arith.constant dense<1> : tensor<2xi32>
      // expected-error @+1 {{has an input of shape (2,) over (3,)}}
      step.update @k [@v] ins(%c : tensor<2xi32>) over [3]
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @v : tensor<3xsi32> = dense<0> : tensor<3xi32>
  step.kernel @k(%x: i32, %y: i32) {
    step.yield %x : i32
  }
  step.phase spk {
    step.task "a" of "P" {
      // expected-error @+1 {{has a result that is not over (3,)}}
      %0 = step.update @k [@v] over [3] -> tensor<2xi32>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @v : tensor<3xsi32> = dense<0> : tensor<3xi32>
  step.kernel @k(%x: i32, %y: i32) {
    step.yield %x : i32
  }
  step.phase spk {
    step.task "a" of "P" {
      // expected-error @+1 {{refers to an unknown state @w}}
      step.update @k [@w] over [3]
      step.yield
    }
  }
}
