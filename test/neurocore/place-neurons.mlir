// Populations go onto cores in order; one that does not fit is split, and small ones share.
// RUN: basalt-opt %s --lower-to-neurocore=chip=tiny --place-neurons | FileCheck %s
// RUN: basalt-opt %s --lower-to-neurocore=chip=tiny --place-neurons=neurons-per-core=9 | FileCheck %s --check-prefix=NINE
// RUN: basalt-opt %s --lower-to-neurocore=chip=tiny --place-neurons="place=shuffle seed=5" | FileCheck %s --check-prefix=SHUFFLED
// RUN: not basalt-opt %s --lower-to-neurocore=chip=tiny --place-neurons=place=random 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// SHUFFLED: neurocore.core [[#FIRST:]] of 0 {
// SHUFFLED: neurocore.core [[#%d,SECOND:]] of 0 {
// UNKNOWN: error: unknown way to place neurons: 'random', expected traffic, first-fit or shuffle

// What each neuron has, and its code.
// CHECK: neurocore.program @A {
// CHECK-NEXT: %[[ONE:.+]] = neurocore.operand "1" : i32
// CHECK-NEXT: %[[V:.+]] = neurocore.operand "s0" : i32
// CHECK-NEXT: neurocore.instruction "ADD" %[[V]], %[[ONE]] into "s0"
// CHECK: neurocore.population @a of "A" runs @A : 20 {
// CHECK-NEXT: neurocore.slot "a.v" : si32
// CHECK: neurocore.population @b of "A" runs @A : 6 {
// CHECK: neurocore.var "a.v" : tensor<20xsi32> {
// CHECK-NEXT: neurocore.place "state" of @a {count = 20 : i64}

// CHECK: neurocore.core 0 of 0 {
// CHECK-NEXT: neurocore.group @a 0 x 16
// CHECK: neurocore.core 1 of 0 {
// CHECK-NEXT: neurocore.group @a 16 x 4
// CHECK-NEXT: neurocore.group @b 0 x 6

// NINE: neurocore.group @a 0 x 9
// NINE: neurocore.group @a 9 x 9
// NINE: neurocore.group @a 18 x 2
// NINE-NEXT: neurocore.group @b 0 x 6
step.program @net attributes {step.neurocore = ["a", "b"]} {
  step.state @a.v : tensor<20xsi32> = dense<0> : tensor<20xi32>
  step.state @b.v : tensor<6xsi32> = dense<0> : tensor<6xi32>
  step.kernel @A_spk(%v: i32) {
    %one = arith.constant 1 : i32
    %new = arith.addi %v, %one : i32
    step.yield %new : i32
  }
  step.phase spk {
    step.task "a" of "A" {
      step.update @A_spk [@a.v] over [20]
      step.yield
    }
    step.task "b" of "A" {
      step.update @A_spk [@b.v] over [6]
      step.yield
    }
  }
}
