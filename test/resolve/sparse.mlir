// RUN: basalt-opt --resolve %s | FileCheck %s

// To other processes a sparse Var is its matrix: connections and aliases see that shape, and may bind extents to it.

// CHECK-LABEL: proc.process @Reader {
// CHECK-NEXT:    proc.param @n = 3 : i64
// CHECK-NEXT:    proc.param @m = 2 : i64
// CHECK-NEXT:    proc.ref_port @ref : tensor<3x2xf64> {shape_names = ["n", "m"]}
// CHECK:           proc.read @ref : tensor<3x2xf64>
// CHECK-LABEL: proc.process @Synapses {
// CHECK-NEXT:    proc.var @w : tensor<4xf64> {sparse = #proc.sparse<[2, 3], @w.offsets, @w.targets>}
// CHECK:         proc.var_port @w_port of @w implicit
// CHECK-LABEL: proc.network @net {
// CHECK:         proc.connect @reader::@ref to @layer.synapses::@w_port via [#proc.transpose<[1, 0]>]
// CHECK:         proc.alias @layer::@weights to @layer.synapses::@w
proc.process @Reader {
  proc.ref_port @ref : tensor<?x?x!proc.named<"num">> {shape_names = ["n", "m"]}
  proc.model @m {
    proc.phase post_mgmt source "ref.write(ref.read() * ones([n, m]))" {
    }
  }
}
proc.process @Synapses {
  proc.var @w : tensor<4xf64> {sparse = #proc.sparse<[2, 3], @w.offsets, @w.targets>}
  proc.var not_shareable @w.offsets : tensor<4xsi64>
  proc.var not_shareable @w.targets : tensor<4xsi32>
}
proc.process @Layer {
  proc.var @weights : tensor<?x3x!proc.named<"num">> {shape_names = ["n", "3"]}
  proc.model @network {
    proc.instance @synapses of @Synapses {
      proc.value @w = dense<1.0> : tensor<4xf64>
      proc.value @w.offsets = dense<[0, 1, 3, 4]> : tensor<4xi64>
      proc.value @w.targets = dense<[0, 0, 1, 1]> : tensor<4xi32>
    }
    proc.alias @weights to @synapses::@w
  }
}
proc.network @net {
  proc.instance @reader of @Reader
  proc.instance @layer of @Layer
  proc.virtual_port @turned = #proc.transpose<[1, 0]> of [@reader::@ref]
  proc.connect @turned to @layer::@weights
}
