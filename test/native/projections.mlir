// Projections as C++: the calls, and what the tables say about them; and what the program prints.
//
// RUN: basalt-opt --lower-to-loops --convert-to-native --form-statements --check-native %s | basalt-translate --emitc-to-cpp > %t.cpp
// RUN: sed '/^ *\/\/ /d' %t.cpp | FileCheck %s --check-prefix=CPP
// RUN: clang++-22 -O1 %t.cpp %simulator -o %t.clang
// RUN: g++ -O2 %t.cpp %simulator -o %t.gcc
// RUN: %t.clang --steps 6 | FileCheck %s --match-full-lines
// RUN: %t.gcc --steps 6 | FileCheck %s --match-full-lines

// The spikes of a step are kept once for all that are given them.
// CPP:      rt::SpikeHistory* n_s_history;
// CPP:      rt::Projection* s_line_projection;
// CPP-NOT:  rt::SpikeHistory* n_s_history;
// CPP:      rt::Projection* s_sums_projection;
// CPP:      void spk(rt::Context &ctx) {
// CPP:      rt::due(ctx, s_line_projection, {{.*}});
// CPP:      rt::due(ctx, s_sums_projection, {{.*}});
// CPP:      rt::keepSpikes(ctx, n_s_history, n_s);
// CPP-NOT:  rt::keepSpikes(ctx, n_s_history
// CPP:      rt::due(ctx, t_sums_projection, {{.*}});
// CPP:      rt::keepSpikes(ctx, t_history, {{.*}});
// As many steps are kept as the longest line has columns. The first delay may be negative.
// CPP:      const rt::HistoryInfo kHistories[] = {
// CPP-NEXT:   {2, 4, offsetof(net, n_s_history)},
// CPP-NEXT:   {1, 1, offsetof(net, t_history)},
// CPP:      const rt::ProjectionInfo kProjections[] = {
// CPP-NEXT:   {{.*}} -2, {{.*}}offsetof(net, s_line_projection)},
// CPP-NEXT:   {{.*}}rt::kNoState, 0, {{.*}}offsetof(net, s_sums_projection)},
// CPP-NEXT:   {{.*}}rt::kNoState, 0, {{.*}}offsetof(net, t_sums_projection)},
// CPP:        kHistories,
// CPP-NEXT:   2,
// CPP-NEXT:   kProjections,
// CPP-NEXT:   3,

// Synapses of source 0 deliver -7 into column -1 + 2, so a spike in step 1 arrives in step 3; those of source 1
// deliver 5 into column 0 + 2.
// CHECK:      [100 101 102] [0 0 0] [0.5]
// CHECK-NEXT: [0 0 0] [ 0  0 -7] [1.5]
// CHECK-NEXT: [ 0  0 -7] [5 0 0] [1.5]
// CHECK-NEXT: [0 0 0] [ 5  0 -7] [1.5]
// CHECK-NEXT: [ 5  0 -7] [0 0 0] [1.5]
// CHECK-NEXT: [5 0 0] [0 0 0] [1.5]
step.program @net {
  step.state @n.s : tensor<2xui1> = dense<false> : tensor<2xi1>
  step.state @s.w : tensor<2xsi8> = dense<0> : tensor<2xi8> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<0> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<0> : tensor<2xi32>
  step.state @s.d : tensor<2xsi16> = dense<0> : tensor<2xi16> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.line : tensor<3x4xsi32> = dense<0> : tensor<3x4xi32>
  step.state @s.sums : tensor<3xsi64> = dense<0> : tensor<3xi64>
  step.state @t.w : tensor<1xf32> = dense<0.0> : tensor<1xf32> {sparse = #proc.sparse<[1, 1], @t.w.offsets, @t.w.targets>}
  step.state @t.w.offsets : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.state @t.w.targets : tensor<1xsi32> = dense<0> : tensor<1xi32>
  step.state @t.sums : tensor<1xf32> = dense<0.0> : tensor<1xf32>
  step.projection @s.line.projection of @s.line weights @s.w delays @s.d first -2 history "n.s"
  step.projection @s.sums.projection of @s.sums weights @s.w history "n.s"
  step.projection @t.sums.projection of @t.sums weights @t.w history "t"
  step.phase init {
    // Initial values are not in C++.
    step.task "s" of "S" {
      %w = arith.constant dense<[-7, 5]> : tensor<2xi8>
      %o = arith.constant dense<[0, 1, 2]> : tensor<3xi64>
      %t = arith.constant dense<[2, 0]> : tensor<2xi32>
      %d = arith.constant dense<[-1, 0]> : tensor<2xi16>
      step.set @s.w, %w : tensor<2xi8>
      step.set @s.w.offsets, %o : tensor<3xi64>
      step.set @s.w.targets, %t : tensor<2xi32>
      step.set @s.d, %d : tensor<2xi16>
      %line = arith.constant dense<[[100, 0, 0, 0], [101, 0, 0, 0], [102, 0, 0, 0]]> : tensor<3x4xi32>
      step.set @s.line, %line : tensor<3x4xi32>
      %one = arith.constant dense<1.5> : tensor<1xf32>
      %p = arith.constant dense<[0, 1]> : tensor<2xi64>
      %half = arith.constant dense<0.5> : tensor<1xf32>
      step.set @t.w, %one : tensor<1xf32>
      step.set @t.w.offsets, %p : tensor<2xi64>
      step.set @t.sums, %half : tensor<1xf32>
      step.yield
    }
  }
  step.phase spk {
    step.task "n" of "N" {
      // Source 0 spikes in steps 1 and 3, source 1 in steps 2 and 3.
      %time = proc.time_step : tensor<i64>
      %all = num.broadcast %time : tensor<i64> to tensor<2xi64>
      %first = arith.constant dense<[1, 2]> : tensor<2xi64>
      %three = arith.constant dense<3> : tensor<2xi64>
      %a = arith.cmpi eq, %all, %first : tensor<2xi64>
      %b = arith.cmpi eq, %all, %three : tensor<2xi64>
      %s = arith.ori %a, %b : tensor<2xi1>
      step.set @n.s, %s : tensor<2xi1>
      step.yield
    }
    step.task "s" of "S" {
      %due = step.due @s.line.projection : tensor<3xi32>
      %sums = step.due @s.sums.projection : tensor<3xi64>
      %s = step.get @n.s : tensor<2xi1>
      step.advance @s.line.projection, %s : tensor<2xi1>
      step.advance @s.sums.projection, %s : tensor<2xi1>
      %one = step.due @t.sums.projection : tensor<1xf32>
      %half = arith.constant dense<0.5> : tensor<1xf32>
      %t = arith.cmpf oge, %one, %half : tensor<1xf32>
      step.advance @t.sums.projection, %t : tensor<1xi1>
      proc.print "{} {} {}"(%due, %sums, %one : tensor<3xi32>, tensor<3xi64>, tensor<1xf32>)
      step.yield
    }
  }
}
