// RUN: basalt-opt --check-initial-asserts --verify-diagnostics %s

// What init asserts of initial values, declared and given.

proc.process @P {
  proc.var @low : tensor<2xsi32> = dense<1> : tensor<2xi32>
  proc.var @high : tensor<2xsi32> = dense<2> : tensor<2xi32>
  proc.var @changed : tensor<si32> = dense<0> : tensor<i32>
  proc.model @model {
    proc.phase init {
      %low = proc.get @low : tensor<2xi32>
      %high = proc.get @high : tensor<2xi32>
      %less = arith.cmpi sle, %low, %high : tensor<2xi32>
      %all = num.reduce all %less axes [0] : tensor<2xi1> to tensor<i1>
      // expected-note @below {{this does not hold when the run begins}}
      proc.assert %all, "low is above high" : tensor<i1>
      %one = arith.constant dense<1> : tensor<i32>
      proc.set @changed, %one : tensor<i32>
      %changed = proc.get @changed : tensor<i32>
      %is = arith.cmpi eq, %changed, %one : tensor<i32>
      // What init has set is left to the run.
      proc.assert %is, "never" : tensor<i1>
    }
  }
}
// Also if the value was read before it changed.
proc.process @Q {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.model @model {
    proc.phase init {
      %before = proc.get @v : tensor<i32>
      %one = arith.constant dense<1> : tensor<i32>
      proc.set @v, %one : tensor<i32>
      %is = arith.cmpi eq, %before, %one : tensor<i32>
      // expected-note @below {{this does not hold when the run begins}}
      proc.assert %is, "v is not 1" : tensor<i1>
    }
    proc.phase spk {
      %false = arith.constant dense<false> : tensor<i1>
      proc.assert %false, "only init is looked at" : tensor<i1>
    }
  }
}
proc.network @net {
  proc.instance @right of @P
  // expected-error @below {{the initial values of 'wrong' are refused: low is above high}}
  proc.instance @wrong of @P {
    proc.value @low = dense<[1, 3]> : tensor<2xi32>
  }
  proc.instance @given of @P {
    proc.value @low = dense<[1, 3]> : tensor<2xi32>
    proc.value @high = dense<[2, 3]> : tensor<2xi32>
  }
  // expected-error @below {{the initial values of 'q' are refused: v is not 1}}
  proc.instance @q of @Q
  proc.instance @q1 of @Q {
    proc.value @v = dense<1> : tensor<i32>
  }
}
