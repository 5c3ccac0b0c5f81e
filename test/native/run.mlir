// What programs do when they run: exact widths, guards, ports, failures with their place.
//
// RUN: basalt-opt --lower-to-loops --convert-to-native --form-statements --check-native %s | basalt-translate --emitc-to-cpp > %t.cpp
// RUN: clang++-22 -O3 %t.cpp %simulator -o %t.clang
// RUN: g++ -O3 %t.cpp %simulator -o %t.gcc
// RUN: not %t.clang --steps 9 --set p.low=-1 --set p.x=8388606 > %t.out 2> %t.err
// RUN: FileCheck %s --input-file=%t.out
// RUN: FileCheck %s --input-file=%t.err --check-prefix=ERR
// RUN: not %t.gcc --steps 9 --set p.low=-1 --set p.x=8388606 > %t.out 2> %t.err
// RUN: FileCheck %s --input-file=%t.out
// RUN: FileCheck %s --input-file=%t.err --check-prefix=ERR
// RUN: rm -rf %t.dir && %t.clang --steps 2 --no-print --out %t.dir --probe p.s_out --probe p.x
// RUN: %python -c "import numpy, sys; print(numpy.load(sys.argv[1]).tolist(), numpy.load(sys.argv[2]).tolist())" %t.dir/p.s_out.npy %t.dir/p.x.npy | FileCheck %s --check-prefix=NPY
//
// A set checks the width of the declared type.
// RUN: not %t.clang --steps 1 --set p.low=4096 2>&1 | FileCheck %s --check-prefix=LIMIT
// LIMIT: error: {{.*}}'p.low'{{.*}}4096

// i24 wraps around.
// CHECK:      step 1: 8388607
// CHECK-NEXT: step 2: -8388608
// post_guard holds in every third step.
// CHECK-NEXT: step 3: -8388607
// CHECK-NEXT: spikes [False  True  True] sum 2
// CHECK-NEXT: step 4: -8388606
// The index 5 is outside.
// ERR: net.yaml:40:5: error: index 5 is out of range for an axis of extent 5 (instance 'p', time step 5)

// NPY: {{\[\[}}0, 1, 1], [0, 1, 1]] [1, 2]
step.program @net {
  step.state @p.x : tensor<si24> = dense<0> : tensor<i24>
  step.state @p.low : tensor<si12> = dense<0> : tensor<i12>
  step.state @p.v : tensor<5xsi64> = dense<0> : tensor<5xi64>
  step.state @p.last : tensor<3xi1> = dense<false> : tensor<3xi1>
  step.port @p.s_out : tensor<3xui1>
  step.kernel @fire(%v: i64) {
    %zero = arith.constant 0 : i64
    %s = arith.cmpi sgt, %v, %zero : i64
    step.yield %s : i1
  }
  step.guard @p.post_guard of "p" post_guard {
    %t = proc.time_step : tensor<i64>
    %three = arith.constant dense<3> : tensor<i64>
    %zero = arith.constant dense<0> : tensor<i64>
    %rest = num.mod %t, %three : tensor<i64>
    %due = arith.cmpi eq, %rest, %zero : tensor<i64>
    step.yield %due : tensor<i1>
  }
  step.phase spk {
    step.task "p" of "P" {
      %x = step.get @p.x : tensor<i24>
      %e = arith.extsi %x : tensor<i24> to tensor<i64>
      %one = arith.constant dense<1> : tensor<i64>
      %sum = arith.addi %e, %one : tensor<i64>
      %n = arith.trunci %sum : tensor<i64> to tensor<i24>
      step.set @p.x, %n : tensor<i24>
      %w = arith.extsi %n : tensor<i24> to tensor<i64>
      %t = proc.time_step : tensor<i64>
      %v = step.get @p.v : tensor<5xi64>
      %at = num.insert %t into %v [%t : tensor<i64>] offsets [-9223372036854775808] sizes [1] strides [1] drop [0] : tensor<i64> into tensor<5xi64> loc("net.yaml":40:5)
      step.set @p.v, %at : tensor<5xi64>
      proc.print "step {}: {}" (%t, %w : tensor<i64>, tensor<i64>)
      %part = arith.constant dense<[0, 3, 7]> : tensor<3xi64>
      %s = step.update @fire [] ins(%part : tensor<3xi64>) over [3] -> tensor<3xi1>
      step.probe @p.s_out, %s : tensor<3xi1>
      step.set @p.last, %s : tensor<3xi1>
      step.yield
    }
  }
  step.phase post_mgmt {
    step.task "p" of "P" if @p.post_guard {
      %s = step.get @p.last : tensor<3xi1>
      %u = arith.extui %s : tensor<3xi1> to tensor<3xi64>
      %n = num.reduce sum %u axes [0] : tensor<3xi64> to tensor<i64>
      proc.print "spikes {} sum {}" (%s, %n : tensor<3xi1>, tensor<i64>)
      step.yield
    }
  }
}
