// RUN: basalt-opt %s -o %t && grep -v "^//" %s | diff - %t
// RUN: basalt-opt --mlir-print-op-generic %s | basalt-opt -o %t && grep -v "^//" %s | diff - %t
// RUN: basalt-opt --emit-bytecode %s | basalt-opt -o %t && grep -v "^//" %s | diff - %t
//
// Products with delays, kernels and stored entries in the form in which they are printed; offsets and targets of any
// width.
module {
  %cst = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>
  %cst_0 = arith.constant dense<1> : tensor<3xi64>
  %cst_1 = arith.constant dense<1> : tensor<4x5x2xi64>
  %cst_2 = arith.constant dense<1> : tensor<6x2x3x1xi64>
  %cst_3 = arith.constant dense<[0, 2, 2, 4]> : tensor<4xi24>
  %cst_4 = arith.constant dense<[1, 1, 0, 1]> : tensor<4xi8>
  %cst_5 = arith.constant dense<2> : tensor<4xi64>
  %0 = num.deliver %cst after %cst, %cst_0 : tensor<2x3xi64> after tensor<2x3xi64>, tensor<3xi64> to tensor<2x8xi64>
  %1 = num.conv2d %cst_1, %cst_2 stride [2, 1] padding [1, 0] dilation [1, 2] groups 2 : tensor<4x5x2xi64>, tensor<6x2x3x1xi64> to tensor<3x1x6xi64>
  %2 = num.sparse_matvec %cst_5 at(%cst_3, %cst_4), %cst_0 : tensor<4xi64> at(tensor<4xi24>, tensor<4xi8>), tensor<3xi64> to tensor<2xi64>
  %3 = num.sparse_deliver %cst_5 after %cst_5 at(%cst_3, %cst_4), %cst_0 : tensor<4xi64> after tensor<4xi64> at(tensor<4xi24>, tensor<4xi8>), tensor<3xi64> to tensor<2x3xi64>
  %4 = num.at_synapses %cst at(%cst_3, %cst_4) : tensor<2x3xi64> at(tensor<4xi24>, tensor<4xi8>) to tensor<4xi64>
  %5 = num.to_dense %cst_5 at(%cst_3, %cst_4) : tensor<4xi64> at(tensor<4xi24>, tensor<4xi8>) to tensor<2x3xi64>
  %6 = num.deliver %cst after %cst, %cst_0 onto %5 : tensor<2x3xi64> after tensor<2x3xi64>, tensor<3xi64> onto tensor<2x3xi64> to tensor<2x3xi64>
  %7 = num.sparse_deliver %cst_5 after %cst_5 at(%cst_3, %cst_4), %cst_0 onto %5 : tensor<4xi64> after tensor<4xi64> at(tensor<4xi24>, tensor<4xi8>), tensor<3xi64> onto tensor<2x3xi64> to tensor<2x3xi64>
}

