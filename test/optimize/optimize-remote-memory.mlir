// RUN: basalt-opt --schedule --optimize %s | FileCheck %s

// A process that reads and writes a Var of another through an implicit VarPort, from the resolved network to kernels.

// CHECK:      step.program @net {
// CHECK-NEXT:   step.state @proc2.var : tensor<1xsi32> = dense<5> : tensor<1xi32>
// CHECK-NEXT:   step.var_port @proc2.var_port of @proc2.var implicit
// CHECK-NEXT:   step.kernel @P1_post_mgmt(%[[A:.*]]: i32, %[[B:.*]]: i64) {
// CHECK-NEXT:     %[[WIDE:.*]] = arith.extsi %[[A]] : i32 to i64
// CHECK-NEXT:     %[[SUM:.*]] = arith.addi %[[WIDE]], %[[B]] : i64
// CHECK-NEXT:     %[[NEW:.*]] = arith.trunci %[[SUM]] : i64 to i32
// CHECK-NEXT:     step.yield %[[WIDE]], %[[NEW]] : i64, i32
// CHECK-NEXT:   }
// CHECK-NEXT:   step.phase post_mgmt {
// CHECK-NEXT:     step.probe @proc2.var
// CHECK-NEXT:     step.task "proc1" of "P1" {
// CHECK-NEXT:       %[[OLD:.*]] = step.get @proc2.var via @proc2.var_port : tensor<1xi32>
// CHECK-NEXT:       %[[TIME:.*]] = proc.time_step : tensor<i64>
// CHECK-NEXT:       %[[R:.*]]:2 = step.update @P1_post_mgmt [] ins(%[[OLD]], %[[TIME]] : tensor<1xi32>, tensor<i64>) over [1] -> tensor<1xi64>, tensor<1xi32>
// CHECK-NEXT:       proc.print "Value of var: {} at time step: {}"(%[[R]]#0, %[[TIME]] : tensor<1xi64>, tensor<i64>)
// CHECK-NEXT:       step.set @proc2.var, %[[R]]#1 via @proc2.var_port : tensor<1xi32>
// CHECK-NEXT:       step.yield
proc.process @P1 {
  proc.ref_port @ref : tensor<1xsi32>
  proc.model @model {
    proc.phase post_mgmt {
      %0 = proc.read @ref : tensor<1xi32>
      %1 = arith.extsi %0 : tensor<1xi32> to tensor<1xi64>
      %2 = proc.time_step : tensor<i64>
      proc.print "Value of var: {} at time step: {}"(%1, %2 : tensor<1xi64>, tensor<i64>)
      %3 = proc.time_step : tensor<i64>
      %4 = num.broadcast %3 : tensor<i64> to tensor<1xi64>
      %5 = arith.addi %1, %4 : tensor<1xi64>
      %6 = arith.trunci %5 : tensor<1xi64> to tensor<1xi32>
      proc.write @ref, %6 : tensor<1xi32>
    }
  }
}
proc.process @P2 {
  proc.var @var : tensor<1xsi32> = dense<5> : tensor<1xi32>
  proc.var_port @var_port of @var implicit
}
proc.network @net {
  proc.instance @proc1 of @P1
  proc.instance @proc2 of @P2
  proc.connect @proc1::@ref to @proc2::@var_port
}
