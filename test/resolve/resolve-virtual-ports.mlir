// RUN: basalt-opt --resolve-virtual-ports --split-input-file %s | FileCheck %s

// CHECK-LABEL: proc.process @H
// CHECK:         proc.connect @p::@m to @out via [#proc.transpose<[1, 0]>]
// CHECK-LABEL: proc.network @net
// CHECK-NOT:     virtual_port
// CHECK:         proc.connect @a::@m to @b::@flat via [#proc.reshape<[6]>]
// CHECK-NEXT:    proc.connect @a::@m to @b::@turned via [#proc.transpose<[1, 0]>]
// CHECK-NEXT:    proc.connect @a::@m to @b::@back via [#proc.transpose<[1, 0]>, #proc.reshape<[6]>, #proc.slice<[5], [6], [-1]>]
// CHECK-NEXT:    proc.connect @a::@flat to @b::@pair via [#proc.slice<[4], [2], [1]>]
// CHECK-NEXT:    proc.connect @a::@m to @b::@pair via [#proc.slice<[1, 0], [1, 2], [1, 2]>, #proc.reshape<[2]>]

// A concat is a connection for each source, each at its place; what stands around it stays around it.
// CHECK-NEXT:    proc.connect @a::@m to @b::@tall via [#proc.place<[0, 0], [4, 3]>]
// CHECK-NEXT:    proc.connect @a::@turned to @b::@tall via [#proc.transpose<[1, 0]>, #proc.place<[2, 0], [4, 3]>]
// CHECK-NEXT:    proc.connect @a::@m to @b::@pair via [#proc.place<[0, 0], [4, 3]>, #proc.slice<[0, 0], [2, 1], [1, 1]>, #proc.reshape<[2]>]
// CHECK-NEXT:    proc.connect @a::@turned to @b::@pair via [#proc.transpose<[1, 0]>, #proc.place<[2, 0], [4, 3]>, #proc.slice<[0, 0], [2, 1], [1, 1]>, #proc.reshape<[2]>]

// What changes nothing is dropped.
// CHECK-NEXT:    proc.connect @a::@m to @b::@m{{$}}
// CHECK-NEXT:    proc.connect @a::@m to @b::@turned via [#proc.transpose<[1, 0]>]
// CHECK-NEXT:  }

proc.process @P {
  proc.out_port @m : tensor<2x3xsi32>
  proc.out_port @turned : tensor<3x2xsi32>
  proc.out_port @flat : tensor<6xsi32>
}
proc.process @Q {
  proc.in_port @m : tensor<2x3xsi32>
  proc.in_port @flat : tensor<6xsi32>
  proc.in_port @back : tensor<6xsi32>
  proc.in_port @turned : tensor<3x2xsi32>
  proc.in_port @tall : tensor<4x3xsi32>
  proc.in_port @pair : tensor<2xsi32>
}
proc.process @H {
  proc.out_port @out : tensor<3x2xsi32>
  proc.model @model {
    proc.instance @p of @P
    proc.virtual_port @v = #proc.transpose<[]> of [@p::@m]
    proc.connect @v to @out
  }
}
proc.network @net {
  proc.instance @a of @P
  proc.instance @b of @Q
  proc.instance @h of @H
  proc.virtual_port @flat = #proc.reshape<[-1]> of [@a::@m]
  proc.virtual_port @turned = #proc.transpose<[-1, -2]> of [@a::@m]
  proc.virtual_port @flat2 = #proc.reshape<[3, -1]> of [@turned]
  proc.virtual_port @flat3 = #proc.reshape<[6]> of [@flat2]
  proc.virtual_port @back = #proc.slice<[-1], [-1], [-1]> of [@flat3]
  proc.virtual_port @end = #proc.slice<[-2], [-1], [1]> of [@a::@flat]
  proc.virtual_port @odd = #proc.slice<[1, 0], [1, 2], [1, 2]> of [@a::@m]
  proc.virtual_port @odd2 = #proc.reshape<[2]> of [@odd]
  proc.virtual_port @again = #proc.transpose<[1, 0]> of [@a::@turned]
  proc.virtual_port @tall = #proc.concat<-2> of [@a::@m, @again]
  proc.virtual_port @corner = #proc.slice<[0, 0], [2, 1], [1, 1]> of [@tall]
  proc.virtual_port @corner2 = #proc.reshape<[-1]> of [@corner]
  proc.virtual_port @same = #proc.transpose<[0, 1]> of [@a::@m]
  proc.connect @flat to @b::@flat
  proc.connect @turned to @b::@turned
  proc.connect @back to @b::@back
  proc.connect @end to @b::@pair
  proc.connect @odd2 to @b::@pair
  proc.connect @tall to @b::@tall
  proc.connect @corner2 to @b::@pair
  proc.connect @same to @b::@m
  proc.connect @a::@m to @b::@turned via [#proc.transpose<[]>]
}

// -----

// One element is one element: between a RefPort and a Var the axis may be there or not.

// CHECK-LABEL: proc.network @single
// CHECK: proc.connect @a::@one to @b::@none via [#proc.reshape<[]>]
// CHECK: proc.connect @a::@none to @b::@one_port via [#proc.reshape<[1]>]
// CHECK: proc.connect @a::@square to @b::@none via [#proc.reshape<[1]>, #proc.reshape<[]>]
// CHECK: proc.connect @a::@same to @b::@one{{$}}

proc.process @A {
  proc.ref_port @one : tensor<1xsi32>
  proc.ref_port @none : tensor<si32>
  proc.ref_port @square : tensor<1x1xsi32>
  proc.ref_port @same : tensor<1xsi32>
}
proc.process @B {
  proc.var @one : tensor<1xsi32> = dense<0> : tensor<1xi32>
  proc.var @none : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @one_port of @one
}
proc.network @single {
  proc.instance @a of @A
  proc.instance @b of @B
  proc.connect @a::@one to @b::@none
  proc.connect @a::@none to @b::@one_port
  proc.virtual_port @flat = #proc.reshape<[-1]> of [@a::@square]
  proc.connect @flat to @b::@none
  proc.connect @a::@same to @b::@one
}
