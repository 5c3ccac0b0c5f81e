// RUN: basalt-opt %s --narrow-products | FileCheck %s

step.program @net {
  step.state @p.w : tensor<2x3xsi32> = dense<1> : tensor<2x3xi32>
  step.state @p.k : tensor<2x1x2x1xsi8> = dense<1> : tensor<2x1x2x1xi8>
  step.state @p.long : tensor<2x3xsi64> = dense<1> : tensor<2x3xi64>
  step.state @p.s : tensor<3xi1> = dense<true> : tensor<3xi1>
  step.state @p.image : tensor<1x4x1xsi32> = dense<1> : tensor<1x4x1xi32>
  step.state @p.a : tensor<2xsi32> = dense<0> : tensor<2xi32>
  step.state @p.b : tensor<1x3x2xsi24> = dense<0> : tensor<1x3x2xi24>
  step.state @p.c : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.phase spk {
    // A sum that is stored in 32 bits is computed in 32; a shift by 0 and the question whether a spike is one go away.
    // CHECK-LABEL: step.task "stored"
    // CHECK-NEXT: %[[S:.*]] = step.get @p.s
    // CHECK-NEXT: %[[W:.*]] = step.get @p.w
    // CHECK-NEXT: %[[F:.*]] = arith.extui %[[S]] : tensor<3xi1> to tensor<3xi32>
    // CHECK-NEXT: %[[SUM:.*]] = num.matvec %[[W]], %[[F]] : tensor<2x3xi32>, tensor<3xi32> to tensor<2xi32>
    // CHECK-NEXT: step.set @p.a, %[[SUM]]
    step.task "stored" of "P" {
      %none = arith.constant dense<0> : tensor<2xi64>
      %zero = arith.constant dense<0> : tensor<3xi64>
      %s = step.get @p.s : tensor<3xi1>
      %number = arith.extui %s : tensor<3xi1> to tensor<3xi64>
      %is = arith.cmpi ne, %number, %zero : tensor<3xi64>
      %x = arith.extui %is : tensor<3xi1> to tensor<3xi64>
      %w = step.get @p.w : tensor<2x3xi32>
      %wide = arith.extsi %w : tensor<2x3xi32> to tensor<2x3xi64>
      %sum = num.matvec %wide, %x : tensor<2x3xi64>, tensor<3xi64> to tensor<2xi64>
      %shifted = num.shift %sum, %none : tensor<2xi64>
      %cut = arith.trunci %shifted : tensor<2xi64> to tensor<2xi32>
      step.set @p.a, %cut : tensor<2xi32>
      step.yield
    }
    // Fewer bits are cut off afterwards.
    // CHECK-LABEL: step.task "fewer"
    // CHECK: %[[K:.*]] = arith.extsi %{{.*}} : tensor<2x1x2x1xi8> to tensor<2x1x2x1xi32>
    // CHECK: %[[SUM:.*]] = num.conv2d %{{.*}}, %[[K]] stride [1, 1] padding [0, 0] dilation [1, 1] groups 1 : tensor<1x4x1xi32>, tensor<2x1x2x1xi32> to tensor<1x3x2xi32>
    // CHECK-NEXT: %[[CUT:.*]] = arith.trunci %[[SUM]] : tensor<1x3x2xi32> to tensor<1x3x2xi24>
    // CHECK-NEXT: step.set @p.b, %[[CUT]]
    step.task "fewer" of "P" {
      %image = step.get @p.image : tensor<1x4x1xi32>
      %x = arith.extsi %image : tensor<1x4x1xi32> to tensor<1x4x1xi64>
      %k = step.get @p.k : tensor<2x1x2x1xi8>
      %wide = arith.extsi %k : tensor<2x1x2x1xi8> to tensor<2x1x2x1xi64>
      %sum = num.conv2d %x, %wide stride [1, 1] padding [0, 0] dilation [1, 1] groups 1 : tensor<1x4x1xi64>, tensor<2x1x2x1xi64> to tensor<1x3x2xi64>
      %cut = arith.trunci %sum : tensor<1x3x2xi64> to tensor<1x3x2xi24>
      step.set @p.b, %cut : tensor<1x3x2xi24>
      step.yield
    }
    // Not a sum whose upper bits are used, nor one of numbers that have more.
    // CHECK-LABEL: step.task "others"
    // CHECK: num.matvec {{.*}} to tensor<2xi64>
    // CHECK: num.matvec {{.*}} to tensor<2xi64>
    // CHECK: num.matvec {{.*}} to tensor<2xi64>
    step.task "others" of "P" {
      %down = arith.constant dense<-1> : tensor<2xi64>
      %s = step.get @p.s : tensor<3xi1>
      %x = arith.extui %s : tensor<3xi1> to tensor<3xi64>
      %w = step.get @p.w : tensor<2x3xi32>
      %wide = arith.extsi %w : tensor<2x3xi32> to tensor<2x3xi64>
      %sum = num.matvec %wide, %x : tensor<2x3xi64>, tensor<3xi64> to tensor<2xi64>
      %half = num.shift %sum, %down : tensor<2xi64>
      %cut = arith.trunci %half : tensor<2xi64> to tensor<2xi32>
      step.set @p.a, %cut : tensor<2xi32>
      %long = step.get @p.long : tensor<2x3xi64>
      %other = num.matvec %long, %x : tensor<2x3xi64>, tensor<3xi64> to tensor<2xi64>
      %cut2 = arith.trunci %other : tensor<2xi64> to tensor<2xi32>
      step.set @p.a, %cut2 : tensor<2xi32>
      %third = num.matvec %wide, %x : tensor<2x3xi64>, tensor<3xi64> to tensor<2xi64>
      step.set @p.c, %third : tensor<2xi64>
      step.yield
    }
  }
}
