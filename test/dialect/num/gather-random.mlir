// RUN: basalt-opt --split-input-file --verify-diagnostics %s | FileCheck %s

// CHECK: num.gather %{{.*}} at %{{.*}} axis 1 : tensor<2x3xi8>, tensor<2x2xi64> to tensor<2x2x2xi8>
// CHECK: num.random_bits -5 keys(%{{.*}}, %{{.*}} : tensor<i64>, i64) : tensor<2xi64>
// CHECK: num.random_poisson 5 keys(%{{.*}} : i64) lambda %{{.*}} : tensor<2xf64> to tensor<2xi32>
// CHECK: num.random_poisson 6 keys(%{{.*}} : i64) lambda %{{.*}} : tensor<f64> to tensor<2x3xi32>
%m = arith.constant dense<1> : tensor<2x3xi8>
%i = arith.constant dense<1> : tensor<2x2xi64>
%a = num.gather %m at %i axis 1 : tensor<2x3xi8>, tensor<2x2xi64> to tensor<2x2x2xi8>
%key = arith.constant dense<1> : tensor<i64>
%counter = arith.constant 1 : i64
%bits = num.random_bits -5 keys(%key, %counter : tensor<i64>, i64) : tensor<2xi64>
%lambda = arith.constant dense<2.0> : tensor<2xf64>
%n = num.random_poisson 5 keys(%counter : i64) lambda %lambda : tensor<2xf64> to tensor<2xi32>
%one = arith.constant dense<2.0> : tensor<f64>
%k = num.random_poisson 6 keys(%counter : i64) lambda %one : tensor<f64> to tensor<2x3xi32>

// -----

%v = arith.constant dense<1> : tensor<3xi64>
%i = arith.constant dense<1> : tensor<2xi64>
// expected-error @+1 {{has no axis 1 to pick along}}
%a = num.gather %v at %i axis 1 : tensor<3xi64>, tensor<2xi64> to tensor<2xi64>

// -----

%v = arith.constant dense<1> : tensor<3xi64>
%i = arith.constant dense<1> : tensor<2xi64>
// expected-error @+1 {{has shapes that do not fit}}
%a = num.gather %v at %i axis 0 : tensor<3xi64>, tensor<2xi64> to tensor<3xi64>

// -----

%counter = arith.constant 1 : i64
%lambda = arith.constant dense<2.0> : tensor<2xf64>
// expected-error @+1 {{has a mean that is neither of rank 0 nor of the shape of the result}}
%n = num.random_poisson 5 keys(%counter : i64) lambda %lambda : tensor<2xf64> to tensor<3xi32>
