// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Profiles of work whose length is known, and what they look like.
#include "runtime/native/Profile.h"
#include "runtime/native/Generated.h"
#include "runtime/native/Shares.h"
#include "runtime/native/Signal.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace basalt::rt;

namespace {

const PartInfo kParts[] = {
    {"spk", "a", "short"}, {"spk", "b", "long"}, {"post_mgmt", "a", "print"}};
const Axis kAxes[] = {{128, 64}};
const Range kWhole[] = {{0, 128}};

/// Does nothing for so many ticks.
void spend(uint64_t duration) {
  for (uint64_t begin = ticks(); ticks() - begin < duration;)
    relax();
}

constexpr uint64_t kShort = 20000; // some microseconds

struct ProfileTest : ::testing::Test {
  Context ctx;

  Profile make(unsigned threads = 1, bool withTrace = false) {
    return Profile("net", {kParts, 3}, threads, withTrace);
  }

  /// A step with one phase.
  template <typename Body> void step(Profile &profile, const Body &body) {
    ++ctx.timeStep;
    while (profile.stepsToSkip() > 0)
      profile.skip(1);
    profile.beginStep(ctx);
    ctx.track->switchTo(profile.numberOf(CommonPart::Spk));
    body();
    ctx.track->switchTo(profile.numberOf(CommonPart::Between));
    profile.endStep(ctx);
  }

  double secondsOf(const Profile &profile, const std::string &what) {
    for (const Profile::Row &row : profile.rows())
      if (row.part.what == what)
        return row.seconds;
    return 0;
  }
};

TEST_F(ProfileTest, TimeGoesToThePartThatWasMarked) {
  Profile profile = make();
  for (int i = 0; i < 20; ++i)
    step(profile, [&] {
      spend(kShort); // so that it is worth measuring
      uint64_t now = ticks();
      ctx.track->switchTo(0, now);
      ctx.track->switchTo(1, now + kShort);
      ctx.track->switchTo(profile.numberOf(CommonPart::Spk), now + 5 * kShort);
    });
  profile.addSteps(1);
  EXPECT_GT(secondsOf(profile, "short"), 0.0);
  EXPECT_NEAR(secondsOf(profile, "long") / secondsOf(profile, "short"), 4, 1e-9);
  EXPECT_EQ(secondsOf(profile, "print"), 0.0);
  double sum = 0;
  for (const Profile::Row &row : profile.rows())
    sum += row.seconds;
  EXPECT_NEAR(sum, 1, 1e-9); // all of it
  EXPECT_EQ(profile.steps(), 20);
  EXPECT_EQ(profile.measuredSteps(), 20);
}

TEST_F(ProfileTest, OutsideOfMeasuredStepsMarksDoNothing) {
  Profile profile = make();
  mark(ctx, 1);
  step(profile, [&] { spend(kShort); });
  mark(ctx, 1);
  EXPECT_EQ(ctx.track, nullptr);
  profile.addSteps(1);
  EXPECT_EQ(secondsOf(profile, "long"), 0.0);
}

TEST_F(ProfileTest, ShortStepsAreSampled) {
  Profile profile = make();
  for (int i = 0; i < 50; ++i)
    step(profile, [&] { mark(ctx, 0); });
  EXPECT_EQ(profile.measuredSteps(), 50);
  EXPECT_GT(profile.steps(), 500);
}

TEST_F(ProfileTest, ThreadsThatWaitSayso) {
  Profile profile = make(2, true);
  Shares shares(2, {kAxes, 1});
  ctx.shares = &shares;
  for (int i = 0; i < 10; ++i)
    step(profile, [&] {
      parallel(ctx, kWhole, [&](Share &share) {
        mark(share, share.ranges[0].low == 0 ? 1 : 0);
        spend(share.ranges[0].low == 0 ? 10 * kShort : kShort);
      });
    });
  ctx.shares = nullptr;
  profile.addSteps(1);
  profile.finish();
  EXPECT_GT(secondsOf(profile, "waiting for other threads"), 0.0);
  double sum = 0;
  for (const Profile::Row &row : profile.rows())
    sum += row.seconds;
  EXPECT_NEAR(sum, 2, 1e-9); // of both
  EXPECT_NE(profileText(profile, {}, {}).find(", 2 threads"), std::string::npos);
  bool hasShort = std::any_of(profile.slices(1).begin(), profile.slices(1).end(),
                              [](const Slice &slice) { return slice.part == 0; });
  EXPECT_TRUE(hasShort);
}

TEST_F(ProfileTest, RowsAreCounted) {
  Profile profile = make();
  const int64_t offsets[] = {0, 3, 3, 10};
  const uint8_t spikes[] = {1, 1, 0};
  for (int i = 0; i < 4; ++i)
    step(profile, [&] {
      countRows(ctx, offsets, spikes, 3);
      spend(kShort);
    });
  EXPECT_EQ(profile.events(), 12u);
}

TEST_F(ProfileTest, TracesStaySmall) {
  Profile profile = make(1, true);
  constexpr int kSteps = 2000, kMarks = 300;
  for (int i = 0; i < kSteps; ++i)
    step(profile, [&] {
      for (int k = 0; k < kMarks; ++k)
        mark(ctx, size_t(k % 2));
    });
  EXPECT_GT(profile.traceStride(), 1);
  const std::vector<Slice> &slices = profile.slices(0);
  EXPECT_LE(slices.size(), 200000u);
  EXPECT_GT(slices.size(), 50000u);
  for (const Slice &slice : slices)
    ASSERT_EQ(slice.sample % profile.traceStride(), 0);
  // Each traced step knows which one it is; every step was measured here.
  EXPECT_EQ(profile.stepOfSample(slices.front().sample), 1);
  EXPECT_EQ(profile.stepOfSample(slices.back().sample), int64_t(slices.back().sample) + 1);
}

TEST_F(ProfileTest, Trace) {
  Profile profile("a \"net\"", {kParts, 3}, 1, true);
  step(profile, [&] {
    mark(ctx, 1);
    spend(kShort);
  });
  profile.finish();
  std::string text = traceText(profile);
  for (const char *part : {R"({"traceEvents":[)", R"("args":{"name":"a \"net\""}})",
                           R"("name":"time step 1","cat":"step")", R"("name":"spk","cat":"phase")",
                           R"("name":"b: long","cat":"process")"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST_F(ProfileTest, Table) {
  Profile profile = make();
  step(profile, [&] {
    mark(ctx, 1);
    spend(kShort);
  });
  profile.addSteps(0.002);
  profile.add("host", 0.001);
  profile.add("host", 0.001);
  std::string text =
      profileText(profile, {1500, 2000000}, {{"a", "states", 2048}, {"", "rest", 4}});
  for (const char *part :
       {"profile of 'net': 1 time step in 2 ms, 2 ms each, 1 thread\n", "      2 ms  host\n",
        "   share       time     a step  phase, process, code\n", " ms  spk\n", "   b: long\n",
        "1.5 k spikes, 750 k/s; 2 M synaptic events, 1 G/s\n", "   2.0 KiB  memory\n",
        "   2.0 KiB  a  states\n", "       4 B  rest"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  EXPECT_EQ(text.find("print"), std::string::npos);
}

} // namespace
