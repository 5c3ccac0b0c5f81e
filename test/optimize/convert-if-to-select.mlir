// RUN: basalt-opt --pass-pipeline='builtin.module(step.program(convert-if-to-select))' %s | FileCheck %s
// RUN: basalt-opt --pass-pipeline='builtin.module(step.program(convert-if-to-select{max-cost=0}))' %s | FileCheck %s --check-prefix=NONE

// NONE: scf.if

step.program @net {
  step.state @p.v : tensor<4xi1> = dense<false> : tensor<4xi1>
  step.state @p.n : tensor<si64> = dense<0> : tensor<i64>
  step.state @p.c : tensor<i1> = dense<true> : tensor<i1>
  step.state @p.m : tensor<4096xsi64> = dense<0> : tensor<4096xi64>
  step.state @q.x : tensor<si64> = dense<0> : tensor<i64>
  step.var_port @q.port of @q.x
  step.phase init {
    // CHECK: step.task "sides"
    // CHECK-NEXT: %[[C:.*]] = step.get @p.c
    // CHECK-NEXT: num.item
    // CHECK-NEXT: %[[ONE:.*]] = arith.constant dense<1>
    // CHECK-NEXT: %[[N:.*]] = step.get @p.n
    // CHECK-NEXT: %[[N1:.*]] = arith.addi %[[N]], %[[ONE]]
    // CHECK-NEXT: %[[N2:.*]] = arith.addi %[[N1]], %[[ONE]]
    // CHECK-NEXT: %[[TRUE:.*]] = arith.constant dense<true>
    // CHECK-NEXT: %[[X:.*]] = arith.select %[[C]], %[[N2]], %[[N]] : tensor<i1>, tensor<i64>
    // CHECK-NEXT: step.set @p.n, %[[X]]
    // CHECK-NEXT: %[[V:.*]] = step.get @p.v
    // CHECK-NEXT: %[[MASK:.*]] = num.broadcast %[[C]] : tensor<i1> to tensor<4xi1>
    // CHECK-NEXT: %[[Y:.*]] = arith.select %[[MASK]], %[[V]], %[[TRUE]] : tensor<4xi1>, tensor<4xi1>
    // CHECK-NEXT: step.set @p.v, %[[Y]]
    // CHECK-NEXT: %[[R:.*]] = arith.select %[[C]], %[[N1]], %[[ONE]] : tensor<i1>, tensor<i64>
    // CHECK-NEXT: proc.print "{}"(%[[R]]
    step.task "sides" of "P" {
      %0 = step.get @p.c : tensor<i1>
      %1 = num.item %0 : tensor<i1> to i1
      %one = arith.constant dense<1> : tensor<i64>
      %r = scf.if %1 -> tensor<i64> {
        %2 = step.get @p.n : tensor<i64>
        %3 = arith.addi %2, %one : tensor<i64>
        step.set @p.n, %3 : tensor<i64>
        %4 = step.get @p.n : tensor<i64>
        %5 = arith.addi %4, %one : tensor<i64>
        step.set @p.n, %5 : tensor<i64>
        scf.yield %3 : tensor<i64>
      } else {
        %6 = arith.constant dense<true> : tensor<4xi1>
        step.set @p.v, %6 : tensor<4xi1>
        scf.yield %one : tensor<i64>
      }
      proc.print "{}"(%r : tensor<i64>)
      step.yield
    }
    // From the inside out; the condition need not come from a tensor.
    // CHECK: step.task "nested"
    // CHECK-NOT: scf.if
    // CHECK: num.from_scalar %{{.*}} : i1 to tensor<i1>
    // CHECK: arith.select
    // CHECK: arith.select
    // CHECK: step.set @p.n
    step.task "nested" of "P" {
      %0 = step.get @p.c : tensor<i1>
      %1 = num.item %0 : tensor<i1> to i1
      %true = arith.constant true
      %not = arith.xori %1, %true : i1
      %one = arith.constant dense<1> : tensor<i64>
      scf.if %1 {
        scf.if %not {
          step.set @p.n, %one : tensor<i64>
        }
      }
      step.yield
    }
    // What prints, may stop the run, accesses others or costs much stays under its condition.
    // CHECK: step.task "conditional"
    // CHECK: scf.if
    // CHECK-NEXT: proc.print
    // CHECK: scf.if
    // CHECK-NEXT: step.set @q.x
    // CHECK: scf.if
    // CHECK: num.extract
    // CHECK: scf.if
    // CHECK-NEXT: step.get @p.m
    // CHECK-NEXT: arith.addi
    step.task "conditional" of "P" {
      %0 = step.get @p.c : tensor<i1>
      %1 = num.item %0 : tensor<i1> to i1
      %n = step.get @p.n : tensor<i64>
      scf.if %1 {
        proc.print "yes"
      }
      scf.if %1 {
        step.set @q.x, %n via @q.port : tensor<i64>
      }
      scf.if %1 {
        %2 = step.get @p.m : tensor<4096xi64>
        %3 = num.extract %2 [%n : tensor<i64>] offsets [-9223372036854775808] sizes [1] strides [1] drop [0] : tensor<4096xi64> to tensor<i64>
        step.set @p.n, %3 : tensor<i64>
      }
      scf.if %1 {
        %4 = step.get @p.m : tensor<4096xi64>
        %5 = arith.addi %4, %4 : tensor<4096xi64>
        step.set @p.m, %5 : tensor<4096xi64>
      }
      step.yield
    }
    // Clearing a state whose elements are computed in any case is a part of that, however many they are; elements that are stored
    // one by one are not.
    // CHECK: step.task "cleared"
    // CHECK-NOT: scf.if
    // CHECK: arith.select
    // CHECK: step.set @p.m
    // CHECK: arith.addi
    // CHECK: step.set @p.m
    // CHECK: step.task "patched"
    // CHECK: scf.if
    step.task "cleared" of "P" {
      %0 = step.get @p.c : tensor<i1>
      %1 = num.item %0 : tensor<i1> to i1
      %zero = arith.constant dense<0> : tensor<4096xi64>
      scf.if %1 {
        step.set @p.m, %zero : tensor<4096xi64>
      }
      %2 = step.get @p.m : tensor<4096xi64>
      %3 = arith.addi %2, %2 : tensor<4096xi64>
      step.set @p.m, %3 : tensor<4096xi64>
      step.yield
    }
    step.task "patched" of "P" {
      %0 = step.get @p.c : tensor<i1>
      %1 = num.item %0 : tensor<i1> to i1
      %n = step.get @p.n : tensor<i64>
      %zero = arith.constant dense<0> : tensor<4096xi64>
      scf.if %1 {
        step.set @p.m, %zero : tensor<4096xi64>
      }
      %2 = step.get @p.m : tensor<4096xi64>
      %3 = num.insert %n into %2 offsets [1] sizes [1] strides [1] drop [0] : tensor<i64> into tensor<4096xi64>
      step.set @p.m, %3 : tensor<4096xi64>
      step.yield
    }
  }
}

// A neuron of a chip has no branch: there no cost is too much.
// CHECK-LABEL: step.program @chip
step.program @chip attributes {step.neurocore = ["n"]} {
  step.state @n.m : tensor<4096xsi64> = dense<0> : tensor<4096xi64>
  step.state @n.c : tensor<i1> = dense<true> : tensor<i1>
  step.phase spk {
    // CHECK-NOT: scf.if
    // CHECK: arith.select {{.*}} : tensor<4096xi1>, tensor<4096xi64>
    step.task "n" of "N" {
      %0 = step.get @n.c : tensor<i1>
      %1 = num.item %0 : tensor<i1> to i1
      scf.if %1 {
        %2 = step.get @n.m : tensor<4096xi64>
        %3 = arith.addi %2, %2 : tensor<4096xi64>
        step.set @n.m, %3 : tensor<4096xi64>
      }
      step.yield
    }
  }
}
