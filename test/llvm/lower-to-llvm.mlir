// RUN: basalt-opt --lower-to-llvm %s | FileCheck %s
// RUN: basalt-opt --lower-to-llvm --mlir-print-debuginfo %s | FileCheck %s --check-prefix PLACES

// Memory in the storage of the contract: states with their initial values, for others to see.
// CHECK-DAG: llvm.mlir.global external @p.x(dense<[1, -2, 3]> : tensor<3xi32>) {{.*}} : !llvm.array<3 x i32>
// CHECK-DAG: llvm.mlir.global external @p.t(dense<[1, 0]> : tensor<2xi8>) {{.*}} : !llvm.array<2 x i8>
// CHECK-DAG: llvm.mlir.global internal constant @constant(dense<[5, -6]> : tensor<2xi16>)
// CHECK-DAG: llvm.mlir.global internal @p.scratch() {{.*}} : !llvm.array<3 x i32>
// CHECK-DAG: llvm.func @basalt_floordiv(i64, i64) -> i64
module {
  step.program @net {
    step.state @p.x : tensor<3xsi24> = dense<[1, -2, 3]> : tensor<3xi24>
    step.state @p.t : tensor<2xui1> = dense<[true, false]> : tensor<2xi1>
  }
  memref.global "private" @p.x : memref<3xi24> = uninitialized
  memref.global "private" @p.t : memref<2xi1> = uninitialized
  memref.global "private" @p.scratch : memref<3xi24> = uninitialized
  memref.global "private" constant @constant : memref<2xi16> = dense<[5, -6]>

  // CHECK-LABEL: llvm.func internal @kernel(%{{.*}}: i64, %{{.*}}: !llvm.ptr, %{{.*}}: i64)
  func.func private @kernel(%n: index, %x: memref<?xi24>, %k: i64) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    // CHECK: llvm.icmp "slt"
    // CHECK: %[[AT:.*]] = llvm.getelementptr %{{.*}}[%{{.*}}] : (!llvm.ptr, i64) -> !llvm.ptr, i32
    // CHECK: %[[STORED:.*]] = llvm.load %[[AT]] : !llvm.ptr -> i32
    // CHECK: %[[VALUE:.*]] = llvm.trunc %[[STORED]] : i32 to i24
    // CHECK: %[[WIDE:.*]] = llvm.sext %[[VALUE]] : i24 to i64
    // CHECK: %[[QUOTIENT:.*]] = llvm.call @basalt_floordiv(%[[WIDE]], %{{.*}}) : (i64, i64) -> i64
    // CHECK: %[[NARROW:.*]] = llvm.trunc %[[QUOTIENT]] : i64 to i24
    // CHECK: %[[EXTENDED:.*]] = llvm.sext %[[NARROW]] : i24 to i32
    // CHECK: llvm.store %[[EXTENDED]]
    scf.for %i = %c0 to %n step %c1 {
      %0 = memref.load %x[%i] : memref<?xi24>
      %1 = arith.extsi %0 : i24 to i64
      %2 = num.floordiv %1, %k : i64
      %3 = arith.trunci %2 : i64 to i24
      memref.store %3, %x[%i] : memref<?xi24>
    }
    return
  }

  // A guard returns a number.
  // CHECK-LABEL: llvm.func @post_guard.p() -> i64 attributes {rt.instance = "p", rt.phase = "post_guard"}
  // CHECK: %[[BIT:.*]] = llvm.load %{{.*}} : !llvm.ptr -> i8
  // CHECK: %[[HOLDS:.*]] = llvm.trunc %[[BIT]] : i8 to i1
  // CHECK: %[[NUMBER:.*]] = llvm.zext %[[HOLDS]] : i1 to i64
  // CHECK: llvm.return %[[NUMBER]] : i64
  func.func @post_guard.p() -> i1 attributes {rt.instance = "p", rt.phase = "post_guard"} {
    %c0 = arith.constant 0 : index
    %0 = memref.get_global @p.t : memref<2xi1>
    %1 = memref.load %0[%c0] : memref<2xi1>
    return %1 : i1
  }

  // CHECK-LABEL: llvm.func @spk.p()
  func.func @spk.p() attributes {rt.instance = "p", rt.phase = "spk"} {
    %c3 = arith.constant 3 : index
    %c0 = arith.constant 0 : index
    %x = memref.get_global @p.x : memref<3xi24>
    %y = memref.cast %x : memref<3xi24> to memref<?xi24>
    // CHECK: %[[STEP:.*]] = llvm.call @basalt_time_step() : () -> i64
    %t = proc.time_step : i64
    // CHECK: llvm.call @kernel(%{{.*}}, %{{.*}}, %[[STEP]]) : (i64, !llvm.ptr, i64) -> ()
    func.call @kernel(%c3, %y, %t) : (index, memref<?xi24>, i64) -> ()
    // A bit is 0 or 1 to the library.
    // CHECK: llvm.zext %{{.*}} : i1 to i64
    // CHECK: llvm.call @basalt_powi
    %b = memref.get_global @p.t : memref<2xi1>
    %bit = memref.load %b[%c0] : memref<2xi1>
    %p = num.powi %bit, %bit : i1
    // CHECK: llvm.call @basalt_mod
    // CHECK: llvm.call @basalt_shift
    // CHECK: llvm.call @basalt_mulshr
    // CHECK: llvm.call @basalt_absi
    // CHECK: llvm.call @basalt_signi
    %0 = num.mod %t, %t : i64
    %1 = num.shift %0, %t : i64
    %2 = num.mul_shr %0, %1, %t : i64
    %3 = num.absi %2 : i64
    %4 = num.signi %3 : i64
    // CHECK: llvm.call @basalt_seed() : () -> i64
    %seed = proc.seed : i64
    // CHECK: llvm.call @basalt_fill_random
    %r = memref.get_global @random : memref<5xi64>
    rt.fill_random %r, 77 keys(%seed, %t) : memref<5xi64>
    // Var 0, elements 1, 3, 5, as signed numbers of 24 bits.
    // CHECK: %[[KIND:.*]] = llvm.mlir.constant(280 : i64)
    // CHECK: llvm.call @basalt_fetch(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[KIND]])
    rt.fetch @p.x from "q.v" first 1 stride 2
    // CHECK: llvm.call @basalt_publish
    rt.publish @p.x to "q.v"
    // Unsigned ones of one bit.
    // CHECK: %[[U1:.*]] = llvm.mlir.constant(513 : i64)
    // CHECK: llvm.call @basalt_inject(%{{.*}}, %[[U1]])
    rt.inject @p.t to "spikes"
    // CHECK: llvm.call @basalt_accumulate
    rt.accumulate @p.x to "q.w"
    // The number that is given, or that of the first use.
    // CHECK: %[[SEVEN:.*]] = llvm.mlir.constant(7 : i64)
    // CHECK: llvm.call @basalt_send(%[[SEVEN]],
    rt.send @p.x to "up" {rt.number = 7 : i64}
    // CHECK: %[[ONE:.*]] = llvm.mlir.constant(1 : i64)
    // CHECK: llvm.call @basalt_receive(%[[ONE]],
    rt.receive @p.x from "down"
    // Recording is the business of others.
    rt.record_state @p.x
    // CHECK: llvm.call @basalt_print
    rt.print "{} {}"(%4, %x : i64, memref<3xi24>) shapes [array<i64>, array<i64: 3>]
    // CHECK: llvm.call @basalt_assert
    rt.assert %bit, "no" in "p"
    // CHECK: llvm.call @basalt_index
    %place = rt.index %t of 3 in "p"
    // CHECK: llvm.call @basalt_pause
    proc.pause
    // CHECK: llvm.call @basalt_stop
    proc.stop
    return
  }
  memref.global "private" @random : memref<5xi64> = uninitialized
}

// PLACES-DAG: #llvm.di_compile_unit<{{.*}}producer = "basalt", isOptimized = true, emissionKind = LineTablesOnly
// PLACES-DAG: #llvm.di_subprogram<{{.*}}name = "spk.p"
