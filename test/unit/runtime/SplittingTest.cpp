// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Binomial and hypergeometric numbers against their probabilities, and their moments where numbers
// are large.
#include "runtime/native/Splitting.h"

#include <cmath>
#include <gtest/gtest.h>
#include <map>

using namespace basalt::rt;

static double logChoose(double n, double k) {
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
}

/// Draws often, and compares how often each number comes with its probability.
template <typename Draw, typename LogProbability>
static void expectDistribution(Draw draw, LogProbability logProbability) {
  constexpr int64_t kDraws = 100000;
  std::map<int64_t, double> counts;
  for (int64_t i = 0; i < kDraws; ++i)
    ++counts[draw(randomKey(5, i))];
  double sum = 0, cells = 0, covered = 0;
  for (auto [number, count] : counts) {
    double probability = std::exp(logProbability(double(number)));
    covered += probability;
    double expected = probability * kDraws;
    if (expected < 10)
      continue;
    sum += (count - expected) * (count - expected) / expected;
    ++cells;
  }
  EXPECT_GT(covered, 0.999);
  EXPECT_LT((sum - cells) / std::sqrt(2 * cells), 5);
}

TEST(Splitting, binomialNumbersHaveTheirProbabilities) {
  struct Case {
    int64_t count, part, whole;
  };
  for (auto [count, part, whole] : {Case{1, 1, 3},
                                    {5, 1, 2},
                                    {64, 1, 2},
                                    {200, 3, 6},
                                    {20, 1, 1000},
                                    {30, 9, 10},
                                    {1000, 1, 5},
                                    {6000, 1, 2}}) {
    SCOPED_TRACE(std::to_string(count) + " of " + std::to_string(part) + "/" +
                 std::to_string(whole));
    double n = double(count), p = double(part) / double(whole);
    expectDistribution(
        [&, count = count, part = part, whole = whole](RandomKey key) {
          return drawBinomial(count, part, whole, key);
        },
        [&](double k) { return logChoose(n, k) + k * std::log(p) + (n - k) * std::log1p(-p); });
  }
}

TEST(Splitting, hypergeometricNumbersHaveTheirProbabilities) {
  struct Case {
    int64_t count, part, whole;
  };
  for (auto [count, part, whole] :
       {Case{1, 1, 2}, {3, 2, 4}, {10, 15, 40}, {39, 15, 40}, {300, 500, 1000}, {50, 3, 100000}}) {
    SCOPED_TRACE(std::to_string(count) + " of " + std::to_string(part) + "/" +
                 std::to_string(whole));
    double n = double(count), first = double(part), all = double(whole);
    expectDistribution([&, count = count, part = part, whole = whole](
                           RandomKey key) { return drawHypergeometric(count, part, whole, key); },
                       [&](double k) {
                         return logChoose(first, k) + logChoose(all - first, n - k) -
                                logChoose(all, n);
                       });
  }
}

/// Mean and deviation of a few hundred draws of large numbers.
template <typename Draw> static void expectMoments(double mean, double deviation, Draw draw) {
  constexpr double kDraws = 2000;
  double sum = 0, squares = 0;
  for (int64_t i = 0; i < int64_t(kDraws); ++i) {
    double z = (double(draw(randomKey(6, i))) - mean) / deviation;
    sum += z;
    squares += z * z;
  }
  EXPECT_NEAR(sum / kDraws, 0, 5 / std::sqrt(kDraws));
  EXPECT_NEAR(squares / kDraws, 1, 5 * std::sqrt(2 / kDraws));
}

TEST(Splitting, largeNumbersHaveTheirMoments) {
  expectMoments(3e8 / 3, std::sqrt(3e8 * 2 / 9),
                [](RandomKey key) { return drawBinomial(300000000, 1, 3, key); });
  expectMoments(0x1p59, std::sqrt(0x1p60 / 4),
                [](RandomKey key) { return drawBinomial(int64_t(1) << 60, 7, 14, key); });
  // Half of all things at a place each, of which there are 2^61.
  expectMoments(0x1p59, std::sqrt(0x1p59 / 4), [](RandomKey key) {
    return drawHypergeometric(int64_t(1) << 60, int64_t(1) << 60, int64_t(1) << 61, key);
  });
  expectMoments(1e6 * 1e9 / 6e9, std::sqrt(1e6 / 6 * 5 / 6), [](RandomKey key) {
    return drawHypergeometric(1000000, 1000000000, 6000000000, key);
  });
}

TEST(Splitting, whatIsCertainIsNotDrawn) {
  RandomKey key = randomKey(1);
  EXPECT_EQ(drawBinomial(7, 0, 3, key), 0);
  EXPECT_EQ(drawBinomial(7, 3, 3, key), 7);
  EXPECT_EQ(drawBinomial(0, 1, 3, key), 0);
  EXPECT_EQ(drawHypergeometric(10, 4, 10, key), 4);
  EXPECT_EQ(drawHypergeometric(0, 4, 10, key), 0);
  EXPECT_EQ(drawHypergeometric(3, 10, 10, key), 3);
}
