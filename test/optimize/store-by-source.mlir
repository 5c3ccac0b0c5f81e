// RUN: basalt-opt %s --store-by-source | FileCheck %s
// RUN: basalt-opt %s --store-by-source=kernels=false | FileCheck %s --check-prefix=OFF

// Weights that only products read lie source by source; `init` sees them as they were.
// CHECK-LABEL: step.program @weights
// CHECK: step.state @dense.weights : tensor<3x2xsi32> = dense<{{\[\[}}1, 4], [2, 5], [3, 6]]> : tensor<3x2xi32> {by_source}
// CHECK: step.state @dense.delays : tensor<3x2xsi64> = dense<0> : tensor<3x2xi64> {by_source}
// CHECK: step.state @dense.mask : tensor<3x2xi1> = dense<{{\[\[}}true, false], [false, true], [false, false]]> : tensor<3x2xi1> {by_source}
step.program @weights {
  step.state @dense.a_buff : tensor<2x4xsi64> = dense<0> : tensor<2x4xi64>
  step.state @dense.b_buff : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.state @dense.weights : tensor<2x3xsi32> = dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  step.state @dense.delays : tensor<2x3xsi64> = dense<0> : tensor<2x3xi64>
  step.state @dense.mask : tensor<2x3xi1> = dense<[[1, 0, 0], [0, 1, 0]]> : tensor<2x3xi1>
  step.state @in.x : tensor<3xsi64> = dense<1> : tensor<3xi64>
  step.phase init {
    // CHECK: %[[STORED:.*]] = step.get @dense.weights : tensor<3x2xi32>
    // CHECK: %[[W:.*]] = num.transpose %[[STORED]] [1, 0]
    // CHECK: %[[SUM:.*]] = arith.addi %[[W]], %[[W]]
    // CHECK: %[[TURNED:.*]] = num.transpose %[[SUM]] [1, 0]
    // CHECK: step.set @dense.weights, %[[TURNED]] : tensor<3x2xi32>
    step.task "dense" of "Dense" {
      %w = step.get @dense.weights : tensor<2x3xi32>
      %sum = arith.addi %w, %w : tensor<2x3xi32>
      step.set @dense.weights, %sum : tensor<2x3xi32>
      step.yield
    }
  }
  step.phase spk {
    step.task "dense" of "Dense" {
      %x = step.get @in.x : tensor<3xi64>
      %w = step.get @dense.weights : tensor<2x3xi32>
      %wide = arith.extsi %w : tensor<2x3xi32> to tensor<2x3xi64>
      %d = step.get @dense.delays : tensor<2x3xi64>
      %a = num.deliver %wide after %d, %x : tensor<2x3xi64> after tensor<2x3xi64>, tensor<3xi64> to tensor<2x4xi64>
      step.set @dense.a_buff, %a : tensor<2x4xi64>
      %m = step.get @dense.mask : tensor<2x3xi1>
      %number = arith.extui %m : tensor<2x3xi1> to tensor<2x3xi64>
      %b = num.matvec %number, %x : tensor<2x3xi64>, tensor<3xi64> to tensor<2xi64>
      step.set @dense.b_buff, %b : tensor<2xi64>
      step.yield
    }
  }
}

// Not what changes, or is read in other ways, in a time step; nor what is no matrix.
// CHECK-LABEL: step.program @others
// CHECK-NOT: by_source
step.program @others {
  step.state @p.learning : tensor<2x3xsi64> = dense<0> : tensor<2x3xi64>
  step.state @p.summed : tensor<2x3xsi64> = dense<0> : tensor<2x3xi64>
  step.state @p.row : tensor<1x3xsi64> = dense<0> : tensor<1x3xi64>
  step.state @p.x : tensor<3xsi64> = dense<0> : tensor<3xi64>
  step.state @p.y : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.state @p.z : tensor<1xsi64> = dense<0> : tensor<1xi64>
  step.phase spk {
    step.task "p" of "P" {
      %x = step.get @p.x : tensor<3xi64>
      %w = step.get @p.learning : tensor<2x3xi64>
      %y = num.matvec %w, %x : tensor<2x3xi64>, tensor<3xi64> to tensor<2xi64>
      step.set @p.learning, %w : tensor<2x3xi64>
      %s = step.get @p.summed : tensor<2x3xi64>
      %t = num.matvec %s, %x : tensor<2x3xi64>, tensor<3xi64> to tensor<2xi64>
      %u = num.reduce sum %s axes [1] : tensor<2x3xi64> to tensor<2xi64>
      %both = arith.addi %t, %u : tensor<2xi64>
      %all = arith.addi %both, %y : tensor<2xi64>
      step.set @p.y, %all : tensor<2xi64>
      %r = step.get @p.row : tensor<1x3xi64>
      %z = num.matvec %r, %x : tensor<1x3xi64>, tensor<3xi64> to tensor<1xi64>
      step.set @p.z, %z : tensor<1xi64>
      step.yield
    }
  }
}

// Kernels of convolutions, whose targets are on the first axis, lie with them behind the others, whatever is done with these.
// CHECK-LABEL: step.program @kernels
// CHECK: step.state @conv.turned : tensor<1x2x1x2xsi32> = dense<{{.*}}1, 3{{.*}}2, 4{{.*}}> : tensor<1x2x1x2xi32> {by_source}
// CHECK: step.state @conv.moved : tensor<1x1x2x2xsi32> = dense<0> : tensor<1x1x2x2xi32> {by_source}
// CHECK: step.state @conv.other : tensor<1x1x2x2xsi32> = dense<0> : tensor<1x1x2x2xi32>{{$}}
// OFF-LABEL: step.program @kernels
// OFF-NOT: by_source
step.program @kernels {
  step.state @conv.turned : tensor<2x1x2x1xsi32> = dense<[[[[1], [2]]], [[[3], [4]]]]> : tensor<2x1x2x1xi32>
  step.state @conv.moved : tensor<2x1x1x2xsi32> = dense<0> : tensor<2x1x1x2xi32>
  step.state @conv.other : tensor<1x1x2x2xsi32> = dense<0> : tensor<1x1x2x2xi32>
  step.state @conv.x : tensor<1x4x1xsi64> = dense<0> : tensor<1x4x1xi64>
  step.state @conv.y : tensor<1x3x2xsi64> = dense<0> : tensor<1x3x2xi64>
  step.phase init {
    // CHECK: step.task "conv"
    // CHECK-NEXT: %[[STORED:.*]] = step.get @conv.turned : tensor<1x2x1x2xi32>
    // CHECK-NEXT: %[[W:.*]] = num.transpose %[[STORED]] [3, 0, 1, 2] : tensor<1x2x1x2xi32> to tensor<2x1x2x1xi32>
    // CHECK-NEXT: %[[SUM:.*]] = arith.addi %[[W]], %[[W]]
    // CHECK-NEXT: %[[BACK:.*]] = num.transpose %[[SUM]] [1, 2, 3, 0]
    // CHECK-NEXT: step.set @conv.turned, %[[BACK]] : tensor<1x2x1x2xi32>
    step.task "conv" of "Conv" {
      %w = step.get @conv.turned : tensor<2x1x2x1xi32>
      %sum = arith.addi %w, %w : tensor<2x1x2x1xi32>
      step.set @conv.turned, %sum : tensor<2x1x2x1xi32>
      step.yield
    }
  }
  step.phase spk {
    step.task "conv" of "Conv" {
      %x = step.get @conv.x : tensor<1x4x1xi64>
      %w = step.get @conv.turned : tensor<2x1x2x1xi32>
      %t = num.extract %w offsets [0, 0, 1, 0] sizes [2, 1, 2, 1] strides [1, 1, -1, 1] drop [] : tensor<2x1x2x1xi32> to tensor<2x1x2x1xi32>
      %wide = arith.extsi %t : tensor<2x1x2x1xi32> to tensor<2x1x2x1xi64>
      %y = num.conv2d %x, %wide stride [1, 1] padding [0, 0] dilation [1, 1] groups 1 : tensor<1x4x1xi64>, tensor<2x1x2x1xi64> to tensor<1x3x2xi64>
      %m = step.get @conv.moved : tensor<2x1x1x2xi32>
      %wide2 = arith.extsi %m : tensor<2x1x1x2xi32> to tensor<2x1x1x2xi64>
      %n = num.transpose %wide2 [0, 2, 3, 1] : tensor<2x1x1x2xi64> to tensor<2x1x2x1xi64>
      %z = num.conv2d %x, %n stride [1, 1] padding [0, 0] dilation [1, 1] groups 1 : tensor<1x4x1xi64>, tensor<2x1x2x1xi64> to tensor<1x3x2xi64>
      %o = step.get @conv.other : tensor<1x1x2x2xi32>
      %wide3 = arith.extsi %o : tensor<1x1x2x2xi32> to tensor<1x1x2x2xi64>
      %p = num.transpose %wide3 [3, 0, 2, 1] : tensor<1x1x2x2xi64> to tensor<2x1x2x1xi64>
      %q = num.conv2d %x, %p stride [1, 1] padding [0, 0] dilation [1, 1] groups 1 : tensor<1x4x1xi64>, tensor<2x1x2x1xi64> to tensor<1x3x2xi64>
      %yz = arith.addi %y, %z : tensor<1x3x2xi64>
      %all = arith.addi %yz, %q : tensor<1x3x2xi64>
      step.set @conv.y, %all : tensor<1x3x2xi64>
      step.yield
    }
  }
}
