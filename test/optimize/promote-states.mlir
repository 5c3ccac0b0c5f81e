// RUN: basalt-opt --pass-pipeline='builtin.module(step.program(promote-states))' %s | FileCheck %s

step.program @net {
  step.state @p.v : tensor<i64> = dense<0> : tensor<i64>
  step.state @p.w : tensor<i64> = dense<0> : tensor<i64>
  step.state @p.c : tensor<i1> = dense<true> : tensor<i1>
  step.state @q.x : tensor<i64> = dense<0> : tensor<i64>
  step.var_port @q.port of @q.x
  step.phase init {
    // Gets first, sets last; a get after a set is the value set; the first set is overwritten unseen.
    // CHECK: step.task "forward"
    // CHECK-NEXT: %[[V:.*]] = step.get @p.v
    // CHECK-NEXT: %[[W:.*]] = step.get @p.w
    // CHECK-NEXT: %[[S:.*]] = arith.addi %[[V]], %[[V]]
    // CHECK-NEXT: proc.print "{}"(%[[S]]
    // CHECK-NEXT: %[[T:.*]] = arith.addi %[[S]], %[[W]]
    // CHECK-NEXT: proc.print "{}"(%[[T]]
    // CHECK-NEXT: step.set @p.v, %[[T]]
    // CHECK-NEXT: step.yield
    step.task "forward" of "P" {
      %0 = step.get @p.v : tensor<i64>
      %1 = arith.addi %0, %0 : tensor<i64>
      step.set @p.v, %1 : tensor<i64>
      %2 = step.get @p.v : tensor<i64>
      proc.print "{}"(%2 : tensor<i64>)
      %3 = step.get @p.w : tensor<i64>
      %4 = arith.addi %2, %3 : tensor<i64>
      step.set @p.v, %4 : tensor<i64>
      proc.print "{}"(%4 : tensor<i64>)
      step.yield
    }
    // A set of what is there changes nothing.
    // CHECK: step.task "same"
    // CHECK-NEXT: step.get
    // CHECK-NEXT: step.yield
    step.task "same" of "P" {
      %0 = step.get @p.v : tensor<i64>
      step.set @p.v, %0 : tensor<i64>
      step.yield
    }
    // Nested code that writes a state: the set before it and the get behind it stay. What it reads is known.
    // CHECK: step.task "nested"
    // CHECK-NEXT: %[[C:.*]] = step.get @p.c
    // CHECK-NEXT: %[[W:.*]] = step.get @p.w
    // CHECK-NEXT: %[[I:.*]] = num.item
    // CHECK-NEXT: step.set @p.v, %[[W]]
    // CHECK-NEXT: scf.if %[[I]] {
    // CHECK-NEXT:   %[[D:.*]] = arith.addi %[[W]], %[[W]]
    // CHECK-NEXT:   step.set @p.v, %[[D]]
    // CHECK-NEXT: }
    // CHECK-NEXT: %[[V:.*]] = step.get @p.v
    // CHECK-NEXT: proc.print "{}"(%[[V]]
    step.task "nested" of "P" {
      %0 = step.get @p.c : tensor<i1>
      %1 = num.item %0 : tensor<i1> to i1
      %2 = step.get @p.w : tensor<i64>
      step.set @p.v, %2 : tensor<i64>
      scf.if %1 {
        %3 = step.get @p.v : tensor<i64>
        %4 = arith.addi %3, %3 : tensor<i64>
        step.set @p.v, %4 : tensor<i64>
      }
      %5 = step.get @p.v : tensor<i64>
      proc.print "{}"(%5 : tensor<i64>)
      step.yield
    }
    // A loop sees its own writes.
    // CHECK: step.task "loop"
    // CHECK: step.set @p.v, %[[W:.*]] :
    // CHECK: scf.for
    // CHECK-NEXT: %[[V:.*]] = step.get @p.v
    // CHECK-NEXT: %[[S:.*]] = arith.addi %[[V]], %[[W]]
    // CHECK-NEXT: step.set @p.v, %[[S]]
    step.task "loop" of "P" {
      %0 = step.get @p.w : tensor<i64>
      step.set @p.v, %0 : tensor<i64>
      %a = arith.constant 0 : i64
      %b = arith.constant 3 : i64
      %c = arith.constant 1 : i64
      scf.for %i = %a to %b step %c : i64 {
        %1 = step.get @p.v : tensor<i64>
        %2 = step.get @p.w : tensor<i64>
        %3 = arith.addi %1, %2 : tensor<i64>
        step.set @p.v, %3 : tensor<i64>
      }
      step.yield
    }
    // A state of another process: a read after a write through the same port is what was written.
    // CHECK: step.task "remote"
    // CHECK-NEXT: %[[W:.*]] = step.get @p.w
    // CHECK-NEXT: proc.print "{}"(%[[W]]
    // CHECK-NEXT: step.set @q.x, %[[W]] via @q.port
    // CHECK-NEXT: step.yield
    step.task "remote" of "P" {
      %0 = step.get @p.w : tensor<i64>
      step.set @q.x, %0 via @q.port : tensor<i64>
      %1 = step.get @q.x via @q.port : tensor<i64>
      proc.print "{}"(%1 : tensor<i64>)
      step.yield
    }
  }
}
