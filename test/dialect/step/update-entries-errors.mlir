// RUN: basalt-opt --verify-diagnostics --split-input-file %s

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{refers to an unknown kernel 'none'}}
      step.update_entries @none @s.w by source %pre : tensor<4xi1>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{expects a sparse state, found 's.v'}}
      step.update_entries @halve @s.v by source %pre : tensor<4xi1>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{expects a sparse state, found 's.none'}}
      step.update_entries @halve @s.none by source %pre : tensor<4xi1>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{is by source or by target}}
      step.update_entries @halve @s.w by entry %pre : tensor<4xi1>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{has a mask of shape (3,), expected (4,)}}
      step.update_entries @halve @s.w by source %post : tensor<3xi1>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{has an input 'target' of shape (4,), expected (3,)}}
      step.update_entries @two @s.w by source %pre ins(target %x : tensor<4xf64>) : tensor<4xi1>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{has an input 'every' of shape (4,), expected ()}}
      step.update_entries @two @s.w by source %pre ins(every %x : tensor<4xf64>) : tensor<4xi1>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{has an input 'entry' of shape (4,), expected (5,)}}
      step.update_entries @two @s.w by source %pre ins(entry %x : tensor<4xf64>) : tensor<4xi1>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{does not fit the arguments or results of the kernel 'halve'}}
      step.update_entries @halve @s.w by source %pre ins(source %x : tensor<4xf64>) : tensor<4xi1>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{does not fit the arguments or results of the kernel 'two'}}
      step.update_entries @two @s.w by source %pre ins(target %y : tensor<3xi64>) : tensor<4xi1>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{expected 'entry', 'source', 'target' or 'every'}}
      step.update_entries @two @s.w by source %pre ins(neuron %x : tensor<4xf64>) : tensor<4xi1>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{expects a role for each of its 1 inputs}}
      "step.update_entries"(%pre, %x) <{by = 1 : i32, kernel = @two, state = @s.w, roles = array<i32>}> : (tensor<4xi1>, tensor<4xf64>) -> ()
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.v : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.kernel @halve(%w: f64) {
    step.yield %w : f64
  }
  step.kernel @two(%w: f64, %x: f64) {
    step.yield %w : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %x = arith.constant dense<2.0> : tensor<4xf64>
      %y = arith.constant dense<2> : tensor<3xi64>
      // expected-error @below {{expects a role for each of its 1 inputs}}
      "step.update_entries"(%pre, %x) <{by = 1 : i32, kernel = @two, state = @s.w, roles = array<i32: 4>}> : (tensor<4xi1>, tensor<4xf64>) -> ()
      step.yield
    }
  }
}
