// RUN: basalt targets tiny --canonical | sed -z 's/\t/\\\\09/g; s/\n/\\\\0A/g; s/.*/s|LIMITS|"&"|/' > %t.sed
// RUN: sed -f %t.sed %s | basalt-opt -split-input-file -verify-diagnostics
//
// Pins of what is not there, or to nowhere.

// expected-error @+1 {{has pins that are none: expected a list of {instance, chip, cores, loc}}}
module attributes {neurocore.pins = 3} {
}

// -----

// expected-error @+1 {{has pins that are none}}
module attributes {neurocore.pins = [{instance = "p", chip = 0 : i64, core = 3, loc = loc("net.yaml":1:2)}]} {
}

// -----

// expected-error @+1 {{has pins that are none}}
module attributes {neurocore.pins = [{instance = "p", chip = 0 : i64}]} {
}

// -----

// expected-error @+1 {{cannot have an attribute 'neurocore.pin'}}
module attributes {neurocore.pin = []} {
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
  }
  // expected-error @+1 {{is of 'q', which is no population}}
  neurocore.pin "q" to @q on 0
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
  }
  // expected-error @+1 {{is to chip 2, expected 0 to 1}}
  neurocore.pin "p" to @p on 2
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
  }
  // expected-error @+1 {{is to chip -1, expected 0 to 1}}
  neurocore.pin "p" to @p on -1
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
  }
  // expected-error @+1 {{is to core 4, expected 0 to 3}}
  neurocore.pin "p" to @p on 0 cores [1, 4]
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
  }
  // expected-error @+1 {{is to core -1, expected 0 to 3}}
  neurocore.pin "p" to @p on 0 cores [-1]
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
  }
  // expected-error @+1 {{is to core 1 twice}}
  neurocore.pin "p" to @p on 0 cores [1, 0, 1]
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
  }
  // expected-error @+1 {{is to no cores}}
  neurocore.pin "p" to @p on 0 cores []
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
  }
  // expected-error @+1 {{requires attribute 'chip'}}
  "neurocore.pin"() <{instance = "p", population = @p}> : () -> ()
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
  }
  // expected-error @+1 {{is of 'p', which has another one}}
  neurocore.pin "p" to @p on 0 cores [1]
  neurocore.pin "other" to @p on 0 cores [1]
}
