// RUN: basalt-opt --optimize %s | FileCheck %s

// Simplification keeps results to the bit: an integer that becomes f64 and then f32 is rounded twice. It keeps constants in their tasks, and
// accesses of states in their order.

// CHECK: step.kernel @P_spk(
// CHECK: arith.sitofp %{{.*}} : i64 to f64
// CHECK-NEXT: arith.truncf %{{.*}} : f64 to f32
// CHECK: step.phase spk
// CHECK-NEXT: step.task "p"
step.program @net {
  step.state @p.n : tensor<4xsi64> = dense<0> : tensor<4xi64>
  step.state @p.x : tensor<4xf32> = dense<0.0> : tensor<4xf32>
  step.phase spk {
    step.task "p" of "P" {
      %0 = step.get @p.n : tensor<4xi64>
      %1 = arith.sitofp %0 : tensor<4xi64> to tensor<4xf64>
      %2 = arith.truncf %1 : tensor<4xf64> to tensor<4xf32>
      step.set @p.x, %2 : tensor<4xf32>
      step.yield
    }
  }
  // CHECK: step.task "q"
  // CHECK-DAG: %[[ONE:.*]] = arith.constant dense<1>
  // CHECK-DAG: %[[TWO:.*]] = arith.constant dense<2>
  // CHECK: proc.print "{}"(%[[ONE]]
  // CHECK-NEXT: step.set @q.n, %[[TWO]]
  step.state @q.n : tensor<si64> = dense<0> : tensor<i64>
  step.phase host {
    step.task "q" of "Q" {
      %one = arith.constant dense<1> : tensor<i64>
      step.set @q.n, %one : tensor<i64>
      %0 = step.get @q.n : tensor<i64>
      proc.print "{}"(%0 : tensor<i64>)
      %1 = step.get @q.n : tensor<i64>
      %2 = arith.addi %1, %0 : tensor<i64>
      step.set @q.n, %2 : tensor<i64>
      step.yield
    }
  }
}
