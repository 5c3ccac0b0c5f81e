// RUN: basalt-opt --check-connections --verify-diagnostics --split-input-file %s

proc.process @Child {
  // expected-note @+1 {{'c.v' is declared here}}
  proc.var @v : tensor<3xsi32> = dense<0> : tensor<3xi32>
  // expected-note @+1 {{'c.hidden' is declared here}}
  proc.var not_shareable @hidden : tensor<si32> = dense<0> : tensor<i32>
  proc.in_port @i : tensor<si32>
}
proc.process @H {
  // expected-note @+1 {{'a' is declared here}}
  proc.var @a : tensor<2xsi32>
  proc.var @b : tensor<3xsi32>
  // expected-note @+1 {{'d' is declared here}}
  proc.var @d : tensor<si32>
  proc.in_port @in : tensor<si32>
  proc.model @m {
    proc.instance @c of @Child
    // expected-error @+1 {{alias 'a' is i32[2], but 'c.v' is i32[3]}}
    proc.alias @a to @c::@v
    // expected-note @+1 {{the first alias is here}}
    proc.alias @b to @c::@v
    // expected-error @+1 {{'b' is already an alias of 'c.v'}}
    proc.alias @b to @c::@v
    // expected-error @+1 {{alias 'd' is shareable, but 'c.hidden' is not}}
    proc.alias @d to @c::@hidden
    // expected-error @+1 {{expected a Var of the enclosing process as alias, found 'in' (InPort)}}
    proc.alias @in to @c::@v
    // expected-error @+1 {{alias 'd' must be a Var of an instance, found 'c.i' (InPort)}}
    proc.alias @d to @c::@i
  }
}
