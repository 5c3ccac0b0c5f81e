// A region as a method that every thread calls, with its share.
// RUN: basalt-opt --convert-to-native --form-statements --check-native %s | basalt-translate --emitc-to-cpp > %t.cpp
// RUN: sed -E '/^ *\/\/ [a-z]+\.mlir:/d' %t.cpp | FileCheck %s
// RUN: clang++-22 -O1 %t.cpp %simulator -Wno-unused -o %t && %t --steps 3 --threads 2

step.program @net {
  step.state @p.x : tensor<100xsi32> = dense<0> : tensor<100xi32>
  step.state @q.f : tensor<100xi1> = dense<false> : tensor<100xi1>
  step.port @p.out : tensor<100xsi32>
}
memref.global "private" @p.x : memref<100xi32> = uninitialized
memref.global "private" @q.f : memref<100xi1> = uninitialized
memref.global "private" @p.bits : memref<100xi64> = uninitialized
memref.global "private" @p.counts : memref<100xi32> = uninitialized
memref.global "private" @p.means : memref<100xf64> = uninitialized
rt.axis @axis.p extent 100 grain 64
rt.axis @axis.q extent 100 grain 1
// CHECK:      // Elements that threads share: how many, and of how many a range is a multiple.
// CHECK-NEXT: const rt::Axis kAxes[] = {
// CHECK-NEXT:     {100, 64}, // p
// CHECK-NEXT:     {100, 1}, // q
// CHECK-NEXT: };
// CHECK-NEXT: const rt::Range kWhole[] = {{[{][{]}}0, 100}, {0, 100}};

// CHECK: static inline void add(size_t n, int32_t *__restrict x, uint8_t *__restrict f, int32_t by) {
func.func private @add(%n: index {rt.name = "n"}, %x: memref<?xi32> {rt.name = "x"}, %f: memref<?xi1> {rt.name = "f"}, %by: i32 {rt.name = "by"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %0 = memref.load %x[%i] : memref<?xi32>
    %1 = arith.addi %0, %by : i32
    memref.store %1, %x[%i] : memref<?xi32>
    %2 = arith.cmpi sgt, %1, %by : i32
    memref.store %2, %f[%i] : memref<?xi1>
  }
  return
}

// Scalars that are computed before it are arguments; constants, memory and the time step are not.
// CHECK:      void spk_region(rt::Context &ctx, rt::Share &share, int32_t x) {
// CHECK-NEXT:   const int64_t timeStep = ctx.timeStep;
// CHECK-NEXT:   const rt::Range range0 = rt::rangeOf<4>(share, 0);
// CHECK-NEXT:   const rt::Range range1 = rt::rangeOf<1>(share, 1);
// CHECK-NEXT:   size_t [[N:v[0-9]+]] = range0.high - range0.low;
// CHECK-NEXT:   add([[N]], p_x + range0.low, q_f + range0.low, x);
// CHECK-NEXT:   rt::recordPort(ctx, 0, p_x, range0.low, range0.high);
// CHECK-NEXT:   rt::RandomKey [[KEY:v[0-9]+]] = rt::randomKey(3, timeStep);
// CHECK-NEXT:   size_t [[COUNT:v[0-9]+]] = range0.high - range0.low;
// CHECK-NEXT:   rt::fillRandomBits(p_bits + range0.low, [[COUNT]], [[KEY]], range0.low);
// CHECK:        rt::fillPoisson(p_counts + range0.low, {{.*}}, {{.*}}, p_means + range0.low, range0.low);
// CHECK:        share.statement = 0;
// CHECK-NEXT:   for (size_t [[I:i[0-9]+]] = range1.low; [[I]] < range1.high; [[I]] += 1) {
// CHECK:        share.statement = 1;
// CHECK-NEXT:   for
func.func @spk() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = memref.get_global @p.x : memref<100xi32>
  %t = proc.time_step : i64
  %by = memref.load %x[%c0] : memref<100xi32>
  rt.parallel over [@axis.p, @axis.q] {
  ^bb0(%low: index, %high: index, %l: index, %h: index):
    %f = memref.get_global @q.f : memref<100xi1>
    %bits = memref.get_global @p.bits : memref<100xi64>
    %counts = memref.get_global @p.counts : memref<100xi32>
    %means = memref.get_global @p.means : memref<100xf64>
    %step = proc.time_step : i64
    %n = arith.subi %high, %low : index
    %0 = rt.part %x from %low : memref<100xi32> to memref<?xi32>
    %1 = rt.part %f from %low : memref<100xi1> to memref<?xi1>
    func.call @add(%n, %0, %1, %by) : (index, memref<?xi32>, memref<?xi1>, i32) -> ()
    rt.record_port @p.out, %x range(%low, %high) : memref<100xi32>
    rt.fill_random %bits, 3 keys(%step) range(%low, %high) : memref<100xi64>
    rt.fill_poisson %counts, 4 keys(%step) lambda %means range(%low, %high) : memref<100xi32>, memref<100xf64>
    scf.for %i = %l to %h step %c1 {
      %place = rt.index %step of 100 in "q"
      %2 = memref.load %x[%place] : memref<100xi32>
      memref.store %2, %x[%i] : memref<100xi32>
    } {rt.may_fail}
    scf.for %i = %l to %h step %c1 {
      %place = rt.index %step of 50 in "q"
      %2 = memref.load %x[%place] : memref<100xi32>
      memref.store %2, %x[%i] : memref<100xi32>
    } {rt.may_fail}
  }
  // CHECK:      void spk(rt::Context &ctx) {
  // CHECK-NEXT:   int32_t [[BY:v[0-9]+]] = p_x[0];
  // CHECK-NEXT:   rt::parallel(ctx, kWhole, [&](rt::Share &share) { spk_region(ctx, share, [[BY]]); });
  // CHECK-NEXT: }
  return
}
// CHECK: const rt::Program kProgram = {
// CHECK:     nullptr, // host
// CHECK-NEXT: nullptr,
// CHECK-NEXT: 0,
// CHECK-NEXT: nullptr,
// CHECK-NEXT: 0,
// CHECK-NEXT: kAxes,
// CHECK-NEXT: 2,
// CHECK-NEXT: nullptr,
// CHECK-NEXT: 0,
// CHECK-NEXT: };
