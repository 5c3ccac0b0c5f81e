// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random bits against the known answers of Philox's authors, and Poisson numbers against their
// distribution.
#include "runtime/native/Random.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <set>
#include <vector>

using namespace basalt::rt;

//===--- Bits ---===//

/// The answers of Random123's kat_vectors for philox4x32 with 10 rounds.
TEST(Random, philoxGivesTheKnownAnswers) {
  struct Answer {
    uint32_t counter[4], key[2], block[4];
  };
  const Answer answers[] = {
      {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
       {0xffffffff, 0xffffffff},
       {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  auto join = [](const uint32_t *words) { return words[0] | uint64_t(words[1]) << 32; };
  for (const Answer &answer : answers) {
    RandomBlock block = philox({join(answer.counter), join(answer.counter + 2)}, join(answer.key));
    EXPECT_EQ(block.low, join(answer.block));
    EXPECT_EQ(block.high, join(answer.block + 2));
  }
}

/// A change of these numbers changes the results of everybody's networks.
TEST(Random, bitsStayWhatTheyAre) {
  RandomKey key = randomKey(1, 2, 3);
  EXPECT_EQ(randomBits(key, 0), -8769513939004344729);
  EXPECT_EQ(randomBits(key, 1), -2833338810415139228);
  EXPECT_EQ(poisson(3, randomBits(key, 0)), 3);
  EXPECT_EQ(poisson(1000, randomBits(key, 0)), 1018);
}

TEST(Random, eachKeyCounts) {
  std::set<int64_t> seen;
  for (RandomKey key : {randomKey(0), randomKey(1), randomKey(0, 0), randomKey(0, 1),
                        randomKey(1, 0), randomKey(0, 0, 0), randomKey(0, 0, 1), randomKey(0, 1, 0),
                        randomKey(-1), randomKey(0, -1)})
    for (uint64_t i = 0; i < 4; ++i)
      EXPECT_TRUE(seen.insert(randomBits(key, i)).second);
}

TEST(Random, keysCanBeAddedOneByOne) {
  RandomKey key{7, 2};
  key = key.with(11).with(-5);
  EXPECT_EQ(randomBits(key, 3), randomBits(randomKey(7, 11, -5), 3));
}

TEST(Random, filledMemoryHasTheBitsOfItsElements) {
  std::vector<int64_t> bits(37);
  RandomKey key = randomKey(5, 6);
  fillRandomBits(bits.data(), bits.size(), key);
  for (size_t i = 0; i < bits.size(); ++i)
    EXPECT_EQ(bits[i], randomBits(key, i));
}

/// Every bit is set about half of the time, for elements and for keys alike.
TEST(Random, bitsAreFair) {
  constexpr int kDraws = 20000;
  for (bool byKey : {false, true}) {
    int counts[64] = {};
    for (int i = 0; i < kDraws; ++i) {
      int64_t bits = byKey ? randomBits(randomKey(9, i), 0) : randomBits(randomKey(9, 0), i);
      for (int bit = 0; bit < 64; ++bit)
        counts[bit] += int(bits >> bit & 1);
    }
    for (int count : counts) // four and a half deviations
      EXPECT_NEAR(count, kDraws / 2, 4.5 * std::sqrt(kDraws) / 2);
  }
}

TEST(Random, theUnitIntervalExcludesOne) {
  EXPECT_EQ(unitInterval(0), 0.0);
  EXPECT_EQ(unitInterval(~uint64_t(0)), 1 - 0x1p-53);
  EXPECT_EQ(unitInterval(uint64_t(1) << 63), 0.5);
}

//===--- Poisson ---===//

TEST(Poisson, meanAndVarianceAreLambda) {
  for (double lambda : {0.01, 0.5, 3.0, 9.99, 10.0, 10.5, 30.0, 200.0, 1e5, 1e9}) {
    constexpr int kDraws = 100000;
    double sum = 0, squares = 0;
    RandomKey key = randomKey(3, int64_t(lambda * 100));
    for (int i = 0; i < kDraws; ++i) {
      double difference = double(poisson(lambda, randomBits(key, i))) - lambda;
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

/// The chi-square statistic of draws against exact probabilities.
TEST(Poisson, numbersHaveTheirProbabilities) {
  for (double lambda : {2.0, 9.9, 10.0, 12.0, 40.0}) {
    constexpr int kDraws = 200000;
    std::vector<int> counts(200);
    RandomKey key = randomKey(4, int64_t(lambda * 100));
    for (int i = 0; i < kDraws; ++i)
      ++counts[std::min<int64_t>(poisson(lambda, randomBits(key, i)), 199)];
    double statistic = 0;
    int cells = 0;
    for (int k = 0; k < 199; ++k) {
      double expected = kDraws * std::exp(k * std::log(lambda) - lambda - std::lgamma(k + 1.0));
      if (expected < 10)
        continue;
      statistic += (counts[k] - expected) * (counts[k] - expected) / expected;
      ++cells;
    }
    // Normal for many cells: mean cells, variance twice that.
    EXPECT_LT(statistic, cells + 4.5 * std::sqrt(2.0 * cells)) << lambda;
  }
}

TEST(Poisson, everyMeanHasANumber) {
  double infinity = std::numeric_limits<double>::infinity();
  for (int64_t bits : {int64_t(0), int64_t(-1), INT64_MIN, INT64_MAX}) {
    EXPECT_EQ(poisson(0, bits), 0);
    EXPECT_EQ(poisson(-3, bits), 0);
    EXPECT_EQ(poisson(std::nan(""), bits), 0);
    EXPECT_EQ(poisson(-infinity, bits), 0);
    EXPECT_EQ(poisson(infinity, bits), INT64_MAX);
    EXPECT_EQ(poisson(0x1p70, bits), INT64_MAX);
    EXPECT_GE(poisson(1e-300, bits), 0);
    EXPECT_LT(poisson(9.999999, bits), 100); // also for the last number below 1
    EXPECT_NEAR(double(poisson(1e15, bits)), 1e15, 1e9);
    EXPECT_NEAR(double(poisson(0x1p60, bits)), 0x1p60, 0x1p34);
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
