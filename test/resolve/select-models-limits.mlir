// RUN: basalt-opt --select-models=tag=narrow --verify-diagnostics --split-input-file %s | FileCheck %s

// The limits of the selected model move to the Vars; what the process says holds, too.
// CHECK-LABEL: proc.process @P
// CHECK-NEXT:    proc.param @mode = "A"
// CHECK-NEXT:    proc.var @v : tensor<2xsi32> = dense<5> : tensor<2xi32> {limits = #proc.limits<low = 1 : i64, high = 9 : i64>}
// CHECK-NEXT:    proc.var @w : tensor<f64> = dense<5.000000e-01> : tensor<f64> {limits = #proc.limits<low = 2.500000e-01 : f64>}
// CHECK-NEXT:    proc.var @free : tensor<f64> = dense<0.000000e+00> : tensor<f64>{{$}}
// CHECK-NEXT:    proc.model @narrow tags ["narrow"] {
proc.process @P {
  proc.param @mode = "A"
  proc.var @v : tensor<2xsi32> = dense<5> : tensor<2xi32> {limits = #proc.limits<low = 0, high = 9>}
  proc.var @w : tensor<f64> = dense<0.5> : tensor<f64>
  proc.var @free : tensor<f64> = dense<0.0> : tensor<f64>
  proc.model @wide tags ["wide"] limits {v = #proc.limits<low = 9>} {}
  proc.model @narrow tags ["narrow"] limits {mode = ["A", "B"], v = #proc.limits<low = 1, high = 10>, w = #proc.limits<low = 0.25>} {}
}
proc.network @net {
  proc.instance @p of @P {
    proc.value @v = dense<[1, 9]> : tensor<2xi64>
  }
}

// -----

proc.process @P {
  // expected-error @+1 {{'mode' of 'p' is 'C', which is outside its limits [A, B]}}
  proc.param @mode = "C"
  // expected-error @+1 {{'n' of 'p' is 3, which is outside its limits [1, 2.5, true]}}
  proc.param @n = 3
  // expected-error @+1 {{'list' of 'p' is 4 at [1], which is outside its limits ..3}}
  proc.param @list = dense<[1, 4]> : tensor<2xi64>
  // expected-error @+1 {{'flag' of 'p' is true, which is outside its limits [false]}}
  proc.param @flag = true
  // expected-note @+1 {{of the model 'narrow'}}
  proc.model @narrow tags ["narrow"] limits {mode = ["A", "B"], n = [1, 2.5, true], list = #proc.limits<high = 3>, flag = [false]} {}
}
proc.network @net {
  proc.instance @p of @P
}

// -----

// Unsigned values are read as such; the float is compared with the integer.
proc.process @P {
  proc.var @v : tensor<2xui8> = dense<1> : tensor<2xi8>
  // expected-error @+1 {{'w' of 'q' is 0.5, which is outside its limits 1..}}
  proc.var @w : tensor<f64> = dense<0.5> : tensor<f64>
  // expected-note @+1 {{of the model 'narrow'}}
  proc.model @narrow tags ["narrow"] limits {v = #proc.limits<low = 0, high = 200>, w = #proc.limits<low = 1>} {}
}
proc.network @net {
  proc.instance @p of @P {
    // expected-error @+1 {{'v' of 'p' is 201 at [1], which is outside its limits 0..200}}
    proc.value @v = dense<[200, 201]> : tensor<2xi64>
    proc.value @w = dense<1.0> : tensor<f64>
  }
  proc.instance @q of @P
}
