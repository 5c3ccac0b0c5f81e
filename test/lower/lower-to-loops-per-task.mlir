// RUN: basalt-opt --split-input-file --verify-diagnostics --lower-to-loops=per-task=true %s | FileCheck %s

// A function for each guard and each task, whether its guard holds or not.
// CHECK: step.program @net
// CHECK-LABEL: func.func @post_guard.p() -> i1 attributes {rt.instance = "p", rt.phase = "post_guard"} {
// CHECK: %[[HOLDS:.*]] = arith.cmpi eq
// CHECK: return %[[HOLDS]] : i1

// CHECK-LABEL: func.func @post_mgmt.p() attributes {rt.instance = "p", rt.phase = "post_mgmt"} {
// CHECK: rt.fetch @q.x from "q.x"
// CHECK: %[[X:.*]] = memref.get_global @q.x : memref<4xi32>
// The copy is what the state was before it was written and fetched again.
// CHECK: %[[COPY:.*]] = memref.get_global @p.scratch : memref<4xi32>
// CHECK: scf.for
// CHECK: rt.publish @q.x to "q.x"
// CHECK: rt.fetch @q.x from "q.x" first 1 stride 2
// CHECK: rt.print "{}"(%[[COPY]] : memref<4xi32>)

// Fragments of one instance are told apart.
// CHECK-LABEL: func.func @post_mgmt.p_0() attributes {rt.instance = "p", rt.phase = "post_mgmt"} {
// CHECK-NEXT: rt.receive @q.x from "down"
// CHECK-NEXT: rt.accumulate @q.x to "q.x"
// CHECK-NEXT: rt.inject @q.x to "spikes"
// CHECK-NEXT: rt.send @q.x to "up"
// CHECK-NEXT: return
step.program @net {
  step.state @q.x : tensor<4xsi32> = dense<5> : tensor<4xi32>
  step.guard @p.post_guard of "p" post_guard {
    %0 = proc.time_step : tensor<i64>
    %1 = arith.constant dense<2> : tensor<i64>
    %2 = arith.cmpi eq, %0, %1 : tensor<i64>
    step.yield %2 : tensor<i1>
  }
  step.phase post_mgmt {
    step.task "p" of "P" if @p.post_guard {
      rt.fetch @q.x from "q.x"
      %0 = step.get @q.x : tensor<4xi32>
      %1 = num.absi %0 : tensor<4xi32>
      step.set @q.x, %1 : tensor<4xi32>
      rt.publish @q.x to "q.x"
      rt.fetch @q.x from "q.x" first 1 stride 2
      proc.print "{}"(%0 : tensor<4xi32>)
      step.yield
    }
    step.task "p" of "P" {
      rt.receive @q.x from "down"
      rt.accumulate @q.x to "q.x"
      rt.inject @q.x to "spikes"
      rt.send @q.x to "up"
      step.yield
    }
  }
}

// -----

step.program @net {
  step.phase spk {
    %0 = step.task "p" of "P" -> tensor<i64> {
      %1 = proc.time_step : tensor<i64>
      step.yield %1 : tensor<i64>
    }
    step.task "q" of "Q" {
      // expected-error@+1 {{uses a value of another task, which by itself it cannot have}}
      proc.print "{}"(%0 : tensor<i64>)
      step.yield
    }
  }
}
