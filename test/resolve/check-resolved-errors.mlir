// RUN: basalt-opt --check-resolved --verify-diagnostics --split-input-file %s

// expected-error @+1 {{internal error: after resolve, process 'P' has several models}}
proc.process @P {
  proc.model @a {
  }
  proc.model @b {
  }
}

// -----

proc.process @P {
  // expected-error @+1 {{internal error: after resolve, InPort 'i' has no concrete type}}
  proc.in_port @i : tensor<?xsi32>
  // expected-error @+1 {{internal error: after resolve, Var 'v' has no concrete type}}
  proc.var @v : tensor<!proc.named<"num">> = dense<0> : tensor<i64>
  // expected-error @+1 {{internal error: after resolve, an initial value has the type 'tensor<i64>', not the value type of 'tensor<2xsi32>'}}
  proc.var @w : tensor<2xsi32> = dense<0> : tensor<i64>
  proc.model @m {
    // expected-error @+1 {{internal error: after resolve, code is still text}}
    proc.phase spk source "i.recv()" {
    }
  }
}
proc.process @H {
  // expected-error @+1 {{internal error: after resolve, a hierarchical model is left}}
  proc.model @m {
    proc.instance @p of @P
  }
}

// -----

proc.network @a {
}
// expected-error @+1 {{internal error: after resolve, there are several networks}}
proc.network @b {
}

// -----

proc.process @P {
  proc.ref_port @r : tensor<si32>
  proc.out_port @o : tensor<2xsi32>
  proc.in_port @i : tensor<si32>
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var @given : tensor<si32>
}
proc.network @net {
  proc.instance @a of @P {
    proc.value @given = dense<0> : tensor<i32>
  }
  // expected-error @+1 {{internal error: after resolve, Var 'b.given' has no initial value}}
  proc.instance @b of @P
  proc.instance @c of @P {
    // expected-error @+1 {{internal error: after resolve, an initial value has the type 'tensor<i64>', not the value type of 'tensor<si32>'}}
    proc.value @v = dense<0> : tensor<i64>
  }
  // expected-error @+1 {{internal error: after resolve, a connection goes from RefPort to Var}}
  proc.connect @a::@r to @b::@v
  // expected-error @+1 {{internal error: after resolve, the shapes of a connection differ}}
  proc.connect @a::@o to @b::@i
  // expected-error @+1 {{internal error: after resolve, 'proc.virtual_port' is left}}
  proc.virtual_port @f = #proc.reshape<[-1]> of [@a::@o]
}
