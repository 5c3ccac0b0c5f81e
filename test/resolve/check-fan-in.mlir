// RUN: basalt-opt --check-fan-in --verify-diagnostics %s | FileCheck %s

// Bools that meet. The program is not changed.

// CHECK: proc.network @net
// CHECK: proc.connect @b::@flag to @sink::@flag

proc.process @Source {
  proc.out_port @flag : tensor<2xi1>
  proc.out_port @count : tensor<2xui1>
}
proc.process @Sink {
  proc.in_port @counted : tensor<2xsi32>
  proc.in_port @mixed : tensor<2xsi32>
  proc.in_port @ored : tensor<2xsi32>
  proc.in_port @ored2 : tensor<2xi1>
  proc.in_port @flag : tensor<2xi1>
  proc.in_port @single : tensor<2xi1>
  proc.in_port @both : tensor<4xsi32>
  proc.var @v : tensor<2xsi32> = dense<0> : tensor<2xi32>
  proc.var_port @port of @v
}
proc.process @Reader {
  proc.ref_port @ref : tensor<2xsi32>
}
proc.network @net {
  proc.instance @a of @Source
  proc.instance @b of @Source
  proc.instance @sink of @Sink
  proc.instance @r of @Reader
  proc.instance @r2 of @Reader
  proc.connect @a::@count to @sink::@counted
  proc.connect @b::@count to @sink::@counted
  proc.connect @a::@count to @sink::@mixed
  proc.connect @b::@flag to @sink::@mixed
  proc.connect @a::@flag to @sink::@ored
  // expected-warning @below {{'sink.ored' receives the bools of 'a.flag' and of 'b.flag': they are ORed, not summed, so what comes from both at once counts only once; ports of the type u1 count}}
  proc.connect @b::@flag to @sink::@ored
  proc.connect @a::@count to @sink::@ored
  proc.connect @a::@flag to @sink::@ored2
  // expected-warning @below {{'sink.ored2' receives the bools of 'a.flag' and of 'b.flag'}}
  proc.connect @b::@flag to @sink::@ored2
  proc.connect @a::@count to @sink::@flag
  // expected-warning @below {{'sink.flag' is bool and has several sources: it is whether their sum is not zero, not how many there are; ports of the type u1 count}}
  proc.connect @b::@flag to @sink::@flag
  proc.connect @a::@flag to @sink::@single
  // Side by side.
  proc.connect @a::@flag to @sink::@both via [#proc.place<[0], [4]>]
  proc.connect @b::@flag to @sink::@both via [#proc.place<[2], [4]>]
  proc.connect @r::@ref to @sink::@port
  proc.connect @r2::@ref to @sink::@port
}
