// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lists of the spikes of the last steps.
#include "runtime/native/Spikes.h"

#include <gtest/gtest.h>

using namespace basalt::rt;

namespace {

using Sources = std::vector<uint32_t>;

Sources sourcesOf(SpikeList list) {
  Sources result;
  for (size_t i = 0; i < list.count; ++i)
    result.push_back(list.spikes[i].source);
  return result;
}

/// A byte for each of `count` sources, 1 for those that are named.
std::vector<uint8_t> spikesOf(size_t count, const Sources &sources) {
  std::vector<uint8_t> result(count, 0);
  for (uint32_t source : sources)
    result[source] = 1;
  return result;
}

TEST(Spikes, StepsThatWereKept) {
  SpikeHistory history(5, 3);
  EXPECT_EQ(history.lastStep(), 0);
  for (int64_t step : {-4, -1, 0, 1, 2})
    EXPECT_EQ(history.between(step, step).count, 0u) << step;
  const Sources given[] = {{1, 4}, {}, {0, 1, 2, 3, 4}, {3}};
  for (int64_t step = 1; step <= 4; ++step)
    history.keep(step, spikesOf(5, given[step - 1]).data());
  EXPECT_EQ(history.lastStep(), 4);
  EXPECT_EQ(history.total(), 8u);
  EXPECT_EQ(history.between(1, 1).count, 0u); // no longer there
  for (int64_t step = 2; step <= 4; ++step)
    EXPECT_EQ(sourcesOf(history.between(step, step)), given[step - 1]) << step;
  EXPECT_EQ(history.between(5, 5).count, 0u); // not there yet
  EXPECT_EQ(history.between(7, 7).count, 0u); // though step 4 lies where it will
}

TEST(Spikes, AStepThatWasLeftOutHasNone) {
  SpikeHistory history(2, 2);
  history.keep(1, spikesOf(2, {1}).data());
  history.keep(4, spikesOf(2, {0}).data());
  EXPECT_EQ(history.between(2, 2).count, 0u);
  EXPECT_EQ(history.between(3, 3).count, 0u);
  EXPECT_EQ(sourcesOf(history.between(4, 4)), Sources({0}));
}

/// Bytes are looked at in words and blocks of words.
TEST(Spikes, PopulationsOfAnySize) {
  for (size_t count : {0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 200, 1000}) {
    SpikeHistory history(count, 1);
    Sources all, some;
    for (uint32_t i = 0; i < count; ++i) {
      all.push_back(i);
      if (i % 7 == 3 || i % 64 == 63)
        some.push_back(i);
    }
    history.keep(1, spikesOf(count, all).data());
    EXPECT_EQ(sourcesOf(history.between(1, 1)), all) << count;
    history.keep(2, spikesOf(count, some).data());
    EXPECT_EQ(sourcesOf(history.between(2, 2)), some) << count;
    for (uint32_t i = 0; i < count; ++i) {
      history.keep(3 + i, spikesOf(count, {i}).data());
      EXPECT_EQ(sourcesOf(history.between(3 + i, 3 + i)), Sources({i})) << count;
    }
  }
}

} // namespace
