// What threads share, printed and parsed again.
// RUN: basalt-opt %s | basalt-opt | FileCheck %s
// RUN: basalt-opt --emit-bytecode %s | basalt-opt | FileCheck %s

memref.global "private" @p.x : memref<100xi32> = uninitialized
memref.global "private" @p.s : memref<100xi1> = uninitialized
memref.global "private" @p.r : memref<100xi64> = uninitialized
// CHECK: rt.axis @axis.p extent 100 grain 64
rt.axis @axis.p extent 100 grain 64
// CHECK: rt.axis @axis.q extent 3000 grain 8
rt.axis @axis.q extent 3000 grain 8
// CHECK-LABEL: func.func @spk
func.func @spk() {
  %x = memref.get_global @p.x : memref<100xi32>
  %s = memref.get_global @p.s : memref<100xi1>
  %r = memref.get_global @p.r : memref<100xi64>
  %seed = proc.seed : i64
  %mean = arith.constant 2.5 : f64
  // CHECK: rt.parallel over [@axis.p, @axis.q] {
  rt.parallel over [@axis.p, @axis.q] {
  // CHECK: ^bb0(%[[LOW:.*]]: index, %[[HIGH:.*]]: index, %{{.*}}: index, %{{.*}}: index):
  ^bb0(%low: index, %high: index, %l: index, %h: index):
    // CHECK: rt.part %{{.*}} from %[[LOW]] : memref<100xi32> to memref<?xi32>
    %0 = rt.part %x from %low : memref<100xi32> to memref<?xi32>
    // CHECK: rt.record_port @p.out, %{{.*}} range(%[[LOW]], %[[HIGH]]) : memref<100xi1>
    rt.record_port @p.out, %s range(%low, %high) : memref<100xi1>
    // CHECK: rt.fill_random %{{.*}}, 7 keys(%{{.*}}) range(%[[LOW]], %[[HIGH]]) {rt.may_fail} : memref<100xi64>
    rt.fill_random %r, 7 keys(%seed) range(%low, %high) {rt.may_fail} : memref<100xi64>
    // CHECK: rt.fill_poisson %{{.*}}, 8 keys(%{{.*}}, %{{.*}}) lambda %{{.*}} range(%[[LOW]], %[[HIGH]]) : memref<100xi32>, f64
    rt.fill_poisson %x, 8 keys(%seed, %seed) lambda %mean range(%low, %high) : memref<100xi32>, f64
    // CHECK: rt.due @p.line, %{{.*}} range(%[[LOW]], %[[HIGH]]) : memref<100xi32>
    rt.due @p.line, %x range(%low, %high) : memref<100xi32>
  }
  // CHECK: rt.due @p.line, %{{[0-9]+}} : memref<100xi32>
  rt.due @p.line, %x : memref<100xi32>
  // CHECK: rt.advance @p.line, %{{[0-9]+}} : memref<100xi1>
  rt.advance @p.line, %s : memref<100xi1>
  return
}
