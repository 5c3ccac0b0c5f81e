// RUN: basalt targets tiny --canonical | sed -z 's/\t/\\\\09/g; s/\n/\\\\0A/g; s/.*/s|LIMITS|"&"|/' > %t.sed
// RUN: sed -f %t.sed %s | basalt-opt -split-input-file -verify-diagnostics
//
// Embedded programs that no processor can run, and channels between nothing.

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{is on chip 2, expected 0 to 1}}
  neurocore.embedded @embedded0 on 0 of 2 runs ["a"]
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  // expected-error @+1 {{is on processor 2 of 'tiny', which has 2 on a chip}}
  neurocore.embedded @embedded0 on 2 of 0 runs ["a"]
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.embedded @embedded0 on 1 of 0 runs ["a"]
  // expected-error @+1 {{is on the processor of another program}}
  neurocore.embedded @embedded1 on 1 of 0 runs ["b"]
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.embedded @embedded0 on 0 of 0 runs ["a"]
  // expected-error @+1 {{runs 'a', which another program runs}}
  neurocore.embedded @embedded1 on 1 of 0 runs ["a"]
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.embedded @embedded0 on 0 of 0 runs ["a"]
  // expected-error @+1 {{is of 'b', which no program runs}}
  neurocore.call "init" "b"
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.embedded @embedded0 on 0 of 0 runs ["a"]
  // expected-error @+1 {{connects 'embedded1', which is no embedded program}}
  neurocore.channel @c : tensor<2xsi32> depth 1 from @embedded0 to @embedded1
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.embedded @embedded0 on 0 of 0 runs ["a"]
  // expected-error @+1 {{connects 'embedded0' with itself}}
  neurocore.channel @c : tensor<2xsi32> depth 1 from @embedded0 to @embedded0
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.embedded @embedded0 on 0 of 0 runs ["a"]
  neurocore.embedded @embedded1 on 1 of 0 runs ["b"]
  // expected-error @+1 {{has room for 0 messages, expected at least 1}}
  neurocore.channel @c : tensor<2xsi32> depth 0 from @embedded0 to @embedded1
}

// -----

neurocore.network @net on "tiny" limits LIMITS {
  neurocore.embedded @embedded0 on 0 of 0 runs ["a"]
  neurocore.embedded @embedded1 on 1 of 0 runs ["b"]
  // expected-error @+1 {{has messages of type 'tensor<2xf32>', expected integers of a known number}}
  neurocore.channel @c : tensor<2xf32> depth 1 from @embedded0 to @embedded1
}
