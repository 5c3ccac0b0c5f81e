// What no network asks of neurons, but a program can: lower-to-neurocore refuses it.
// RUN: basalt-opt %s --lower-to-neurocore=chip=tiny --split-input-file --verify-diagnostics

step.program @unsigned attributes {step.neurocore = ["n"]} {
  step.state @n.v : tensor<2xsi32> = dense<0> : tensor<2xi32>
  step.kernel @N_spk(%v: i32) {
    %seven = arith.constant 7 : i32
    // expected-error @below {{'n' compares numbers without a sign, for which neurons of a chip have no instruction}}
    %below = arith.cmpi ult, %v, %seven : i32
    %new = arith.select %below, %v, %seven : i32
    step.yield %new : i32
  }
  step.phase spk {
    step.task "n" of "N" {
      step.update @N_spk [@n.v] over [2]
      step.yield
    }
  }
}

// -----

step.program @keys attributes {step.neurocore = ["n"]} {
  step.state @n.v : tensor<2xsi32> = dense<0> : tensor<2xi32>
  step.phase spk {
    step.task "n" of "N" {
      %seed = proc.seed : tensor<i64>
      // expected-error @below {{'n' draws random numbers in a loop, which neurons of a chip cannot do}}
      %bits = num.random_bits 5 keys(%seed : tensor<i64>) : tensor<2xi64>
      %new = arith.trunci %bits : tensor<2xi64> to tensor<2xi32>
      step.set @n.v, %new : tensor<2xi32>
      step.yield
    }
  }
}
