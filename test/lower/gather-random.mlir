// RUN: basalt-opt --lower-to-loops %s | FileCheck %s
// RUN: basalt-opt --lower-to-loops --convert-to-native --form-statements --check-native %s | basalt-translate --emitc-to-cpp \
// RUN:   | FileCheck %s --check-prefix=CPP

// A gather is a loop that checks each index before it picks. What is picked is widened, not all.
//
// CHECK-LABEL: func.func @spk()
// CHECK:         %[[M:.*]] = memref.get_global @a.m
// CHECK:         %[[W:.*]] = memref.get_global @a.w
// CHECK-NEXT:    scf.for %[[A:.*]] = %c0 to %c2
// CHECK-NEXT:      scf.for %[[B:.*]] = %c0 to %c2
// CHECK-NEXT:        %[[I:.*]] = memref.load %{{.*}}[%[[B]]] : memref<2xi64>
// CHECK-NEXT:        %[[AT:.*]] = rt.index %[[I]] of 3 in "a"
// CHECK-NEXT:        scf.for %[[C:.*]] = %c0 to %c2
// CHECK-NEXT:          %[[X:.*]] = arith.muli %[[A]], %c3
// CHECK-NEXT:          %[[Y:.*]] = arith.addi %[[X]], %[[AT]]
// CHECK:               memref.load %[[M]][
// CHECK:               memref.store %{{.*}}, %[[W]][
// CHECK:         rt.index %{{.*}} of 4 in "a"
// CHECK-NEXT:    %[[N:.*]] = memref.load %{{.*}} : memref<4xi24>
// CHECK-NEXT:    arith.extsi %[[N]] : i24 to i64

// Nothing is picked, but the indices are checked.
//
// CHECK:         scf.for %[[E:.*]] = %c0 to %c2
// CHECK-NEXT:      %[[J:.*]] = memref.load %{{.*}}[%[[E]]]
// CHECK-NEXT:      rt.index %[[J]] of 3 in "a"
// CHECK-NEXT:    }

// Random bits are computed right where they are needed, by the run-time library.
//
// CHECK:         %[[SEED:.*]] = proc.seed : i64
// CHECK-NEXT:    %[[STEP:.*]] = proc.time_step : i64
// CHECK-NEXT:    %[[BITS:.*]] = memref.get_global @a.b : memref<4xi64>
// CHECK-NEXT:    rt.fill_random %[[BITS]], 5 keys(%[[SEED]], %{{.*}}, %[[STEP]]) : memref<4xi64>

// So are Poisson numbers, whose mean is one for all or one for each; a constant mean of all is one.
//
// CHECK:         %[[N:.*]] = memref.get_global @a.n
// CHECK-NEXT:    rt.fill_poisson %[[N]], 7 keys(%{{.*}}) lambda %{{.*}} : memref<4xi32>, f64
// CHECK:         %[[L:.*]] = memref.get_global @a.l : memref<4xf64>
// CHECK:         rt.fill_poisson %{{.*}}, 8 keys(%{{.*}}) lambda %[[L]] : memref<4xi32>, memref<4xf64>
// CHECK:         scf.for %[[K:.*]] = %c0_i64 to %c4_i64
// CHECK:           rt.fill_random %[[ONE:.*]], 6 keys(%{{.*}}, %[[K]]) : memref<1xi64>
// CHECK-NEXT:      %[[BIT:.*]] = memref.load %[[ONE]][%c0]
// CHECK-NEXT:      memref.store %[[BIT]]

// CPP:      rt::RandomKey [[KEY:v[0-9]+]] = rt::randomKey(5, int64_t(ctx.seed), a_key[0], ctx.timeStep);
// CPP-NEXT: rt::fillRandomBits(a_b, 4, [[KEY]]);
// CPP:      rt::RandomKey [[OWN:v[0-9]+]] = rt::randomKey(7, v{{[0-9]+}});
// CPP-NEXT: rt::fillPoisson(a_n, 4, [[OWN]], 2.0);
// CPP:      rt::fillPoisson({{.*}}, 4, {{.*}}, a_l);
// CPP:      rt::randomKey(6, v{{[0-9]+}}, i{{[0-9]+}});
step.program @net {
  step.state @a.key : tensor<si64> = dense<3> : tensor<i64>
  step.state @a.v : tensor<4xsi24> = dense<0> : tensor<4xi24>
  step.state @a.m : tensor<2x3x2xf32> = dense<0.0> : tensor<2x3x2xf32>
  step.state @a.i : tensor<2xsi8> = dense<0> : tensor<2xi8>
  step.state @a.w : tensor<2x2x2xf32> = dense<0.0> : tensor<2x2x2xf32>
  step.state @a.x : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.state @a.b : tensor<4xsi64> = dense<0> : tensor<4xi64>
  step.state @a.l : tensor<4xf64> = dense<0.5> : tensor<4xf64>
  step.state @a.n : tensor<4xsi32> = dense<0> : tensor<4xi32>
  step.phase spk {
    step.task "a" of "A" {
      %i8 = step.get @a.i : tensor<2xi8>
      %i = arith.extsi %i8 : tensor<2xi8> to tensor<2xi64>
      %m = step.get @a.m : tensor<2x3x2xf32>
      %p = num.gather %m at %i axis 1 : tensor<2x3x2xf32>, tensor<2xi64> to tensor<2x2x2xf32>
      step.set @a.w, %p : tensor<2x2x2xf32>
      %v = step.get @a.v : tensor<4xi24>
      %wide = arith.extsi %v : tensor<4xi24> to tensor<4xi64>
      %q = num.gather %wide at %i axis 0 : tensor<4xi64>, tensor<2xi64> to tensor<2xi64>
      step.set @a.x, %q : tensor<2xi64>
      %none = arith.constant dense<> : tensor<0x3xi64>
      %z = num.gather %none at %i axis 1 : tensor<0x3xi64>, tensor<2xi64> to tensor<0x2xi64>
      step.yield
    }
    step.task "a" of "A" {
      %key = step.get @a.key : tensor<i64>
      %seed = proc.seed : tensor<i64>
      %t = proc.time_step : tensor<i64>
      %bits = num.random_bits 5 keys(%seed, %key, %t : tensor<i64>, tensor<i64>, tensor<i64>) : tensor<4xi64>
      step.set @a.b, %bits : tensor<4xi64>
      step.yield
    }
    step.task "a" of "A" {
      %key = step.get @a.key : tensor<i64>
      %lambda = arith.constant dense<2.0> : tensor<f64>
      %n = num.random_poisson 7 keys(%key : tensor<i64>) lambda %lambda : tensor<f64> to tensor<4xi32>
      step.set @a.n, %n : tensor<4xi32>
      %l = step.get @a.l : tensor<4xf64>
      %m = num.random_poisson 8 keys(%key : tensor<i64>) lambda %l : tensor<4xf64> to tensor<4xi32>
      %wide = arith.extsi %m : tensor<4xi32> to tensor<4xi64>
      step.set @a.b, %wide : tensor<4xi64>
      step.yield
    }
    step.task "a" of "A" {
      %key = step.get @a.key : tensor<i64>
      %c0 = arith.constant 0 : i64
      %c1 = arith.constant 1 : i64
      %c4 = arith.constant 4 : i64
      scf.for %k = %c0 to %c4 step %c1 : i64 {
        %bits = num.random_bits 6 keys(%key, %k : tensor<i64>, i64) : tensor<i64>
        step.set @a.key, %bits : tensor<i64>
      }
      step.yield
    }
  }
}
