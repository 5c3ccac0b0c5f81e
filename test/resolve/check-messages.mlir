// RUN: basalt-opt --check-messages --verify-diagnostics %s

// Bools that meet at a port for numbers are no longer counted. Spikes (u1) are, and parts of a
// concat do not meet.
proc.process @Cell {
  proc.out_port @bool : tensor<2xi1>
  proc.out_port @spike : tensor<2xui1>
}
proc.process @Target {
  proc.in_port @a : tensor<2xsi32>
  proc.in_port @b : tensor<2xsi32>
  proc.in_port @c : tensor<2xsi32>
  proc.in_port @truth : tensor<2xi1>
  proc.in_port @both : tensor<4xsi32>
}
proc.network @net {
  proc.instance @x of @Cell
  proc.instance @y of @Cell
  proc.instance @t of @Target
  // expected-note @+1 {{the first of them is connected here}}
  proc.connect @x::@bool to @t::@a
  // expected-warning @+1 {{'t.a' adds up messages of ports of type bool, of which several in one step count 1; those of ports of type u1 would be counted}}
  proc.connect @y::@bool to @t::@a
  proc.connect @x::@spike to @t::@b
  proc.connect @y::@spike to @t::@b
  proc.connect @x::@bool to @t::@c
  proc.connect @y::@spike to @t::@c
  proc.connect @x::@bool to @t::@truth
  proc.connect @y::@bool to @t::@truth
  proc.connect @x::@bool to @t::@both via [#proc.place<[0], [4]>]
  proc.connect @y::@bool to @t::@both via [#proc.place<[2], [4]>]
}
