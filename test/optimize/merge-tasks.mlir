// RUN: basalt-opt --pass-pipeline='builtin.module(step.program(merge-tasks))' %s | FileCheck %s

step.program @net {
  step.state @a.v : tensor<2xsi32> = dense<0> : tensor<2xi32>
  step.port @a.out : tensor<2xsi32>
  step.port @d.out : tensor<2xsi32>
  step.state @e.v : tensor<2xsi32> = dense<0> : tensor<2xi32>
  step.port @e.out : tensor<2xsi32>
  // CHECK: step.phase spk
  step.phase spk {
    // A fragment that only reads goes to the one that receives.
    // CHECK-NEXT: %[[D:.*]] = step.task "d" of "D"
    // CHECK: step.probe @d.out, %[[D]]
    // CHECK-NEXT: %[[A:.*]] = step.task "a" of "A" -> tensor<2xi32> {
    // CHECK-NEXT: %[[V:.*]] = step.get @a.v
    // CHECK-NEXT: %[[S:.*]] = arith.addi %[[V]], %[[D]]
    // What follows a send without waiting goes to the send.
    // CHECK-NEXT: step.set @a.v, %[[S]]
    // CHECK-NEXT: step.yield %[[S]]
    // CHECK: step.probe @a.out, %[[A]]
    %v = step.task "a" of "A" -> tensor<2xi32> {
      %0 = step.get @a.v : tensor<2xi32>
      step.yield %0 : tensor<2xi32>
    }
    %m = step.task "d" of "D" -> tensor<2xi32> {
      %0 = arith.constant dense<1> : tensor<2xi32>
      step.yield %0 : tensor<2xi32>
    }
    step.probe @d.out, %m : tensor<2xi32>
    %s:2 = step.task "a" of "A" -> tensor<2xi32>, tensor<2xi32> {
      %0 = arith.addi %v, %m : tensor<2xi32>
      step.yield %0, %0 : tensor<2xi32>, tensor<2xi32>
    }
    step.probe @a.out, %s#0 : tensor<2xi32>
    // d printed nothing before, but what it receives comes later, and its message is used already.
    // CHECK-NEXT: step.task "d" of "D" {
    // CHECK-NEXT: proc.print "d"(%[[A]]
    step.task "d" of "D" {
      proc.print "d"(%s#0 : tensor<2xi32>)
      step.yield
    }
    step.task "a" of "A" {
      step.set @a.v, %s#1 : tensor<2xi32>
      step.yield
    }
    // Lines keep their order: b prints, c prints, b prints.
    // CHECK: step.task "b"
    // CHECK-NEXT: proc.print "b 1"
    // CHECK: step.task "c"
    // CHECK: step.task "b"
    // CHECK-NEXT: proc.print "b 2"
    // With nobody in between they join.
    // CHECK-NEXT: proc.print "b 3"
    step.task "b" of "B" {
      proc.print "b 1"
      step.yield
    }
    step.task "c" of "C" {
      proc.print "c"
      step.yield
    }
    step.task "b" of "B" {
      proc.print "b 2"
      step.yield
    }
    step.task "b" of "B" {
      proc.print "b 3"
      step.yield
    }
    // A message that is what a state holds: the state had better not change before the message has arrived.
    // CHECK: step.task "e"
    // CHECK-NEXT: %[[V:.*]] = step.get @e.v
    // CHECK-NEXT: step.yield %[[V]]
    // CHECK: step.task "e"
    // CHECK: step.set @e.v
    %e = step.task "e" of "E" -> tensor<2xi32> {
      %0 = step.get @e.v : tensor<2xi32>
      step.yield %0 : tensor<2xi32>
    }
    step.probe @e.out, %e : tensor<2xi32>
    step.task "e" of "E" {
      step.set @e.v, %m : tensor<2xi32>
      step.yield
    }
  }
}
