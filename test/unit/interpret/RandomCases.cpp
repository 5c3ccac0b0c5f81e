// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of gathered elements and of random draws.
#include "Evaluation.h"

#include <gtest/gtest.h>

namespace basalt::interp {

std::vector<Case> gatherCases() {
  return {
      {"num.gather",
       "axis = 0 : i64",
       {"dense<[1, 2, 3]> : tensor<3xi8>", "dense<[[2, 0], [-1, -3]]> : tensor<2x2xi64>"},
       "dense<[[3, 1], [3, 1]]> : tensor<2x2xi8>"},
      {"num.gather",
       "axis = 1 : i64",
       {"dense<[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]> : tensor<2x2x2xi64>",
        "dense<[1, 1, 0]> : tensor<3xi64>"},
       "dense<[[[3, 4], [3, 4], [1, 2]], [[7, 8], [7, 8], [5, 6]]]> : tensor<2x3x2xi64>"},
      {"num.gather",
       "axis = 1 : i64",
       {"dense<[[0.5, 1.5]]> : tensor<1x2xf32>", "dense<1> : tensor<i64>"},
       "dense<1.5> : tensor<1xf32>"},
  };
}

/// The expected numbers are those of runtime/RandomTest.cpp and PoissonTest.cpp for the same keys.
std::vector<Case> randomCases() {
  return {
      {"num.random_bits",
       "stream = 1 : i64",
       {"dense<2> : tensor<i64>", "3 : i64"},
       "dense<[-8769513939004344729, 1042441603708574241]> : tensor<2xi64>"},
      {"num.random_poisson",
       "stream = 1 : i64",
       {"dense<[3.0, 1000.0, -1.0]> : tensor<3xf64>", "dense<2> : tensor<i64>", "3 : i64"},
       "dense<[1, 971, 0]> : tensor<3xi32>"},
      {"num.random_poisson",
       "stream = 1 : i64",
       {"dense<3.0> : tensor<f64>", "dense<2> : tensor<i64>", "3 : i64"},
       "dense<[1, 3, 3]> : tensor<3xi32>"},
  };
}

TEST(Gather, values) {
  for (const Case &given : gatherCases())
    expectValue(given);
}

TEST(Random, values) {
  for (const Case &given : randomCases())
    expectValue(given);
}

TEST(Gather, indexOutOfRange) {
  Case given{"num.gather",
             "axis = 0 : i64",
             {"dense<[1, 2, 3]> : tensor<3xi64>", "dense<[0, -4]> : tensor<2xi64>"},
             "dense<0> : tensor<2xi64>"};
  EXPECT_EQ(errorOf(given), "index -4 is out of range for an axis of extent 3");
  // Also where nothing would be picked.
  Case empty{"num.gather",
             "axis = 1 : i64",
             {"dense<> : tensor<0x3xi64>", "dense<[3]> : tensor<1xi64>"},
             "dense<> : tensor<0x1xi64>"};
  EXPECT_EQ(errorOf(empty), "index 3 is out of range for an axis of extent 3");
}

} // namespace basalt::interp
