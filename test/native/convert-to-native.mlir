// RUN: basalt-opt --convert-to-native --form-statements --check-native --split-input-file %s | FileCheck %s --check-prefix=EMITC
// RUN: basalt-opt --convert-to-native --form-statements --check-native %s | basalt-translate --emitc-to-cpp > %t.cpp
// RUN: sed '/^ *\/\/ /d' %t.cpp | FileCheck %s
// RUN: clang++-22 -O1 %t.cpp %simulator -Wno-unused -o %t
// RUN: g++ -O1 %t.cpp %simulator -Wno-unused -o %t

// Only emitc is left, and memory that a kernel does not write is const.
//
// EMITC-NOT: {{(^|[^.])}}func.func
// EMITC:     emitc.func @integers(%{{.*}}: index, %{{.*}}: !emitc.opaque<"const int32_t *__restrict">, %{{.*}}: !emitc.opaque<"int64_t *__restrict">, %{{.*}}: i64) attributes {rt.arg_names = ["n", "class_2", "out", "k"], specifiers = ["static", "inline"]}
// EMITC:     emitc.class @net {
// EMITC:       emitc.field @p_b : !emitc.opaque<"rt::Array<uint8_t, 4>">

// CHECK:      static const int16_t constant[3] = {-2048, 0, 2047};
// CHECK:      const rt::Site kSites[] = {
// CHECK-NEXT:   {"net.yaml", 7, 3, "p"},

// Sums and products of what is narrow are plain; others wrap.
//
// CHECK:      static inline void integers(size_t n, const int32_t *__restrict class_2, int64_t *__restrict out,
// CHECK-NEXT:   int64_t k) {
// CHECK-NEXT:   for (size_t [[I:i[0-9]+]] = 0; [[I]] < n; [[I]] += 1) {
// CHECK-NEXT:     int32_t [[L:v[0-9]+]] = class_2[[[I]]];
// CHECK-NEXT:     int64_t [[E:v[0-9]+]] = (int64_t) [[L]];
// CHECK:          [[E]] + 5
// CHECK:          [[E]] * [[E]]
// CHECK:          rt::add([[E]], k)
// CHECK:          rt::mul(k, k)
// CHECK:          rt::mask<24>([[L]])
// CHECK:          rt::floordiv(
// CHECK:          rt::wrap<24>(rt::mod(
// CHECK:          rt::shift(
// CHECK:          rt::maxInt(

// Comparisons of floats mean what IEEE says for NaN.
//
// CHECK:      static inline void floats(size_t n, double *__restrict x, float y) {
// CHECK-DAG:      double [[X:v[0-9]+]] = x[{{i[0-9]+}}];
// CHECK-DAG:      [[X]] + 0.1;
// CHECK-DAG:      !([[X]] >= 0.1) ? rt::maxFloat([[X]], __builtin_inf()) : rt::expFloat([[X]])
// CHECK-DAG:      (double) y
// CHECK-DAG:      rt::toInt(

// CHECK:      class net {
// CHECK:        rt::Array<int32_t, 4> p_a;
// CHECK-NEXT:   rt::Array<uint8_t, 4> p_b;
// CHECK-NEXT:   rt::Array<int16_t, 1> p_b_2;
// CHECK:        void spk(rt::Context &ctx) {
// CHECK-NEXT:     const int64_t timeStep = ctx.timeStep;
// CHECK:          for (size_t
// CHECK-NEXT:         int32_t [[N:v[0-9]+]] = rt::wrap<24>(timeStep);
// CHECK-NEXT:         p_a[{{.*}}] = [[N]];
// CHECK-NEXT:         bool [[ODD:v[0-9]+]] = rt::wrap<1>([[N]]);
// CHECK-NEXT:         p_b[{{.*}}] = [[ODD]];
// CHECK:          size_t [[AT:v[0-9]+]] = rt::index(ctx, timeStep, 4, kSites[0]);
// CHECK:          bool [[B:v[0-9]+]] = p_b[[[AT]]];
// CHECK:          if ([[B]]) {
// CHECK-NEXT:       integers(4, p_a,
// CHECK-NEXT:     }
// CHECK:          rt::check(ctx, [[B]], kSites[1], "say \"no\"\\");
// CHECK:          rt::recordPort(ctx, 0, p_b);
// CHECK:          rt::print(ctx, "{{[{][{]}}{} {}", rt::view(p_b, 2, 2), rt::scalar<bool>([[B]]));
// CHECK-NEXT:     rt::pause(ctx);
// CHECK-NEXT:     rt::stop(ctx);
// CHECK-NEXT:   }

// CHECK:      {"p.a", {rt::Kind::Signed, 24}, 1, kShape4, nullptr, false
// CHECK-NEXT: {"p.b", {rt::Kind::Bool, 1}, 2, kShape2x2, nullptr, false
// CHECK-NEXT: {"p_b", {rt::Kind::Unsigned, 12}, 0, nullptr, nullptr, false
// CHECK:      const rt::PortInfo kPorts[] = {
// CHECK-NEXT:   {"p.out", {rt::Kind::Unsigned, 1}, 2, kShape2x2},
// CHECK:      {"q.a", "p.a"},
// CHECK:      6, // guards that are constant
// CHECK:      nullptr, // init
// CHECK-NEXT: [](void *object, rt::Context &ctx) { return static_cast<net *>(object)->spk(ctx); }, // spk
// CHECK-NEXT: nullptr, // guards_after_spk
module {
  step.program @net {
    step.state @p.a : tensor<4xsi24> = dense<0> : tensor<4xi24>
    step.state @p.b : tensor<2x2xi1> = dense<false> : tensor<2x2xi1>
    step.state @p_b : tensor<ui12> = dense<0> : tensor<i12>
    step.port @p.out : tensor<2x2xui1>
    step.alias "q.a" to @p.a
  }
  memref.global "private" @p.a : memref<4xi24> = uninitialized
  memref.global "private" @p.b : memref<4xi1> = uninitialized
  memref.global "private" @p_b : memref<1xi12> = uninitialized
  memref.global "private" @p.scratch : memref<4xi64> = uninitialized
  memref.global "private" constant @constant : memref<3xi12> = dense<[-2048, 0, 2047]>
  func.func private @integers(%n: index {rt.name = "n"}, %x: memref<?xi24> {rt.name = "class"}, %out: memref<?xi64> {rt.name = "out"}, %k: i64 {rt.name = "k"}) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c5 = arith.constant 5 : i64
    scf.for %i = %c0 to %n step %c1 {
      %0 = memref.load %x[%i] : memref<?xi24>
      %e = arith.extsi %0 : i24 to i64
      %1 = arith.addi %e, %c5 : i64
      memref.store %1, %out[%i] : memref<?xi64>
      %2 = arith.muli %e, %e : i64
      memref.store %2, %out[%i] : memref<?xi64>
      %3 = arith.addi %e, %k : i64
      memref.store %3, %out[%i] : memref<?xi64>
      %4 = arith.muli %k, %k : i64
      memref.store %4, %out[%i] : memref<?xi64>
      %5 = arith.extui %0 : i24 to i64
      memref.store %5, %out[%i] : memref<?xi64>
      %6 = num.floordiv %3, %c5 : i64
      memref.store %6, %out[%i] : memref<?xi64>
      %7 = num.mod %0, %0 : i24
      %8 = arith.extsi %7 : i24 to i64
      memref.store %8, %out[%i] : memref<?xi64>
      %9 = num.shift %k, %c5 : i64
      memref.store %9, %out[%i] : memref<?xi64>
      %10 = arith.maxsi %k, %c5 : i64
      memref.store %10, %out[%i] : memref<?xi64>
    }
    return
  }
  func.func private @floats(%n: index {rt.name = "n"}, %x: memref<?xf64> {rt.name = "x"}, %y: f32 {rt.name = "y"}) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %tenth = arith.constant 0.1 : f64
    %inf = arith.constant 0x7FF0000000000000 : f64
    scf.for %i = %c0 to %n step %c1 {
      %0 = memref.load %x[%i] : memref<?xf64>
      %1 = arith.addf %0, %tenth : f64
      memref.store %1, %x[%i] : memref<?xf64>
      %2 = arith.cmpf ult, %0, %tenth : f64
      %3 = arith.maximumf %0, %inf : f64
      %4 = num.exp %0 : f64
      %5 = arith.extf %y : f32 to f64
      %6 = arith.select %2, %3, %4 : f64
      %7 = arith.addf %6, %5 : f64
      %8 = num.to_int %7 : f64 to i64
      %9 = arith.sitofp %8 : i64 to f64
      memref.store %9, %x[%i] : memref<?xf64>
    }
    return
  }
  func.func @guards_after_spk() -> i32 {
    %bits = arith.constant 2 : i32
    return %bits : i32
  }
  func.func @guards_before_post() -> i32 {
    %bits = arith.constant 4 : i32
    return %bits : i32
  }
  func.func @spk() {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %a = memref.get_global @p.a : memref<4xi24>
    %b = memref.get_global @p.b : memref<4xi1>
    %s = memref.get_global @p.scratch : memref<4xi64>
    %t = proc.time_step : i64
    scf.for %i = %c0 to %c4 step %c1 {
      %n = arith.trunci %t : i64 to i24
      memref.store %n, %a[%i] : memref<4xi24>
      %odd = arith.trunci %n : i24 to i1
      memref.store %odd, %b[%i] : memref<4xi1>
    }
    %at = rt.index %t of 4 in "p" loc("net.yaml":7:3)
    %flag = memref.load %b[%at] : memref<4xi1>
    scf.if %flag {
      %v = memref.cast %a : memref<4xi24> to memref<?xi24>
      %w = memref.cast %s : memref<4xi64> to memref<?xi64>
      func.call @integers(%c4, %v, %w, %t) : (index, memref<?xi24>, memref<?xi64>, i64) -> ()
    }
    rt.assert %flag, "say \22no\22\\" in "p"
    rt.record_port @p.out, %b : memref<4xi1>
    rt.print "{{{} {}" (%b, %flag : memref<4xi1>, i1) shapes [array<i64: 2, 2>, array<i64>]
    proc.pause
    proc.stop
    return
  }
}
