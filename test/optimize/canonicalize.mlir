// RUN: basalt-opt --canonicalize --split-input-file %s | FileCheck %s

// Ops of num that only move elements, and results of tasks that nobody uses.

step.program @net {
  step.state @p.v : tensor<2x3xsi64> = dense<0> : tensor<2x3xi64>
  step.state @p.s : tensor<i64> = dense<0> : tensor<i64>
  step.phase init {
    // CHECK: step.task "unused" of "P" -> tensor<i64> {
    // CHECK-NEXT: %[[S:.*]] = step.get @p.s
    // CHECK-NEXT: step.yield %[[S]] : tensor<i64>
    %a, %b = step.task "unused" of "P" -> tensor<2x3xi64>, tensor<i64> {
      %0 = step.get @p.v : tensor<2x3xi64>
      %1 = step.get @p.s : tensor<i64>
      step.yield %0, %1 : tensor<2x3xi64>, tensor<i64>
    }
    // CHECK: step.task "identity"
    // CHECK-NEXT: %[[V:.*]] = step.get @p.v
    // CHECK-NEXT: proc.print "{}{}{}{}{}{}"(%[[V]], %[[V]], %[[V]], %[[V]], %[[V]], %[[S:.*]] :
    step.task "identity" of "P" {
      %0 = step.get @p.v : tensor<2x3xi64>
      %1 = num.broadcast %0 : tensor<2x3xi64> to tensor<2x3xi64>
      %2 = num.reshape %0 : tensor<2x3xi64> to tensor<2x3xi64>
      %3 = num.transpose %0 [0, 1] : tensor<2x3xi64> to tensor<2x3xi64>
      %4 = num.extract %0 offsets [0, 0] sizes [2, 3] strides [1, 1] drop [] : tensor<2x3xi64> to tensor<2x3xi64>
      %5 = num.transpose %0 [1, 0] : tensor<2x3xi64> to tensor<3x2xi64>
      %6 = num.transpose %5 [1, 0] : tensor<3x2xi64> to tensor<2x3xi64>
      %7 = num.item %b : tensor<i64> to i64
      %8 = num.from_scalar %7 : i64 to tensor<i64>
      proc.print "{}{}{}{}{}{}"(%1, %2, %3, %4, %6, %8 : tensor<2x3xi64>, tensor<2x3xi64>, tensor<2x3xi64>, tensor<2x3xi64>, tensor<2x3xi64>, tensor<i64>)
      step.yield
    }
    // CHECK: step.task "twice"
    // CHECK-DAG: %[[B:.*]] = num.broadcast %[[S]] : tensor<i64> to tensor<2x3xi64>
    // CHECK-DAG: %[[R:.*]] = num.reshape %{{.*}} : tensor<2x3xi64> to tensor<3x2xi64>
    // CHECK: proc.print "{}{}"(%[[B]], %[[R]]
    step.task "twice" of "P" {
      %0 = num.broadcast %b : tensor<i64> to tensor<3xi64>
      %1 = num.broadcast %0 : tensor<3xi64> to tensor<2x3xi64>
      %2 = step.get @p.v : tensor<2x3xi64>
      %3 = num.reshape %2 : tensor<2x3xi64> to tensor<6xi64>
      %4 = num.reshape %3 : tensor<6xi64> to tensor<3x2xi64>
      proc.print "{}{}"(%1, %4 : tensor<2x3xi64>, tensor<3x2xi64>)
      step.yield
    }
    // CHECK: step.task "constants"
    // CHECK-NOT: num.
    // CHECK-DAG: %[[M:.*]] = arith.constant dense<7> : tensor<2x3xi64>
    // CHECK-DAG: %[[T:.*]] = arith.constant dense<7> : tensor<3x2xi64>
    // CHECK-DAG: %[[E:.*]] = arith.constant dense<7> : tensor<2xi64>
    // CHECK-DAG: %[[L:.*]] = arith.constant dense<{{\[\[}}1, 2], [3, 4]]> : tensor<2x2xi64>
    // CHECK-DAG: %[[I:.*]] = arith.constant dense<7> : tensor<i64>
    // CHECK: proc.print "{}{}{}{}{}"(%[[M]], %[[T]], %[[E]], %[[L]], %[[I]]
    step.task "constants" of "P" {
      %c = arith.constant dense<7> : tensor<i64>
      %0 = num.broadcast %c : tensor<i64> to tensor<2x3xi64>
      %1 = num.transpose %0 [1, 0] : tensor<2x3xi64> to tensor<3x2xi64>
      %2 = num.extract %0 offsets [0, 0] sizes [2, 1] strides [1, 1] drop [1] : tensor<2x3xi64> to tensor<2xi64>
      %l = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi64>
      %3 = num.reshape %l : tensor<4xi64> to tensor<2x2xi64>
      %4 = num.item %c : tensor<i64> to i64
      %5 = num.from_scalar %4 : i64 to tensor<i64>
      proc.print "{}{}{}{}{}"(%0, %1, %2, %3, %5 : tensor<2x3xi64>, tensor<3x2xi64>, tensor<2xi64>, tensor<2x2xi64>, tensor<i64>)
      step.yield
    }
    // What may stop the run stays, although nobody uses it.
    // CHECK: step.task "checked"
    // CHECK: num.extract
    // CHECK: proc.assert
    step.task "checked" of "P" {
      %c = arith.constant dense<7> : tensor<5xi64>
      %0 = num.extract %c [%b : tensor<i64>] offsets [-9223372036854775808] sizes [1] strides [1] drop [0] : tensor<5xi64> to tensor<i64>
      %t = arith.constant dense<false> : tensor<i1>
      proc.assert %t, "no" : tensor<i1>
      step.yield
    }
  }
}

// -----

// Accesses: an unused get goes, a set never; MLIR's passes do not move a get over a set.

// CHECK-LABEL: step.program @effects
// CHECK: step.task "p"
// CHECK-NEXT: %[[A:.*]] = step.get @p.v
// CHECK-NEXT: step.set @p.v
// CHECK-NEXT: %[[B:.*]] = step.get @p.v
// CHECK-NEXT: proc.print "{}{}"(%[[A]], %[[B]]
// CHECK-NEXT: step.update @k [@p.v]
// CHECK-NEXT: step.yield
step.program @effects {
  step.state @p.v : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.kernel @k(%v: i64) {
    step.yield %v : i64
  }
  step.phase init {
    %m = step.task "m" of "M" -> tensor<2xi64> {
      %0 = arith.constant dense<[1, 2]> : tensor<2xi64>
      step.yield %0 : tensor<2xi64>
    }
    step.task "p" of "P" {
      %0 = step.get @p.v : tensor<2xi64>
      %unused = step.get @p.v : tensor<2xi64>
      step.set @p.v, %m : tensor<2xi64>
      %1 = step.get @p.v : tensor<2xi64>
      proc.print "{}{}"(%0, %1 : tensor<2xi64>, tensor<2xi64>)
      step.update @k [@p.v] over [2]
      %2 = step.update @k [] ins(%1 : tensor<2xi64>) over [2] -> tensor<2xi64>
      step.yield
    }
  }
}

// -----

// Only the part that is used is widened.

step.program @net {
  step.state @p.data : tensor<3x9xsi32> = dense<0> : tensor<3x9xi32>
  step.phase spk {
    // CHECK: step.task "column"
    // CHECK: %[[D:.*]] = step.get @p.data
    // CHECK: %[[T:.*]] = proc.time_step
    // CHECK: %[[C:.*]] = num.extract %[[D]][%[[T]] : tensor<i64>] offsets [0, -9223372036854775808] sizes [3, 1] strides [1, 1] drop [1] : tensor<3x9xi32> to tensor<3xi32>
    // CHECK: arith.extsi %[[C]] : tensor<3xi32> to tensor<3xi64>
    step.task "column" of "P" {
      %0 = step.get @p.data : tensor<3x9xi32>
      %1 = arith.extsi %0 : tensor<3x9xi32> to tensor<3x9xi64>
      %2 = proc.time_step : tensor<i64>
      %3 = num.extract %1[%2 : tensor<i64>] offsets [0, -9223372036854775808] sizes [3, 1] strides [1, 1] drop [1] : tensor<3x9xi64> to tensor<3xi64>
      proc.print "{}"(%3 : tensor<3xi64>)
      step.yield
    }
  }
}

// -----

// A shift by nothing goes away, also of scalars; no other does.

step.program @net {
  step.state @p.v : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.phase spk {
    // CHECK: step.task "shifts"
    // CHECK: %[[V:.*]] = step.get @p.v
    // CHECK: %[[T:.*]] = proc.time_step
    // CHECK: %[[UP:.*]] = num.shift %[[V]], %
    // CHECK-NEXT: %[[MIXED:.*]] = num.shift %[[V]], %
    // CHECK-NEXT: proc.print "{}{}{}{}"(%[[V]], %[[T]], %[[UP]], %[[MIXED]] :
    step.task "shifts" of "P" {
      %none = arith.constant dense<0> : tensor<2xi64>
      %one = arith.constant dense<1> : tensor<2xi64>
      %some = arith.constant dense<[0, 1]> : tensor<2xi64>
      %v = step.get @p.v : tensor<2xi64>
      %same = num.shift %v, %none : tensor<2xi64>
      %t = proc.time_step : tensor<i64>
      %c0 = arith.constant 0 : i64
      %item = num.item %t : tensor<i64> to i64
      %scalar = num.shift %item, %c0 : i64
      %back = num.from_scalar %scalar : i64 to tensor<i64>
      %up = num.shift %v, %one : tensor<2xi64>
      %mixed = num.shift %v, %some : tensor<2xi64>
      proc.print "{}{}{}{}"(%same, %back, %up, %mixed : tensor<2xi64>, tensor<i64>, tensor<2xi64>, tensor<2xi64>)
      step.yield
    }
  }
}
