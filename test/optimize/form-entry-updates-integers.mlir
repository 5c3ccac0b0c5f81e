// RUN: basalt-opt --pass-pipeline='builtin.module(step.program(form-entry-updates))' %s | FileCheck %s

// Integers are chosen in 64 bits and stored in fewer: the kernel has what is stored. A condition for all entries is a
// scalar, and a state of one entry is not worth it.

// CHECK:      step.kernel @S_spk(%[[W:.*]]: i8, %[[ON:.*]]: i1, %[[X:.*]]: i64) {
// CHECK-NEXT:   %[[WIDE:.*]] = arith.extsi %[[W]] : i8 to i64
// CHECK-NEXT:   %[[SUM:.*]] = arith.addi %[[WIDE]], %[[X]]
// CHECK-NEXT:   %[[CHOSEN:.*]] = arith.select %[[ON]], %[[SUM]], %[[WIDE]] : i64
// CHECK-NEXT:   %[[NARROW:.*]] = arith.trunci %[[CHOSEN]] : i64 to i8
// CHECK-NEXT:   step.yield %[[NARROW]] : i8
// CHECK:      step.update_entries @S_spk @s.w by target %{{.*}} ins(every %{{.*}} : tensor<i1>, source %{{.*}} : tensor<4xi64>) : tensor<3xi1>
// CHECK-NOT:  step.update_entries
step.program @net {
  step.state @s.w : tensor<5xsi8> = dense<1> : tensor<5xi8> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.x : tensor<1x4xsi64> = dense<0> : tensor<1x4xi64>
  step.state @s.on : tensor<i1> = dense<true> : tensor<i1>
  step.state @s.post : tensor<3xi1> = dense<false> : tensor<3xi1>
  step.state @o.w : tensor<1xf64> = dense<1.0> : tensor<1xf64> {sparse = #proc.sparse<[3, 4], @o.w.offsets, @o.w.targets>}
  step.state @o.w.offsets : tensor<5xsi64> = dense<[0, 1, 1, 1, 1]> : tensor<5xi64>
  step.state @o.w.targets : tensor<1xsi32> = dense<0> : tensor<1xi32>
  step.phase spk {
    step.task "s" of "S" {
      %w = step.get @s.w : tensor<5xi8>
      %o = step.get @s.w.offsets : tensor<5xi64>
      %t = step.get @s.w.targets : tensor<5xi32>
      %x = step.get @s.x : tensor<1x4xi64>
      %on = step.get @s.on : tensor<i1>
      %post = step.get @s.post : tensor<3xi1>
      %wide = arith.extsi %w : tensor<5xi8> to tensor<5xi64>
      %xs = num.broadcast %x : tensor<1x4xi64> to tensor<3x4xi64>
      %at = num.at_synapses %xs at(%o, %t) : tensor<3x4xi64> at(tensor<5xi64>, tensor<5xi32>) to tensor<5xi64>
      %sum = arith.addi %wide, %at : tensor<5xi64>
      %is = num.item %on : tensor<i1> to i1
      %either = arith.select %is, %sum, %wide : tensor<5xi64>
      %postc = num.reshape %post : tensor<3xi1> to tensor<3x1xi1>
      %posts = num.broadcast %postc : tensor<3x1xi1> to tensor<3x4xi1>
      %mask = num.at_synapses %posts at(%o, %t) : tensor<3x4xi1> at(tensor<5xi64>, tensor<5xi32>) to tensor<5xi1>
      %chosen = arith.select %mask, %either, %wide : tensor<5xi1>, tensor<5xi64>
      %new = arith.trunci %chosen : tensor<5xi64> to tensor<5xi8>
      step.set @s.w, %new : tensor<5xi8>
      step.yield
    }
    step.task "o" of "S" {
      %w = step.get @o.w : tensor<1xf64>
      %o = step.get @o.w.offsets : tensor<5xi64>
      %t = step.get @o.w.targets : tensor<1xi32>
      %post = step.get @s.post : tensor<3xi1>
      %postc = num.reshape %post : tensor<3xi1> to tensor<3x1xi1>
      %posts = num.broadcast %postc : tensor<3x1xi1> to tensor<3x4xi1>
      %mask = num.at_synapses %posts at(%o, %t) : tensor<3x4xi1> at(tensor<5xi64>, tensor<1xi32>) to tensor<1xi1>
      %twice = arith.addf %w, %w : tensor<1xf64>
      %new = arith.select %mask, %twice, %w : tensor<1xi1>, tensor<1xf64>
      step.set @o.w, %new : tensor<1xf64>
      step.yield
    }
  }
}
