// RUN: basalt-opt --check-connections --verify-diagnostics --split-input-file %s

// Transforms that do not fit what they are applied to.

proc.process @P {
  proc.out_port @o : tensor<2x5xsi32>
  proc.out_port @row : tensor<5xsi32>
  proc.in_port @i : tensor<10xsi32>
  proc.ref_port @r : tensor<2x5xsi32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
}
proc.network @net {
  proc.instance @a of @P
  // expected-error @+1 {{reshape(3) changes the number of elements: (2, 5) has 10}}
  proc.virtual_port @v0 = #proc.reshape<[3]> of [@a::@o]
  // expected-error @+1 {{reshape(-1, -1) has more than one extent left to infer}}
  proc.virtual_port @v1 = #proc.reshape<[-1, -1]> of [@a::@o]
  // expected-error @+1 {{reshape(-1, 3) changes the number of elements: (2, 5) has 10}}
  proc.virtual_port @v2 = #proc.reshape<[-1, 3]> of [@a::@o]
  // expected-error @+1 {{transpose(0, 1, 2) names 3 axes, but (2, 5) has 2}}
  proc.virtual_port @v3 = #proc.transpose<[0, 1, 2]> of [@a::@o]
  // expected-error @+1 {{transpose(0, 0) is not a permutation of 2 axes}}
  proc.virtual_port @v4 = #proc.transpose<[0, 0]> of [@a::@o]
  // expected-error @+1 {{transpose(0, 2) is not a permutation of 2 axes}}
  proc.virtual_port @v5 = #proc.transpose<[0, 2]> of [@a::@o]
  // expected-error @+1 {{the slice goes beyond axis 0 of (5,): it begins at 2 and has 4 elements}}
  proc.virtual_port @v6 = #proc.slice<[2], [4], [1]> of [@a::@row]
  // expected-error @+1 {{the slice has 2 axes, but (5,) has 1}}
  proc.virtual_port @v7 = #proc.slice<[0, 0], [1, 1], [1, 1]> of [@a::@row]
  // expected-error @+1 {{the slice goes beyond axis 0 of (5,): it begins at 3 and has 0 elements}}
  proc.virtual_port @v8 = #proc.slice<[3], [-4], [1]> of [@a::@row]
  // expected-error @+1 {{concat along axis 1, but (5,) has 1 axis}}
  proc.virtual_port @v9 = #proc.concat<1> of [@a::@row, @a::@row]
  // expected-error @+1 {{concat along axis 2, but (2, 5) has 2 axes}}
  proc.virtual_port @v10 = #proc.concat<2> of [@a::@o]
  // expected-error @+1 {{concat along axis 0 of shapes that differ elsewhere: (5,) and (2, 5)}}
  proc.virtual_port @v11 = #proc.concat<0> of [@a::@row, @a::@o]
  // expected-error @+1 {{concat of 'a.o' (OutPort) and 'a.r' (RefPort) mixes messages and references}}
  proc.virtual_port @v12 = #proc.concat<0> of [@a::@o, @a::@r]
  // expected-error @+1 {{a RefPort such as 'a.r' can be seen through reshape, flatten and transpose only, since what is read goes back through them; found slice}}
  proc.virtual_port @v13 = #proc.slice<[0], [1], [1]> of [@a::@r]
  // expected-error @+1 {{'a.v' is a Var; only ports can be seen through a transform}}
  proc.virtual_port @v14 = #proc.reshape<[1]> of [@a::@v]
  // expected-error @+1 {{the place in (4,) is outside}}
  proc.virtual_port @v15 = #proc.place<[0], [4]> of [@a::@row]
}

// -----

proc.network @net {
  // expected-error @+1 {{virtual port 'v' is behind itself}}
  proc.virtual_port @v = #proc.transpose<[]> of [@w]
  // expected-error @+1 {{virtual port 'w' is behind itself}}
  proc.virtual_port @w = #proc.transpose<[]> of [@v]
}
