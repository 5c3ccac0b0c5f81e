// RUN: basalt targets tiny --canonical | sed -z 's/\t/\\\\09/g; s/\n/\\\\0A/g; s/.*/s|LIMITS|"&"|/' > %t.sed
// RUN: sed -f %t.sed %s | basalt-opt -split-input-file -verify-diagnostics
//
// Places of Vars that are on no chip.

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.var "p.v" : tensor<3xsi32> {
    // expected-error @+1 {{is in 'attic', which is no memory of a chip}}
    neurocore.place "attic" {count = 3 : i64}
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.var "p.v" : tensor<3xsi32> {
    // expected-error @+1 {{in 'state' needs a population or program}}
    neurocore.place "state" {count = 3 : i64}
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  neurocore.var "p.v" : tensor<3xsi32> {
    // expected-error @+1 {{in 'weight' cannot have a population or program}}
    neurocore.place "weight" of @p
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  neurocore.var "p.v" : tensor<3xsi32> {
    // expected-error @+1 {{is scaled by 2, expected 1 or -1}}
    neurocore.place "state" of @p {count = 3 : i64, scale = 2 : i64}
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.population @p of "P" runs @P : 3 {
    neurocore.accumulator "d.a_buff" bits 16 slots 1 = []
    neurocore.output "p.s_out" : ui1
  }
  neurocore.var "p.v" : tensor<3xsi32> {
    // expected-error @+1 {{is scaled by -2, expected 1 or -1}}
    neurocore.place "state" of @p {count = 3 : i64, scale = -2 : i64}
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.embedded @embedded0 on 0 of 0 runs ["a"]
  neurocore.var "p.v" : tensor<3xsi32> {
    // expected-error @+1 {{in 'state' is of 'embedded0', which is no population or injector}}
    neurocore.place "state" of @embedded0 {count = 3 : i64}
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.var "a.v" : tensor<3xsi32> {
    // expected-error @+1 {{in 'embedded' is of 'embedded0', which is no embedded program}}
    neurocore.place "embedded" of @embedded0 {count = 3 : i64}
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{is a sum of its places, but can be written}}
  neurocore.var "p.w" : tensor<3xsi32> attributes {summed} {
  }
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{has places, but can be neither read nor written}}
  neurocore.var "p.w" : tensor<3xsi32> attributes {unreadable = "no", unwritable = "no"} {
    neurocore.place "weight"
  }
}
