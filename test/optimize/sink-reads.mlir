// RUN: basalt-opt %s --sink-reads | FileCheck %s

// What a task computes of states alone moves to the task that uses it.
// CHECK-LABEL: step.program @moves
step.program @moves {
  step.state @dense.a_buff : tensor<2xsi32> = dense<0> : tensor<2xi32>
  step.state @dense.weights : tensor<2x3xsi32> = dense<1> : tensor<2x3xi32>
  step.state @in.x : tensor<3xsi64> = dense<1> : tensor<3xi64>
  step.port @dense.a_out : tensor<2xsi32>
  step.phase spk {
    // CHECK: %[[MESSAGE:.*]] = step.task "dense" of "Dense" -> tensor<2xi32> {
    // CHECK-NEXT: %[[A:.*]] = step.get @dense.a_buff
    // CHECK-NEXT: step.yield %[[A]]
    %0:2 = step.task "dense" of "Dense" -> tensor<2xi32>, tensor<2x3xi64> {
      %a = step.get @dense.a_buff : tensor<2xi32>
      %w = step.get @dense.weights : tensor<2x3xi32>
      %wide = arith.extsi %w : tensor<2x3xi32> to tensor<2x3xi64>
      step.yield %a, %wide : tensor<2xi32>, tensor<2x3xi64>
    }
    step.probe @dense.a_out, %0#0 : tensor<2xi32>
    %1 = step.task "in" of "In" -> tensor<3xi64> {
      %x = step.get @in.x : tensor<3xi64>
      step.yield %x : tensor<3xi64>
    }
    // CHECK: step.task "dense" of "Dense" {
    // CHECK-NEXT: %[[W:.*]] = step.get @dense.weights
    // CHECK-NEXT: %[[WIDE:.*]] = arith.extsi %[[W]]
    // CHECK-NEXT: num.matvec %[[WIDE]],
    step.task "dense" of "Dense" {
      %sum = num.matvec %0#1, %1 : tensor<2x3xi64>, tensor<3xi64> to tensor<2xi64>
      %narrow = arith.trunci %sum : tensor<2xi64> to tensor<2xi32>
      step.set @dense.a_buff, %narrow : tensor<2xi32>
      step.yield
    }
  }
}

// Not if the state changes before it is used.
// CHECK-LABEL: step.program @changes
step.program @changes {
  step.state @p.v : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.state @p.w : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.phase spk {
    // CHECK: %[[OLD:.*]] = step.task "p" of "P" -> tensor<2xi64>
    %0 = step.task "p" of "P" -> tensor<2xi64> {
      %v = step.get @p.v : tensor<2xi64>
      %one = arith.constant dense<1> : tensor<2xi64>
      step.set @p.v, %one : tensor<2xi64>
      step.yield %v : tensor<2xi64>
    }
    // CHECK: step.set @p.w, %[[OLD]]
    step.task "p" of "P" {
      step.set @p.w, %0 : tensor<2xi64>
      step.yield
    }
  }
}

// Not what another instance uses, what is recorded, or what comes through a VarPort.
// CHECK-LABEL: step.program @stays
step.program @stays {
  step.state @p.v : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.state @q.w : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.var_port @q.port of @q.w
  step.port @p.out : tensor<2xsi64>
  step.phase spk {
    // CHECK: step.task "p" of "P" -> tensor<2xi64>, tensor<2xi64>, tensor<2xi64>
    %0:3 = step.task "p" of "P" -> tensor<2xi64>, tensor<2xi64>, tensor<2xi64> {
      %v = step.get @p.v : tensor<2xi64>
      %sum = arith.addi %v, %v : tensor<2xi64>
      %w = step.get @q.w via @q.port : tensor<2xi64>
      step.yield %v, %sum, %w : tensor<2xi64>, tensor<2xi64>, tensor<2xi64>
    }
    step.probe @p.out, %0#1 : tensor<2xi64>
    step.task "q" of "Q" {
      step.set @q.w, %0#0 : tensor<2xi64>
      step.yield
    }
    step.task "p" of "P" {
      %both = arith.addi %0#1, %0#2 : tensor<2xi64>
      step.set @p.v, %both : tensor<2xi64>
      step.yield
    }
  }
}
