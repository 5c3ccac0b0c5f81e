// RUN: basalt-opt %s -o %t && grep -v "^//" %s | diff - %t
// RUN: basalt-opt --mlir-print-op-generic %s | basalt-opt -o %t && grep -v "^//" %s | diff - %t
// RUN: basalt-opt --emit-bytecode %s | basalt-opt -o %t && grep -v "^//" %s | diff - %t
//
// Every op, attribute and type of num in the form in which it is printed: text, generic form and
// bytecode come back as they were.
module {
  %cst = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>
  %cst_0 = arith.constant dense<5.000000e-01> : tensor<2x3xf64>
  %cst_1 = arith.constant dense<1> : tensor<i64>
  %cst_2 = arith.constant 5.000000e-01 : f32
  %cst_3 = arith.constant dense<true> : tensor<2x3xi1>
  %cst_4 = arith.constant dense<1> : tensor<3xi64>
  %0 = num.floordiv %cst, %cst : tensor<2x3xi64>
  %1 = num.mod %cst, %cst : tensor<2x3xi64>
  %2 = num.shift %cst, %cst : tensor<2x3xi64>
  %3 = num.powi %cst, %cst : tensor<2x3xi64>
  %4 = num.absi %cst : tensor<2x3xi64>
  %5 = num.signi %cst : tensor<2x3xi64>
  %6 = num.floordivf %cst_0, %cst_0 : tensor<2x3xf64>
  %7 = num.modf %cst_0, %cst_0 : tensor<2x3xf64>
  %8 = num.powf %cst_0, %cst_0 : tensor<2x3xf64>
  %9 = num.absf %cst_0 : tensor<2x3xf64>
  %10 = num.signf %cst_0 : tensor<2x3xf64>
  %11 = num.floor %cst_0 : tensor<2x3xf64>
  %12 = num.ceil %cst_0 : tensor<2x3xf64>
  %13 = num.round %cst_0 : tensor<2x3xf64>
  %14 = num.trunc %cst_0 : tensor<2x3xf64>
  %15 = num.sqrt %cst_0 : tensor<2x3xf64>
  %16 = num.exp %cst_0 : tensor<2x3xf64>
  %17 = num.log %cst_0 : tensor<2x3xf64>
  %18 = num.sin %cst_0 : tensor<2x3xf64>
  %19 = num.cos %cst_0 : tensor<2x3xf64>
  %20 = num.tanh %cst_0 : tensor<2x3xf64>
  %21 = num.exp %cst_2 : f32
  %22 = num.mul_shr %cst, %cst, %cst : tensor<2x3xi64>
  %23 = num.to_int %cst_0 : tensor<2x3xf64> to tensor<2x3xi64>
  %24 = num.to_int %cst_2 : f32 to i64
  %25 = num.item %cst_1 : tensor<i64> to i64
  %26 = num.item %cst_1 : tensor<i64> to i64
  %27 = num.from_scalar %26 : i64 to tensor<i64>
  %28 = num.broadcast %cst_4 : tensor<3xi64> to tensor<2x3xi64>
  %29 = num.broadcast %cst_1 : tensor<i64> to tensor<4x0xi64>
  %30 = num.reshape %cst : tensor<2x3xi64> to tensor<6x1xi64>
  %31 = num.transpose %cst [1, 0] : tensor<2x3xi64> to tensor<3x2xi64>
  %32 = num.extract %cst offsets [1, 2] sizes [1, 3] strides [1, -1] drop [0] : tensor<2x3xi64> to tensor<3xi64>
  %33 = num.extract %cst[%cst_1 : tensor<i64>] offsets [-9223372036854775808, 0] sizes [1, 3] strides [1, 1] drop [0] : tensor<2x3xi64> to tensor<3xi64>
  %34 = num.insert %cst_4 into %cst[%cst_1 : tensor<i64>] offsets [-9223372036854775808, 0] sizes [1, 3] strides [1, 1] drop [0] : tensor<3xi64> into tensor<2x3xi64>
  %35 = num.reduce sum %cst axes [1] : tensor<2x3xi64> to tensor<2xi64>
  %36 = num.reduce prod %cst axes [1] : tensor<2x3xi64> to tensor<2xi64>
  %37 = num.reduce min %cst axes [1] : tensor<2x3xi64> to tensor<2xi64>
  %38 = num.reduce max %cst axes [1] : tensor<2x3xi64> to tensor<2xi64>
  %39 = num.reduce any %cst_3 axes [0, 1] : tensor<2x3xi1> to tensor<i1>
  %40 = num.reduce all %cst_3 axes [0, 1] : tensor<2x3xi1> to tensor<i1>
  %41 = num.matvec %cst, %cst_4 : tensor<2x3xi64>, tensor<3xi64> to tensor<2xi64>
  %42 = num.reduce max %cst_4 axes [0] first %cst_1 : tensor<3xi64> to tensor<i64>
}

