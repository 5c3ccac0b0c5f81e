// RUN: basalt-opt --verify-diagnostics --split-input-file %s

step.program @net {
  // expected-error @below {{must have a concrete type, found}}
  step.state @a.v : tensor<?xsi32> = dense<0> : tensor<1xi32>
}

// -----

step.program @net {
  // expected-error @below {{has an initial value of type 'tensor<2xi32>' for the type 'tensor<1xsi32>'}}
  step.state @a.v : tensor<1xsi32> = dense<0> : tensor<2xi32>
}

// -----

step.program @net {
  // expected-error @below {{refers to an unknown state or port 'a.v'}}
  step.alias "v" to @a.v
}

// -----

step.program @net {
  // expected-error @below {{refers to an unknown state 'a.v'}}
  step.var_port @a.port of @a.v
}

// -----

step.program @net {
  step.phase spk {
    step.task "a" of "A" {
      // expected-error @below {{refers to an unknown state 'a.v'}}
      %0 = step.get @a.v : tensor<i32>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @a.v : tensor<si32> = dense<0> : tensor<i32>
  step.phase spk {
    step.task "a" of "A" {
      // expected-error @below {{has a value of type 'tensor<i64>', but the state 'a.v' has 'tensor<si32>'}}
      %0 = step.get @a.v : tensor<i64>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @a.v : tensor<si32> = dense<0> : tensor<i32>
  step.state @a.w : tensor<si32> = dense<0> : tensor<i32>
  step.var_port @a.port of @a.w
  step.phase host {
    step.task "b" of "B" {
      %0 = step.get @a.w via @a.port : tensor<i32>
      // expected-error @below {{goes via 'a.port', which is no VarPort of 'a.v'}}
      step.set @a.v, %0 via @a.port : tensor<i32>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.phase spk {
    step.task "a" of "A" {
      %0 = arith.constant 1 : index
      // expected-error @below {{cannot stand in a step.task}}
      %1 = arith.index_cast %0 : index to i64
      step.yield
    }
  }
}

// -----

step.program @net {
  step.phase spk {
    // expected-error @below {{must end with a step.yield of its result types}}
    %0 = step.task "a" of "A" -> tensor<i32> {
      step.yield
    }
  }
}

// -----

step.program @net {
  step.guard @a.post_guard of "a" post_guard {
    %0 = arith.constant dense<true> : tensor<i1>
    step.yield %0 : tensor<i1>
  }
  step.phase post_mgmt {
    // expected-error @below {{with a guard cannot have results}}
    %0 = step.task "a" of "A" if @a.post_guard -> tensor<i32> {
      %1 = arith.constant dense<1> : tensor<i32>
      step.yield %1 : tensor<i32>
    }
  }
}

// -----

step.program @net {
  step.phase post_mgmt {
    // expected-error @below {{refers to an unknown guard 'a.post_guard'}}
    step.task "a" of "A" if @a.post_guard {
      step.yield
    }
  }
}

// -----

step.program @net {
  step.phase spk {
    // expected-error @below {{cannot stand in a step.phase}}
    proc.print "no"
  }
}

// -----

step.program @net {
  step.phase spk {
    // expected-error @below {{refers to an unknown state 'a.v'}}
    step.probe @a.v
  }
}

// -----

step.program @net {
  step.phase spk {
    %0 = step.task "a" of "A" -> tensor<i32> {
      %1 = arith.constant dense<1> : tensor<i32>
      step.yield %1 : tensor<i32>
    }
    // expected-error @below {{refers to an unknown port 'a.out'}}
    step.probe @a.out, %0 : tensor<i32>
  }
}
