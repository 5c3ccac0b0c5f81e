// RUN: basalt-opt --select-models=tag=fixed_pt --verify-diagnostics --split-input-file %s
// RUN: not basalt-opt --select-models=exceptions=Q=a %S/select-models.mlir 2>&1 | FileCheck --check-prefix=UNKNOWN %s
// RUN: not basalt-opt --select-models=exceptions=P %S/select-models.mlir 2>&1 | FileCheck --check-prefix=FORM %s
// RUN: not basalt-opt --select-models=exceptions=P=c %S/select-models.mlir 2>&1 | FileCheck --check-prefix=NAME %s

// UNKNOWN: error: the model exception for 'Q' names neither a process in use nor an instance
// FORM: error: expected Process=model or instance.path=model in the exceptions, found 'P'
// NAME: error: process 'P' has no model 'c'; it has 'network' (no tags), 'a' (tag floating), 'b' (tags fixed, exact)

// expected-note @+1 {{the process is declared here}}
proc.process @LIFRefractory {
  proc.model @m tags ["floating_pt"] {
  }
}
proc.network @net {
  // expected-error @+1 {{process 'LIFRefractory' has no model with the tag 'fixed_pt'; it has 'm' (tag floating_pt)}}
  proc.instance @l of @LIFRefractory
}

// -----

// expected-note @+1 {{the process is declared here}}
proc.process @Two {
  proc.model @a {
  }
  proc.model @b tags ["floating_pt", "slow"] {
  }
}
proc.network @net {
  // expected-error @+1 {{process 'Two' has no model with the tag 'fixed_pt'; it has 'a' (no tags), 'b' (tags floating_pt, slow)}}
  proc.instance @l of @Two
}

// -----

proc.process @P {
  // expected-error @+1 {{'P.v': 2.5 is not a whole number, but the type is i16}}
  proc.var @v : tensor<!proc.named<"num">> = dense<2.5> : tensor<f64>
  proc.model @m types {num = si16} {
  }
}
proc.network @net {
  proc.instance @p of @P
}

// -----

proc.process @P {
  proc.var @v : tensor<2x!proc.named<"num">> = dense<2> : tensor<i64>
  proc.model @m types {num = si16} {
  }
}
proc.network @net {
  proc.instance @p of @P {
    // expected-error @+1 {{'p.v': 40000 is out of the range -32768..32767 of i16}}
    proc.value @v = dense<40000> : tensor<i64>
  }
  proc.instance @q of @P {
    // expected-error @+1 {{'q.v': a value of shape (3,) does not fit the shape (2,)}}
    proc.value @v = dense<1> : tensor<3xi64>
  }
}

// -----

proc.process @P {
  // expected-error @+1 {{'P.v': 9007199254740993 is not exact as f64}}
  proc.var @v : tensor<!proc.named<"num">> = dense<9007199254740993> : tensor<i64>
  proc.model @m types {num = f64} {
  }
}
proc.network @net {
  proc.instance @p of @P
}
