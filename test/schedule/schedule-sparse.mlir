// RUN: basalt-opt --schedule %s | FileCheck %s

// Other processes read a sparse Var as its matrix. What they write is taken where the entries are; the run stops if
// there is a number where there is none.

// CHECK-LABEL: step.program @net {
// CHECK-NEXT:   step.state @s.w : tensor<3xf64> = dense<1.000000e+00> : tensor<3xf64> {sparse = #proc.sparse<[2, 3], @s.w.offsets, @s.w.targets>}
// CHECK-NEXT:   step.state @s.w.offsets : tensor<4xsi64> = dense<[0, 1, 2, 3]> : tensor<4xi64>
// CHECK-NEXT:   step.state @s.w.targets : tensor<3xsi32> = dense<[0, 1, 0]> : tensor<3xi32>
// CHECK:        step.task "r" of "R" {
// CHECK-NEXT:     %[[ENTRIES:.*]] = step.get @s.w via @s.port : tensor<3xf64>
// CHECK-NEXT:     %[[OFFSETS:.*]] = step.get @s.w.offsets : tensor<4xi64>
// CHECK-NEXT:     %[[TARGETS:.*]] = step.get @s.w.targets : tensor<3xi32>
// CHECK-NEXT:     %[[WHOLE:.*]] = num.to_dense %[[ENTRIES]] at(%[[OFFSETS]], %[[TARGETS]]) : tensor<3xf64> at(tensor<4xi64>, tensor<3xi32>) to tensor<2x3xf64>
// CHECK-NEXT:     %[[NEW:.*]] = arith.addf %[[WHOLE]], %[[WHOLE]] : tensor<2x3xf64>
// CHECK-NEXT:     %[[OFFSETS:.*]] = step.get @s.w.offsets : tensor<4xi64>
// CHECK-NEXT:     %[[TARGETS:.*]] = step.get @s.w.targets : tensor<3xi32>
// CHECK-NEXT:     %[[ONES:.*]] = arith.constant dense<true> : tensor<3xi1>
// CHECK-NEXT:     %[[STORED:.*]] = num.to_dense %[[ONES]] at(%[[OFFSETS]], %[[TARGETS]]) : {{.*}} to tensor<2x3xi1>
// CHECK-NEXT:     %[[ZEROS:.*]] = arith.constant dense<0.000000e+00> : tensor<2x3xf64>
// CHECK-NEXT:     %[[ZERO:.*]] = arith.cmpf oeq, %[[NEW]], %[[ZEROS]] : tensor<2x3xf64>
// CHECK-NEXT:     %[[FITS:.*]] = arith.ori %[[STORED]], %[[ZERO]] : tensor<2x3xi1>
// CHECK-NEXT:     %[[FIT:.*]] = num.reduce all %[[FITS]] axes [0, 1] : tensor<2x3xi1> to tensor<i1>
// CHECK-NEXT:     proc.assert %[[FIT]], "a number is written to the sparse Var 's.w' where it has no entry" : tensor<i1>
// CHECK-NEXT:     %[[KEPT:.*]] = num.at_synapses %[[NEW]] at(%[[OFFSETS]], %[[TARGETS]]) : {{.*}} to tensor<3xf64>
// CHECK-NEXT:     step.set @s.w, %[[KEPT]] via @s.port : tensor<3xf64>
proc.process @S {
  proc.var @w : tensor<3xf64> = dense<1.0> : tensor<3xf64> {sparse = #proc.sparse<[2, 3], @w.offsets, @w.targets>}
  proc.var not_shareable @w.offsets : tensor<4xsi64> = dense<[0, 1, 2, 3]> : tensor<4xi64>
  proc.var not_shareable @w.targets : tensor<3xsi32> = dense<[0, 1, 0]> : tensor<3xi32>
  proc.var_port @port of @w
}
proc.process @R {
  proc.ref_port @ref : tensor<2x3xf64>
  proc.model @m {
    proc.phase post_mgmt {
      %0 = proc.read @ref : tensor<2x3xf64>
      %1 = arith.addf %0, %0 : tensor<2x3xf64>
      proc.write @ref, %1 : tensor<2x3xf64>
    }
  }
}
proc.network @net {
  proc.instance @s of @S
  proc.instance @r of @R
  proc.connect @r::@ref to @s::@port
}
