// RUN: basalt targets tiny --canonical | sed -z 's/\t/\\\\09/g; s/\n/\\\\0A/g; s/.*/s|LIMITS|"&"|/' > %t.sed
// RUN: sed -f %t.sed %s | basalt-opt -split-input-file -verify-diagnostics
//
// Microcode that is none.

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    // expected-error @+1 {{names 's16', which is no operand of microcode}}
    %0 = neurocore.operand "s16" : i32
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    // expected-error @+1 {{names the register 'r1', which only instructions write}}
    %0 = neurocore.operand "r1" : i32
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    %0 = neurocore.operand "s0" : i32
    // expected-error @+1 {{has 'DIV', which is no instruction}}
    neurocore.instruction "DIV" %0 : (i32) -> ()
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    %0 = neurocore.operand "s0" : i32
    // expected-error @+1 {{has 1 operands, expected 2}}
    %1 = neurocore.instruction "ADD" %0 : (i32) -> i32
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    %0 = neurocore.operand "s0" : i32
    %1 = neurocore.operand "a0" : i32
    // expected-error @+1 {{has 2 operands, expected 3}}
    %2 = neurocore.instruction "SEL" %0, %1 : (i32, i32) -> i32
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    %0 = neurocore.operand "s0" : i32
    %1 = neurocore.operand "a0" : i32
    // expected-error @+1 {{has 0 results, expected 1}}
    neurocore.instruction "ADD" %0, %1 : (i32, i32) -> ()
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    %0 = neurocore.operand "s0" : i32
    %1 = neurocore.operand "a0" : i32
    // expected-error @+1 {{rounds to 'up', expected floor, tz or nearest}}
    %2 = neurocore.instruction "MULS" %0, %1 {round = "up"} : (i32, i32) -> i32
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    %0 = neurocore.operand "s0" : i32
    %1 = neurocore.operand "a0" : i32
    // expected-error @+1 {{has the immediate 32, expected 0 to 31}}
    %2 = neurocore.instruction "SHL" %0, %1 {imm = 32 : i64} : (i32, i32) -> i32
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    %0 = neurocore.operand "s0" : i32
    %1 = neurocore.operand "a0" : i32
    // expected-error @+1 {{has the immediate -1, expected 0 to 31}}
    %2 = neurocore.instruction "SHL" %0, %1 {imm = -1 : i64} : (i32, i32) -> i32
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    %0 = neurocore.operand "s0" : i32
    // expected-error @+1 {{has no wide form}}
    neurocore.instruction "SPK" %0 {wide} : (i32) -> ()
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    // Another comparison stands in between.
    %0 = neurocore.operand "s0" : i32
    %1 = neurocore.operand "a0" : i32
    %2 = neurocore.instruction "GT" %0, %1 : (i32, i32) -> i32
    %3 = neurocore.instruction "LT" %0, %1 : (i32, i32) -> i32
    // expected-error @+1 {{depends on a condition that is not the last comparison before it}}
    %4 = neurocore.instruction "SEL" %2, %0, %1 : (i32, i32, i32) -> i32
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    // There is no comparison at all.
    %0 = neurocore.operand "s0" : i32
    %1 = neurocore.operand "a0" : i32
    // expected-error @+1 {{depends on a condition that is not the last comparison before it}}
    %2 = neurocore.instruction "SEL" %0, %0, %1 : (i32, i32, i32) -> i32
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
  ^bb0(%0: i32):
    // expected-error @+1 {{depends on a condition that is not the last comparison before it}}
    %2 = neurocore.instruction "SEL" %0, %0, %0 : (i32, i32, i32) -> i32
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.program @P {
    %0 = neurocore.operand "s0" : i32
    %1 = neurocore.operand "a0" : i32
    // expected-error @+1 {{goes into 'x', which is no operand of microcode}}
    %2 = neurocore.instruction "ADD" %0, %1 into "x" : (i32, i32) -> i32
  }
}
