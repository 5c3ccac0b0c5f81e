// RUN: basalt-opt --schedule %s | FileCheck %s

// Each instance has a key made of its path, in a state that gives way to a Var of its name.

// CHECK:      step.state @a.random_key : tensor<si64> = dense<0> : tensor<i64>
// CHECK:      step.state @a.random_key_ : tensor<si64> = dense<-3837880752741967926> : tensor<i64>
// CHECK:      step.state @layer.b.random_key_ : tensor<si64> = dense<6035778729768912686> : tensor<i64>
// CHECK-NOT:  step.state @c.random_key
// CHECK:      step.task "a" of "Noise" {
// CHECK-NEXT:   %[[SEED:.*]] = proc.seed : tensor<i64>
// CHECK-NEXT:   %[[KEY:.*]] = step.get @a.random_key_ : tensor<i64>
// CHECK-NEXT:   num.random_bits 5 keys(%[[SEED]], %[[KEY]] :
// CHECK:      step.task "layer.b" of "Noise" {
// CHECK:        step.get @layer.b.random_key_ : tensor<i64>
proc.process @Noise {
  proc.var @random_key : tensor<si64> = dense<0> : tensor<i64>
  proc.var @x : tensor<2xsi64> = dense<0> : tensor<2xi64>
  proc.model @model {
    proc.phase spk {
      %seed = proc.seed : tensor<i64>
      %key = proc.instance_key : tensor<i64>
      %bits = num.random_bits 5 keys(%seed, %key : tensor<i64>, tensor<i64>) : tensor<2xi64>
      proc.set @x, %bits : tensor<2xi64>
    }
  }
}
proc.process @Silent {
  proc.var @x : tensor<si64> = dense<0> : tensor<i64>
}
proc.network @net {
  proc.instance @a of @Noise
  proc.instance @layer.b of @Noise
  proc.instance @c of @Silent
}
