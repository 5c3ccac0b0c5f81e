// RUN: basalt-opt --lower-to-loops --split-input-file %s | FileCheck %s

// A kernel is one function with one loop, whatever the number of its uses; its results go straight into the state that
// is set to them.
//
// CHECK-LABEL: step.program @kernels {
// CHECK-NEXT:    step.state @a.u
// CHECK-NOT:     step.kernel
// CHECK:         memref.global "private" @a.u : memref<6xi24> = uninitialized
// CHECK-LABEL: func.func @spk()
// CHECK:         %[[SCALE:.*]] = memref.load
// CHECK-DAG:     %[[U:.*]] = memref.get_global @a.u : memref<6xi24>
// CHECK-DAG:     %[[W:.*]] = memref.get_global @a.w : memref<6xi64>
// CHECK:         call @step(%c6, %{{.*}}, %{{.*}}, %[[SCALE]]) : (index, memref<?xi24>, memref<?xi64>, i64) -> ()
// CHECK:         call @step(
// CHECK-NOT:     memref.store
// CHECK:         return
// CHECK-LABEL: func.func private @step(
// CHECK-SAME:    %[[N:.*]]: index {rt.name = "n"}, %[[V:.*]]: memref<?xi24> {rt.name = "u"}, %[[O:.*]]: memref<?xi64> {rt.name = "w"}, %[[K:.*]]: i64 {rt.name = "k"}
// CHECK:         scf.for %[[I:.*]] = %c0 to %[[N]] step %c1 {
// CHECK-NEXT:      %[[X:.*]] = memref.load %[[V]][%[[I]]] : memref<?xi24>
// CHECK-NEXT:      %[[E:.*]] = arith.extsi %[[X]] : i24 to i64
// CHECK-NEXT:      %[[S:.*]] = arith.addi %[[E]], %[[K]] : i64
// CHECK-NEXT:      %[[T:.*]] = arith.trunci %[[S]] : i64 to i24
// CHECK-NEXT:      memref.store %[[T]], %[[V]][%[[I]]]
// CHECK-NEXT:      memref.store %[[S]], %[[O]][%[[I]]]
// CHECK-NEXT:    }
step.program @kernels {
  step.state @a.u : tensor<2x3xsi24> = dense<0> : tensor<2x3xi24>
  step.state @a.w : tensor<2x3xsi64> = dense<0> : tensor<2x3xi64>
  step.state @b.u : tensor<2x3xsi24> = dense<0> : tensor<2x3xi24>
  step.state @b.w : tensor<2x3xsi64> = dense<0> : tensor<2x3xi64>
  step.state @a.k : tensor<si64> = dense<0> : tensor<i64>
  step.kernel @step(%u: i24, %k: i64) {
    %e = arith.extsi %u : i24 to i64
    %s = arith.addi %e, %k : i64
    %t = arith.trunci %s : i64 to i24
    step.yield %t, %s : i24, i64
  }
  step.phase spk {
    step.task "a" of "P" {
      %k = step.get @a.k : tensor<i64>
      %w = step.update @step [@a.u] ins(%k : tensor<i64>) over [2, 3] -> tensor<2x3xi64>
      step.set @a.w, %w : tensor<2x3xi64>
      %x = step.update @step [@b.u] ins(%k : tensor<i64>) over [2, 3] -> tensor<2x3xi64>
      step.set @b.w, %x : tensor<2x3xi64>
      step.yield
    }
  }
}

// -----

// Two states that change places: one is copied. An input of a kernel that is the state it updates is copied, too.
//
// CHECK-LABEL: step.program @copies
// CHECK-LABEL: func.func @spk()
// CHECK-DAG:     %[[A:.*]] = memref.get_global @p.a : memref<4xi32>
// CHECK-DAG:     %[[SAVED:.*]] = memref.get_global @p.scratch : memref<4xi32>
// CHECK:         scf.for
// CHECK-NEXT:      %[[X:.*]] = memref.load %[[A]]
// CHECK-NEXT:      memref.store %[[X]], %[[SAVED]]
// CHECK:         %[[B:.*]] = memref.get_global @p.b
// CHECK:         scf.for
// CHECK-NEXT:      %[[Y:.*]] = memref.load %[[B]]
// CHECK-NEXT:      memref.store %[[Y]], %[[A]]
// CHECK:         scf.for
// CHECK-NEXT:      %[[Z:.*]] = memref.load %[[SAVED]]
// CHECK-NEXT:      memref.store %[[Z]], %[[B]]
// CHECK:         %[[INPUT:.*]] = memref.get_global @p.scratch_0
// CHECK:         scf.for
// CHECK:           memref.store %{{.*}}, %[[INPUT]]
// CHECK:         call @add
step.program @copies {
  step.state @p.a : tensor<4xsi32> = dense<0> : tensor<4xi32>
  step.state @p.b : tensor<4xsi32> = dense<0> : tensor<4xi32>
  step.kernel @add(%a: i32, %b: i32) {
    %s = arith.addi %a, %b : i32
    step.yield %s : i32
  }
  step.phase spk {
    step.task "p" of "P" {
      %a = step.get @p.a : tensor<4xi32>
      %b = step.get @p.b : tensor<4xi32>
      step.set @p.a, %b : tensor<4xi32>
      step.set @p.b, %a : tensor<4xi32>
      %c = step.get @p.a : tensor<4xi32>
      step.update @add [@p.a] ins(%c : tensor<4xi32>) over [4]
      step.yield
    }
  }
}

// -----

// Without form-groups: elementwise code that is used once is computed in one loop, in place.
//
// CHECK-LABEL: step.program @ungrouped
// CHECK-LABEL: func.func @spk()
// CHECK:         %[[X:.*]] = memref.get_global @p.x
// CHECK:         scf.for %[[I:.*]] =
// CHECK-NEXT:      %[[A:.*]] = memref.load %[[X]][%[[I]]]
// CHECK-NEXT:      %[[B:.*]] = arith.extsi %[[A]]
// CHECK:           %[[C:.*]] = num.floordiv %[[B]]
// CHECK-NEXT:      %[[D:.*]] = arith.trunci %[[C]]
// CHECK-NEXT:      memref.store %[[D]], %[[X]][%[[I]]]
// CHECK-NEXT:    }
// CHECK-NEXT:    return
step.program @ungrouped {
  step.state @p.x : tensor<4xsi16> = dense<0> : tensor<4xi16>
  step.phase spk {
    step.task "p" of "P" {
      %x = step.get @p.x : tensor<4xi16>
      %e = arith.extsi %x : tensor<4xi16> to tensor<4xi64>
      %c = arith.constant dense<3> : tensor<4xi64>
      %d = num.floordiv %e, %c : tensor<4xi64>
      %n = arith.trunci %d : tensor<4xi64> to tensor<4xi16>
      step.set @p.x, %n : tensor<4xi16>
      step.yield
    }
  }
}

// -----

// x[i] = e; x[j] = f touches two elements and copies nothing.
//
// CHECK-LABEL: step.program @in_place
// CHECK-NOT:     scratch
// CHECK-LABEL: func.func @spk()
// CHECK:         %[[LAST:.*]] = arith.constant 99
// CHECK:         %[[AT:.*]] = rt.index %{{.*}} of 100 in "p"
// CHECK:         %[[X:.*]] = memref.get_global @p.x
// CHECK-NEXT:    memref.store %{{.*}}, %[[X]][%[[AT]]]
// CHECK-NEXT:    memref.store %{{.*}}, %[[X]][%[[LAST]]]
// CHECK-NOT:     memref.store
// CHECK:         return
step.program @in_place {
  step.state @p.x : tensor<100xsi64> = dense<0> : tensor<100xi64>
  step.phase spk {
    step.task "p" of "P" {
      %x = step.get @p.x : tensor<100xi64>
      %t = proc.time_step : tensor<i64>
      %y = num.insert %t into %x [%t : tensor<i64>] offsets [-9223372036854775808] sizes [1] strides [1] drop [0] : tensor<i64> into tensor<100xi64>
      %z = num.insert %t into %y offsets [99] sizes [1] strides [1] drop [0] : tensor<i64> into tensor<100xi64>
      step.set @p.x, %z : tensor<100xi64>
      step.yield
    }
  }
}

// -----

// A product touches only the columns of sources that are not zero; a matrix is widened where it is used.
//
// CHECK-LABEL: step.program @products
// CHECK-LABEL: func.func @spk()
// CHECK:         %[[Y:.*]] = memref.get_global @p.y
// CHECK:         scf.for
// CHECK-NEXT:      memref.store %{{.*}}, %[[Y]]
// CHECK:         scf.for %[[J:.*]] = %c0 to %c3
// CHECK:           %[[F:.*]] = memref.load
// CHECK:           %[[NONZERO:.*]] = arith.cmpi ne, %[[F]]
// CHECK:           scf.if %[[NONZERO]] {
// CHECK-NEXT:        scf.for %[[I:.*]] = %c0 to %c2
// CHECK:               %[[W:.*]] = memref.load %{{.*}} : memref<6xi8>
// CHECK-NEXT:          %[[E:.*]] = arith.extsi %[[W]] : i8 to i64
// CHECK:               memref.store %{{.*}}, %[[Y]][%[[I]]]
step.program @products {
  step.state @p.w : tensor<2x3xsi8> = dense<0> : tensor<2x3xi8>
  step.state @p.x : tensor<3xsi64> = dense<0> : tensor<3xi64>
  step.state @p.y : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.phase spk {
    step.task "p" of "P" {
      %w = step.get @p.w : tensor<2x3xi8>
      %e = arith.extsi %w : tensor<2x3xi8> to tensor<2x3xi64>
      %x = step.get @p.x : tensor<3xi64>
      %y = num.matvec %e, %x : tensor<2x3xi64>, tensor<3xi64> to tensor<2xi64>
      step.set @p.y, %y : tensor<2xi64>
      step.yield
    }
  }
}

// -----

// Guards set flags, which tasks test. lrn_guard and pre_guard of one instance admit pre_mgmt.
//
// CHECK-LABEL: step.program @guards
// CHECK:         memref.global "private" @p.lrn_guard : memref<1xi1> = uninitialized
// CHECK-LABEL: func.func @guards_after_spk() -> i32
// CHECK:         %[[LRN:.*]] = arith.cmpi sgt
// CHECK:         memref.store %[[LRN]], %{{.*}} : memref<1xi1>
// CHECK:         %[[PRE:.*]] = arith.cmpi eq
// CHECK:         memref.store %[[PRE]], %{{.*}} : memref<1xi1>
// CHECK:         %[[BOTH:.*]] = arith.andi %[[LRN]], %[[PRE]]
// CHECK:         %[[L:.*]] = arith.select %[[LRN]], %c1_i32, %c0_i32
// CHECK:         %[[P:.*]] = arith.select %[[BOTH]], %c2_i32, %c0_i32
// CHECK:         %[[BITS:.*]] = arith.ori %[[L]], %[[P]]
// CHECK:         return %[[BITS]]
// CHECK-LABEL: func.func @guards_before_post() -> i32
// CHECK-NEXT:    %[[NONE:.*]] = arith.constant 0
// CHECK-NEXT:    return %[[NONE]]
// CHECK-LABEL: func.func @lrn()
// CHECK:         %[[FLAG:.*]] = memref.load
// CHECK:         scf.if %[[FLAG]] {
// CHECK-NEXT:      proc.pause
step.program @guards {
  step.guard @p.lrn_guard of "p" lrn_guard {
    %t = proc.time_step : tensor<i64>
    %c = arith.constant dense<2> : tensor<i64>
    %r = arith.cmpi sgt, %t, %c : tensor<i64>
    step.yield %r : tensor<i1>
  }
  step.guard @p.pre_guard of "p" pre_guard {
    %t = proc.time_step : tensor<i64>
    %c = arith.constant dense<4> : tensor<i64>
    %r = arith.cmpi eq, %t, %c : tensor<i64>
    step.yield %r : tensor<i1>
  }
  step.phase lrn {
    step.task "p" of "P" if @p.lrn_guard {
      proc.pause
      step.yield
    }
  }
}

// -----

// What the run-time library is asked for.
//
// CHECK-LABEL: step.program @effects
// CHECK-LABEL: func.func @post_mgmt()
// CHECK:         rt.record_state @p.x
// CHECK:         %[[X:.*]] = memref.get_global @p.x : memref<2xi16>
// CHECK:         rt.record_port @p.out, %[[X]] : memref<2xi16>
// CHECK:         %[[T:.*]] = proc.time_step : i64
// CHECK:         rt.print "{} {}"(%[[X]], %[[T]] : memref<2xi16>, i64) shapes [array<i64: 2>, array<i64>]
// CHECK:         rt.assert %{{.*}}, "late" in "p"
// CHECK:         proc.stop
step.program @effects {
  step.state @p.x : tensor<2xsi16> = dense<0> : tensor<2xi16>
  step.port @p.out : tensor<2xsi16>
  step.phase post_mgmt {
    step.probe @p.x
    step.task "p" of "P" {
      %x = step.get @p.x : tensor<2xi16>
      step.probe @p.out, %x : tensor<2xi16>
      %e = arith.extsi %x : tensor<2xi16> to tensor<2xi64>
      %t = proc.time_step : tensor<i64>
      proc.print "{} {}" (%e, %t : tensor<2xi64>, tensor<i64>)
      %c = arith.constant dense<2> : tensor<i64>
      %r = arith.cmpi slt, %t, %c : tensor<i64>
      proc.assert %r, "late" : tensor<i1>
      proc.stop
      step.yield
    }
  }
}
