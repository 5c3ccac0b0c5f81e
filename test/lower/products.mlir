// RUN: basalt-opt --lower-to-loops --split-input-file %s | FileCheck %s
// RUN: basalt-opt --optimize --lower-to-loops --split-input-file %s | FileCheck %s
//
// Products read narrow memory in place, also after the stage optimize, which makes no kernel of their operands; what they
// compute is compared with NumPy in test/native/products.test.

// Entries lie source by source; what a spike costs is its synapses, and no product, since it is 1.
//
// CHECK-LABEL: step.program @sparse
// CHECK-NOT:     scratch
// CHECK-LABEL: func.func @spk()
// CHECK-DAG:     %[[W:.*]] = memref.get_global @p.w : memref<6xi8>
// CHECK-DAG:     %[[O:.*]] = memref.get_global @p.o : memref<4xi16>
// CHECK-DAG:     %[[T:.*]] = memref.get_global @p.t : memref<6xi24>
// CHECK-DAG:     %[[S:.*]] = memref.get_global @p.s : memref<3xi1>
// CHECK-DAG:     %[[Y:.*]] = memref.get_global @p.y : memref<2xi64>
// CHECK:         scf.for %[[J:.*]] = %c0 to %c3 step
// CHECK-NEXT:      %[[BIT:.*]] = memref.load %[[S]][%[[J]]]
// CHECK-NEXT:      scf.if %[[BIT]] {
// CHECK-NEXT:        %[[NEXT:.*]] = arith.addi %[[J]], %c1
// CHECK-NEXT:        %[[A:.*]] = memref.load %[[O]][%[[J]]]
// CHECK-NEXT:        %[[FIRST:.*]] = arith.index_cast %[[A]] : i16 to index
// CHECK-NEXT:        %[[B:.*]] = memref.load %[[O]][%[[NEXT]]]
// CHECK-NEXT:        %[[END:.*]] = arith.index_cast %[[B]] : i16 to index
// CHECK-NEXT:        scf.for %[[E:.*]] = %[[FIRST]] to %[[END]] step
// CHECK-NEXT:          %[[C:.*]] = memref.load %[[T]][%[[E]]]
// CHECK-NEXT:          %[[ROW:.*]] = arith.index_cast %[[C]] : i24 to index
// CHECK-NEXT:          %[[D:.*]] = memref.load %[[W]][%[[E]]]
// CHECK-NEXT:          %[[WEIGHT:.*]] = arith.extsi %[[D]] : i8 to i64
// CHECK-NEXT:          %[[OLD:.*]] = memref.load %[[Y]][%[[ROW]]]
// CHECK-NEXT:          %[[SUM:.*]] = arith.addi %[[OLD]], %[[WEIGHT]]
// CHECK-NEXT:          memref.store %[[SUM]], %[[Y]][%[[ROW]]]
step.program @sparse {
  step.state @p.w : tensor<6xsi8> = dense<0> : tensor<6xi8>
  step.state @p.o : tensor<4xsi16> = dense<0> : tensor<4xi16>
  step.state @p.t : tensor<6xsi24> = dense<0> : tensor<6xi24>
  step.state @p.s : tensor<3xi1> = dense<false> : tensor<3xi1>
  step.state @p.y : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.phase spk {
    step.task "p" of "P" {
      %w = step.get @p.w : tensor<6xi8>
      %o = step.get @p.o : tensor<4xi16>
      %t = step.get @p.t : tensor<6xi24>
      %s = step.get @p.s : tensor<3xi1>
      %ww = arith.extsi %w : tensor<6xi8> to tensor<6xi64>
      %f = arith.extui %s : tensor<3xi1> to tensor<3xi64>
      %y = num.sparse_matvec %ww at(%o, %t), %f : tensor<6xi64> at(tensor<4xi16>, tensor<6xi24>), tensor<3xi64> to tensor<2xi64>
      step.set @p.y, %y : tensor<2xi64>
      step.yield
    }
  }
}

// -----

// An outer product is computed where entries are, and nowhere else.
//
// CHECK-LABEL: step.program @outer
// CHECK-NOT:     memref<6xf64>
// CHECK-NOT:     step.kernel
// CHECK-LABEL: func.func @lrn()
// CHECK:         scf.for %[[J:.*]] = %c0 to %c3
// CHECK:           scf.for %[[E:.*]] =
// CHECK:             memref.load %{{.*}} : memref<2xf64>
// CHECK:             memref.load %{{.*}}[%[[J]]] : memref<3xf64>
// CHECK:             %[[P:.*]] = arith.mulf
// CHECK:             memref.store %[[P]], %{{.*}}[%[[E]]] : memref<5xf64>
step.program @outer {
  step.state @p.w : tensor<5xf64> = dense<0.0> : tensor<5xf64>
  step.state @p.o : tensor<4xsi64> = dense<0> : tensor<4xi64>
  step.state @p.t : tensor<5xsi64> = dense<0> : tensor<5xi64>
  step.state @p.x : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.state @p.y : tensor<2xf64> = dense<0.0> : tensor<2xf64>
  step.phase lrn {
    step.task "p" of "P" {
      %o = step.get @p.o : tensor<4xi64>
      %t = step.get @p.t : tensor<5xi64>
      %x = step.get @p.x : tensor<3xf64>
      %y = step.get @p.y : tensor<2xf64>
      %column = num.reshape %y : tensor<2xf64> to tensor<2x1xf64>
      %a = num.broadcast %column : tensor<2x1xf64> to tensor<2x3xf64>
      %b = num.broadcast %x : tensor<3xf64> to tensor<2x3xf64>
      %m = arith.mulf %a, %b : tensor<2x3xf64>
      %d = num.at_synapses %m at(%o, %t) : tensor<2x3xf64> at(tensor<4xi64>, tensor<5xi64>) to tensor<5xf64>
      step.set @p.w, %d : tensor<5xf64>
      step.yield
    }
  }
}

// -----

// Slots are compared without sign: one test for both ends.
//
// CHECK-LABEL: step.program @delays
// CHECK-LABEL: func.func @spk()
// CHECK:           scf.if
// CHECK:             %[[D:.*]] = memref.load %{{.*}} : memref<6xi8>
// CHECK-NEXT:        %[[DELAY:.*]] = arith.extsi %[[D]]
// CHECK-NEXT:        %[[IS:.*]] = arith.cmpi ult, %[[DELAY]], %c4{{.*}} : i64
// CHECK-NEXT:        scf.if %[[IS]] {
// CHECK-NEXT:          %[[SLOT:.*]] = arith.index_cast %[[DELAY]]
// CHECK-NEXT:          memref.load %{{.*}} : memref<6xi8>
step.program @delays {
  step.state @p.w : tensor<2x3xsi8> = dense<0> : tensor<2x3xi8>
  step.state @p.d : tensor<2x3xsi8> = dense<0> : tensor<2x3xi8>
  step.state @p.s : tensor<3xsi64> = dense<0> : tensor<3xi64>
  step.state @p.y : tensor<2x4xsi64> = dense<0> : tensor<2x4xi64>
  step.phase spk {
    step.task "p" of "P" {
      %w = step.get @p.w : tensor<2x3xi8>
      %d = step.get @p.d : tensor<2x3xi8>
      %s = step.get @p.s : tensor<3xi64>
      %ww = arith.extsi %w : tensor<2x3xi8> to tensor<2x3xi64>
      %dd = arith.extsi %d : tensor<2x3xi8> to tensor<2x3xi64>
      %y = num.deliver %ww after %dd, %s : tensor<2x3xi64> after tensor<2x3xi64>, tensor<3xi64> to tensor<2x4xi64>
      step.set @p.y, %y : tensor<2x4xi64>
      step.yield
    }
  }
}

// -----

// A kernel is read again for each element of the input: it is widened each time, but what costs more is done once. Two products
// with the same memory widen for themselves.
//
// CHECK-LABEL: step.program @kernels
// CHECK-LABEL: func.func @spk()
// CHECK:         scf.for %{{.*}} = %c0 to %c5
// CHECK:           scf.for %{{.*}} = %c0 to %c5
// CHECK:             memref.load %{{.*}} : memref<25xi1>
// CHECK:             scf.if
// CHECK:               scf.for
// CHECK:                 scf.for
// CHECK:                   memref.load %{{.*}} : memref<4xi8>
// CHECK:                   arith.extsi
// CHECK:         memref.get_global @p.scratch{{.*}} : memref<4xi64>
// CHECK-NOT:     scratch
// CHECK:         scf.for %{{.*}} = %c0 to %c5
// CHECK:           scf.for %{{.*}} = %c0 to %c5
// CHECK:             memref.load %{{.*}} : memref<25xi1>
// CHECK:                   memref.load %{{.*}} : memref<4xi64>
step.program @kernels {
  step.state @p.w : tensor<1x2x2x1xsi8> = dense<0> : tensor<1x2x2x1xi8>
  step.state @p.v : tensor<1x2x2x1xsi8> = dense<0> : tensor<1x2x2x1xi8>
  step.state @p.x : tensor<5x5x1xi1> = dense<false> : tensor<5x5x1xi1>
  step.state @p.y : tensor<4x4x1xsi64> = dense<0> : tensor<4x4x1xi64>
  step.state @p.z : tensor<4x4x1xsi64> = dense<0> : tensor<4x4x1xi64>
  step.phase spk {
    step.task "p" of "P" {
      %v = step.get @p.v : tensor<1x2x2x1xi8>
      %x = step.get @p.x : tensor<5x5x1xi1>
      %vv = arith.extsi %v : tensor<1x2x2x1xi8> to tensor<1x2x2x1xi64>
      %xx = arith.extui %x : tensor<5x5x1xi1> to tensor<5x5x1xi64>
      %y = num.conv2d %xx, %vv stride [1, 1] padding [0, 0] dilation [1, 1] groups 1 : tensor<5x5x1xi64>, tensor<1x2x2x1xi64> to tensor<4x4x1xi64>
      step.set @p.y, %y : tensor<4x4x1xi64>
      %w = step.get @p.w : tensor<1x2x2x1xi8>
      %u = step.get @p.x : tensor<5x5x1xi1>
      %uu = arith.extui %u : tensor<5x5x1xi1> to tensor<5x5x1xi64>
      %ww = arith.extsi %w : tensor<1x2x2x1xi8> to tensor<1x2x2x1xi64>
      %n = num.absi %ww : tensor<1x2x2x1xi64>
      %z = num.conv2d %uu, %n stride [1, 1] padding [0, 0] dilation [1, 1] groups 1 : tensor<5x5x1xi64>, tensor<1x2x2x1xi64> to tensor<4x4x1xi64>
      step.set @p.z, %z : tensor<4x4x1xi64>
      step.yield
    }
  }
}
