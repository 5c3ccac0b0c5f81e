// RUN: basalt-opt --lower-to-loops %s | FileCheck %s

// A matrix of which only the elements at stored entries are wanted never lies in memory, also if several
// operations want it.

// CHECK-NOT: memref<12x
// CHECK-LABEL: func.func @spk()
// CHECK-COUNT-2: memref.load %{{.*}} : memref<4xf64>
step.program @net {
  step.state @p.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @p.w.offsets, @p.w.targets>}
  step.state @p.w.offsets : tensor<5xsi64> = dense<[0, 2, 3, 4, 5]> : tensor<5xi64>
  step.state @p.w.targets : tensor<5xsi32> = dense<[0, 2, 2, 0, 2]> : tensor<5xi32>
  step.state @p.x : tensor<4xf64> = dense<1.0> : tensor<4xf64>
  step.phase spk {
    step.task "p" of "P" {
      %w = step.get @p.w : tensor<5xf64>
      %o = step.get @p.w.offsets : tensor<5xi64>
      %t = step.get @p.w.targets : tensor<5xi32>
      %x = step.get @p.x : tensor<4xf64>
      %m = num.broadcast %x : tensor<4xf64> to tensor<3x4xf64>
      %d = arith.addf %m, %m : tensor<3x4xf64>
      %a = num.at_synapses %m at(%o, %t) : tensor<3x4xf64> at(tensor<5xi64>, tensor<5xi32>) to tensor<5xf64>
      %b = num.at_synapses %d at(%o, %t) : tensor<3x4xf64> at(tensor<5xi64>, tensor<5xi32>) to tensor<5xf64>
      %c = arith.mulf %a, %b : tensor<5xf64>
      step.set @p.w, %c : tensor<5xf64>
      step.yield
    }
  }
}
