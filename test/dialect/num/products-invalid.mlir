// RUN: basalt-opt --split-input-file --verify-diagnostics %s
//
// What the verifiers of products refuse.

%a = arith.constant dense<1> : tensor<2x3xi64>
%d = arith.constant dense<1> : tensor<3x2xi64>
%v = arith.constant dense<1> : tensor<3xi64>
// expected-error @+1 {{has shapes that do not fit}}
%b = num.deliver %a after %d, %v : tensor<2x3xi64> after tensor<3x2xi64>, tensor<3xi64> to tensor<2x2xi64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
%v = arith.constant dense<1> : tensor<2xi64>
// expected-error @+1 {{has shapes that do not fit}}
%b = num.deliver %a after %a, %v : tensor<2x3xi64> after tensor<2x3xi64>, tensor<2xi64> to tensor<2x2xi64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
%v = arith.constant dense<1.0> : tensor<3xf64>
// expected-error @+1 {{expects one element type, found 'i64' and 'f64'}}
%b = num.deliver %a after %a, %v : tensor<2x3xi64> after tensor<2x3xi64>, tensor<3xf64> to tensor<2x2xi64>

// -----

%x = arith.constant dense<1> : tensor<4x4x1xi64>
%w = arith.constant dense<1> : tensor<1x2x2x1xi64>
// expected-error @+1 {{expects two numbers for each of stride, padding and dilation}}
%b = num.conv2d %x, %w stride [1] padding [0, 0] dilation [1, 1] groups 1 : tensor<4x4x1xi64>, tensor<1x2x2x1xi64> to tensor<3x3x1xi64>

// -----

%x = arith.constant dense<1> : tensor<4x4x1xi64>
%w = arith.constant dense<1> : tensor<1x2x2x1xi64>
// expected-error @+1 {{expects stride and dilation from 1 and padding from 0}}
%b = num.conv2d %x, %w stride [1, 0] padding [0, 0] dilation [1, 1] groups 1 : tensor<4x4x1xi64>, tensor<1x2x2x1xi64> to tensor<3x3x1xi64>

// -----

%x = arith.constant dense<1> : tensor<4x4x2xi64>
%w = arith.constant dense<1> : tensor<3x2x2x1xi64>
// expected-error @+1 {{has channels that do not fit its groups}}
%b = num.conv2d %x, %w stride [1, 1] padding [0, 0] dilation [1, 1] groups 2 : tensor<4x4x2xi64>, tensor<3x2x2x1xi64> to tensor<3x3x3xi64>

// -----

%x = arith.constant dense<1> : tensor<4x4x1xi64>
%w = arith.constant dense<1> : tensor<1x5x2x1xi64>
// expected-error @+1 {{has shapes that do not fit}}
%b = num.conv2d %x, %w stride [1, 1] padding [0, 0] dilation [1, 1] groups 1 : tensor<4x4x1xi64>, tensor<1x5x2x1xi64> to tensor<0x3x1xi64>

// -----

%x = arith.constant dense<1> : tensor<4x4x1xi64>
%w = arith.constant dense<1> : tensor<1x2x2x1xi64>
// expected-error @+1 {{has shapes that do not fit}}
%b = num.conv2d %x, %w stride [2, 2] padding [0, 0] dilation [1, 1] groups 1 : tensor<4x4x1xi64>, tensor<1x2x2x1xi64> to tensor<3x2x1xi64>

// -----

%x = arith.constant dense<1> : tensor<4x4x1xi64>
%w = arith.constant dense<1> : tensor<1x2x2x1xi32>
// expected-error @+1 {{expects one element type, found 'i64' and 'i32'}}
%b = num.conv2d %x, %w stride [1, 1] padding [0, 0] dilation [1, 1] groups 1 : tensor<4x4x1xi64>, tensor<1x2x2x1xi32> to tensor<3x3x1xi64>

// -----

%w = arith.constant dense<1> : tensor<4xi64>
%o = arith.constant dense<[0, 4]> : tensor<2xi64>
%t = arith.constant dense<1> : tensor<3xi64>
%v = arith.constant dense<1> : tensor<1xi64>
// expected-error @+1 {{has shapes that do not fit}}
%b = num.sparse_matvec %w at(%o, %t), %v : tensor<4xi64> at(tensor<2xi64>, tensor<3xi64>), tensor<1xi64> to tensor<2xi64>

// -----

%w = arith.constant dense<1> : tensor<4xi64>
%o = arith.constant dense<[0, 4]> : tensor<2xi64>
%t = arith.constant dense<1> : tensor<4xi64>
%v = arith.constant dense<1> : tensor<2xi64>
// expected-error @+1 {{has shapes that do not fit}}
%b = num.sparse_matvec %w at(%o, %t), %v : tensor<4xi64> at(tensor<2xi64>, tensor<4xi64>), tensor<2xi64> to tensor<2xi64>

// -----

%w = arith.constant dense<1> : tensor<4xi64>
%o = arith.constant dense<[0, 4]> : tensor<2xi64>
%t = arith.constant dense<1> : tensor<4xi64>
%v = arith.constant dense<1.0> : tensor<1xf64>
// expected-error @+1 {{expects one element type, found 'i64' and 'f64'}}
%b = num.sparse_matvec %w at(%o, %t), %v : tensor<4xi64> at(tensor<2xi64>, tensor<4xi64>), tensor<1xf64> to tensor<2xi64>

// -----

%w = arith.constant dense<1> : tensor<4xi64>
%d = arith.constant dense<1> : tensor<3xi64>
%o = arith.constant dense<[0, 4]> : tensor<2xi64>
%t = arith.constant dense<1> : tensor<4xi64>
%v = arith.constant dense<1> : tensor<1xi64>
// expected-error @+1 {{has shapes that do not fit}}
%b = num.sparse_deliver %w after %d at(%o, %t), %v : tensor<4xi64> after tensor<3xi64> at(tensor<2xi64>, tensor<4xi64>), tensor<1xi64> to tensor<2x2xi64>

// -----

%w = arith.constant dense<1> : tensor<4xi64>
%o = arith.constant dense<> : tensor<0xi64>
%t = arith.constant dense<1> : tensor<4xi64>
// expected-error @+1 {{has shapes that do not fit}}
%b = num.to_dense %w at(%o, %t) : tensor<4xi64> at(tensor<0xi64>, tensor<4xi64>) to tensor<2x0xi64>

// -----

%w = arith.constant dense<1> : tensor<2x3xi64>
%o = arith.constant dense<[0, 4]> : tensor<2xi64>
%t = arith.constant dense<1> : tensor<4xi64>
// expected-error @+1 {{has shapes that do not fit}}
%b = num.at_synapses %w at(%o, %t) : tensor<2x3xi64> at(tensor<2xi64>, tensor<4xi64>) to tensor<4xi64>

// -----

%w = arith.constant dense<1> : tensor<2x1xi64>
%o = arith.constant dense<[0, 4]> : tensor<2xi64>
%t = arith.constant dense<1> : tensor<4xi64>
// expected-error @+1 {{expects one element type, found 'i64' and 'i32'}}
%b = num.at_synapses %w at(%o, %t) : tensor<2x1xi64> at(tensor<2xi64>, tensor<4xi64>) to tensor<4xi32>

// -----

// What sums begin with is as the result.
%a = arith.constant dense<1> : tensor<2x3xi64>
%v = arith.constant dense<1> : tensor<3xi64>
%x = arith.constant dense<1> : tensor<2x3xi64>
// expected-error @+1 {{has shapes that do not fit}}
%b = num.deliver %a after %a, %v onto %x : tensor<2x3xi64> after tensor<2x3xi64>, tensor<3xi64> onto tensor<2x3xi64> to tensor<2x2xi64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
%v = arith.constant dense<1> : tensor<3xi64>
%x = arith.constant dense<1> : tensor<2x2xi32>
// expected-error @+1 {{expects one element type, found 'i64' and 'i32'}}
%b = num.deliver %a after %a, %v onto %x : tensor<2x3xi64> after tensor<2x3xi64>, tensor<3xi64> onto tensor<2x2xi32> to tensor<2x2xi64>

// -----

%w = arith.constant dense<1> : tensor<4xi64>
%o = arith.constant dense<[0, 4]> : tensor<2xi64>
%v = arith.constant dense<1> : tensor<1xi64>
%x = arith.constant dense<1> : tensor<3x2xi64>
// expected-error @+1 {{has shapes that do not fit}}
%b = num.sparse_deliver %w after %w at(%o, %w), %v onto %x : tensor<4xi64> after tensor<4xi64> at(tensor<2xi64>, tensor<4xi64>), tensor<1xi64> onto tensor<3x2xi64> to tensor<2x2xi64>

// -----

%w = arith.constant dense<1> : tensor<4xi64>
%o = arith.constant dense<[0, 4]> : tensor<2xi64>
%v = arith.constant dense<1> : tensor<1xi64>
%x = arith.constant dense<1.0> : tensor<2x2xf64>
// expected-error @+1 {{expects one element type, found 'i64' and 'f64'}}
%b = num.sparse_deliver %w after %w at(%o, %w), %v onto %x : tensor<4xi64> after tensor<4xi64> at(tensor<2xi64>, tensor<4xi64>), tensor<1xi64> onto tensor<2x2xf64> to tensor<2x2xi64>
