// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random bits against the known answers of Philox's authors.
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
  EXPECT_EQ(randomBits(key, 1), 1042441603708574241);
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
  RandomKey key = randomKey(5, 6);
  for (uint64_t first : {uint64_t(0), uint64_t(1), uint64_t(6), uint64_t(1) << 35})
    for (size_t count : {0, 1, 2, 15, 16, 17, 37}) {
      std::vector<int64_t> bits(count + 1, -1);
      fillRandomBits(bits.data(), count, key, first);
      for (size_t i = 0; i < count; ++i)
        EXPECT_EQ(bits[i], randomBits(key, first + i));
      EXPECT_EQ(bits[count], -1);
    }
}

TEST(Random, wordsAreThoseOfTheBits) {
  RandomKey key = randomKey(5, 6);
  for (uint64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(randomWord(key, 2 * i), uint32_t(randomBits(key, i)));
    EXPECT_EQ(randomWord(key, 2 * i + 1), uint32_t(uint64_t(randomBits(key, i)) >> 32));
  }
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
