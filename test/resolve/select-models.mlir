// RUN: basalt-opt --select-models %s | FileCheck %s
// RUN: basalt-opt --select-models=tag=fixed %s | FileCheck --check-prefix=FIXED %s
// RUN: basalt-opt --select-models=select-sub-process %s | FileCheck --check-prefix=SUB %s
// RUN: basalt-opt "--select-models=exceptions=P=b" %s | FileCheck --check-prefix=CLASS %s
// RUN: basalt-opt "--select-models=exceptions=h.child=b" %s | FileCheck --check-prefix=PATH %s
// RUN: basalt-opt --select-models=explain %s 2>&1 >/dev/null | FileCheck --check-prefix=EXPLAIN %s

// Without a tag the first model with phases is taken, its names are bound and values converted. What
// no instance uses is removed.

// CHECK-LABEL: proc.process @P {
// CHECK-NEXT:    proc.var @v : tensor<2xf64> = dense<5.000000e+00> : tensor<2xf64>
// CHECK-NEXT:    proc.in_port @in : tensor<2xf64>
// CHECK-NEXT:    proc.var @w : tensor<2x!proc.named<"other">> = dense<1> : tensor<i64>
// CHECK-NEXT:    proc.model @a tags ["floating"] types {num = f64} {
// CHECK-NEXT:    }
// CHECK-NEXT:  }
// CHECK-NOT:   @Q
// A Var that only another model has, as an alias, is gone with it.
// CHECK-LABEL: proc.process @Both {
// CHECK-NEXT:    proc.var @given : tensor<1xsi32>
// CHECK-NEXT:    proc.model @code
// CHECK-LABEL: proc.process @H
// CHECK:           proc.value @v = dense<7.000000e+00> : tensor<2xf64>
// CHECK-NOT:   @Unused
// CHECK-LABEL: proc.network @net
// CHECK:         proc.value @v = dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf64>
// CHECK:         proc.value @given = dense<5> : tensor<1xi32>{{$}}

// With a tag, the first that has it; a single model without tags fits any.
// FIXED-LABEL: proc.process @P {
// FIXED-NEXT:    proc.var @v : tensor<2xsi32> = dense<5> : tensor<2xi32>
// FIXED:         proc.model @b tags ["fixed", "exact"]
// FIXED-NOT:     proc.model
// FIXED-LABEL: proc.process @Both {
// FIXED-LABEL: proc.process @H
// FIXED:         proc.model @untagged
// FIXED-LABEL: proc.network @net
// FIXED:         proc.value @v = dense<[1, 2]> : tensor<2xi32>

// The only hierarchical model wins if asked for.
// SUB-LABEL:   proc.process @P {
// SUB:           proc.model @network {
// SUB-NOT:       proc.model
// SUB-LABEL:   proc.process @Both {
// SUB-NEXT:      proc.var @alias
// SUB-LABEL:   proc.process @Q
// What that passes on to its children is of no more use at the instance.
// SUB-LABEL:   proc.network @net
// SUB:           proc.instance @both of @Both{{$}}

// CLASS-LABEL: proc.process @P {
// CLASS:         proc.model @b
// CLASS-NOT:     proc.model
// CLASS-LABEL: proc.process @Both {
// CLASS-LABEL: proc.process @H

// An exception for an instance gives it, and what it stands in, a copy of its process.
// PATH-LABEL:  proc.process @P {
// PATH:          proc.model @a
// PATH-LABEL:  proc.process @P_1 of "P" {
// PATH-NEXT:     proc.var @v : tensor<2xsi32>
// PATH:          proc.model @b
// PATH-LABEL:  proc.process @H_0 of "H"
// PATH:          proc.instance @child of @P_1
// PATH:            proc.value @v = dense<7> : tensor<2xi32>
// PATH-LABEL:  proc.network @net
// PATH:          proc.instance @p of @P {
// PATH:          proc.instance @h of @H_0

// EXPLAIN-DAG: remark: model 'a' is selected for 'p' (P): it is the first that fits
// EXPLAIN-DAG: remark: model 'untagged' is selected for 'h' (H): it is the only one

proc.process @P {
  proc.var @v : tensor<2x!proc.named<"num">> = dense<5> : tensor<i64>
  proc.in_port @in : tensor<2x!proc.named<"num">>
  proc.var @w : tensor<2x!proc.named<"other">> = dense<1> : tensor<i64>
  proc.model @network {
    proc.instance @q of @Q
  }
  proc.model @a tags ["floating"] types {num = f64} {
  }
  proc.model @b tags ["fixed", "exact"] types {num = si32} {
  }
}
proc.process @Both {
  proc.var @alias : tensor<1xsi32>
  proc.var @given : tensor<1xsi32>
  proc.model @network tags ["fixed"] {
    proc.instance @q of @Q
    proc.alias @alias to @q::@v
    proc.alias @given to @q::@v
  }
  proc.model @other_network tags ["exact"] {
    proc.instance @q of @Q
  }
  proc.model @code tags ["floating", "fixed"] {
  }
}
proc.process @Q {
  proc.var @v : tensor<1xsi32> = dense<1> : tensor<1xi32>
}
proc.process @H {
  proc.model @untagged {
    proc.instance @child of @P {
      proc.value @v = dense<7> : tensor<i64>
    }
  }
}
proc.process @Unused {
}
proc.network @net {
  proc.instance @p of @P {
    proc.value @v = dense<[1, 2]> : tensor<2xi64>
  }
  proc.instance @h of @H
  proc.instance @both of @Both {
    proc.value @given = dense<5> : tensor<1xi64> {proc.passed_on}
  }
}
