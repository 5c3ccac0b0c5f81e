// RUN: basalt-opt --resolve %s | FileCheck %s

// The whole stage on a RefPort that goes through a hierarchy to a Var behind another one.

// CHECK-NOT: @Hier
// CHECK: proc.process @Acc {
// CHECK:   proc.ref_port @ref : tensor<1xsi32>
// CHECK:   proc.model @m {
// CHECK: proc.process @Holder {
// CHECK-NEXT: proc.var @var : tensor<1xsi32> = dense<5> : tensor<1xi32>
// CHECK-NEXT: proc.var_port @var_port of @var implicit
// CHECK-NEXT: }
// CHECK: proc.network @net {
// CHECK-NEXT: proc.instance @a.acc of @Acc
// CHECK-NEXT: proc.instance @h.inner.holder of @Holder {
// CHECK-NEXT:   proc.value @var = dense<7> : tensor<1xi32>
// CHECK-NEXT: }
// CHECK-NEXT: proc.connect @a.acc::@ref to @h.inner.holder::@var_port
// CHECK-NEXT: proc.alias @h::@var to @h.inner.holder::@var
// CHECK-NEXT: proc.alias @h.inner::@var to @h.inner.holder::@var
// CHECK-NEXT: }

proc.process @Acc {
  proc.ref_port @ref : tensor<1xsi32>
  proc.model @m {
    proc.phase post_mgmt {
      %0 = proc.read @ref : tensor<1xi32>
      proc.write @ref, %0 : tensor<1xi32>
    }
  }
}
proc.process @HierAcc {
  proc.ref_port @ref : tensor<*x!proc.named<"num">>
  proc.model @m {
    proc.instance @acc of @Acc
    proc.connect @acc::@ref to @ref
  }
}
proc.process @Holder {
  proc.var @var : tensor<1xsi32> = dense<5> : tensor<1xi32>
}
proc.process @HierHolder {
  proc.var @var : tensor<*x!proc.named<"var">>
  proc.model @m {
    proc.instance @holder of @Holder {
      proc.value @var = dense<7> : tensor<i64>
    }
    proc.alias @var to @holder::@var
  }
}
proc.process @HierHolder2 {
  proc.var @var : tensor<*x!proc.named<"var">>
  proc.var_port @door of @var
  proc.model @m {
    proc.instance @inner of @HierHolder
    proc.alias @var to @inner::@var
  }
}
proc.network @net {
  proc.instance @a of @HierAcc
  proc.instance @h of @HierHolder2
  proc.connect @a::@ref to @h::@door
}
