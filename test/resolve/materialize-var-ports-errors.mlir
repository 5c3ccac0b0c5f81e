// RUN: basalt-opt --materialize-var-ports --verify-diagnostics %s

// After the expansion a chain may end at a Var that nobody has checked.

proc.process @Reader {
  proc.ref_port @ref : tensor<2xsi32>
}
proc.process @Holder {
  // expected-note @+1 {{'var' is declared here}}
  proc.var not_shareable @var : tensor<2xsi32> = dense<0> : tensor<2xi32>
}
proc.network @net {
  proc.instance @r of @Reader
  proc.instance @h of @Holder
  // expected-error @+1 {{Var 'h.var' is not shareable, so no RefPort can be connected to it}}
  proc.connect @r::@ref to @h::@var
}
