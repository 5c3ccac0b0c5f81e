// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of products: dense, with delays, with kernels, with stored entries.
#include "Evaluation.h"

#include <gtest/gtest.h>

namespace basalt::interp {

#define NAN64 "0x7FF8000000000000"
#define INF64 "0x7FF0000000000000"

std::vector<Case> productCases() {
  return {
      {"num.matvec",
       "",
       {"dense<[[1, 2], [3, 4]]> : tensor<2x2xi64>", "dense<[1, -1]> : tensor<2xi64>"},
       "dense<[-1, -1]> : tensor<2xi64>"},
      // An infinite weight of an absent spike does no harm.
      {"num.matvec",
       "",
       {"dense<[[" INF64 ", 2.0], [" NAN64 ", 4.0]]> : tensor<2x2xf64>",
        "dense<[-0.0, 1.5]> : tensor<2xf64>"},
       "dense<[3.0, 6.0]> : tensor<2xf64>"},
      {"num.matvec",
       "",
       {"dense<[[16777216.0, 1.0, 1.0]]> : tensor<1x3xf32>", "dense<1.0> : tensor<3xf32>"},
       "dense<[16777216.0]> : tensor<1xf32>"},
      {"num.matvec",
       "",
       {"dense<> : tensor<2x0xi64>", "dense<> : tensor<0xi64>"},
       "dense<0> : tensor<2xi64>"},
      // Delays of -1 and 2 deliver nothing.
      {"num.deliver",
       "",
       {"dense<[[1, 2, 4], [8, 16, 32]]> : tensor<2x3xi64>",
        "dense<[[0, 1, 0], [-1, 2, 1]]> : tensor<2x3xi64>", "dense<[1, 1, 3]> : tensor<3xi64>"},
       "dense<[[13, 2], [0, 96]]> : tensor<2x2xi64>"},
      {"num.deliver",
       "",
       {"dense<[[" INF64 ", 0.5]]> : tensor<1x2xf64>", "dense<0> : tensor<1x2xi64>",
        "dense<[0.0, 2.0]> : tensor<2xf64>"},
       "dense<[[1.0]]> : tensor<1x1xf64>"},
      // Sums that begin with something.
      {"num.deliver",
       "",
       {"dense<[[1, 2, 4], [8, 16, 32]]> : tensor<2x3xi64>",
        "dense<[[0, 1, 0], [-1, 2, 1]]> : tensor<2x3xi64>", "dense<[1, 1, 3]> : tensor<3xi64>",
        "dense<[[100, 200], [300, 400]]> : tensor<2x2xi64>"},
       "dense<[[113, 202], [300, 496]]> : tensor<2x2xi64>"},
      // 16777216 + 1 + 1 is 16777216 in f32; 1 + 1 + 16777216 would be 16777218.
      {"num.deliver",
       "",
       {"dense<1.0> : tensor<1x2xf32>", "dense<0> : tensor<1x2xi64>", "dense<1.0> : tensor<2xf32>",
        "dense<[[16777216.0, -0.0]]> : tensor<1x2xf32>"},
       "dense<[[16777216.0, -0.0]]> : tensor<1x2xf32>"},
  };
}

/// Worked out with NumPy.
std::vector<Case> convolutionCases() {
  const char *plain = "stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, "
                      "dilation = array<i64: 1, 1>, groups = 1 : i64";
  return {
      // The kernel is not turned.
      {"num.conv2d",
       plain,
       {"dense<[[[1], [2], [3]], [[4], [5], [6]]]> : tensor<2x3x1xi64>",
        "dense<[[[[1], [10]], [[100], [1000]]]]> : tensor<1x2x2x1xi64>"},
       "dense<[[[5421], [6532]]]> : tensor<1x2x1xi64>"},
      // Strides, padding and dilation differ along x and y.
      {"num.conv2d",
       "stride = array<i64: 2, 1>, padding = array<i64: 1, 0>, dilation = array<i64: 1, 2>, "
       "groups = 1 : i64",
       {"dense<[[[1], [2], [3], [4]], [[5], [6], [7], [8]], [[9], [10], [11], [12]]]> : "
        "tensor<3x4x1xi64>",
        "dense<[[[[1], [10]], [[100], [1000]]]]> : tensor<1x2x2x1xi64>"},
       "dense<[[[3100], [4200]], [[11975], [13086]]]> : tensor<2x2x1xi64>"},
      // Two groups of one input channel and two output channels each.
      {"num.conv2d",
       "stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, "
       "groups = 2 : i64",
       {"dense<[[[1, 10]]]> : tensor<1x1x2xi64>",
        "dense<[[[[2]]], [[[3]]], [[[4]]], [[[5]]]]> : tensor<4x1x1x1xi64>"},
       "dense<[[[2, 3, 40, 50]]]> : tensor<1x1x4xi64>"},
      {"num.conv2d",
       plain,
       {"dense<[[[0.0, 2.0]]]> : tensor<1x1x2xf32>",
        "dense<[[[[0x7F800000, 0.25]]]]> : tensor<1x1x1x2xf32>"},
       "dense<[[[0.5]]]> : tensor<1x1x1xf32>"},
  };
}

/// Three sources: the first has two entries at one place, the second none.
#define OFFSETS "dense<[0, 2, 2, 4]> : tensor<4xi16>"
#define TARGETS "dense<[1, 1, 0, 1]> : tensor<4xi8>"

std::vector<Case> synapseCases() {
  return {
      {"num.sparse_matvec",
       "",
       {"dense<[1, 2, 4, 8]> : tensor<4xi64>", OFFSETS, TARGETS,
        "dense<[10, 7, -1]> : tensor<3xi64>"},
       "dense<[-4, 22]> : tensor<2xi64>"},
      {"num.sparse_matvec",
       "",
       {"dense<[" INF64 ", 2.0, 4.0, 8.0]> : tensor<4xf64>", OFFSETS, TARGETS,
        "dense<[0.0, 1.0, 0.5]> : tensor<3xf64>"},
       "dense<[2.0, 4.0]> : tensor<2xf64>"},
      {"num.sparse_matvec",
       "",
       {"dense<> : tensor<0xi64>", "dense<0> : tensor<2xi32>", "dense<> : tensor<0xi32>",
        "dense<1> : tensor<1xi64>"},
       "dense<0> : tensor<3xi64>"},
      {"num.sparse_deliver",
       "",
       {"dense<[1, 2, 4, 8]> : tensor<4xi64>", "dense<[0, 1, 2, 1]> : tensor<4xi64>", OFFSETS,
        TARGETS, "dense<[10, 7, -1]> : tensor<3xi64>"},
       "dense<[[0, 0], [10, 12]]> : tensor<2x2xi64>"},
      {"num.sparse_deliver",
       "",
       {"dense<[1, 2, 4, 8]> : tensor<4xi64>", "dense<[0, 1, 2, 1]> : tensor<4xi64>", OFFSETS,
        TARGETS, "dense<[10, 7, -1]> : tensor<3xi64>",
        "dense<[[100, 200], [300, 400]]> : tensor<2x2xi64>"},
       "dense<[[100, 200], [310, 412]]> : tensor<2x2xi64>"},
      {"num.at_synapses",
       "",
       {"dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>", OFFSETS, TARGETS},
       "dense<[4, 4, 3, 6]> : tensor<4xi64>"},
      {"num.at_synapses",
       "",
       {"dense<[[true, true, true], [false, true, false]]> : tensor<2x3xi1>", OFFSETS, TARGETS},
       "dense<[false, false, true, false]> : tensor<4xi1>"},
      {"num.to_dense",
       "",
       {"dense<[1, 2, 4, 8]> : tensor<4xi64>", OFFSETS, TARGETS},
       "dense<[[0, 0, 4], [3, 0, 8]]> : tensor<2x3xi64>"},
      {"num.to_dense",
       "",
       {"dense<[16777216.0, 1.0, 4.0, 8.0]> : tensor<4xf32>", OFFSETS, TARGETS},
       "dense<[[0.0, 0.0, 4.0], [16777216.0, 0.0, 8.0]]> : tensor<2x3xf32>"},
      {"num.to_dense",
       "",
       {"dense<[0.5, 0.25, 4.0, 8.0]> : tensor<4xf64>", OFFSETS, TARGETS},
       "dense<[[0.0, 0.0, 4.0], [0.75, 0.0, 8.0]]> : tensor<2x3xf64>"},
      {"num.to_dense",
       "",
       {"dense<[true, true, false, true]> : tensor<4xi1>", OFFSETS, TARGETS},
       "dense<[[false, false, false], [true, false, true]]> : tensor<2x3xi1>"},
  };
}

static void expectAll(const std::vector<Case> &cases) {
  for (const Case &given : cases)
    expectValue(given);
}

TEST(Products, dense) { expectAll(productCases()); }
TEST(Products, convolutions) { expectAll(convolutionCases()); }
TEST(Products, synapses) { expectAll(synapseCases()); }

TEST(Products, entriesMustBeInOrder) {
  auto errorFor = [](const char *offsets, const char *targets) {
    return errorOf({"num.to_dense",
                    "",
                    {"dense<[1, 2]> : tensor<2xi64>", offsets, targets},
                    "dense<0> : tensor<2x2xi64>"});
  };
  const char *inOrder = "dense<[0, 1, 2]> : tensor<3xi64>", *below2 = "dense<1> : tensor<2xi64>";
  for (const char *offsets :
       {"dense<[1, 1, 2]> : tensor<3xi64>", "dense<[0, 2, 1]> : tensor<3xi64>",
        "dense<[0, 1, 3]> : tensor<3xi64>"})
    EXPECT_EQ(errorFor(offsets, below2), "the entries of a sparse matrix are not in order");
  for (const char *targets : {"dense<[0, 2]> : tensor<2xi64>", "dense<[-1, 0]> : tensor<2xi64>"})
    EXPECT_EQ(errorFor(inOrder, targets), "the entries of a sparse matrix are not in order");
}

} // namespace basalt::interp
