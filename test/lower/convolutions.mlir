// RUN: basalt-opt --lower-to-loops --split-input-file %s | FileCheck %s
//
// Each element of the input goes to the outputs that it reaches and to no other ones; what it all gives is compared with NumPy in
// test/native/products.test.

// With a stride the loop is one over outputs, from ceil((x + 1 - 2) / 2) or 0 to floor((x + 1) / 2) or the last.
//
// CHECK-LABEL: func.func @spk()
// CHECK:         scf.for %[[X:.*]] = %c0 to %c7
// CHECK:           %[[AT:.*]] = arith.addi %[[X]], %c1
// CHECK:           %[[LATE:.*]] = arith.cmpi ugt, %[[AT]], %c2
// CHECK:           %[[LEAST:.*]] = arith.select %[[LATE]], %[[AT]], %c2
// CHECK:           %[[OVER:.*]] = arith.subi %[[LEAST]], %c1
// CHECK:           %[[LOW:.*]] = arith.divui %[[OVER]], %c2
// CHECK:           %[[LAST:.*]] = arith.divui %[[AT]], %c2
// CHECK:           %[[END:.*]] = arith.addi %[[LAST]], %c1
// CHECK:           %[[INSIDE:.*]] = arith.cmpi ult, %[[END]], %c4
// CHECK:           %[[HIGH:.*]] = arith.select %[[INSIDE]], %[[END]], %c4
// CHECK:           %[[FACTOR:.*]] = memref.load %{{.*}} : memref<7xf32>
// CHECK:           arith.cmpf une, %[[FACTOR]]
// CHECK:           scf.if
// CHECK:             scf.for %[[TO:.*]] = %[[LOW]] to %[[HIGH]]
// CHECK:               %[[FIRST:.*]] = arith.muli %[[TO]], %c2
// CHECK:               %[[TAP:.*]] = arith.subi %[[AT]], %[[FIRST]]
// CHECK:               memref.load %{{.*}}[%{{.*}}] : memref<6xf32>
// CHECK:               memref.load %{{.*}}[%{{.*}}] : memref<8xf32>
// CHECK-NOT:           scf.if
step.program @strided {
  step.state @p.w : tensor<2x3x1x1xf32> = dense<0.0> : tensor<2x3x1x1xf32>
  step.state @p.x : tensor<7x1x1xf32> = dense<0.0> : tensor<7x1x1xf32>
  step.state @p.y : tensor<4x1x2xf32> = dense<0.0> : tensor<4x1x2xf32>
  step.phase spk {
    step.task "p" of "P" {
      %w = step.get @p.w : tensor<2x3x1x1xf32>
      %x = step.get @p.x : tensor<7x1x1xf32>
      %y = num.conv2d %x, %w stride [2, 1] padding [1, 0] dilation [1, 1] groups 1 : tensor<7x1x1xf32>, tensor<2x3x1x1xf32> to tensor<4x1x2xf32>
      step.set @p.y, %y : tensor<4x1x2xf32>
      step.yield
    }
  }
}

// -----

// With a dilation it is one over taps.
//
// CHECK-LABEL: func.func @spk()
// CHECK:         scf.for %[[X:.*]] = %c0 to %c7
// CHECK:           %[[LATE:.*]] = arith.cmpi ugt, %[[X]], %c2
// CHECK:           %[[LEAST:.*]] = arith.select %[[LATE]], %[[X]], %c2
// CHECK:           %[[OVER:.*]] = arith.subi %[[LEAST]], %c1
// CHECK:           %[[LOW:.*]] = arith.divui %[[OVER]], %c2
// CHECK:           arith.cmpi ult, %{{.*}}, %c3
// CHECK:           scf.if
// CHECK:             scf.for %[[TAP:.*]] = %{{.*}} to %{{.*}} step
// CHECK:               %[[BACK:.*]] = arith.muli %[[TAP]], %c2
// CHECK:               arith.subi %[[X]], %[[BACK]]
// CHECK-NOT:           scf.if
step.program @dilated {
  step.state @p.w : tensor<2x3x1x1xf32> = dense<0.0> : tensor<2x3x1x1xf32>
  step.state @p.x : tensor<7x1x1xf32> = dense<0.0> : tensor<7x1x1xf32>
  step.state @p.y : tensor<3x1x2xf32> = dense<0.0> : tensor<3x1x2xf32>
  step.phase spk {
    step.task "p" of "P" {
      %w = step.get @p.w : tensor<2x3x1x1xf32>
      %x = step.get @p.x : tensor<7x1x1xf32>
      %y = num.conv2d %x, %w stride [1, 1] padding [0, 0] dilation [2, 1] groups 1 : tensor<7x1x1xf32>, tensor<2x3x1x1xf32> to tensor<3x1x2xf32>
      step.set @p.y, %y : tensor<3x1x2xf32>
      step.yield
    }
  }
}

// -----

// With both, taps are tested.
//
// CHECK-LABEL: func.func @spk()
// CHECK:         scf.for %[[X:.*]] = %c0 to %c8
// CHECK:           scf.if
// CHECK:             scf.for %[[TAP:.*]] = %c0 to %c3
// CHECK:               %[[BACK:.*]] = arith.muli %[[TAP]], %c2
// CHECK:               %[[PLACE:.*]] = arith.subi %[[X]], %[[BACK]]
// CHECK:               arith.cmpi ult, %[[PLACE]], %c6
// CHECK:               arith.remui %[[PLACE]], %c3
// CHECK:               scf.if
step.program @both {
  step.state @p.w : tensor<2x3x1x1xf32> = dense<0.0> : tensor<2x3x1x1xf32>
  step.state @p.x : tensor<8x1x1xf32> = dense<0.0> : tensor<8x1x1xf32>
  step.state @p.y : tensor<2x1x2xf32> = dense<0.0> : tensor<2x1x2xf32>
  step.phase spk {
    step.task "p" of "P" {
      %w = step.get @p.w : tensor<2x3x1x1xf32>
      %x = step.get @p.x : tensor<8x1x1xf32>
      %y = num.conv2d %x, %w stride [3, 1] padding [0, 0] dilation [2, 1] groups 1 : tensor<8x1x1xf32>, tensor<2x3x1x1xf32> to tensor<2x1x2xf32>
      step.set @p.y, %y : tensor<2x1x2xf32>
      step.yield
    }
  }
}
