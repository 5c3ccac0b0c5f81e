// RUN: basalt-opt --lower-to-loops --split-input-file %s | FileCheck %s

// What is due is added up right in the state that is set to it, else in a buffer; spikes lie in memory, too, where
// there is one source as well. The line itself is not touched.
//
// CHECK-LABEL: step.program @projections
// CHECK:         step.projection @s.line.projection of @s.line weights @s.w delays @s.d first -2 history "n.s"
// CHECK-LABEL: func.func @spk()
// CHECK-NOT:     @s.line :
// CHECK:         %[[SEEN:.*]] = memref.get_global @s.seen : memref<3xi32>
// CHECK-NEXT:    rt.due @s.line.projection, %[[SEEN]] : memref<3xi32>
// CHECK:         %[[SUMS:.*]] = memref.get_global @s.scratch : memref<3xi64>
// CHECK-NEXT:    rt.due @s.sums.projection, %[[SUMS]] : memref<3xi64>
// CHECK-NEXT:    rt.print "{}"(%[[SUMS]] :
// CHECK:         %[[S:.*]] = memref.get_global @n.s : memref<2xi1>
// CHECK-NEXT:    rt.advance @s.line.projection, %[[S]] : memref<2xi1>
// CHECK-NEXT:    rt.advance @s.sums.projection, %[[S]] : memref<2xi1>
// CHECK:         %[[ONE:.*]] = memref.get_global @t.scratch : memref<1xf32>
// CHECK-NEXT:    rt.due @t.sums.projection, %[[ONE]] : memref<1xf32>
// CHECK-NEXT:    %[[X:.*]] = memref.load %[[ONE]][%c0]
// CHECK-NEXT:    %[[IS:.*]] = arith.cmpf oge, %[[X]]
// CHECK-NEXT:    %[[SPIKE:.*]] = memref.get_global @t.scratch_0 : memref<1xi1>
// CHECK-NEXT:    memref.store %[[IS]], %[[SPIKE]][%c0]
// CHECK-NEXT:    rt.advance @t.sums.projection, %[[SPIKE]] : memref<1xi1>
// CHECK-NOT:     @s.line :
// CHECK:         return
step.program @projections {
  step.state @n.s : tensor<2xui1> = dense<false> : tensor<2xi1>
  step.state @s.w : tensor<2xsi8> = dense<1> : tensor<2xi8> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
  step.state @s.d : tensor<2xsi16> = dense<-1> : tensor<2xi16> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.line : tensor<3x4xsi32> = dense<0> : tensor<3x4xi32>
  step.state @s.seen : tensor<3xsi32> = dense<0> : tensor<3xi32>
  step.state @s.sums : tensor<3xsi64> = dense<0> : tensor<3xi64>
  step.state @t.w : tensor<1xf32> = dense<1.0> : tensor<1xf32> {sparse = #proc.sparse<[1, 1], @t.w.offsets, @t.w.targets>}
  step.state @t.w.offsets : tensor<2xsi64> = dense<[0, 1]> : tensor<2xi64>
  step.state @t.w.targets : tensor<1xsi32> = dense<0> : tensor<1xi32>
  step.state @t.sums : tensor<1xf32> = dense<0.0> : tensor<1xf32>
  step.projection @s.line.projection of @s.line weights @s.w delays @s.d first -2 history "n.s"
  step.projection @s.sums.projection of @s.sums weights @s.w history "n.s"
  step.projection @t.sums.projection of @t.sums weights @t.w history "t"
  step.phase spk {
    step.task "s" of "S" {
      %due = step.due @s.line.projection : tensor<3xi32>
      step.set @s.seen, %due : tensor<3xi32>
      %sums = step.due @s.sums.projection : tensor<3xi64>
      proc.print "{}"(%sums : tensor<3xi64>)
      %s = step.get @n.s : tensor<2xi1>
      step.advance @s.line.projection, %s : tensor<2xi1>
      step.advance @s.sums.projection, %s : tensor<2xi1>
      step.yield
    }
    step.task "t" of "S" {
      %due = step.due @t.sums.projection : tensor<1xf32>
      %half = arith.constant dense<0.5> : tensor<1xf32>
      %s = arith.cmpf oge, %due, %half : tensor<1xf32>
      step.advance @t.sums.projection, %s : tensor<1xi1>
      step.yield
    }
  }
}

// -----

// Sums that begin with something: what is fused into it is read once, before anything is added.
//
// CHECK-LABEL: step.program @onto
// CHECK-LABEL: func.func @spk()
// CHECK:         %[[Y:.*]] = memref.get_global @p.y : memref<8xi64>
// CHECK:         scf.for
// CHECK:           scf.for
// CHECK:             memref.load %{{.*}} : memref<8xi16>
// CHECK:             arith.extsi
// CHECK:             memref.store %{{.*}}, %[[Y]]
// CHECK:         scf.for
// CHECK:           memref.load %{{.*}} : memref<3xi64>
// CHECK:           scf.if
// CHECK:                 scf.if
// CHECK:                   arith.addi
// CHECK:                   memref.store %{{.*}}, %[[Y]]
// The columns of a state are moved in a buffer, from which sums begin in the state.
// CHECK:         %[[MOVED:.*]] = memref.get_global @p.scratch{{.*}} : memref<8xi64>
// CHECK:         %[[FROM:.*]] = memref.load %[[MOVED]]
// CHECK-NEXT:    memref.store %[[FROM]], %[[Z:.*]][%{{.*}}] : memref<8xi64>
// CHECK:         arith.addi
// CHECK:         arith.addi
// CHECK:         memref.store %{{.*}}, %[[Z]][
// A state whose old value sums begin with is not overwritten while that is read.
// CHECK:         %[[SUMS:.*]] = memref.get_global @p.scratch{{.*}} : memref<8xi64>
// CHECK:         %[[OLD:.*]] = memref.load %[[U:.*]][%{{.*}}] : memref<8xi64>
// CHECK-NEXT:    memref.store %[[OLD]], %[[SUMS]]
// CHECK:         memref.store %{{.*}}, %[[SUMS]]
// CHECK:         %[[NEW:.*]] = memref.load %[[SUMS]][%{{[a-z0-9]*}}] : memref<8xi64>
// CHECK-NEXT:    memref.store %[[NEW]], %[[U]]
step.program @onto {
  step.state @p.w : tensor<4xsi8> = dense<0> : tensor<4xi8>
  step.state @p.d : tensor<4xsi64> = dense<0> : tensor<4xi64>
  step.state @p.o : tensor<4xsi64> = dense<0> : tensor<4xi64>
  step.state @p.t : tensor<4xsi32> = dense<0> : tensor<4xi32>
  step.state @p.s : tensor<3xsi64> = dense<0> : tensor<3xi64>
  step.state @p.x : tensor<4x2xsi16> = dense<0> : tensor<4x2xi16>
  step.state @p.y : tensor<2x4xsi64> = dense<0> : tensor<2x4xi64>
  step.state @p.z : tensor<2x4xsi64> = dense<0> : tensor<2x4xi64>
  step.state @p.u : tensor<2x4xsi64> = dense<0> : tensor<2x4xi64>
  step.phase spk {
    step.task "p" of "P" {
      %w = step.get @p.w : tensor<4xi8>
      %d = step.get @p.d : tensor<4xi64>
      %o = step.get @p.o : tensor<4xi64>
      %t = step.get @p.t : tensor<4xi32>
      %s = step.get @p.s : tensor<3xi64>
      %x = step.get @p.x : tensor<4x2xi16>
      %z = step.get @p.z : tensor<2x4xi64>
      %turned = num.transpose %x [1, 0] : tensor<4x2xi16> to tensor<2x4xi16>
      %wide = arith.extsi %turned : tensor<2x4xi16> to tensor<2x4xi64>
      %ww = arith.extsi %w : tensor<4xi8> to tensor<4xi64>
      %y = num.sparse_deliver %ww after %d at(%o, %t), %s onto %wide : tensor<4xi64> after tensor<4xi64> at(tensor<4xi64>, tensor<4xi32>), tensor<3xi64> onto tensor<2x4xi64> to tensor<2x4xi64>
      step.set @p.y, %y : tensor<2x4xi64>
      %later = num.extract %z offsets [0, 1] sizes [2, 3] strides [1, 1] drop [] : tensor<2x4xi64> to tensor<2x3xi64>
      %moved = num.insert %later into %z offsets [0, 0] sizes [2, 3] strides [1, 1] drop [] : tensor<2x3xi64> into tensor<2x4xi64>
      %v = num.sparse_deliver %ww after %d at(%o, %t), %s onto %moved : tensor<4xi64> after tensor<4xi64> at(tensor<4xi64>, tensor<4xi32>), tensor<3xi64> onto tensor<2x4xi64> to tensor<2x4xi64>
      step.set @p.z, %v : tensor<2x4xi64>
      %u = step.get @p.u : tensor<2x4xi64>
      %more = num.sparse_deliver %ww after %d at(%o, %t), %s onto %u : tensor<4xi64> after tensor<4xi64> at(tensor<4xi64>, tensor<4xi32>), tensor<3xi64> onto tensor<2x4xi64> to tensor<2x4xi64>
      step.set @p.u, %more : tensor<2x4xi64>
      step.yield
    }
  }
}
