// Requests about stored entries, printed and parsed again.
// RUN: basalt-opt %s | basalt-opt | FileCheck %s
// RUN: basalt-opt --emit-bytecode %s | basalt-opt | FileCheck %s

// CHECK-LABEL: func.func @spk
func.func @spk(%pre: memref<4xi1>, %post: memref<3xi1>, %w: memref<5xf64>, %offsets: memref<5xi64>, %targets: memref<5xi32>,
    %x: memref<4xf64>, %y: memref<3xf32>, %r: f64, %sums: memref<3xf64>, %low: index, %high: index) {
  // CHECK: rt.update_entries @k of @s.w by source %{{.*}}, %{{.*}} at(%{{.*}}, %{{.*}}) : memref<4xi1>, memref<5xf64> at(memref<5xi64>, memref<5xi32>)
  rt.update_entries @k of @s.w by source %pre, %w at(%offsets, %targets) : memref<4xi1>, memref<5xf64> at(memref<5xi64>, memref<5xi32>)
  // CHECK: rt.update_entries @k of @s.w by target %{{.*}}, %{{.*}} at(%{{.*}}, %{{.*}}) ins(source %{{.*}} : memref<4xf64>, target %{{.*}} : memref<3xf32>, every %{{.*}} : f64) range(%{{.*}}, %{{.*}}) : memref<3xi1>,
  rt.update_entries @k of @s.w by target %post, %w at(%offsets, %targets) ins(source %x : memref<4xf64>, target %y : memref<3xf32>, every %r : f64)
      range(%low, %high) : memref<3xi1>, memref<5xf64> at(memref<5xi64>, memref<5xi32>)
  // CHECK: rt.add_rows %{{.*}}, %{{.*}} at(%{{.*}}, %{{.*}}), %{{.*}} : memref<3xf64>, memref<5xf64> at(memref<5xi64>, memref<5xi32>), memref<4xi1>
  rt.add_rows %sums, %w at(%offsets, %targets), %pre : memref<3xf64>, memref<5xf64> at(memref<5xi64>, memref<5xi32>), memref<4xi1>
  return
}
