// RUN: basalt-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{needs an extent and a grain of at least 1}}
rt.axis @axis.p extent 0 grain 64

// -----

// expected-error@+1 {{needs an extent and a grain of at least 1}}
rt.axis @axis.p extent 4 grain 0

// -----

rt.axis @axis.p extent 4 grain 64
func.func @spk() {
  // expected-error@+1 {{expects two arguments of type index for each axis}}
  rt.parallel over [@axis.p] {
  ^bb0(%low: index):
  }
  return
}

// -----

rt.axis @axis.p extent 4 grain 64
func.func @spk() {
  // expected-error@+1 {{expects two arguments of type index for each axis}}
  rt.parallel over [@axis.p] {
  ^bb0(%low: index, %high: i64):
  }
  return
}

// -----

func.func @spk() {
  // expected-error@+1 {{names @spk, which is no rt.axis}}
  rt.parallel over [@spk] {
  ^bb0(%low: index, %high: index):
  }
  return
}

// -----

func.func @spk(%x: memref<4xi64>, %low: index) {
  // expected-error@+1 {{has 1 numbers for a range, expected 2 or none}}
  rt.fill_random %x, 1 keys() range(%low) : memref<4xi64>
  return
}

// -----

func.func @spk(%x: memref<4xi64>, %low: index) {
  // expected-error@+1 {{has 3 numbers for a range, expected 2 or none}}
  rt.record_port @p.out, %x range(%low, %low, %low) : memref<4xi64>
  return
}

// -----

func.func @spk(%x: memref<4xi64>, %low: index) {
  // expected-error@+1 {{has 1 numbers for a range, expected 2 or none}}
  rt.due @p.line, %x range(%low) : memref<4xi64>
  return
}

// -----

func.func @spk(%x: memref<4xi32>, %lambda: f64, %low: index) {
  // expected-error@+1 {{has 1 numbers for a range, expected 2 or none}}
  rt.fill_poisson %x, 1 keys() lambda %lambda range(%low) : memref<4xi32>, f64
  return
}

// -----

func.func @spk(%s: memref<4xi1>, %w: memref<5xf64>, %offsets: memref<5xi64>, %targets: memref<5xi32>, %at: index) {
  // expected-error@+1 {{has 1 numbers for a range, expected 2 or none}}
  rt.update_entries @k of @s.w by source %s, %w at(%offsets, %targets) range(%at) : memref<4xi1>, memref<5xf64> at(memref<5xi64>, memref<5xi32>)
  return
}

// -----

func.func @spk(%s: memref<4xi1>, %w: memref<5xf64>, %offsets: memref<5xi64>, %targets: memref<5xi32>, %x: f64) {
  // expected-error@+1 {{expects a role for each of its 1 inputs}}
  "rt.update_entries"(%s, %w, %offsets, %targets, %x) <{by = 1 : i32, callee = @k, state = @s.w, roles = array<i32: 9>, operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 0>}> : (memref<4xi1>, memref<5xf64>, memref<5xi64>, memref<5xi32>, f64) -> ()
  return
}
