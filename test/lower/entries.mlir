// RUN: basalt-opt --lower-to-loops --split-input-file %s | FileCheck %s
// RUN: basalt-opt --lower-to-loops=per-task --split-input-file %s | FileCheck %s --check-prefix=TASK

// The kernel's function has arrays of what differs within a row or column first, then what is the same: by target
// what belongs to the target, by source what belongs to the source. Weights are neither copied before nor behind: a
// product reads them in the state.
//
// CHECK-LABEL: step.program @updates
// CHECK:       memref.global "private" @s.w : memref<5xf64>
// CHECK-NOT:   memref<5xf64> = uninitialized
// CHECK-LABEL: func.func @spk()
// CHECK:         %[[R:.*]] = memref.load
// CHECK:         rt.update_entries @k of @s.w by target %{{.*}}, %{{.*}} at(%{{.*}}, %{{.*}}) ins(source %{{.*}} : memref<4xf64>, target %{{.*}} : memref<3xf32>, every %[[R]] : f64) : memref<3xi1>, memref<5xf64>
// CHECK-NEXT:    rt.update_entries @k_0 of @s.w by source %{{.*}}, %[[W:.*]] at(%[[O:.*]], %[[T:.*]]) ins(target %{{.*}} : memref<3xf32>, source %{{.*}} : memref<4xf64>, every %[[R]] : f64) : memref<4xi1>, memref<5xf64>
// CHECK-NEXT:    %[[SUMS:.*]] = memref.get_global @s.sums
// CHECK:         rt.add_rows %[[SUMS]], %[[W]] at(%[[O]], %[[T]]), %{{.*}} : memref<3xf64>, memref<5xf64>
// CHECK-NEXT:    return
// CHECK:       func.func private @k(%{{.*}}: index {rt.name = "n"}, %{{.*}}: memref<?xf64> {rt.name = "w"}, %{{.*}}: memref<?xf64> {rt.name = "x"}, %{{.*}}: f32 {rt.name = "y"}, %{{.*}}: f64 {rt.name = "r"}) {
// CHECK:       func.func private @k_0(%{{.*}}: index {rt.name = "n"}, %{{.*}}: memref<?xf64> {rt.name = "w"}, %{{.*}}: memref<?xf32> {rt.name = "y"}, %{{.*}}: f64 {rt.name = "x"}, %{{.*}}: f64 {rt.name = "r"}) {
// CHECK-NOT:   memref<5xf64> = uninitialized
//
// What the library has is for whole programs: a task by itself has loops.
// TASK-LABEL:  step.program @updates
// TASK-NOT:    rt.add_rows
step.program @updates {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.x : tensor<4xf64> = dense<0.0> : tensor<4xf64>
  step.state @s.y : tensor<3xf32> = dense<0.0> : tensor<3xf32>
  step.state @s.r : tensor<f64> = dense<0.0> : tensor<f64>
  step.state @s.pre : tensor<4xi1> = dense<false> : tensor<4xi1>
  step.state @s.post : tensor<3xi1> = dense<false> : tensor<3xi1>
  step.state @s.sums : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.kernel @k(%w: f64, %x: f64, %y: f32, %r: f64) {
    %0 = arith.extf %y : f32 to f64
    %1 = arith.mulf %x, %0 : f64
    %2 = arith.mulf %1, %r : f64
    %3 = arith.addf %w, %2 : f64
    step.yield %3 : f64
  }
  step.phase spk {
    step.task "s" of "S" {
      %x = step.get @s.x : tensor<4xf64>
      %y = step.get @s.y : tensor<3xf32>
      %r = step.get @s.r : tensor<f64>
      %pre = step.get @s.pre : tensor<4xi1>
      %post = step.get @s.post : tensor<3xi1>
      %o = step.get @s.w.offsets : tensor<5xi64>
      %t = step.get @s.w.targets : tensor<5xi32>
      step.update_entries @k @s.w by target %post ins(source %x : tensor<4xf64>, target %y : tensor<3xf32>, every %r : tensor<f64>) : tensor<3xi1>
      step.update_entries @k @s.w by source %pre ins(source %x : tensor<4xf64>, target %y : tensor<3xf32>, every %r : tensor<f64>) : tensor<4xi1>
      %w = step.get @s.w : tensor<5xf64>
      %numbers = arith.extui %pre : tensor<4xi1> to tensor<4xi64>
      %factors = arith.sitofp %numbers : tensor<4xi64> to tensor<4xf64>
      %sums = num.sparse_matvec %w at(%o, %t), %factors : tensor<5xf64> at(tensor<5xi64>, tensor<5xi32>), tensor<4xf64> to tensor<3xf64>
      step.set @s.sums, %sums : tensor<3xf64>
      step.yield
    }
  }
}

// -----

// One source lies in memory, too.
//
// CHECK-LABEL: step.program @one
// CHECK-LABEL: func.func @spk()
// CHECK:         %[[ONE:.*]] = memref.load
// CHECK:         %[[SPIKE:.*]] = memref.get_global @s.scratch
// CHECK-NEXT:    memref.store %[[ONE]], %[[SPIKE]][%c0]
// CHECK:         rt.update_entries @k of @s.w by source %[[SPIKE]], %{{.*}} at(%{{.*}}, %{{.*}}) ins(target %{{.*}} : memref<3xi64>) : memref<1xi1>, memref<2xi8>
step.program @one {
  step.state @s.w : tensor<2xsi8> = dense<1> : tensor<2xi8> {sparse = #proc.sparse<[3, 1], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<2xsi64> = dense<[0, 2]> : tensor<2xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[0, 2]> : tensor<2xi32>
  step.state @s.y : tensor<3xsi64> = dense<0> : tensor<3xi64>
  step.state @s.pre : tensor<1xi1> = dense<false> : tensor<1xi1>
  step.kernel @k(%w: i8, %y: i64) {
    %0 = arith.trunci %y : i64 to i8
    step.yield %0 : i8
  }
  step.phase spk {
    step.task "s" of "S" {
      %y = step.get @s.y : tensor<3xi64>
      %pre = step.get @s.pre : tensor<1xi1>
      step.update_entries @k @s.w by source %pre ins(target %y : tensor<3xi64>) : tensor<1xi1>
      step.yield
    }
  }
}

// -----

// Integers are widened when they are added; unsigned ones, truth values that count -1, and messages that are numbers
// have loops.
//
// CHECK-LABEL: step.program @integers
// CHECK-LABEL: func.func @spk()
// CHECK:         rt.add_rows %{{.*}}, %{{.*}} at(%{{.*}}, %{{.*}}), %{{.*}} : memref<3xi64>, memref<3xi8>
// CHECK-NOT:     rt.add_rows
// CHECK:         return
step.program @integers {
  step.state @s.w : tensor<3xsi8> = dense<1> : tensor<3xi8> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.u : tensor<3xui8> = dense<1> : tensor<3xi8> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.b : tensor<3xi1> = dense<true> : tensor<3xi1> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 2, 3]> : tensor<3xi64>
  step.state @s.w.targets : tensor<3xsi32> = dense<[0, 2, 1]> : tensor<3xi32>
  step.state @s.pre : tensor<2xi1> = dense<false> : tensor<2xi1>
  step.state @s.payload : tensor<2xsi64> = dense<2> : tensor<2xi64>
  step.phase spk {
    step.task "s" of "S" {
      %pre = step.get @s.pre : tensor<2xi1>
      %payload = step.get @s.payload : tensor<2xi64>
      %o = step.get @s.w.offsets : tensor<3xi64>
      %t = step.get @s.w.targets : tensor<3xi32>
      %w = step.get @s.w : tensor<3xi8>
      %u = step.get @s.u : tensor<3xi8>
      %b = step.get @s.b : tensor<3xi1>
      %signed = arith.extsi %w : tensor<3xi8> to tensor<3xi64>
      %spikes = arith.extui %pre : tensor<2xi1> to tensor<2xi64>
      %0 = num.sparse_matvec %signed at(%o, %t), %spikes : tensor<3xi64> at(tensor<3xi64>, tensor<3xi32>), tensor<2xi64> to tensor<3xi64>
      proc.print "{}"(%0 : tensor<3xi64>)
      %unsigned = arith.extui %u : tensor<3xi8> to tensor<3xi64>
      %spikes1 = arith.extui %pre : tensor<2xi1> to tensor<2xi64>
      %1 = num.sparse_matvec %unsigned at(%o, %t), %spikes1 : tensor<3xi64> at(tensor<3xi64>, tensor<3xi32>), tensor<2xi64> to tensor<3xi64>
      proc.print "{}"(%1 : tensor<3xi64>)
      %truths = arith.extsi %b : tensor<3xi1> to tensor<3xi64>
      %spikes2 = arith.extui %pre : tensor<2xi1> to tensor<2xi64>
      %2 = num.sparse_matvec %truths at(%o, %t), %spikes2 : tensor<3xi64> at(tensor<3xi64>, tensor<3xi32>), tensor<2xi64> to tensor<3xi64>
      proc.print "{}"(%2 : tensor<3xi64>)
      %signed3 = arith.extsi %w : tensor<3xi8> to tensor<3xi64>
      %3 = num.sparse_matvec %signed3 at(%o, %t), %payload : tensor<3xi64> at(tensor<3xi64>, tensor<3xi32>), tensor<2xi64> to tensor<3xi64>
      proc.print "{}"(%3 : tensor<3xi64>)
      step.yield
    }
  }
}
