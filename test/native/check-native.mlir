// RUN: basalt-opt --check-native --verify-diagnostics %s

emitc.func @f(%a: i32) -> i32 {
  // expected-error @below {{is left, but only emitc can be printed as C++}}
  %b = arith.addi %a, %a : i32
  emitc.return %b : i32
}
