// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges cover an axis once; a team calls every part once, whatever fails, also with more threads
// than cores and after a fork.
#include "runtime/native/Team.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace basalt::rt;

TEST(Partition, CoversTheAxisInOrder) {
  for (size_t extent : {0, 1, 63, 64, 65, 128, 1000, 4000, 77169})
    for (unsigned threads : {1, 2, 3, 7, 64, 1024})
      for (size_t grain : {1, 64, 4096})
        for (unsigned first : {0u, 1u, threads / 2, threads - 1}) {
          size_t next = 0, least = extent, most = 0;
          for (unsigned t = 0; t < threads; ++t) {
            Range range = partOf(extent, t, threads, grain, first % threads);
            EXPECT_EQ(range.low, next);
            EXPECT_LE(range.low, range.high);
            EXPECT_TRUE(range.high % grain == 0 || range.high == extent);
            next = range.high;
            least = std::min(least, piecesOf(range.size(), grain));
            most = std::max(most, piecesOf(range.size(), grain));
          }
          EXPECT_EQ(next, extent);
          EXPECT_LE(most - least, 1u);
        }
}

TEST(Partition, TheLongerRangesAreFromTheGivenThreadOn) {
  auto sizes = [](unsigned first) {
    std::vector<size_t> result;
    for (unsigned t = 0; t < 5; ++t)
      result.push_back(partOf(7, t, 5, 1, first).size());
    return result;
  };
  EXPECT_EQ(sizes(0), (std::vector<size_t>{2, 2, 1, 1, 1}));
  EXPECT_EQ(sizes(2), (std::vector<size_t>{1, 1, 2, 2, 1}));
  EXPECT_EQ(sizes(4), (std::vector<size_t>{2, 1, 1, 1, 2}));
}

TEST(Partition, HasNoOverflow) {
  constexpr size_t extent = SIZE_MAX;
  static_assert(partOf(extent, 0, 1, 1).high == extent);
  EXPECT_EQ(partOf(extent, 1023, 1024, 1).high, extent);
  EXPECT_EQ(partOf(extent, 511, 1024, 1).high, partOf(extent, 512, 1024, 1).low);
}

class TeamOf : public testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(Sizes, TeamOf, testing::Values(1, 2, 3, 7, 40));

TEST_P(TeamOf, CallsEachPartOnceInEachRound) {
  Team team(GetParam());
  ASSERT_EQ(team.size(), GetParam());
  std::vector<int> calls(team.size()); // no atomics: rounds are ordered
  for (int round = 1; round <= 300; ++round) {
    team.run([&](unsigned thread) { ++calls[thread]; });
    for (int count : calls)
      ASSERT_EQ(count, round);
  }
}

TEST_P(TeamOf, WakesThreadsThatSleep) {
  Team team(GetParam());
  std::atomic<unsigned> calls{0};
  for (int round = 0; round < 3; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    team.run([&](unsigned thread) {
      if (thread == team.size() - 1) // the others sleep until it is done
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      ++calls;
    });
  }
  EXPECT_EQ(calls, 3 * team.size());
}

/// What `body` throws.
template <typename Body> static std::string errorOf(Body body) {
  try {
    body();
  } catch (const std::runtime_error &error) {
    return error.what();
  }
  return "";
}

TEST_P(TeamOf, TheLowestThreadThatFailsIsHeard) {
  Team team(GetParam());
  unsigned lowest = team.size() / 2;
  auto body = [&](unsigned thread) {
    if (thread >= lowest)
      throw std::runtime_error(std::to_string(thread));
  };
  for (int round = 0; round < 20; ++round)
    EXPECT_EQ(errorOf([&] { team.run(body); }), std::to_string(lowest));
  EXPECT_EQ(errorOf([&] { team.run([](unsigned) {}); }), "") << "an old error";
}

TEST_P(TeamOf, ItemsAreDoneOnce) {
  Team team(GetParam());
  for (size_t count : {0, 1, 5, 1000}) {
    std::vector<int> calls(count);
    team.forEach(count, [&](size_t item) { ++calls[item]; });
    EXPECT_EQ(calls, std::vector<int>(count, 1));
  }
}

TEST_P(TeamOf, TheLowestItemThatFailsIsHeard) {
  Team team(GetParam());
  for (int round = 0; round < 20; ++round)
    EXPECT_EQ(errorOf([&] {
                team.forEach(1000, [&](size_t item) {
                  if (item % 100 >= 77)
                    throw std::runtime_error(std::to_string(item));
                });
              }),
              "77");
}

TEST(Team, NoneIsALoop) {
  std::vector<size_t> items;
  forEach(nullptr, 3, [&](size_t item) { items.push_back(item); });
  EXPECT_EQ(items, (std::vector<size_t>{0, 1, 2}));
}

TEST(Team, ChildrenOfAForkDoAllPartsThemselves) {
  Team team(3);
  team.run([](unsigned) {});
  pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    unsigned calls = 0; // no atomic: there is one thread
    team.run([&](unsigned) { ++calls; });
    _exit(calls == 3 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(Team, ThereIsACore) { EXPECT_GE(usableCores(), 1u); }
