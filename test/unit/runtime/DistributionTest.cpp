// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers from distributions: moments, bounds, and that each depends on its key alone.
#include "runtime/native/Distribution.h"
#include "runtime/native/Draws.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <vector>

using namespace basalt::rt;

static Distribution make(DistributionKind kind, double first, double second = 0) {
  Distribution result{kind};
  result.first = first;
  result.second = second;
  return result;
}

static std::vector<uint64_t> idsTo(size_t count) {
  std::vector<uint64_t> result(count);
  std::iota(result.begin(), result.end(), uint64_t(1000));
  return result;
}

static std::vector<double> reals(const Distribution &distribution, size_t count) {
  std::vector<double> result(count);
  EXPECT_TRUE(drawReals(distribution, valueKey(1, 2), idsTo(count).data(), count, result.data()));
  return result;
}

static std::vector<int64_t> integers(const Distribution &distribution, size_t count) {
  std::vector<int64_t> result(count);
  EXPECT_TRUE(
      drawIntegers(distribution, valueKey(1, 2), idsTo(count).data(), count, result.data()));
  return result;
}

static void expectMoments(const Distribution &distribution, double mean, double deviation) {
  constexpr double kCount = 100000;
  double sum = 0, squares = 0;
  for (double number : reals(distribution, size_t(kCount))) {
    sum += (number - mean) / deviation;
    squares += (number - mean) / deviation * ((number - mean) / deviation);
  }
  EXPECT_NEAR(sum / kCount, 0, 5 / std::sqrt(kCount));
  EXPECT_NEAR(squares / kCount, 1, 0.05);
}

TEST(Distribution, numbersHaveTheirMoments) {
  expectMoments(make(DistributionKind::Uniform, -2, 4), 1, 6 / std::sqrt(12.0));
  expectMoments(make(DistributionKind::Normal, 3, 0.5), 3, 0.5);
  double s = 0.4;
  expectMoments(make(DistributionKind::Lognormal, 1, s), std::exp(1 + s * s / 2),
                std::sqrt(std::expm1(s * s)) * std::exp(1 + s * s / 2));
  expectMoments(make(DistributionKind::Exponential, 2.5), 2.5, 2.5);
  expectMoments(make(DistributionKind::Poisson, 6), 6, std::sqrt(6.0));
  Distribution dice{DistributionKind::Integers};
  dice.low = 1;
  dice.high = 7;
  expectMoments(dice, 3.5, std::sqrt(35.0 / 12));
}

TEST(Distribution, boundsAreKeptByDrawingAgain) {
  Distribution d = make(DistributionKind::Normal, 0, 1);
  d.min = 0;
  double sum = 0;
  for (double number : reals(d, 100000)) {
    ASSERT_GE(number, 0);
    sum += number;
  }
  // The half of a normal distribution has the mean sqrt(2 / pi).
  EXPECT_NEAR(sum / 100000, std::sqrt(2 / M_PI), 0.01);
}

TEST(Distribution, boundsHoldBeforeRounding) {
  Distribution d = make(DistributionKind::Normal, 15, 7.5);
  d.min = 1;
  d.max = 40;
  bool hasLeast = false;
  for (int64_t number : integers(d, 20000)) {
    ASSERT_TRUE(1 <= number && number <= 40);
    hasLeast |= number == 1;
  }
  EXPECT_TRUE(hasLeast);
  std::vector<double> exact = reals(d, 1000);
  std::vector<int64_t> rounded = integers(d, 1000);
  for (size_t i = 0; i < exact.size(); ++i)
    EXPECT_EQ(rounded[i], int64_t(std::nearbyint(exact[i])));
}

TEST(Distribution, wholeNumbersHaveBoundsToo) {
  Distribution d = make(DistributionKind::Poisson, 2);
  d.least = 1;
  d.greatest = 3;
  for (int64_t number : integers(d, 1000))
    EXPECT_TRUE(1 <= number && number <= 3);
}

TEST(Distribution, whatCannotBeFoundIsSaid) {
  Distribution d = make(DistributionKind::Uniform, 0, 1);
  d.min = 2;
  uint64_t id = 5;
  double real;
  int64_t integer;
  EXPECT_FALSE(drawReals(d, valueKey(1, 2), &id, 1, &real));
  EXPECT_FALSE(drawIntegers(d, valueKey(1, 2), &id, 1, &integer));
}

TEST(Distribution, constantsAreThemselves) {
  Distribution d = make(DistributionKind::Constant, 0.1);
  d.low = (int64_t(1) << 60) + 1;
  EXPECT_EQ(reals(d, 3), std::vector<double>(3, 0.1));
  EXPECT_EQ(integers(d, 3), std::vector<int64_t>(3, (int64_t(1) << 60) + 1));
}

/// Alone or among others, in vectors or not.
TEST(Distribution, numbersDependOnTheirKeysAlone) {
  for (DistributionKind kind :
       {DistributionKind::Uniform, DistributionKind::Normal, DistributionKind::Lognormal,
        DistributionKind::Exponential, DistributionKind::Poisson}) {
    Distribution d = make(kind, 1, 2);
    d.max = 4;
    d.greatest = 4;
    std::vector<double> together = reals(d, 203);
    for (size_t i = 0; i < together.size(); ++i) {
      uint64_t id = 1000 + i;
      double alone;
      ASSERT_TRUE(drawReals(d, valueKey(1, 2), &id, 1, &alone));
      EXPECT_EQ(alone, together[i]);
    }
  }
}

TEST(Draws, blocksAndDrawsAreThoseOfPhilox) {
  RandomKey key = randomKey(7, 8);
  std::vector<uint64_t> ids{3, 1, uint64_t(1) << 40}, low(3), high(3), draws(75);
  for (uint64_t id = 10; id < 30; ++id)
    ids.push_back(id * id);
  low.resize(ids.size());
  high.resize(ids.size());
  fillBlocks(ids.data(), ids.size(), key, low.data(), high.data());
  for (size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(low[i], philox({ids[i], key.half}, key.key).low);
    EXPECT_EQ(high[i], philox({ids[i], key.half}, key.key).high);
  }
  fillDraws(5, draws.size(), key, draws.data());
  DrawStream stream(key, 5, 20);
  for (size_t i = 0; i < draws.size(); ++i) {
    RandomBlock block = philox({(5 + i) / 2, key.half}, key.key);
    EXPECT_EQ(draws[i], (5 + i) % 2 ? block.high : block.low);
    EXPECT_EQ(draws[i], stream.next());
  }
  stream.seek(9);
  EXPECT_EQ(stream.next(), draws[4]);
  stream.seek(10);
  EXPECT_EQ(stream.next(), draws[5]);
}

TEST(Draws, skipsAreThoseOfTheProbability) {
  EXPECT_EQ(inverseLogOfFailure(1), 0);
  EXPECT_NEAR(inverseLogOfFailure(0.5), 1 / std::log(0.5), 1e-15);
  EXPECT_NEAR(inverseLogOfFailure(1e-12) * std::log1p(-1e-12), 1, 1e-15);
  EXPECT_NEAR(inverseLogOfFailure(1e-30) * std::log1p(-1e-30), 1, 1e-15);
  std::vector<int64_t> skips(100000);
  fillSkips(0, skips.size(), randomKey(1), inverseLogOfFailure(0.1), skips.data());
  double sum = 0;
  for (int64_t skip : skips)
    sum += double(skip);
  EXPECT_NEAR(sum / 1e5, 9, 0.15);
  fillSkips(0, 10, randomKey(1), inverseLogOfFailure(1e-300), skips.data());
  EXPECT_EQ(skips[0], int64_t(1) << 40);
  fillSkips(0, 10, randomKey(1), inverseLogOfFailure(1), skips.data());
  EXPECT_EQ(skips[0], 0);
}
