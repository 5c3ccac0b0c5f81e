// RUN: basalt-opt --schedule --check-remote-races=strict --verify-diagnostics %s

proc.process @Adder {
  proc.ref_port @ref : tensor<si32>
  proc.model @model {
    proc.phase host {
      %0 = proc.read @ref : tensor<i32>
      // expected-error @below {{'a' and 'b' both write 'c.v' in host, and nothing orders them; 'a' goes first}}
      // expected-note @below {{'b' does so here}}
      proc.write @ref, %0 : tensor<i32>
    }
  }
}
proc.process @C {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @v
}
proc.network @net {
  proc.instance @a of @Adder
  proc.instance @b of @Adder
  proc.instance @c of @C
  proc.connect @a::@ref to @c::@port
  proc.connect @b::@ref to @c::@port
}
