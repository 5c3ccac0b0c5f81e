// RUN: basalt-opt --split-input-file --verify-diagnostics --lower-to-llvm %s

func.func @spk.p() {
  // expected-error@+1 {{floating-point numbers on an embedded processor, which has none}}
  %0 = arith.constant 1.5 : f64
  return
}

// -----

func.func @spk.p() {
  // expected-error@+1 {{expected a state of the program, found 'p.y'}}
  rt.fetch @p.y from "q.x"
  return
}
