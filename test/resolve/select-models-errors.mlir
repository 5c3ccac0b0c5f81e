// RUN: basalt-opt --select-models=tag=fixed_pt --verify-diagnostics --split-input-file %s
// RUN: not basalt-opt "--select-models=tag=floating select-sub-process" %S/select-models.mlir 2>&1 | FileCheck --check-prefix=SUB %s
// RUN: not basalt-opt --select-models=exceptions=Q=a %S/select-models.mlir 2>&1 | FileCheck --check-prefix=UNKNOWN %s
// RUN: not basalt-opt --select-models=exceptions=P %S/select-models.mlir 2>&1 | FileCheck --check-prefix=FORM %s
// RUN: not basalt-opt --select-models=exceptions=P=c %S/select-models.mlir 2>&1 | FileCheck --check-prefix=NAME %s

// UNKNOWN: error: the model exception for 'Q' names neither a process in use nor an instance
// SUB: error: process 'Both' has no model with the tag 'floating' among the hierarchical ones, which are preferred; it has
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

// -----

proc.process @Both {
  // expected-note @+1 {{'v' is declared here, without a value}}
  proc.var @v : tensor<si32>
  proc.model @network {
    proc.instance @q of @Q
    proc.alias @v to @q::@v
  }
  proc.model @code tags ["fixed_pt"] {
    proc.phase spk {
      %0 = proc.get @v : tensor<i32>
    }
  }
}
proc.process @Q {
  proc.var @v : tensor<si32> = dense<1> : tensor<i32>
}
proc.network @net {
  // expected-error @+1 {{the Var 'v' of 'both' must be given for the model 'code'}}
  proc.instance @both of @Both
}

// -----

// expected-note @+1 {{the process is declared here}}
proc.process @Both {
  proc.model @network tags ["fixed_pt"] {
    proc.instance @q of @Q
  }
  proc.model @code tags ["floating_pt"] {
  }
}
proc.process @Q {
}
proc.network @net {
  // expected-error @+1 {{process 'Both' has no model with the tag 'fixed_pt' among those with code; hierarchical ones are not preferred, nor asked for by name; it has 'network' (tag fixed_pt), 'code' (tag floating_pt)}}
  proc.instance @both of @Both
}

// -----

// A Var of another model that is used from outside is missed.
proc.process @Both {
  // expected-note @+1 {{'v' is declared here, without a value}}
  proc.var @v : tensor<si32>
  proc.model @network {
    proc.instance @q of @Q
    proc.alias @v to @q::@v
  }
  proc.model @code tags ["fixed_pt"] {
  }
}
proc.process @Q {
  proc.var @v : tensor<si32> = dense<1> : tensor<i32>
}
proc.process @R {
  proc.ref_port @ref : tensor<si32>
}
proc.network @net {
  // expected-error @+1 {{the Var 'v' of 'both' must be given for the model 'code'}}
  proc.instance @both of @Both
  proc.instance @r of @R
  proc.connect @r::@ref to @both::@v
}
