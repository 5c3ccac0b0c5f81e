// RUN: basalt-opt --resolve %s | FileCheck %s

// Behaviours that are still text are typed once the connection has said what their ports are.

// CHECK-LABEL: proc.process @Acc
// CHECK-NEXT:    proc.param @shape = dense<2> : tensor<1xi64>
// CHECK-NEXT:    proc.ref_port @ref : tensor<2xsi16>
// CHECK:         proc.phase post_mgmt {
// CHECK:           proc.read @ref : tensor<2xi16>
// CHECK:           proc.write @ref, %{{.*}} : tensor<2xi16>
// CHECK-LABEL: proc.network @net
// CHECK:         proc.connect @a::@ref to @h::@v_port

proc.process @Acc {
  proc.ref_port @ref : tensor<*x!proc.named<"num">> {shape_names = ["*shape"]}
  proc.model @m {
    proc.phase post_mgmt source "ref.write(ref.read() + zeros(shape) + 1)" {
    }
  }
}
proc.process @Holder {
  proc.var @v : tensor<2xsi16> = dense<0> : tensor<2xi16>
}
proc.network @net {
  proc.instance @a of @Acc
  proc.instance @h of @Holder
  proc.connect @a::@ref to @h::@v
}
