// RUN: basalt-opt --schedule --optimize %s | FileCheck %s

// Two populations of neurons that feed each other through a connection process: one kernel for both, one update each, states in place.

// CHECK:      step.kernel @LIF_spk(%[[U:.*]]: f64, %[[V:.*]]: f64, %[[K:.*]]: f64, %[[A:.*]]: f64, %[[TH:.*]]: f64) {
// CHECK-NEXT:   %[[ZERO:.*]] = arith.constant 0.000000e+00 : f64
// CHECK-NEXT:   %[[U1:.*]] = arith.mulf %[[U]], %[[K]] : f64
// CHECK-NEXT:   %[[U2:.*]] = arith.addf %[[U1]], %[[A]] : f64
// CHECK-NEXT:   %[[V1:.*]] = arith.addf %[[V]], %[[U2]] : f64
// CHECK-NEXT:   %[[S:.*]] = arith.cmpf ogt, %[[V1]], %[[TH]] : f64
// CHECK-NEXT:   %[[V2:.*]] = arith.select %[[S]], %[[ZERO]], %[[V1]] : f64
// CHECK-NEXT:   step.yield %[[U2]], %[[V2]], %[[S]] : f64, f64, i1
// CHECK-NEXT: }
// CHECK-NEXT: step.kernel @Dense_spk(
// CHECK-NOT:  step.kernel
// CHECK:      step.phase spk {
// CHECK-NEXT:   %[[D:.*]] = step.task "dense" of "Dense" -> tensor<4xf64> {
// CHECK-NEXT:     %[[BUFF:.*]] = step.get @dense.a_buff
// CHECK-NEXT:     step.yield %[[BUFF]]
// CHECK-NEXT:   }
// CHECK-NEXT:   step.probe @dense.a_out, %[[D]]
// CHECK-NEXT:   %[[S1:.*]] = step.task "lif1" of "LIF" -> tensor<4xi1> {
// CHECK:          %[[X:.*]] = step.update @LIF_spk [@lif1.u, @lif1.v] ins(%{{.*}}, %[[D]], %{{.*}} : tensor<f64>, tensor<4xf64>, tensor<f64>) over [4] -> tensor<4xi1>
// CHECK-NEXT:     step.yield %[[X]]
// CHECK-NEXT:   }
// CHECK-NEXT:   step.probe @lif1.s_out, %[[S1]]
// CHECK-NEXT:   %[[S2:.*]] = step.task "lif2" of "LIF" -> tensor<4xi1> {
// CHECK:          step.update @LIF_spk [@lif2.u, @lif2.v] ins(
// CHECK:        step.probe @lif2.s_out, %[[S2]]
// CHECK-NEXT:   step.task "dense" of "Dense" {
// CHECK-NEXT:     step.get @dense.weights
// CHECK-NEXT:     num.transpose
// CHECK-NEXT:     step.update @Dense_spk [] ins(%[[S1]], %[[S2]] : tensor<4xi1>, tensor<4xi1>) over [4] -> tensor<4xi1>
// CHECK-NEXT:     arith.extui
// CHECK-NEXT:     arith.sitofp
// CHECK-NEXT:     num.matvec
// CHECK-NEXT:     step.set @dense.a_buff
// CHECK-NEXT:     step.yield
proc.process @LIF {
  proc.var @u : tensor<4xf64> = dense<0.0> : tensor<4xf64>
  proc.var @v : tensor<4xf64> = dense<0.0> : tensor<4xf64>
  proc.var @du : tensor<f64> = dense<0.0> : tensor<f64>
  proc.var @vth : tensor<f64> = dense<10.0> : tensor<f64>
  proc.in_port @a_in : tensor<4xf64>
  proc.out_port @s_out : tensor<4xui1>
  proc.model @floating {
    proc.phase spk {
      %u = proc.get @u : tensor<4xf64>
      %du = proc.get @du : tensor<f64>
      %one = arith.constant dense<1.0> : tensor<f64>
      %k = arith.subf %one, %du : tensor<f64>
      %kb = num.broadcast %k : tensor<f64> to tensor<4xf64>
      %u1 = arith.mulf %u, %kb : tensor<4xf64>
      %a = proc.recv @a_in : tensor<4xf64>
      %u2 = arith.addf %u1, %a : tensor<4xf64>
      proc.set @u, %u2 : tensor<4xf64>
      %v = proc.get @v : tensor<4xf64>
      %u3 = proc.get @u : tensor<4xf64>
      %v1 = arith.addf %v, %u3 : tensor<4xf64>
      proc.set @v, %v1 : tensor<4xf64>
      %v2 = proc.get @v : tensor<4xf64>
      %vth = proc.get @vth : tensor<f64>
      %vthb = num.broadcast %vth : tensor<f64> to tensor<4xf64>
      %s = arith.cmpf ogt, %v2, %vthb : tensor<4xf64>
      %zero = arith.constant dense<0.0> : tensor<4xf64>
      %v3 = proc.get @v : tensor<4xf64>
      %v4 = arith.select %s, %zero, %v3 : tensor<4xi1>, tensor<4xf64>
      proc.set @v, %v4 : tensor<4xf64>
      proc.send @s_out, %s : tensor<4xi1>
    }
  }
}
proc.process @Dense {
  proc.var @weights : tensor<4x4xf64> = dense<1.0> : tensor<4x4xf64>
  proc.var @a_buff : tensor<4xf64> = dense<0.0> : tensor<4xf64>
  proc.in_port @s_in : tensor<4xui1>
  proc.out_port @a_out : tensor<4xf64>
  proc.model @model {
    proc.phase spk {
      %0 = proc.get @a_buff : tensor<4xf64>
      proc.send @a_out, %0 : tensor<4xf64>
      %s = proc.recv @s_in : tensor<4xi1>
      %si = arith.extui %s : tensor<4xi1> to tensor<4xi64>
      %sf = arith.sitofp %si : tensor<4xi64> to tensor<4xf64>
      %w = proc.get @weights : tensor<4x4xf64>
      %a = num.matvec %w, %sf : tensor<4x4xf64>, tensor<4xf64> to tensor<4xf64>
      proc.set @a_buff, %a : tensor<4xf64>
    }
  }
}
proc.network @net {
  proc.instance @lif1 of @LIF
  proc.instance @lif2 of @LIF
  proc.instance @dense of @Dense
  proc.connect @lif1::@s_out to @dense::@s_in
  proc.connect @lif2::@s_out to @dense::@s_in
  proc.connect @dense::@a_out to @lif1::@a_in
  proc.connect @dense::@a_out to @lif2::@a_in
}
