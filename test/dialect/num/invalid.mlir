// RUN: basalt-opt --verify-diagnostics --split-input-file %s

%a = arith.constant dense<1> : tensor<2x3xi64>
// expected-error @+1 {{cannot drop axes: rank 2 to rank 1}}
%b = num.broadcast %a : tensor<2x3xi64> to tensor<3xi64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
// expected-error @+1 {{cannot broadcast an extent of 3 to 4}}
%b = num.broadcast %a : tensor<2x3xi64> to tensor<2x4xi64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
// expected-error @+1 {{has operand and result of different element types, 'i64' and 'i32'}}
%b = num.broadcast %a : tensor<2x3xi64> to tensor<2x3xi32>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
// expected-error @+1 {{changes the number of elements from 6 to 5}}
%b = num.reshape %a : tensor<2x3xi64> to tensor<5xi64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
// expected-error @+1 {{expects a permutation of 2 axes}}
%b = num.transpose %a [0, 0] : tensor<2x3xi64> to tensor<2x2xi64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
// expected-error @+1 {{has a result shape that is not the permuted shape of its operand}}
%b = num.transpose %a [1, 0] : tensor<2x3xi64> to tensor<2x3xi64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
// expected-error @+1 {{expects a tensor of rank 0 and its element type}}
%b = num.item %a : tensor<2x3xi64> to i64

// -----

%a = arith.constant 1 : i64
// expected-error @+1 {{expects a tensor of rank 0 and its element type}}
%b = num.from_scalar %a : i64 to tensor<i32>

// -----

%a = arith.constant dense<1> : tensor<3xi64>
// expected-error @+1 {{expects an offset, a size and a stride for each of 1 axes}}
%b = num.extract %a offsets [0, 0] sizes [1] strides [1] drop [] : tensor<3xi64> to tensor<1xi64>

// -----

%a = arith.constant dense<1> : tensor<3xi64>
// expected-error @+1 {{expects one operand for each offset that is not a constant}}
%b = num.extract %a offsets [-9223372036854775808] sizes [1] strides [1] drop [] : tensor<3xi64> to tensor<1xi64>

// -----

%a = arith.constant dense<1> : tensor<3xi64>
// expected-error @+1 {{goes beyond axis 0 of extent 3}}
%b = num.extract %a offsets [2] sizes [2] strides [1] drop [] : tensor<3xi64> to tensor<2xi64>

// -----

%a = arith.constant dense<1> : tensor<3xi64>
// expected-error @+1 {{drops axis 0 of size 2}}
%b = num.extract %a offsets [0] sizes [2] strides [1] drop [0] : tensor<3xi64> to tensor<i64>

// -----

%a = arith.constant dense<1> : tensor<3xi64>
// expected-error @+1 {{has a part whose shape is not that of the indexed region}}
%b = num.extract %a offsets [0] sizes [2] strides [1] drop [] : tensor<3xi64> to tensor<3xi64>

// -----

%a = arith.constant dense<1> : tensor<3xi64>
%p = arith.constant dense<1> : tensor<2xi32>
// expected-error @+1 {{has part and whole of different element types}}
%b = num.insert %p into %a offsets [0] sizes [2] strides [1] drop [] : tensor<2xi32> into tensor<3xi64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
// expected-error @+1 {{has a result shape that is not the operand's without its sorted axes}}
%b = num.reduce sum %a axes [1, 0] : tensor<2x3xi64> to tensor<i64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
// expected-error @+1 {{expects i1 elements, found 'i64'}}
%b = num.reduce any %a axes [1] : tensor<2x3xi64> to tensor<2xi64>

// -----

%a = arith.constant dense<1> : tensor<0xi64>
// expected-error @+1 {{has no elements to take an extremum of}}
%b = num.reduce min %a axes [0] : tensor<0xi64> to tensor<i64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
%n = arith.constant dense<1> : tensor<i64>
// expected-error @+1 {{takes the first elements of rank 2; expected 1}}
%b = num.reduce sum %a axes [0, 1] first %n : tensor<2x3xi64> to tensor<i64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
%v = arith.constant dense<1> : tensor<2xi64>
// expected-error @+1 {{has shapes that do not fit}}
%b = num.matvec %a, %v : tensor<2x3xi64>, tensor<2xi64> to tensor<2xi64>

// -----

%a = arith.constant dense<1> : tensor<2x3xi64>
%v = arith.constant dense<1> : tensor<3xi32>
// expected-error @+1 {{expects one element type}}
%b = num.matvec %a, %v : tensor<2x3xi64>, tensor<3xi32> to tensor<2xi64>
