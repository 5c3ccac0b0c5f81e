// RUN: basalt-opt --schedule --split-input-file %s | FileCheck %s

// A loop lif1 -> dense -> {lif1, lif2}: dense sends before it receives. A neuron's code before its recv is a task of its own, whose
// values leave it; constants are made again where they are used.

// CHECK-LABEL: step.program @net
// CHECK:      step.port @lif1.s_out : tensor<2xui1>
// CHECK-NEXT: step.port @lif2.s_out : tensor<2xui1>
// CHECK-NEXT: step.port @dense.a_out : tensor<2xsi16>
// CHECK-NEXT: step.phase spk {
// CHECK-NEXT:   %[[U1:.*]] = step.task "lif1" of "LIF" -> tensor<2xi32> {
// CHECK-NEXT:     %[[U:.*]] = step.get @lif1.u : tensor<2xi32>
// CHECK-NEXT:     step.yield %[[U]] : tensor<2xi32>
// CHECK:        %[[U2:.*]] = step.task "lif2" of "LIF" -> tensor<2xi32> {
// CHECK:        %[[A:.*]] = step.task "dense" of "Dense" -> tensor<2xi16> {
// CHECK-NEXT:     %[[BUFF:.*]] = step.get @dense.a_buff : tensor<2xi16>
// CHECK-NEXT:     step.yield %[[BUFF]] : tensor<2xi16>
// CHECK-NEXT:   }
// CHECK-NEXT:   step.probe @dense.a_out, %[[A]] : tensor<2xi16>
// CHECK-NEXT:   %[[S1:.*]] = step.task "lif1" of "LIF" -> tensor<2xi1> {
// CHECK-NEXT:     %[[ZERO:.*]] = arith.constant dense<0>
// CHECK-NEXT:     %[[WIDE:.*]] = arith.extsi %[[A]] : tensor<2xi16> to tensor<2xi64>
// CHECK-NEXT:     %[[IN:.*]] = arith.trunci %[[WIDE]] : tensor<2xi64> to tensor<2xi32>
// CHECK-NEXT:     %[[SUM:.*]] = arith.addi %[[U1]], %[[IN]] : tensor<2xi32>
// CHECK-NEXT:     step.set @lif1.u, %[[SUM]] : tensor<2xi32>
// CHECK-NEXT:     %[[S:.*]] = arith.cmpi sgt, %[[SUM]], %[[ZERO]] : tensor<2xi32>
// CHECK-NEXT:     step.yield %[[S]] : tensor<2xi1>
// CHECK-NEXT:   }
// CHECK-NEXT:   step.probe @lif1.s_out, %[[S1]] : tensor<2xi1>
// CHECK:        %[[S2:.*]] = step.task "lif2" of "LIF" -> tensor<2xi1> {
// CHECK:        step.probe @lif2.s_out, %[[S2]] : tensor<2xi1>
// CHECK-NEXT:   step.task "dense" of "Dense" {
// CHECK-NEXT:     %[[SPIKES:.*]] = arith.extui %[[S1]] : tensor<2xi1> to tensor<2xi64>
// CHECK-NEXT:     %[[NEXT:.*]] = arith.trunci %[[SPIKES]] : tensor<2xi64> to tensor<2xi16>
// CHECK-NEXT:     step.set @dense.a_buff, %[[NEXT]] : tensor<2xi16>
proc.process @LIF {
  proc.var @u : tensor<2xsi32> = dense<0> : tensor<2xi32>
  proc.in_port @a_in : tensor<2xsi32>
  proc.out_port @s_out : tensor<2xui1>
  proc.model @model {
    proc.phase spk {
      %zero = arith.constant dense<0> : tensor<2xi32>
      %0 = proc.get @u : tensor<2xi32>
      %1 = proc.recv @a_in : tensor<2xi32>
      %2 = arith.addi %0, %1 : tensor<2xi32>
      proc.set @u, %2 : tensor<2xi32>
      %3 = arith.cmpi sgt, %2, %zero : tensor<2xi32>
      proc.send @s_out, %3 : tensor<2xi1>
    }
  }
}
proc.process @Dense {
  proc.var @a_buff : tensor<2xsi16> = dense<0> : tensor<2xi16>
  proc.in_port @s_in : tensor<2xsi16>
  proc.out_port @a_out : tensor<2xsi16>
  proc.model @model {
    proc.phase spk {
      %0 = proc.get @a_buff : tensor<2xi16>
      proc.send @a_out, %0 : tensor<2xi16>
      %1 = proc.recv @s_in : tensor<2xi16>
      proc.set @a_buff, %1 : tensor<2xi16>
    }
  }
}
proc.network @net {
  proc.instance @lif1 of @LIF
  proc.instance @lif2 of @LIF
  proc.instance @dense of @Dense
  proc.connect @lif1::@s_out to @dense::@s_in
  proc.connect @dense::@a_out to @lif1::@a_in
  proc.connect @dense::@a_out to @lif2::@a_in
}

// -----

// The first process in the file that can go on always does, also when a message wakes one before the sender.

// CHECK-LABEL: step.program @order
// CHECK: step.task "a"
// CHECK: proc.print "a waits"
// CHECK: step.task "b"
// CHECK: proc.print "b sends"
// CHECK: step.task "a"
// CHECK: proc.print "a goes on"
// CHECK: step.task "b"
// CHECK: proc.print "b goes on"
// CHECK: step.task "c"
// CHECK: proc.print "c"
proc.process @A {
  proc.in_port @x : tensor<si32>
  proc.model @model {
    proc.phase spk {
      proc.print "a waits"
      %0 = proc.recv @x : tensor<i32>
      proc.print "a goes on"
    }
  }
}
proc.process @B {
  proc.out_port @y : tensor<si32>
  proc.model @model {
    proc.phase spk {
      proc.print "b sends"
      %0 = arith.constant dense<1> : tensor<i32>
      proc.send @y, %0 : tensor<i32>
      proc.print "b goes on"
    }
  }
}
proc.process @C {
  proc.model @model {
    proc.phase spk {
      proc.print "c"
    }
  }
}
proc.network @order {
  proc.instance @a of @A
  proc.instance @b of @B
  proc.instance @c of @C
  proc.connect @b::@y to @a::@x
}
