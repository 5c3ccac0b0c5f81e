// RUN: basalt targets tiny --canonical | sed -z 's/\t/\\\\09/g; s/\n/\\\\0A/g; s/.*/s|LIMITS|"&"|/' > %t.sed
// RUN: sed -f %t.sed %s | basalt-opt -split-input-file -verify-diagnostics
//
// Networks on targets that are none, and cores that no chip has.

// expected-error @+1 {{has limits that are none: target: the text is of a version that is not known}}
neurocore.network @net on "tiny" limits "no target" {
}

// -----

// expected-error @+1 {{is on 'huge', but has the limits of 'tiny'}}
neurocore.network @net on "huge" limits LIMITS {
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{is on chip 2, expected 0 to 1}}
  neurocore.core 0 of 2 {
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{is on chip -1, expected 0 to 1}}
  neurocore.core 0 of -1 {
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{has number 4, expected 0 to 3}}
  neurocore.core 4 of 0 {
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{requires attribute 'chip'}}
  "neurocore.core"() <{core = 0 : i64}> ({
  ^bb0:
  }) : () -> ()
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  neurocore.core 0 of 0 {
    // expected-error @+1 {{is of 'q', which is no population}}
    neurocore.group @q 0 x 3
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  neurocore.core 0 of 0 {
    // expected-error @+1 {{has 2 neurons from number 2 on, but 'p' has 3}}
    neurocore.group @p 2 x 2
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  neurocore.core 0 of 0 {
    // expected-error @+1 {{has 0 neurons from number 0 on, but 'p' has 3}}
    neurocore.group @p 0 x 0
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  neurocore.core 0 of 0 {
    // expected-error @+1 {{has 1 neurons from number -1 on, but 'p' has 3}}
    neurocore.group @p -1 x 1
  }
}
