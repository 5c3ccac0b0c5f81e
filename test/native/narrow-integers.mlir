// RUN: basalt-opt %s --narrow-integers | FileCheck %s

step.program @net {
  step.state @p.free : tensor<si32> = dense<0> : tensor<i32>
  step.state @p.limited : tensor<si32> = dense<0> : tensor<i32> {limits = #proc.limits<low = 0 : i64, high = 4096 : i64>}
  step.state @p.written : tensor<si32> = dense<0> : tensor<i32> {limits = #proc.limits<low = 0 : i64, high = 4096 : i64>}
}
memref.global "private" @p.free : memref<1xi32> = uninitialized
memref.global "private" @p.limited : memref<1xi32> = uninitialized
memref.global "private" @p.written : memref<1xi32> = uninitialized

// Sums of which only the low bits are stored, and comparisons of numbers that fit.
// CHECK-LABEL: func.func private @kernel
// CHECK-SAME: %{{.*}}: memref<?xi32>, %[[D:.*]]: i32
func.func private @kernel(%m: memref<?xi32>, %d: i64, %far: i64) {
  %c0 = arith.constant 0 : index
  %c6 = arith.constant 6 : i64
  %c12 = arith.constant 12 : i64
  %c-1 = arith.constant -1 : i64
  // CHECK: %[[X:.*]] = memref.load
  %x = memref.load %m[%c0] : memref<?xi32>
  %wide = arith.extsi %x : i32 to i64
  // CHECK: %[[DECAY:.*]] = num.mul_shr %[[X]], %[[D]], %{{.*}} {rt.narrow_product} : i32
  %decay = num.mul_shr %wide, %d, %c12 : i64
  // CHECK: %[[LEFT:.*]] = num.shift %[[X]], %{{.*}} : i32
  %left = num.shift %wide, %c6 : i64
  // CHECK: %[[SUM:.*]] = arith.addi %[[DECAY]], %[[LEFT]] : i32
  %sum = arith.addi %decay, %left : i64
  %cut = arith.trunci %sum : i64 to i32
  // CHECK: memref.store %[[SUM]]
  memref.store %cut, %m[%c0] : memref<?xi32>
  // CHECK: arith.cmpi sgt, %[[X]], %{{.*}} : i32
  %above = arith.cmpi sgt, %wide, %c6 : i64
  // The upper bits of a sum decide this one.
  // CHECK: arith.addi %{{.*}}, %{{.*}} : i64
  // CHECK: arith.cmpi sgt, %{{.*}}, %{{.*}} : i64
  %double = arith.addi %wide, %wide : i64
  %beyond = arith.cmpi sgt, %double, %c6 : i64
  // CHECK: num.shift %{{.*}}, %{{.*}} : i64
  %down = num.shift %double, %c-1 : i64
  %low = arith.trunci %down : i64 to i32
  // A factor of which too little is known.
  // CHECK: num.mul_shr %{{.*}}, %{{.*}}, %{{.*}} : i64
  %slow = num.mul_shr %wide, %far, %c12 : i64
  %slow32 = arith.trunci %slow : i64 to i32
  // CHECK: arith.select %{{.*}}, %{{.*}}, %{{.*}} : i32
  %either = arith.andi %above, %beyond : i1
  %chosen = arith.select %either, %low, %slow32 : i32
  memref.store %chosen, %m[%c0] : memref<?xi32>
  return
}

// What becomes a float, of 32 bits and of more.
// CHECK-LABEL: func.func private @floats
func.func private @floats(%m: memref<?xi32>, %f: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  // CHECK: %[[X:.*]] = memref.load
  %x = memref.load %m[%c0] : memref<?xi32>
  %wide = arith.extsi %x : i32 to i64
  // CHECK: arith.sitofp %[[X]] : i32 to f32
  %real = arith.sitofp %wide : i64 to f32
  memref.store %real, %f[%c0] : memref<?xf32>
  %double = arith.addi %wide, %wide : i64
  // CHECK: arith.sitofp %{{.*}} : i64 to f32
  %more = arith.sitofp %double : i64 to f32
  memref.store %more, %f[%c0] : memref<?xf32>
  return
}

// CHECK-LABEL: func.func @spk
func.func @spk() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : i32
  %limited = memref.get_global @p.limited : memref<1xi32>
  %d = memref.load %limited[%c0] : memref<1xi32>
  %factor = arith.extsi %d : i32 to i64
  // What the program itself writes may have left its limits.
  %written = memref.get_global @p.written : memref<1xi32>
  %w = memref.load %written[%c0] : memref<1xi32>
  %far = arith.extsi %w : i32 to i64
  memref.store %c1, %written[%c0] : memref<1xi32>
  %free = memref.get_global @p.free : memref<1xi32>
  %m = memref.cast %free : memref<1xi32> to memref<?xi32>
  // CHECK: call @kernel(%{{.*}}, %{{.*}}, %{{.*}}) : (memref<?xi32>, i32, i64) -> ()
  call @kernel(%m, %factor, %far) : (memref<?xi32>, i64, i64) -> ()
  return
}
