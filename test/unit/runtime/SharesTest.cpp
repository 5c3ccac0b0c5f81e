// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What threads have of axes, and regions: run by as many threads as are of use, and of what fails
// the first in the order of one thread.
#include "runtime/native/Shares.h"
#include "runtime/native/Error.h"

#include "Support.h"

#include <gtest/gtest.h>

#include <mutex>

using namespace basalt::rt;

namespace {

constexpr Axis kAxes[] = {{1000, 64}, {10, 64}, {40, 1}, {20, 64}};
constexpr Range kWhole[] = {{0, 1000}, {0, 10}, {0, 40}, {0, 20}};
const Table<Axis> axes(kAxes, 4);

TEST(Shares, AsManyThreadsAsHavePieces) {
  EXPECT_EQ(usefulThreads({}), 1u);
  EXPECT_EQ(usefulThreads({kAxes + 1, 1}), 1u);
  EXPECT_EQ(usefulThreads({kAxes, 1}), 16u);
  EXPECT_EQ(usefulThreads(axes), 16u + 1 + 40 + 1);
  Axis large = {size_t(1) << 40, 64};
  EXPECT_EQ(usefulThreads({&large, 1}), kMaxThreads);
  EXPECT_EQ(shareAmong(8, {}), nullptr);
  EXPECT_EQ(shareAmong(1, axes), nullptr);
  EXPECT_EQ(shareAmong(1000, {kAxes, 1})->team().size(), 16u);
}

TEST(Shares, RangesCoverEachAxis) {
  Shares shares(3, axes);
  for (size_t axis = 0; axis < axes.size(); ++axis) {
    size_t next = 0;
    for (unsigned thread = 0; thread < 3; ++thread) {
      Range range = shares.rangeOf(thread, axis);
      EXPECT_EQ(range.low, next);
      next = range.high;
    }
    EXPECT_EQ(next, axes[axis].extent);
  }
  // Small axes go to different threads: 16 pieces give thread 0 one more, so the next is 1.
  EXPECT_EQ(shares.rangeOf(1, 1).size(), 10u);
  EXPECT_NE(shares.rangeOf(1, 3).size(), 20u);
}

TEST(Shares, EachElementIsDoneOnce) {
  for (unsigned threads : {1, 2, 3, 7}) {
    std::unique_ptr<Shares> shares = shareAmong(threads, axes);
    Context ctx;
    ctx.shares = shares.get();
    std::vector<int> done(1000);
    for (int round = 1; round <= 50; ++round) {
      parallel(ctx, kWhole, [&](Share &share) {
        for (size_t i = share.ranges[0].low; i < share.ranges[0].high; ++i)
          ++done[i];
      });
      ASSERT_EQ(done, std::vector<int>(1000, round));
    }
  }
}

/// Statements of which elements fail, one behind the other, as one thread does them.
std::string errorOfRegion(unsigned threads, std::vector<std::vector<size_t>> failing) {
  std::unique_ptr<Shares> shares = shareAmong(threads, axes);
  Context ctx;
  ctx.timeStep = 5;
  ctx.shares = shares.get();
  Site site = {"net.yaml", 1, 2, "p"};
  return errorOf([&] {
    parallel(ctx, kWhole, [&](Share &share) {
      for (size_t i = 0; i < failing.size(); ++i) {
        share.statement = unsigned(i);
        for (size_t element : failing[i])
          if (share.ranges[0].low <= element && element < share.ranges[0].high)
            failIndex(ctx, site, int64_t(element), 0);
      }
    });
  });
}

TEST(Shares, TheFirstFailureIsHeard) {
  for (unsigned threads : {1, 2, 3, 7, 16}) {
    auto fails = [&](size_t element) {
      return "net.yaml:1:2: error: index " + std::to_string(element) +
             " is out of range for an axis of extent 0 (instance 'p', time step 5)";
    };
    EXPECT_EQ(errorOfRegion(threads, {{}, {700, 900}, {0}}), fails(700)) << threads;
    EXPECT_EQ(errorOfRegion(threads, {{999}, {0}}), fails(999)) << threads;
    EXPECT_EQ(errorOfRegion(threads, {{}, {}, {1, 2}}), fails(1)) << threads;
    EXPECT_EQ(errorOfRegion(threads, {{}, {}}), "none") << threads;
  }
}

TEST(Shares, AFailureIsForgotten) {
  Shares shares(3, axes);
  Context ctx;
  ctx.shares = &shares;
  EXPECT_EQ(errorOf([&] { parallel(ctx, kWhole, [](Share &) { throw InputError("once"); }); }),
            "once");
  int calls = 0;
  std::mutex mutex;
  parallel(ctx, kWhole, [&](Share &) {
    std::lock_guard<std::mutex> lock(mutex);
    ++calls;
  });
  EXPECT_EQ(calls, 3);
}

} // namespace
