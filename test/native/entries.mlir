// Updates of entries as C++: the calls, the index, what the tables say about it; and what the program prints.
//
// RUN: basalt-opt --lower-to-loops --convert-to-native --form-statements --check-native %s | basalt-translate --emitc-to-cpp > %t.cpp
// RUN: sed '/^ *\/\/ /d' %t.cpp | FileCheck %s --check-prefix=CPP
// RUN: clang++-22 -O1 %t.cpp %simulator -o %t.clang
// RUN: g++ -O2 %t.cpp %simulator -o %t.gcc
// RUN: %t.clang --steps 3 | FileCheck %s --match-full-lines
// RUN: %t.gcc --steps 3 | FileCheck %s --match-full-lines

// A kernel that takes powers does two vectors at a time. The same kernel has functions for rows and for columns.
// CPP:      static inline void k(size_t n, double *__restrict w, const double *__restrict x, float y, double r) {
// CPP-NEXT:   BASALT_TWO_AT_A_TIME
// CPP-NEXT:   for (size_t
// CPP:      static inline void [[ROWS:k_[0-9]+]](size_t n, double *__restrict w, const float *__restrict y, double x,
// What a call hands over is not known to be small.
// CPP:      static inline void up(size_t n, int8_t *__restrict u, int64_t in0) {
// CPP-NOT:    BASALT_TWO_AT_A_TIME
// States with entries at the same places share an index.
// CPP:      const rt::TargetIndex* s_w_by_target;
// CPP-NOT:  const rt::TargetIndex*
// CPP:      void spk(rt::Context &ctx) {
// CPP:        rt::updateColumns<k>(s_post, 0, 3, *s_w_by_target, rt::Updated<double>{s_w}, rt::OfSource<double>{s_x}, rt::OfTarget<float>{s_y}, {{.*}});
// CPP:        rt::updateRows<[[ROWS]]>(s_pre, 0, 4, s_w_offsets, s_w_targets, rt::Updated<double>{s_w}, rt::OfTarget<float>{s_y}, rt::OfSource<double>{s_x}, {{.*}});
// CPP:        rt::updateColumns<up>(s_post, 0, 3, *s_w_by_target, rt::Updated<int8_t>{s_u}, {{.*}});
// CPP:        rt::addRows<double, double>({{.*}}, s_w, s_w_offsets, s_w_targets, s_pre, 4);
// CPP:        rt::addRows<int64_t, int8_t>({{.*}}, s_u, s_w_offsets, s_w_targets, s_pre, 4);
// CPP:      const rt::TargetIndexInfo kTargetIndexes[] = {
// CPP-NEXT:   {{[{]}}{{[0-9]+}}, offsetof(net, s_w_by_target)},
// CPP-NEXT: };
// CPP:        kTargetIndexes,
// CPP-NEXT:   1,
// CPP-NEXT: };

// Target 1 spikes, sources 0 and 2 do. Entries: (0, 0), (1, 1), (0, 2), (2, 2), (1, 3).
// By target: entries 1 and 4, w + x^2 + y r: x = 2 and 4, y r = 0.5. By source: 0, 2 and 3: x = 1 and 3, y r = 0.25, 0.25, 0.75.
// CHECK:      [ 2.25  5.5  10.25 10.75 17.5 ] [1 2 1 1 2] [12.5   0.   10.75] [2 0 1]
// CHECK-NEXT: [ 3.5 10.  19.5 20.5 34. ] [1 3 1 1 3] [23.   0.  20.5] [2 0 1]
// CHECK-NEXT: [ 4.75 14.5  28.75 30.25 50.5 ] [1 4 1 1 4] [33.5   0.   30.25] [2 0 1]
step.program @net {
  step.state @s.w : tensor<5xf64> = dense<0.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.u : tensor<5xsi8> = dense<0> : tensor<5xi8> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<0> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<0> : tensor<5xi32>
  step.state @s.x : tensor<4xf64> = dense<0.0> : tensor<4xf64>
  step.state @s.y : tensor<3xf32> = dense<0.0> : tensor<3xf32>
  step.state @s.r : tensor<f64> = dense<0.0> : tensor<f64>
  step.state @s.pre : tensor<4xi1> = dense<false> : tensor<4xi1>
  step.state @s.post : tensor<3xi1> = dense<false> : tensor<3xi1>
  step.state @s.sums : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.state @s.seen : tensor<4xsi64> = dense<0> : tensor<4xi64>
  step.kernel @k(%w: f64, %x: f64, %y: f32, %r: f64) {
    %two = arith.constant 2.0 : f64
    %0 = num.powf %x, %two : f64
    %1 = arith.extf %y : f32 to f64
    %2 = arith.mulf %1, %r : f64
    %3 = arith.addf %w, %0 : f64
    %4 = arith.addf %3, %2 : f64
    step.yield %4 : f64
  }
  step.kernel @up(%u: i8, %by: i64) {
    %0 = arith.trunci %by : i64 to i8
    %1 = arith.addi %u, %0 : i8
    step.yield %1 : i8
  }
  step.phase init {
    // Initial values are not in C++.
    step.task "s" of "S" {
      %0 = arith.constant dense<[1.0, 1.0, 1.0, 1.0, 1.0]> : tensor<5xf64>
      step.set @s.w, %0 : tensor<5xf64>
      %1 = arith.constant dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
      step.set @s.w.offsets, %1 : tensor<5xi64>
      %2 = arith.constant dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
      step.set @s.w.targets, %2 : tensor<5xi32>
      %3 = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf64>
      step.set @s.x, %3 : tensor<4xf64>
      %4 = arith.constant dense<[0.5, 1.0, 1.5]> : tensor<3xf32>
      step.set @s.y, %4 : tensor<3xf32>
      %5 = arith.constant dense<0.5> : tensor<f64>
      step.set @s.r, %5 : tensor<f64>
      %6 = arith.constant dense<[true, false, true, false]> : tensor<4xi1>
      step.set @s.pre, %6 : tensor<4xi1>
      %7 = arith.constant dense<[false, true, false]> : tensor<3xi1>
      step.set @s.post, %7 : tensor<3xi1>
      %8 = arith.constant dense<1> : tensor<5xi8>
      step.set @s.u, %8 : tensor<5xi8>
      step.yield
    }
  }
  step.phase spk {
    step.task "s" of "S" {
      %x = step.get @s.x : tensor<4xf64>
      %y = step.get @s.y : tensor<3xf32>
      %r = step.get @s.r : tensor<f64>
      %pre = step.get @s.pre : tensor<4xi1>
      %post = step.get @s.post : tensor<3xi1>
      %o = step.get @s.w.offsets : tensor<5xi64>
      %t = step.get @s.w.targets : tensor<5xi32>
      %one = arith.constant dense<1> : tensor<i64>
      step.update_entries @k @s.w by target %post ins(source %x : tensor<4xf64>, target %y : tensor<3xf32>, every %r : tensor<f64>) : tensor<3xi1>
      step.update_entries @k @s.w by source %pre ins(source %x : tensor<4xf64>, target %y : tensor<3xf32>, every %r : tensor<f64>) : tensor<4xi1>
      step.update_entries @up @s.u by target %post ins(every %one : tensor<i64>) : tensor<3xi1>
      %w = step.get @s.w : tensor<5xf64>
      %u = step.get @s.u : tensor<5xi8>
      %numbers = arith.extui %pre : tensor<4xi1> to tensor<4xi64>
      %factors = arith.sitofp %numbers : tensor<4xi64> to tensor<4xf64>
      %sums = num.sparse_matvec %w at(%o, %t), %factors : tensor<5xf64> at(tensor<5xi64>, tensor<5xi32>), tensor<4xf64> to tensor<3xf64>
      step.set @s.sums, %sums : tensor<3xf64>
      %wide = arith.extsi %u : tensor<5xi8> to tensor<5xi64>
      %counts = arith.extui %pre : tensor<4xi1> to tensor<4xi64>
      %others = num.sparse_matvec %wide at(%o, %t), %counts : tensor<5xi64> at(tensor<5xi64>, tensor<5xi32>), tensor<4xi64> to tensor<3xi64>
      %u64 = arith.extsi %u : tensor<5xi8> to tensor<5xi64>
      proc.print "{} {} {} {}"(%w, %u64, %sums, %others : tensor<5xf64>, tensor<5xi64>, tensor<3xf64>, tensor<3xi64>)
      step.yield
    }
  }
}
