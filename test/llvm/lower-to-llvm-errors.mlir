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

// -----

memref.global "private" @s.due : memref<3xi32> = uninitialized
func.func @spk.p() {
  %0 = memref.get_global @s.due : memref<3xi32>
  // expected-error@+1 {{a projection, whose spikes are kept by native simulators only}}
  rt.due @s.line.projection, %0 : memref<3xi32>
  return
}

// -----

memref.global "private" @n.s : memref<3xi1> = uninitialized
func.func @spk.p() {
  %0 = memref.get_global @n.s : memref<3xi1>
  // expected-error@+1 {{a projection, whose spikes are kept by native simulators only}}
  rt.advance @s.line.projection, %0 : memref<3xi1>
  return
}
