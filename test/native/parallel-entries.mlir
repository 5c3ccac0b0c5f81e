// Threads share the sources, or the targets, whose entries are updated. What adds up rows is the work of one thread, and the
// scattered entries of an update belong to no range, so that the next one waits for it.
// RUN: basalt-opt --form-parallel-regions=least=0 %s | FileCheck %s
// RUN: basalt-opt --form-parallel-regions %s | FileCheck %s --check-prefix=SMALL
// SMALL-NOT: rt.parallel

func.func private @k(%n: index {rt.name = "n"}, %w: memref<?xf64> {rt.name = "w"}, %x: f64 {rt.name = "x"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %0 = memref.load %w[%i] : memref<?xf64>
    %1 = arith.addf %0, %x : f64
    memref.store %1, %w[%i] : memref<?xf64>
  }
  return
}
memref.global "private" @s.w : memref<5000xf64> = uninitialized
memref.global "private" @s.w.offsets : memref<101xi64> = uninitialized
memref.global "private" @s.w.targets : memref<5000xi32> = uninitialized
memref.global "private" @s.x : memref<100xf64> = uninitialized
memref.global "private" @s.y : memref<200xf64> = uninitialized
memref.global "private" @s.pre : memref<100xi1> = uninitialized
memref.global "private" @s.post : memref<200xi1> = uninitialized
memref.global "private" @s.sums : memref<200xf64> = uninitialized
// CHECK-LABEL: func.func @spk
// CHECK:         rt.parallel over [@axis.[[TARGETS:.*]]] {
// CHECK-NEXT:    ^bb0(%[[LOW:.*]]: index, %[[HIGH:.*]]: index):
// CHECK:           rt.update_entries @k of @s.w by target %{{.*}}, %{{.*}} at(%{{.*}}, %{{.*}}) ins(target %{{.*}} : memref<200xf64>) range(%[[LOW]], %[[HIGH]])
// CHECK-NEXT:    }
// CHECK:         rt.parallel over [@axis.[[SOURCES:.*]]] {
// CHECK-NEXT:    ^bb0(%[[LOW:.*]]: index, %[[HIGH:.*]]: index):
// CHECK:           rt.update_entries @k of @s.w by source %{{.*}}, %{{.*}} at(%{{.*}}, %{{.*}}) ins(source %{{.*}} : memref<100xf64>) range(%[[LOW]], %[[HIGH]])
// CHECK-NEXT:    }
// CHECK-NOT:     rt.parallel
// CHECK:         rt.add_rows
// CHECK:         return
func.func @spk() {
  %w = memref.get_global @s.w : memref<5000xf64>
  %o = memref.get_global @s.w.offsets : memref<101xi64>
  %t = memref.get_global @s.w.targets : memref<5000xi32>
  %x = memref.get_global @s.x : memref<100xf64>
  %y = memref.get_global @s.y : memref<200xf64>
  %pre = memref.get_global @s.pre : memref<100xi1>
  %post = memref.get_global @s.post : memref<200xi1>
  %sums = memref.get_global @s.sums : memref<200xf64>
  rt.update_entries @k of @s.w by target %post, %w at(%o, %t) ins(target %y : memref<200xf64>)
      : memref<200xi1>, memref<5000xf64> at(memref<101xi64>, memref<5000xi32>)
  rt.update_entries @k of @s.w by source %pre, %w at(%o, %t) ins(source %x : memref<100xf64>)
      : memref<100xi1>, memref<5000xf64> at(memref<101xi64>, memref<5000xi32>)
  rt.add_rows %sums, %w at(%o, %t), %pre : memref<200xf64>, memref<5000xf64> at(memref<101xi64>, memref<5000xi32>), memref<100xi1>
  return
}
// CHECK-DAG: rt.axis @axis.[[TARGETS]] extent 200
// CHECK-DAG: rt.axis @axis.[[SOURCES]] extent 100
