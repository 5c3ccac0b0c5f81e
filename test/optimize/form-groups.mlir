// RUN: basalt-opt --pass-pipeline='builtin.module(step.program(form-groups))' --split-input-file %s | FileCheck %s

// One kernel for two populations of different size. Scalars that were broadcast are scalar inputs, constants stand inside.

// CHECK-LABEL: step.program @intern
// CHECK: step.kernel @LIF_spk(%[[U:.*]]: i32, %[[K:.*]]: i32, %[[A:.*]]: i32) {
// CHECK-NEXT: %[[ONE:.*]] = arith.constant 1 : i32
// CHECK-NEXT: %[[M:.*]] = arith.muli %[[U]], %[[K]] : i32
// CHECK-NEXT: %[[S:.*]] = arith.addi %[[M]], %[[A]] : i32
// CHECK-NEXT: %[[N:.*]] = arith.addi %[[S]], %[[ONE]] : i32
// CHECK-NEXT: %[[C:.*]] = arith.cmpi sgt, %[[N]], %[[A]] : i32
// CHECK-NEXT: step.yield %[[N]], %[[C]] : i32, i1
// CHECK-NOT: step.kernel
// CHECK: step.phase spk
// CHECK-NEXT: %[[IN:.*]]:2 = step.task "in"
// CHECK: step.task "lif1"
// CHECK-NEXT: %[[K:.*]] = step.get @lif1.k : tensor<i32>
// CHECK-NEXT: %[[R:.*]] = step.update @LIF_spk [@lif1.u] ins(%[[K]], %[[IN]]#0 : tensor<i32>, tensor<4xi32>) over [4] -> tensor<4xi1>
// CHECK-NEXT: step.yield %[[R]] : tensor<4xi1>
// CHECK: step.task "lif2"
// CHECK-NEXT: %[[K:.*]] = step.get @lif2.k : tensor<1xi32>
// CHECK-NEXT: %[[K0:.*]] = num.reshape %[[K]] : tensor<1xi32> to tensor<i32>
// CHECK-NEXT: step.update @LIF_spk [@lif2.u] ins(%[[K0]], %[[IN]]#1 : tensor<i32>, tensor<2x3xi32>) over [2, 3] -> tensor<2x3xi1>
step.program @intern {
  step.state @lif1.u : tensor<4xsi32> = dense<0> : tensor<4xi32>
  step.state @lif1.k : tensor<si32> = dense<0> : tensor<i32>
  step.state @lif2.u : tensor<2x3xsi32> = dense<0> : tensor<2x3xi32>
  step.state @lif2.k : tensor<1xsi32> = dense<0> : tensor<1xi32>
  step.phase spk {
    %a, %b = step.task "in" of "In" -> tensor<4xi32>, tensor<2x3xi32> {
      %0 = arith.constant dense<1> : tensor<4xi32>
      %1 = arith.constant dense<1> : tensor<2x3xi32>
      step.yield %0, %1 : tensor<4xi32>, tensor<2x3xi32>
    }
    %s = step.task "lif1" of "LIF" -> tensor<4xi1> {
      %u = step.get @lif1.u : tensor<4xi32>
      %k = step.get @lif1.k : tensor<i32>
      %ks = num.broadcast %k : tensor<i32> to tensor<4xi32>
      %one = arith.constant dense<1> : tensor<4xi32>
      %0 = arith.muli %u, %ks : tensor<4xi32>
      %1 = arith.addi %0, %a : tensor<4xi32>
      %2 = arith.addi %1, %one : tensor<4xi32>
      %3 = arith.cmpi sgt, %2, %a : tensor<4xi32>
      step.set @lif1.u, %2 : tensor<4xi32>
      step.yield %3 : tensor<4xi1>
    }
    %t = step.task "lif2" of "LIF" -> tensor<2x3xi1> {
      %u = step.get @lif2.u : tensor<2x3xi32>
      %k = step.get @lif2.k : tensor<1xi32>
      %ks = num.broadcast %k : tensor<1xi32> to tensor<2x3xi32>
      %one = arith.constant dense<1> : tensor<i32>
      %ones = num.broadcast %one : tensor<i32> to tensor<2x3xi32>
      %0 = arith.muli %u, %ks : tensor<2x3xi32>
      %1 = arith.addi %0, %b : tensor<2x3xi32>
      %2 = arith.addi %1, %ones : tensor<2x3xi32>
      %3 = arith.cmpi sgt, %2, %b : tensor<2x3xi32>
      step.set @lif2.u, %2 : tensor<2x3xi32>
      step.yield %3 : tensor<2x3xi1>
    }
  }
}

// -----

// A sum in between splits: what it needs is one group, what needs it another. Different code gets another kernel.

// CHECK-LABEL: step.program @split
// CHECK: step.kernel @P_init(
// CHECK-NEXT: num.absi
// CHECK: step.kernel @P_init_2(
// CHECK-NEXT: arith.subi
// CHECK: step.task "p"
// CHECK-NEXT: %[[V:.*]] = step.get @p.v
// CHECK-NEXT: %[[A:.*]] = step.update @P_init [] ins(%[[V]] : tensor<4xi64>) over [4] -> tensor<4xi64>
// CHECK-NEXT: %[[S:.*]] = num.reduce sum %[[A]]
// CHECK-NEXT: %[[B:.*]] = step.update @P_init_2 [] ins(%[[A]], %[[S]] : tensor<4xi64>, tensor<i64>) over [4] -> tensor<4xi64>
// CHECK-NEXT: step.set @p.v, %[[B]]
step.program @split {
  step.state @p.v : tensor<4xsi64> = dense<0> : tensor<4xi64>
  step.phase init {
    step.task "p" of "P" {
      %v = step.get @p.v : tensor<4xi64>
      %0 = num.absi %v : tensor<4xi64>
      %1 = num.reduce sum %0 axes [0] : tensor<4xi64> to tensor<i64>
      %2 = num.broadcast %1 : tensor<i64> to tensor<4xi64>
      %3 = arith.subi %0, %2 : tensor<4xi64>
      step.set @p.v, %3 : tensor<4xi64>
      step.yield
    }
  }
}

// -----

// When a state may change in place.

// CHECK-LABEL: step.program @states
step.program @states {
  step.state @p.v : tensor<4xsi64> = dense<0> : tensor<4xi64>
  step.state @p.w : tensor<4xsi64> = dense<0> : tensor<4xi64>
  step.state @p.c : tensor<i1> = dense<true> : tensor<i1>
  step.var_port @p.port of @p.v
  step.phase init {
    // The old value is printed: not in place. The other state is only written: in place.
    // CHECK: step.task "old"
    // CHECK-NEXT: %[[V:.*]] = step.get @p.v
    // CHECK-NEXT: proc.print "{}"(%[[V]]
    // CHECK-NEXT: %[[N:.*]] = step.update @{{.*}} [@p.w] ins(%[[V]] : tensor<4xi64>) over [4] -> tensor<4xi64>
    // CHECK-NEXT: step.set @p.v, %[[N]]
    // CHECK-NEXT: step.yield
    step.task "old" of "P" {
      %v = step.get @p.v : tensor<4xi64>
      %0 = num.absi %v : tensor<4xi64>
      proc.print "{}"(%v : tensor<4xi64>)
      %1 = num.signi %0 : tensor<4xi64>
      step.set @p.v, %0 : tensor<4xi64>
      step.set @p.w, %1 : tensor<4xi64>
      step.yield
    }
    // The state of another process keeps its door.
    // CHECK: step.task "remote"
    // CHECK-NEXT: step.get @p.v via @p.port
    // CHECK-NEXT: step.update @{{.*}} []
    // CHECK-NEXT: step.set @p.v, %{{.*}} via @p.port
    step.task "remote" of "Q" {
      %v = step.get @p.v via @p.port : tensor<4xi64>
      %0 = num.absi %v : tensor<4xi64>
      step.set @p.v, %0 via @p.port : tensor<4xi64>
      step.yield
    }
    // Nested code reads the state before it changes.
    // CHECK: step.task "nested"
    // CHECK: scf.if
    // CHECK: step.update @{{.*}} [] ins
    // CHECK-NEXT: step.set @p.v
    step.task "nested" of "P" {
      %c = step.get @p.c : tensor<i1>
      %i = num.item %c : tensor<i1> to i1
      %v = step.get @p.v : tensor<4xi64>
      %0 = num.absi %v : tensor<4xi64>
      scf.if %i {
        %1 = step.get @p.v : tensor<4xi64>
        proc.print "{}"(%1 : tensor<4xi64>)
      }
      step.set @p.v, %0 : tensor<4xi64>
      step.yield
    }
    // Groups under a condition and in a loop.
    // CHECK: step.task "inside"
    // CHECK: scf.if
    // CHECK-NEXT: step.update @{{.*}} [@p.v] over [4]
    // CHECK: scf.for
    // CHECK: step.update @{{.*}} [@p.w] ins(%{{.*}} : tensor<i64>) over [4]
    step.task "inside" of "P" {
      %c = step.get @p.c : tensor<i1>
      %i = num.item %c : tensor<i1> to i1
      scf.if %i {
        %v = step.get @p.v : tensor<4xi64>
        %0 = num.absi %v : tensor<4xi64>
        step.set @p.v, %0 : tensor<4xi64>
      }
      %from = arith.constant 0 : i64
      %to = arith.constant 3 : i64
      %step = arith.constant 1 : i64
      scf.for %k = %from to %to step %step : i64 {
        %w = step.get @p.w : tensor<4xi64>
        %0 = num.from_scalar %k : i64 to tensor<i64>
        %1 = num.broadcast %0 : tensor<i64> to tensor<4xi64>
        %2 = arith.addi %w, %1 : tensor<4xi64>
        step.set @p.w, %2 : tensor<4xi64>
      }
      step.yield
    }
  }
}

// -----

// Lines and checks keep their order; what runs between them gathers around them. Scalars stay as they are. A condition between whole
// tensors is a scalar input. Guards have groups, too.

// CHECK-LABEL: step.program @order
// CHECK: step.kernel @P_post_guard(
// CHECK: step.guard @p.post_guard
// CHECK-NEXT: %[[V:.*]] = step.get @p.v
// CHECK-NEXT: %[[B:.*]] = step.update @P_post_guard [] ins(%[[V]] : tensor<2xi64>) over [2] -> tensor<2xi1>
// CHECK-NEXT: %[[ANY:.*]] = num.reduce any %[[B]]
// CHECK-NEXT: step.yield %[[ANY]]
// CHECK: step.task "p"
// CHECK-NEXT: %[[C:.*]] = step.get @p.c
// CHECK-NEXT: %[[V:.*]] = step.get @p.v
// CHECK-NEXT: %[[ONE:.*]] = step.update @[[ABS:.*]] [] ins(%[[V]] : tensor<2xi64>) over [2]
// CHECK-NEXT: proc.print "1 {}"(%[[ONE]]
// CHECK-NEXT: %[[N:.*]] = step.get @p.n
// CHECK-NEXT: %[[M:.*]] = arith.addi %[[N]], %[[N]] : tensor<i64>
// CHECK-NEXT: %[[E:.*]] = num.extract %[[V]][%[[M]]
// CHECK-NEXT: %[[W:.*]] = step.get @p.w
// CHECK-NEXT: %[[R:.*]]:2 = step.update @{{.*}} [] ins(%[[W]], %[[C]], %[[V]], %[[E]] : tensor<2xi64>, tensor<i1>, tensor<2xi64>, tensor<i64>) over [2]
// CHECK-NEXT: proc.print "2 {} {}"(%[[R]]#0, %[[E]]
// CHECK-NEXT: proc.print "3 {}"(%[[R]]#1
// CHECK-NEXT: %[[X:.*]] = step.get @p.x
// CHECK-NEXT: step.update @[[ABS]] [] ins(%[[X]] : tensor<3xi64>) over [3]
// CHECK-NEXT: proc.print "4 {}"
step.program @order {
  step.state @p.v : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.state @p.w : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.state @p.x : tensor<3xsi64> = dense<0> : tensor<3xi64>
  step.state @p.n : tensor<si64> = dense<0> : tensor<i64>
  step.state @p.c : tensor<i1> = dense<true> : tensor<i1>
  step.guard @p.post_guard of "p" post_guard {
    %0 = step.get @p.v : tensor<2xi64>
    %zero = arith.constant dense<0> : tensor<2xi64>
    %1 = arith.cmpi ne, %0, %zero : tensor<2xi64>
    %2 = num.reduce any %1 axes [0] : tensor<2xi1> to tensor<i1>
    step.yield %2 : tensor<i1>
  }
  step.phase post_mgmt {
    step.task "p" of "P" if @p.post_guard {
      %c = step.get @p.c : tensor<i1>
      %i = num.item %c : tensor<i1> to i1
      %v = step.get @p.v : tensor<2xi64>
      %0 = num.absi %v : tensor<2xi64>
      proc.print "1 {}"(%0 : tensor<2xi64>)
      %n = step.get @p.n : tensor<i64>
      %m = arith.addi %n, %n : tensor<i64>
      %e = num.extract %v [%m : tensor<i64>] offsets [-9223372036854775808] sizes [1] strides [1] drop [0] : tensor<2xi64> to tensor<i64>
      %w = step.get @p.w : tensor<2xi64>
      %1 = num.absi %w : tensor<2xi64>
      proc.print "2 {} {}"(%1, %e : tensor<2xi64>, tensor<i64>)
      %es = num.broadcast %e : tensor<i64> to tensor<2xi64>
      %2 = arith.select %i, %v, %w : tensor<2xi64>
      %3 = arith.addi %2, %es : tensor<2xi64>
      proc.print "3 {}"(%3 : tensor<2xi64>)
      %x = step.get @p.x : tensor<3xi64>
      %4 = num.absi %x : tensor<3xi64>
      proc.print "4 {}"(%4 : tensor<3xi64>)
      step.yield
    }
  }
}
