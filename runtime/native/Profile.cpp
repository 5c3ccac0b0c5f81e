// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Measuring. What profiles look like is in ProfileText.cpp and Trace.cpp.
#include "runtime/native/Profile.h"

#include "runtime/native/Generated.h"
#include "runtime/native/Shares.h"

#include <algorithm>

using namespace basalt::rt;

/// Slices that are kept of all threads together: a trace of some 20 MB.
static constexpr size_t kMostSlices = 200000;
/// The most of its time that a run may spend on being measured.
static constexpr double kShareOfMeasuring = 0.05;

//===-- From generated code
//----------------------------------------------------------------------===//

void basalt::rt::markNow(Track &track, size_t part) { track.switchTo(uint32_t(part)); }

void basalt::rt::countRowsNow(Track &track, const int64_t *offsets, const uint8_t *spikes,
                              size_t sources) {
  for (size_t source = 0; source < sources; ++source)
    if (spikes[source])
      track.events += uint64_t(offsets[source + 1] - offsets[source]);
}

//===-- Steps
//------------------------------------------------------------------------------------===//

/// Ticks that one switch takes, if nothing comes in between.
static double measureSwitches() {
  constexpr unsigned kSwitches = 100, kTimes = 10;
  Track track(2);
  track.start(0, ticks());
  uint64_t least = UINT64_MAX;
  for (unsigned time = 0; time < kTimes; ++time) {
    uint64_t begin = ticks();
    for (unsigned i = 0; i < kSwitches; ++i)
      track.switchTo(i % 2);
    least = std::min(least, ticks() - begin);
  }
  return double(least) / kSwitches;
}

Profile::Profile(std::string name, Table<PartInfo> parts, unsigned threads, bool withTrace)
    : programName(std::move(name)), own(parts), withTrace(withTrace),
      ticksOfSwitch(measureSwitches()), firstTick(ticks()),
      firstTime(std::chrono::steady_clock::now()) {
  for (unsigned i = 0; i < threads; ++i)
    tracks.emplace_back(parts.size() + kCommonParts);
}

void Profile::skip(int64_t count) {
  left -= count;
  stepCount += count;
}

void Profile::beginStep(Context &ctx) {
  ++stepCount;
  bool isTraced = withTrace && measured % stride == 0;
  if (isTraced)
    sampledSteps.push_back(ctx.timeStep);
  for (Track &track : tracks) {
    track.isTraced = isTraced;
    track.sample = uint32_t(measured);
  }
  if (ctx.shares)
    ctx.shares->setProfile(this);
  ctx.track = &tracks.front();
  switchesBefore = ctx.track->switches;
  stepBegin = ticks();
  // The others wait for what there will be to do.
  for (Track &track : tracks)
    track.start(numberOf(CommonPart::Waiting), stepBegin);
  ctx.track->start(numberOf(CommonPart::Between), stepBegin);
}

void Profile::endStep(Context &ctx) {
  uint64_t end = ticks();
  for (Track &track : tracks)
    track.switchTo(numberOf(CommonPart::Waiting), end);
  if (ctx.shares)
    ctx.shares->setProfile(nullptr);
  uint64_t switches = ctx.track->switches - switchesBefore;
  ctx.track = nullptr;
  ++measured;
  chooseSkip(end - stepBegin, switches);
  if (withTrace)
    thinOut();
}

/// So many steps are not measured that what the measured ones take longer does not count. Their
/// number varies, so that what happens in every tenth step, say, is neither always nor never seen.
void Profile::chooseSkip(uint64_t duration, uint64_t switches) {
  double cost = double(switches) * ticksOfSwitch;
  double plain = std::max(double(duration) - cost, 1.0);
  double skipped = cost / (kShareOfMeasuring * plain) - 1;
  if (skipped < 1) {
    left = 0;
    return;
  }
  jitter = jitter * 6364136223846793005u + 1442695040888963407u;
  double factor = 0.5 + double(jitter >> 33) / double(uint64_t(1) << 31);
  left = int64_t(std::min(skipped * factor, 1e6));
}

/// Where slices have become too many, those of every second step go.
void Profile::thinOut() {
  size_t count = 0;
  for (const Track &track : tracks)
    count += track.slices.size();
  if (count <= kMostSlices)
    return;
  stride *= 2;
  for (Track &track : tracks)
    track.slices.erase(std::remove_if(track.slices.begin(), track.slices.end(),
                                      [&](const Slice &slice) { return slice.sample % stride; }),
                       track.slices.end());
  size_t kept = 0;
  for (size_t i = 0; i < sampledSteps.size(); i += 2)
    sampledSteps[kept++] = sampledSteps[i];
  sampledSteps.resize(kept);
}

//===-- The result
//-------------------------------------------------------------------------------===//

void Profile::add(const char *what, double seconds) {
  for (Other &other : otherTimes)
    if (std::string(what) == other.what) {
      other.seconds += seconds;
      return;
    }
  otherTimes.push_back({what, seconds});
}

PartInfo Profile::partInfo(uint32_t part) const {
  if (part < own.size())
    return own[part];
  switch (CommonPart(part - own.size())) {
  case CommonPart::Waiting:
    return {"", "", "waiting for other threads"};
  case CommonPart::Between:
    return {"", "", "between phases"};
  case CommonPart::Spk:
    return {"spk", "", ""};
  case CommonPart::PreManagement:
    return {"pre_mgmt", "", ""};
  case CommonPart::Learn:
    return {"lrn", "", ""};
  case CommonPart::PostManagement:
    break;
  }
  return {"post_mgmt", "", ""};
}

/// What was measured stands for all steps.
std::vector<Profile::Row> Profile::rows() const {
  std::vector<Row> result;
  uint64_t all = 0;
  for (const Track &track : tracks)
    for (uint64_t spent : track.spent)
      all += spent;
  if (all == 0)
    return result;
  double scale = stepSeconds * threads() / double(all);
  for (uint32_t part = 0; part < own.size() + kCommonParts; ++part) {
    uint64_t spent = 0;
    for (const Track &track : tracks)
      spent += track.spent[part];
    if (spent != 0)
      result.push_back({partInfo(part), double(spent) * scale});
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const Row &a, const Row &b) { return a.seconds > b.seconds; });
  return result;
}

uint64_t Profile::events() const {
  uint64_t counted = 0;
  for (const Track &track : tracks)
    counted += track.events;
  return measured == 0 ? 0 : uint64_t(double(counted) * double(stepCount) / double(measured));
}

void Profile::finish() {
  uint64_t passed = ticks() - firstTick;
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - firstTime;
  secondsOfTick = passed == 0 ? 0 : seconds.count() / double(passed);
}

double Profile::microseconds(uint64_t tick) const {
  return double(tick - firstTick) * secondsOfTick * 1e6;
}
