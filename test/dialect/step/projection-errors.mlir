// RUN: basalt-opt --verify-diagnostics --split-input-file %s

// Projections, and the ops that stand for their lines.

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.d : tensor<2xsi16> = dense<1> : tensor<2xi16> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  // expected-error @+1 {{expects states for its line and its weights, which are sparse}}
  step.projection @p of @s.line weights @s.w delays @s.d first 1 history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  // expected-error @+1 {{expects states for its line and its weights, which are sparse}}
  step.projection @p of @s.sums weights @s.d history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  // expected-error @+1 {{expects states for its line and its weights, which are sparse}}
  step.projection @p of @s.sums weights @s.sums history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.line : tensor<3x4xf64> = dense<0.0> : tensor<3x4xf64>
  // expected-error @+1 {{has a line of type 'tensor<3x4xf64>' for weights of shape (3, 2)}}
  step.projection @p of @s.line weights @s.w history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.state @s.d : tensor<2xsi16> = dense<1> : tensor<2xi16> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  // expected-error @+1 {{has a line of type 'tensor<3xf64>' for weights of shape (3, 2)}}
  step.projection @p of @s.sums weights @s.w delays @s.d first 1 history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<2xf64> = dense<0.0> : tensor<2xf64>
  // expected-error @+1 {{has a line of type 'tensor<2xf64>' for weights of shape (3, 2)}}
  step.projection @p of @s.sums weights @s.w history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xsi32> = dense<0> : tensor<3xi32>
  // expected-error @+1 {{cannot add up weights of type 'f32' in a line of type 'tensor<3xsi32>'}}
  step.projection @p of @s.sums weights @s.w history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xsi64> = dense<1> : tensor<2xi64> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xsi32> = dense<0> : tensor<3xi32>
  // expected-error @+1 {{cannot add up weights of type 'si64' in a line of type 'tensor<3xsi32>'}}
  step.projection @p of @s.sums weights @s.w history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xsi8> = dense<1> : tensor<2xi8> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xsi24> = dense<0> : tensor<3xi24>
  // expected-error @+1 {{cannot add up weights of type 'si8' in a line of type 'tensor<3xsi24>'}}
  step.projection @p of @s.sums weights @s.w history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xui8> = dense<1> : tensor<2xi8> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xsi32> = dense<0> : tensor<3xi32>
  // expected-error @+1 {{cannot add up weights of type 'ui8' in a line of type 'tensor<3xsi32>'}}
  step.projection @p of @s.sums weights @s.w history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  // expected-error @+1 {{has a first delay, but no delays}}
  "step.projection"() <{sym_name = "p", line = @s.sums, weights = @s.w, first = 1 : i64, history = "a"}> : () -> ()
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.line : tensor<3x4xf64> = dense<0.0> : tensor<3x4xf64>
  // expected-error @+1 {{expects a delay, a signed integer, for each of its weights}}
  step.projection @p of @s.line weights @s.w delays @s.d first 1 history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.line : tensor<3x4xf64> = dense<0.0> : tensor<3x4xf64>
  step.state @s.d : tensor<2xsi16> = dense<1> : tensor<2xi16>
  // expected-error @+1 {{expects a delay, a signed integer, for each of its weights}}
  step.projection @p of @s.line weights @s.w delays @s.d first 1 history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.line : tensor<3x4xf64> = dense<0.0> : tensor<3x4xf64>
  step.state @s.d : tensor<2xui16> = dense<1> : tensor<2xi16> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  // expected-error @+1 {{expects a delay, a signed integer, for each of its weights}}
  step.projection @p of @s.line weights @s.w delays @s.d first 1 history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.line : tensor<3x4xf64> = dense<0.0> : tensor<3x4xf64>
  step.state @s.d : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  // expected-error @+1 {{expects a delay, a signed integer, for each of its weights}}
  step.projection @p of @s.line weights @s.w delays @s.d first 1 history "a"
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.projection @p of @s.sums weights @s.w history "a"
  step.phase spk {
    step.task "s" of "P" {
      // expected-error @+1 {{refers to an unknown projection 's.sums'}}
      %due = step.due @s.sums : tensor<3xf64>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.projection @p of @s.sums weights @s.w history "a"
  step.phase spk {
    step.task "s" of "P" {
      %s = arith.constant dense<true> : tensor<2xi1>
      // expected-error @+1 {{refers to an unknown projection 'q'}}
      step.advance @q, %s : tensor<2xi1>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.projection @p of @s.sums weights @s.w history "a"
  step.phase spk {
    step.task "s" of "P" {
      // expected-error @+1 {{has the type 'tensor<3xf32>', expected 'tensor<3xf64>'}}
      %due = step.due @p : tensor<3xf32>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.projection @p of @s.sums weights @s.w history "a"
  step.phase spk {
    step.task "s" of "P" {
      // expected-error @+1 {{has the type 'tensor<2xf64>', expected 'tensor<3xf64>'}}
      %due = step.due @p : tensor<2xf64>
      step.yield
    }
  }
}

// -----

step.program @net {
  step.state @s.w : tensor<2xf32> = dense<1.0> : tensor<2xf32> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.sums : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.projection @p of @s.sums weights @s.w history "a"
  step.phase spk {
    step.task "s" of "P" {
      %s = arith.constant dense<true> : tensor<3xi1>
      // expected-error @+1 {{has the type 'tensor<3xi1>', expected 'tensor<2xi1>'}}
      step.advance @p, %s : tensor<3xi1>
      step.yield
    }
  }
}
