// Updates of entries, printed and parsed again.
// RUN: basalt-opt %s | basalt-opt | FileCheck %s
// RUN: basalt-opt --emit-bytecode %s | basalt-opt | FileCheck %s

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.kernel @halve(%w: f64) {
    %0 = arith.constant 0.5 : f64
    %1 = arith.mulf %w, %0 : f64
    step.yield %1 : f64
  }
  step.kernel @all(%w: f64, %e: f64, %x: f32, %y: i64, %r: f64) {
    step.yield %e : f64
  }
  step.phase lrn {
    step.task "s" of "S" {
      %pre = arith.constant dense<true> : tensor<4xi1>
      %post = arith.constant dense<true> : tensor<3xi1>
      %e = arith.constant dense<2.0> : tensor<5xf64>
      %x = arith.constant dense<2.0> : tensor<4xf32>
      %y = arith.constant dense<2> : tensor<3xi64>
      %r = arith.constant dense<2.0> : tensor<f64>
      // CHECK: step.update_entries @halve @s.w by source %{{.*}} : tensor<4xi1>
      step.update_entries @halve @s.w by source %pre : tensor<4xi1>
      // CHECK: step.update_entries @all @s.w by target %{{.*}} ins(entry %{{.*}} : tensor<5xf64>, source %{{.*}} : tensor<4xf32>, target %{{.*}} : tensor<3xi64>, every %{{.*}} : tensor<f64>) : tensor<3xi1>
      step.update_entries @all @s.w by target %post ins(entry %e : tensor<5xf64>, source %x : tensor<4xf32>, target %y : tensor<3xi64>, every %r : tensor<f64>) : tensor<3xi1>
      step.yield
    }
  }
}
