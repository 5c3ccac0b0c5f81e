// Programs for profiles say whose code follows, to the context and, in regions, to the share of the thread.
// RUN: basalt-opt --lower-to-loops --convert-to-native=profile --form-statements --check-native %s \
// RUN:   | basalt-translate --emitc-to-cpp > %t.cpp
// RUN: sed -E '/^ *\/\/ [a-z]+\.yaml:/d' %t.cpp | FileCheck %s
// RUN: clang++-22 -O1 %t.cpp %simulator -o %t && %t --steps 3 --profile 2>&1 | FileCheck %s --check-prefix=TABLE
// RUN: basalt-opt --lower-to-loops --form-parallel-regions=least=0 --convert-to-native=profile --form-statements %s \
// RUN:   | basalt-translate --emitc-to-cpp > %t.regions.cpp
// RUN: sed -E '/^ *\/\/ [a-z]+\.yaml:/d' %t.regions.cpp | FileCheck %s --check-prefix=REGION
// RUN: clang++-22 -O1 %t.regions.cpp %simulator -o %t && %t --steps 3 --threads 2 --profile 2>&1 \
// RUN:   | FileCheck %s --check-prefix=TABLE

#a = loc("a"("net.yaml":20:5))
#b = loc("b"("net.yaml":21:5))
#line = loc("net.yaml":12:13)
#say = loc("net.yaml":13:13)
step.program @net {
  step.state @a.x : tensor<200xf32> = dense<1.0> : tensor<200xf32>
  step.state @b.x : tensor<200xf32> = dense<1.0> : tensor<200xf32>
  step.state @b.n : tensor<i64> = dense<0> : tensor<i64>
  step.kernel @grow(%x: f32, %y: f32) {
    %0 = arith.addf %x, %y : f32
    step.yield %0 : f32
  }
  step.phase init {
    step.task "a" of "P" {
      %0 = step.get @b.x : tensor<200xf32> loc(callsite(#line at #a))
      step.update @grow [@a.x] ins(%0 : tensor<200xf32>) over [200] loc(callsite(#line at #a))
      step.yield
    } loc(callsite(#line at #a))
  }
  step.phase spk {
    step.task "a" of "P" {
      %0 = step.get @b.x : tensor<200xf32> loc(callsite(#line at #a))
      step.update @grow [@a.x] ins(%0 : tensor<200xf32>) over [200] loc(callsite(#line at #a))
      step.yield
    } loc(callsite(#line at #a))
    step.task "b" of "P" {
      %0 = step.get @a.x : tensor<200xf32> loc(callsite(#line at #b))
      step.update @grow [@b.x] ins(%0 : tensor<200xf32>) over [200] loc(callsite(#line at #b))
      %t = proc.time_step : tensor<i64> loc(callsite(#say at #b))
      step.set @b.n, %t : tensor<i64> loc(callsite(#say at #b))
      step.yield
    } loc(callsite(#line at #b))
  }
}

// CHECK:      void init(rt::Context &ctx) {
// CHECK-NEXT:   grow(200, a_x, b_x);
// CHECK-NEXT: }
// CHECK:      void spk(rt::Context &ctx) {
// CHECK-NEXT:   rt::mark(ctx, 0);
// CHECK-NEXT:   grow(200, a_x, b_x);
// CHECK-NEXT:   rt::mark(ctx, 1);
// CHECK-NEXT:   grow(200, b_x, a_x);
// CHECK-NEXT:   rt::mark(ctx, 2);
// CHECK-NEXT:   b_n[0] = ctx.timeStep;
// CHECK-NEXT: }
// CHECK:      // Of which profiles tell the time.
// CHECK-NEXT: const rt::PartInfo kParts[] = {
// CHECK-NEXT:     {"spk", "a", "grow"},
// CHECK-NEXT:     {"spk", "b", "grow"},
// CHECK-NEXT:     {"spk", "b", "code"},
// CHECK-NEXT: };
// CHECK:          kParts,
// CHECK-NEXT:     3,

// REGION:      void spk_region(rt::Context &ctx, rt::Share &share) {
// REGION:        rt::mark(share, 1);
// REGION-NEXT:   grow(
// REGION:        rt::mark(share, 2);
// REGION-NEXT:   grow(
// REGION:      void spk(rt::Context &ctx) {
// REGION-NEXT:   rt::mark(ctx, 0);
// REGION-NEXT:   b_n[0] = ctx.timeStep;
// REGION-NEXT:   rt::parallel(

// TABLE: profile of 'net': 3 time steps in {{.*}} each
// TABLE: share       time     a step  phase, process, code
// TABLE-NEXT: {{  (spk|between phases|waiting for other threads)$}}
// TABLE: memory
