// RUN: basalt-opt --expand-hierarchy --mlir-print-debuginfo --mlir-print-local-scope %s | FileCheck %s

// CHECK-LABEL: proc.process @Neuron
// CHECK-LABEL: proc.process @Dense
// CHECK-LABEL: proc.process @Acc
// CHECK-NOT:   proc.process
// CHECK-LABEL: proc.network @net

// Leaves in depth-first order, with the path of the instance and the place of its use.
// CHECK-NEXT:    proc.instance @x of @Neuron
// CHECK-NEXT:    proc.instance @y of @Neuron
// CHECK-NEXT:    proc.instance @l.dense of @Dense loc("l.dense"(callsite({{.*}}:[[#@LINE+42]]:5 at {{.*}}:[[#@LINE+97]]:3)))
// CHECK-NEXT:    proc.instance @l.lif of @Neuron {
// CHECK-NEXT:      proc.value @v = dense<3> : tensor<2xi32> loc(callsite(
// CHECK-NEXT:    } loc("l.lif"
// CHECK-NEXT:    proc.instance @outer.inner.acc of @Acc loc("outer.inner.acc"(callsite({{.*}} at "outer.inner"(callsite({{.*}} at
// CHECK-NEXT:    proc.instance @h.n of @Neuron

// The sources of an InPort keep their order; those behind a port take its place, with all transforms on the way.
// CHECK-NEXT:    proc.connect @l.lif::@s to @x::@a via [#proc.transpose<[1, 0]>, #proc.reshape<[2]>] loc
// CHECK-NEXT:    proc.connect @x::@s to @y::@a loc
// CHECK-NEXT:    proc.connect @l.lif::@s to @y::@a via [#proc.transpose<[1, 0]>] loc
// CHECK-NEXT:    proc.connect @l.lif::@s to @l.dense::@a loc
// CHECK-NEXT:    proc.connect @y::@s to @l.dense::@a via [#proc.slice<[1], [1], [1]>] loc
// CHECK-NEXT:    proc.connect @x::@s to @l.dense::@a via [#proc.reshape<[2]>, #proc.slice<[1], [1], [1]>] loc
// CHECK-NEXT:    proc.connect @l.dense::@s to @l.lif::@a loc(callsite(

// A RefPort goes up through RefPorts, and down through VarPorts and aliases to the Var.
// CHECK-NEXT:    proc.connect @outer.inner.acc::@ref to @h.n::@v via [#proc.transpose<[0]>, #proc.reshape<[2]>] loc
// CHECK-NEXT:    proc.connect @outer.inner.acc::@other to @h.n::@door loc
// CHECK-NEXT:    proc.connect @outer.inner.acc::@third to @l.lif::@v loc

// CHECK-NEXT:    proc.alias @l::@u to @l.lif::@v loc
// CHECK-NEXT:    proc.alias @outer.inner::@seen to @outer.inner.acc::@seen loc
// CHECK-NEXT:    proc.alias @h::@w to @h.n::@v loc
// CHECK-NEXT:    proc.alias @h::@passed to @h.n::@v loc
// CHECK-NEXT:  }

proc.process @Neuron {
  proc.in_port @a : tensor<2xsi32>
  proc.out_port @s : tensor<2xsi32>
  proc.var @v : tensor<2xsi32> = dense<0> : tensor<2xi32>
  proc.var_port @door of @v
}
proc.process @Dense {
  proc.in_port @a : tensor<2xsi32>
  proc.out_port @s : tensor<2xsi32>
}
proc.process @Layer {
  proc.in_port @a : tensor<2xsi32>
  proc.out_port @s : tensor<2xsi32>
  proc.var @u : tensor<2xsi32>
  proc.model @m {
    proc.instance @dense of @Dense
    proc.instance @lif of @Neuron {
      proc.value @v = dense<3> : tensor<2xi32>
    }
    proc.connect @lif::@s to @dense::@a
    proc.connect @a to @dense::@a via [#proc.slice<[1], [1], [1]>]
    proc.connect @dense::@s to @lif::@a
    proc.connect @lif::@s to @s via [#proc.transpose<[1, 0]>]
    proc.alias @u to @lif::@v
  }
}
proc.process @Acc {
  proc.ref_port @ref : tensor<2xsi32>
  proc.ref_port @other : tensor<2xsi32>
  proc.ref_port @third : tensor<2xsi32>
  proc.var @seen : tensor<2xsi32> = dense<0> : tensor<2xi32>
}
proc.process @Inner {
  proc.ref_port @ref : tensor<2xsi32>
  proc.ref_port @other : tensor<2xsi32>
  proc.ref_port @third : tensor<2xsi32>
  proc.var @seen : tensor<2xsi32>
  proc.model @m {
    proc.instance @acc of @Acc
    proc.connect @acc::@ref to @ref via [#proc.transpose<[0]>]
    proc.connect @acc::@other to @other
    proc.connect @acc::@third to @third
    proc.alias @seen to @acc::@seen
  }
}
proc.process @Outer {
  proc.ref_port @ref : tensor<2xsi32>
  proc.ref_port @other : tensor<2xsi32>
  proc.ref_port @third : tensor<2xsi32>
  proc.model @m {
    proc.instance @inner of @Inner
    proc.connect @inner::@ref to @ref
    proc.connect @inner::@other to @other
    proc.connect @inner::@third to @third
  }
}
proc.process @Holder {
  proc.var @w : tensor<2xsi32>
  proc.var_port @door of @w
  proc.var @passed : tensor<2xsi32>
  proc.var_port @passed_door of @passed
  proc.model @m {
    proc.instance @n of @Neuron
    proc.alias @w to @n::@v
    proc.connect @passed_door to @n::@door
  }
}
proc.network @net {
  proc.instance @x of @Neuron
  proc.instance @y of @Neuron
  proc.instance @l of @Layer
  proc.instance @outer of @Outer
  proc.instance @h of @Holder
  proc.connect @l::@s to @x::@a via [#proc.reshape<[2]>]
  proc.connect @y::@s to @l::@a
  proc.connect @x::@s to @l::@a via [#proc.reshape<[2]>]
  proc.connect @x::@s to @y::@a
  proc.connect @l::@s to @y::@a
  proc.connect @outer::@ref to @h::@door via [#proc.reshape<[2]>]
  proc.connect @outer::@other to @h::@passed_door
  proc.connect @outer::@third to @l::@u
}
