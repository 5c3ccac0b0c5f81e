// RUN: basalt-opt --materialize-var-ports %s | FileCheck %s

// One implicit VarPort per process type and Var, under a name that is free.

// CHECK-LABEL: proc.process @Holder {
// CHECK-NEXT:    proc.var @var
// CHECK-NEXT:    proc.var @other
// CHECK-NEXT:    proc.in_port @var_port
// CHECK-NEXT:    proc.var_port @door of @var{{$}}
// CHECK-NEXT:    proc.var_port @var_port_0 of @var implicit
// CHECK-NEXT:    proc.var_port @other_port of @other implicit
// CHECK-NEXT:    proc.model @m
// CHECK-LABEL: proc.network @net
// CHECK:         proc.connect @r1::@ref to @h::@var_port_0
// CHECK-NEXT:    proc.connect @r2::@ref to @h::@var_port_0 via [#proc.reshape<[2]>]
// CHECK-NEXT:    proc.connect @r3::@ref to @g::@var_port_0
// CHECK-NEXT:    proc.connect @r4::@ref to @h::@other_port
// CHECK-NEXT:    proc.connect @r5::@ref to @h::@door
// CHECK-NEXT:    proc.connect @r1::@out to @h::@var_port

proc.process @Reader {
  proc.ref_port @ref : tensor<2xsi32>
  proc.out_port @out : tensor<2xsi32>
}
proc.process @Holder {
  proc.var @var : tensor<2xsi32> = dense<0> : tensor<2xi32>
  proc.var @other : tensor<2xsi32> = dense<0> : tensor<2xi32>
  proc.in_port @var_port : tensor<2xsi32>
  proc.var_port @door of @var
  proc.model @m {
  }
}
proc.network @net {
  proc.instance @r1 of @Reader
  proc.instance @r2 of @Reader
  proc.instance @r3 of @Reader
  proc.instance @r4 of @Reader
  proc.instance @r5 of @Reader
  proc.instance @h of @Holder
  proc.instance @g of @Holder
  proc.connect @r1::@ref to @h::@var
  proc.connect @r2::@ref to @h::@var via [#proc.reshape<[2]>]
  proc.connect @r3::@ref to @g::@var
  proc.connect @r4::@ref to @h::@other
  proc.connect @r5::@ref to @h::@door
  proc.connect @r1::@out to @h::@var_port
}
