// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Poisson numbers against their distribution, and many of them against one at a time.
#include "runtime/native/Poisson.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

using namespace basalt::rt;

static double chanceOf(double lambda, int k) {
  return std::exp(k * std::log(lambda) - lambda - std::lgamma(k + 1.0));
}

/// How far counts are from what is expected: normal for many cells, of mean `cells` and twice that
/// as variance.
struct ChiSquare {
  double statistic = 0;
  int cells = 0;

  void add(double count, double expected) {
    if (expected < 10)
      return;
    statistic += (count - expected) * (count - expected) / expected;
    ++cells;
  }
  double deviations() const { return (statistic - cells) / std::sqrt(2.0 * cells); }
};

/// A change of these numbers changes the results of everybody's networks.
TEST(Poisson, numbersStayWhatTheyAre) {
  RandomKey key = randomKey(1, 2, 3);
  EXPECT_EQ(poisson(3, key, 0), 1);
  EXPECT_EQ(poisson(3, key, 1), 3);
  EXPECT_EQ(poisson(1000, key, 0), 1034);
  EXPECT_EQ(poisson(1000, key, 1), 971);
}

TEST(Poisson, meanAndVarianceAreLambda) {
  for (double lambda : {0.01, 0.5, 3.0, 9.99, 31.9, 32.0, 50.0, 200.0, 1e5, 1e9}) {
    constexpr int kDraws = 100000;
    double sum = 0, squares = 0;
    RandomKey key = randomKey(3, int64_t(lambda * 100));
    for (int i = 0; i < kDraws; ++i) {
      double difference = double(poisson(lambda, key, i)) - lambda;
      sum += difference;
      squares += difference * difference;
    }
    double deviation = std::sqrt(lambda / kDraws);
    EXPECT_NEAR(sum / kDraws, 0, 4.5 * deviation) << lambda;
    // The fourth central moment is 3 lambda^2 + lambda.
    double ofSquares = std::sqrt((2 * lambda * lambda + lambda) / kDraws);
    EXPECT_NEAR(squares / kDraws, lambda, 4.5 * ofSquares) << lambda;
  }
}

TEST(Poisson, numbersHaveTheirProbabilities) {
  for (double lambda : {0.2, 2.0, 9.9, 31.0, 32.0, 40.0}) {
    constexpr int kDraws = 200000;
    std::vector<int> counts(200);
    RandomKey key = randomKey(4, int64_t(lambda * 100));
    for (int i = 0; i < kDraws; ++i)
      ++counts[std::min(poisson(lambda, key, i), 199)];
    ChiSquare test;
    for (int k = 0; k < 199; ++k)
      test.add(counts[k], kDraws * chanceOf(lambda, k));
    EXPECT_LT(test.deviations(), 4.5) << lambda;
  }
}

/// The last words of 32 bits lead to draws from what the table leaves out.
TEST(Poisson, fractionsHaveTheirProbabilities) {
  for (double lambda : {1e-10, 2.0, 20.0}) {
    constexpr int kDraws = 100000;
    std::vector<double> fractions(100);
    double rest = 0;
    for (int k = 0; k < 100; ++k) {
      double chance = chanceOf(lambda, k) * 0x1p32;
      rest += fractions[k] = chance - std::floor(chance);
    }
    EXPECT_NEAR(rest, double(detail::poissonTable(lambda).rest), 1e-3) << lambda;
    std::vector<int> counts(100);
    for (int i = 0; i < kDraws; ++i)
      ++counts[detail::fractionalPoisson(lambda, uint64_t(std::lround(rest)), randomKey(8), i)];
    ChiSquare test;
    for (int k = 0; k < 100; ++k)
      test.add(counts[k], kDraws * fractions[k] / rest);
    EXPECT_LT(test.deviations(), 4.5) << lambda;
  }
}

TEST(Poisson, everyMeanHasANumber) {
  double infinity = std::numeric_limits<double>::infinity();
  for (int64_t number : {1, 2, 3, 4}) {
    RandomKey key = randomKey(number);
    EXPECT_EQ(poisson(0, key, 0), 0);
    EXPECT_EQ(poisson(-3, key, 0), 0);
    EXPECT_EQ(poisson(std::nan(""), key, 0), 0);
    EXPECT_EQ(poisson(-infinity, key, 0), 0);
    EXPECT_EQ(poisson(infinity, key, 0), INT32_MAX);
    EXPECT_EQ(poisson(0x1p70, key, 0), INT32_MAX);
    EXPECT_EQ(poisson(0x1.1p31, key, 0), INT32_MAX);
    EXPECT_EQ(poisson(1e-300, key, 0), 0);
    EXPECT_LT(poisson(31.999999, key, 0), 100);
    EXPECT_NEAR(double(poisson(1e9, key, 0)), 1e9, 2e5);
  }
}

/// The logarithm of the probability by both of its formulas, and near where they meet.
TEST(Poisson, logarithmsOfProbabilities) {
  for (double lambda : {10.0, 11.5, 100.0, 1e4})
    for (double k = 0; k < 3 * lambda + 20; k += std::max(1.0, std::floor(lambda / 50))) {
      double expected = k * std::log(lambda) - lambda - std::lgamma(k + 1);
      EXPECT_NEAR(detail::logPoisson(lambda, k), expected, 1e-6 + 1e-12 * lambda)
          << lambda << " " << k;
    }
}

//===--- Many elements ---===//

/// Wherever the part begins and ends, also with means that take places in the cache from each
/// other.
TEST(Poisson, filledMemoryHasTheNumbersOfItsElements) {
  RandomKey key = randomKey(5, 6);
  std::vector<int32_t> numbers(200);
  for (int mean = 0; mean < 400; ++mean) {
    double lambda = mean * 0.1;
    size_t first = mean % 7, count = mean % 200;
    numbers[count] = -1;
    fillPoisson(numbers.data(), count, key, lambda, first);
    for (size_t i = 0; i < count; ++i)
      ASSERT_EQ(numbers[i], poisson(lambda, key, first + i)) << lambda << " " << i;
    EXPECT_EQ(numbers[count], -1);
  }
}

/// Elements 1698041 and 65035272 have words beyond all thresholds.
TEST(Poisson, filledMemoryHasRareNumbers) {
  RandomKey key = randomKey(5, 6);
  std::vector<int32_t> numbers(300);
  const uint32_t rest = uint32_t(detail::poissonTable(20).rest);
  for (uint64_t rare : {1698041, 65035272}) {
    EXPECT_GE(randomWord(key, rare), -rest);
    fillPoisson(numbers.data(), numbers.size(), key, 20, rare - 130);
    for (size_t i = 0; i < numbers.size(); ++i)
      ASSERT_EQ(numbers[i], poisson(20, key, rare - 130 + i));
  }
  EXPECT_EQ(poisson(20, key, 1698041), 21);
  EXPECT_EQ(poisson(20, key, 65035272), 42);
}

TEST(Poisson, eachElementMayHaveItsMean) {
  RandomKey key = randomKey(7);
  std::vector<double> means;
  for (double lambda : {0.5, 3.0, std::nan(""), 100.0, 7.0})
    for (int length : {1, 5, 100})
      means.insert(means.end(), length, lambda);
  std::vector<int32_t> numbers(means.size());
  fillPoisson(numbers.data(), numbers.size(), key, means.data(), 2);
  for (size_t i = 0; i < means.size(); ++i)
    EXPECT_EQ(numbers[i], poisson(means[i], key, 2 + i)) << i;
}
