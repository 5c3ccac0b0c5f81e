// Pins of instances become pins of populations, and groups stand where these say.
// RUN: basalt-opt %s --lower-to-neurocore=chip=tiny | FileCheck %s --check-prefix=LOWERED
// RUN: basalt-opt %s --lower-to-neurocore=chip=tiny --place-neurons | FileCheck %s
// RUN: basalt-opt %s --lower-to-neurocore=chip=tiny --place-neurons=place=first-fit | FileCheck %s
// RUN: basalt-opt %s --lower-to-neurocore=chip=tiny --place-neurons="place=shuffle seed=5" | FileCheck %s
// RUN: sed 's/"b", chip/"c", chip/' %s | not basalt-opt --lower-to-neurocore=chip=tiny 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// LOWERED-NOT: neurocore.pins
// LOWERED: neurocore.pin "a" to @a on 0 cores [3, 1]
// LOWERED-NEXT: neurocore.pin "b" to @b on 1

// CHECK: neurocore.core 1 of 0 {
// CHECK-NEXT: neurocore.group @a
// CHECK-NEXT: }
// CHECK: neurocore.core 3 of 0 {
// CHECK-NEXT: neurocore.group @a
// CHECK-NEXT: }
// CHECK: neurocore.core {{[0-3]}} of 1 {
// CHECK-NEXT: neurocore.group @b 0 x 6
// CHECK-NEXT: }
// UNKNOWN: net.yaml:8:5: error: 'c' is pinned, but no neurons have this name
module attributes {neurocore.pins = [{instance = "a", chip = 0 : i64, cores = array<i64: 3, 1>, loc = loc("net.yaml":7:5)},
                                     {instance = "b", chip = 1 : i64, loc = loc("net.yaml":8:5)}]} {
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
}
