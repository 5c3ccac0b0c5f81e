// RUN: basalt-opt --check-connections --verify-diagnostics --split-input-file %s

// What is accepted, with warnings.

proc.process @Source {
  proc.out_port @s_out : tensor<2x5xui1>
  proc.out_port @wide : tensor<2xsi32>
  proc.out_port @real : tensor<2xf64>
}
proc.process @Sink {
  proc.in_port @a_in : tensor<10xsi32>
  proc.in_port @any : tensor<*x!proc.named<"num">>
  proc.in_port @narrow : tensor<2xsi16>
  proc.in_port @single : tensor<2xf32>
  proc.in_port @flag : tensor<2xi1>
  proc.in_port @both : tensor<4x5xui1>
}
proc.process @Reader {
  proc.ref_port @ref : tensor<1xsi32>
  proc.ref_port @row : tensor<2x3xsi32>
}
proc.process @Holder {
  proc.var @v : tensor<1xsi32> = dense<0> : tensor<1xi32>
  proc.var @m : tensor<3x2xsi32> = dense<0> : tensor<3x2xi32>
  proc.var_port @door of @v
}
proc.process @Layer {
  proc.in_port @s_in : tensor<10xui1>
  proc.out_port @s_out : tensor<2x5xui1>
  proc.ref_port @ref : tensor<1xsi32>
  proc.var @v : tensor<1xsi32>
  proc.var_port @door of @v
  proc.model @m {
    proc.instance @sink of @Sink
    proc.instance @source of @Source
    proc.instance @reader of @Reader
    proc.instance @holder of @Holder
    proc.connect @s_in to @sink::@a_in
    proc.connect @source::@s_out to @s_out
    proc.connect @reader::@ref to @ref
    proc.connect @door to @holder::@door
    proc.alias @v to @holder::@v
  }
}
proc.network @net {
  proc.instance @a of @Source
  proc.instance @b of @Sink
  proc.instance @r of @Reader
  proc.instance @r2 of @Reader
  proc.instance @r3 of @Reader
  proc.instance @h of @Holder
  proc.instance @l of @Layer
  proc.virtual_port @flat = #proc.reshape<[-1]> of [@a::@s_out]
  proc.virtual_port @turned = #proc.transpose<[1, -2]> of [@r::@row]
  proc.virtual_port @both = #proc.concat<0> of [@a::@s_out, @l::@s_out]
  proc.connect @flat to @b::@a_in
  proc.connect @flat to @l::@s_in
  proc.connect @both to @b::@both
  proc.connect @a::@s_out to @b::@any
  // expected-warning @+1 {{values of 'a.wide' (i32) wrap where they do not fit the type of 'b.narrow' (i16)}}
  proc.connect @a::@wide to @b::@narrow
  // expected-warning @+1 {{values of 'a.real' (f64) are rounded to f32 in 'b.single'}}
  proc.connect @a::@real to @b::@single
  proc.connect @a::@real to @b::@flag
  proc.connect @a::@wide to @b::@flag
  proc.connect @r::@ref to @h::@v
  proc.connect @r2::@ref to @h::@door
  proc.connect @r3::@ref to @h::@door
  proc.connect @l::@ref to @h::@v
  proc.connect @turned to @h::@m
}
