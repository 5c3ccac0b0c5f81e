// RUN: basalt-opt --pass-pipeline='builtin.module(step.program(form-entry-updates))' --split-input-file %s | FileCheck %s

// Two choices one after the other: of targets, with what belongs to the source, the target, the entry, and all; then
// of sources. What is known of all entries at once stays: products of the old weights come before, of those in
// between between, of the new ones behind. Nothing is left that computes all entries.

// CHECK-LABEL: step.program @both
// CHECK:      step.kernel @S_spk(%[[W:.*]]: f64, %[[R:.*]]: f64, %[[X:.*]]: f64, %[[Y:.*]]: f64, %[[E:.*]]: f64) {
// CHECK-NEXT:   %[[TOP:.*]] = arith.constant 9.0
// CHECK-NEXT:   %[[RX:.*]] = arith.mulf %[[R]], %[[X]]
// CHECK-NEXT:   %[[RXY:.*]] = arith.mulf %[[RX]], %[[Y]]
// CHECK-NEXT:   %[[UP:.*]] = arith.addf %[[W]], %[[RXY]]
// CHECK-NEXT:   %[[UPE:.*]] = arith.addf %[[UP]], %[[E]]
// CHECK-NEXT:   %[[NEW:.*]] = arith.minimumf %[[UPE]], %[[TOP]]
// CHECK-NEXT:   step.yield %[[NEW]] : f64
// CHECK:      step.kernel @S_spk_2(%[[W:.*]]: f64) {
// CHECK-NEXT:   %[[HALF:.*]] = arith.constant 5.0
// CHECK-NEXT:   %[[DOWN:.*]] = arith.mulf %[[W]], %[[HALF]]
// CHECK-NEXT:   step.yield %[[DOWN]] : f64
// CHECK:      step.phase spk
// CHECK-NEXT:   step.task
// CHECK-NOT:      num.at_synapses
// CHECK-NOT:      arith
// CHECK:          %[[W0:.*]] = step.get @s.w
// CHECK-NOT:      arith
// CHECK:          num.sparse_matvec %[[W0]]
// CHECK-NOT:      arith
// CHECK:          step.update_entries @S_spk @s.w by target %{{.*}} ins(every %{{.*}} : tensor<f64>, source %{{.*}} : tensor<4xf64>, target %{{.*}} : tensor<3xf64>, entry %{{.*}} : tensor<5xf64>) : tensor<3xi1>
// CHECK-NEXT:     %[[W1:.*]] = step.get @s.w
// CHECK-NEXT:     num.sparse_matvec %[[W1]]
// CHECK-NEXT:     step.update_entries @S_spk_2 @s.w by source %{{.*}} : tensor<4xi1>
// CHECK-NEXT:     %[[W2:.*]] = step.get @s.w
// CHECK-NEXT:     num.sparse_matvec %[[W2]]
// CHECK-NOT:      arith
// CHECK-NOT:      step.set @s.w
// CHECK:          step.yield
step.program @both {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.e : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.r : tensor<f64> = dense<0.1> : tensor<f64>
  step.state @s.x : tensor<4xf64> = dense<0.0> : tensor<4xf64>
  step.state @s.y : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.state @s.pre : tensor<4xi1> = dense<false> : tensor<4xi1>
  step.state @s.post : tensor<3xi1> = dense<false> : tensor<3xi1>
  step.state @s.old : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.state @s.mid : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.state @s.new : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.phase spk {
    step.task "s" of "S" {
      %top = arith.constant dense<9.0> : tensor<5xf64>
      %half = arith.constant dense<0.5> : tensor<5xf64>
      %w = step.get @s.w : tensor<5xf64>
      %e = step.get @s.e : tensor<5xf64>
      %o = step.get @s.w.offsets : tensor<5xi64>
      %t = step.get @s.w.targets : tensor<5xi32>
      %r = step.get @s.r : tensor<f64>
      %x = step.get @s.x : tensor<4xf64>
      %y = step.get @s.y : tensor<3xf64>
      %pre = step.get @s.pre : tensor<4xi1>
      %post = step.get @s.post : tensor<3xi1>
      %rate = num.broadcast %r : tensor<f64> to tensor<5xf64>
      // The product of source and target is one of whole matrices.
      %xs = num.broadcast %x : tensor<4xf64> to tensor<3x4xf64>
      %rs = num.broadcast %r : tensor<f64> to tensor<3x4xf64>
      %rx = arith.mulf %rs, %xs : tensor<3x4xf64>
      %yc = num.reshape %y : tensor<3xf64> to tensor<3x1xf64>
      %ys = num.broadcast %yc : tensor<3x1xf64> to tensor<3x4xf64>
      %rxy = arith.mulf %rx, %ys : tensor<3x4xf64>
      %change = num.at_synapses %rxy at(%o, %t) : tensor<3x4xf64> at(tensor<5xi64>, tensor<5xi32>) to tensor<5xf64>
      %up = arith.addf %w, %change : tensor<5xf64>
      %upe = arith.addf %up, %e : tensor<5xf64>
      %capped = arith.minimumf %upe, %top : tensor<5xf64>
      %postc = num.reshape %post : tensor<3xi1> to tensor<3x1xi1>
      %posts = num.broadcast %postc : tensor<3x1xi1> to tensor<3x4xi1>
      %spiked = num.at_synapses %posts at(%o, %t) : tensor<3x4xi1> at(tensor<5xi64>, tensor<5xi32>) to tensor<5xi1>
      %w1 = arith.select %spiked, %capped, %w : tensor<5xi1>, tensor<5xf64>
      %down = arith.mulf %w1, %half : tensor<5xf64>
      %pres = num.broadcast %pre : tensor<4xi1> to tensor<3x4xi1>
      %arrived = num.at_synapses %pres at(%o, %t) : tensor<3x4xi1> at(tensor<5xi64>, tensor<5xi32>) to tensor<5xi1>
      %w2 = arith.select %arrived, %down, %w1 : tensor<5xi1>, tensor<5xf64>
      // In another order than the weights come about.
      %new = num.sparse_matvec %w2 at(%o, %t), %x : tensor<5xf64> at(tensor<5xi64>, tensor<5xi32>), tensor<4xf64> to tensor<3xf64>
      %mid = num.sparse_matvec %w1 at(%o, %t), %x : tensor<5xf64> at(tensor<5xi64>, tensor<5xi32>), tensor<4xf64> to tensor<3xf64>
      %old = num.sparse_matvec %w at(%o, %t), %x : tensor<5xf64> at(tensor<5xi64>, tensor<5xi32>), tensor<4xf64> to tensor<3xf64>
      step.set @s.w, %w2 : tensor<5xf64>
      step.set @s.old, %old : tensor<3xf64>
      step.set @s.mid, %mid : tensor<3xf64>
      step.set @s.new, %new : tensor<3xf64>
      step.yield
    }
  }
}
