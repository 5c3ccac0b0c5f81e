// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `--profile`: where the time of a run goes. Each thread has a track, on which one part of the
// program follows another; what switches between them costs two dozen nanoseconds. Where steps are
// so short that this would show, only some of them are measured, and stand for the others.
#ifndef BASALT_RUNTIME_NATIVE_PROFILE_H
#define BASALT_RUNTIME_NATIVE_PROFILE_H

#include "runtime/native/Simulation.h"

#include <chrono>
#include <string>
#include <vector>

namespace basalt::rt {

/// Counts up with time at a constant rate, the same for all threads.
inline uint64_t ticks() {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#else
  return uint64_t(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

/// What a thread did from one tick to another, in a step that is traced.
struct Slice {
  uint64_t begin, end;
  uint32_t part;
  uint32_t sample; // which of the steps that were measured
};

/// The account of one thread.
class alignas(64) Track {
public:
  explicit Track(size_t parts) : spent(parts) {}

  /// What follows is `part`.
  void switchTo(uint32_t part) { switchTo(part, ticks()); }
  void switchTo(uint32_t part, uint64_t now) {
    // Clocks of cores may be some ticks apart.
    uint64_t until = now > last ? now : last;
    spent[current] += until - last;
    ++switches;
    if (isTraced && until != last)
      slices.push_back({last, until, current, sample});
    last = until;
    current = part;
  }
  /// Begins with `part`, whatever was before.
  void start(uint32_t part, uint64_t now) {
    last = now;
    current = part;
  }

  uint32_t part() const { return current; }

private:
  friend class Profile;

  uint64_t last = 0;
  uint32_t current = 0, sample = 0;
  bool isTraced = false;
  uint64_t switches = 0, events = 0;
  std::vector<uint64_t> spent; // ticks, by part
  std::vector<Slice> slices;

  friend void countRowsNow(Track &, const int64_t *, const uint8_t *, size_t);
};

/// Parts that every program has, behind its own: waiting for other threads, what is between
/// phases, and of each phase what none of its parts is.
enum class CommonPart : uint32_t { Waiting, Between, Spk, PreManagement, Learn, PostManagement };
inline constexpr size_t kCommonParts = 6;

class Profile {
public:
  /// `withTrace`: with slices.
  Profile(std::string name, Table<PartInfo> parts, unsigned threads, bool withTrace);

  /// From the scheduler: how many of the next steps are not measured; that so many were run; and
  /// around each one that is measured.
  int64_t stepsToSkip() const { return left; }
  void skip(int64_t count);
  void beginStep(Context &ctx);
  void endStep(Context &ctx);
  uint32_t numberOf(CommonPart part) const { return uint32_t(own.size()) + uint32_t(part); }

  Track &track(unsigned thread) { return tracks[thread]; }

  /// Seconds that were spent on something else than the parts, such as making synapses.
  struct Other {
    const char *what;
    double seconds = 0;
  };
  void add(const char *what, double seconds);
  void addSteps(double seconds) { stepSeconds += seconds; }
  /// When nothing more is measured.
  void finish();

  //===-- The result ---===//

  struct Row {
    PartInfo part;
    double seconds; // of all threads
  };
  /// Of all parts, the longest first, those without time left out.
  std::vector<Row> rows() const;
  /// Events that code counted itself.
  uint64_t events() const;
  const std::string &name() const { return programName; }
  unsigned threads() const { return unsigned(tracks.size()); }
  int64_t steps() const { return stepCount; }
  int64_t measuredSteps() const { return measured; }
  double seconds() const { return stepSeconds; }
  const std::vector<Other> &others() const { return otherTimes; }
  bool hasParts() const { return !own.empty(); }

  /// Slices of a thread, in their order; every `traceStride()`-th measured step has some.
  const std::vector<Slice> &slices(unsigned thread) const { return tracks[thread].slices; }
  int64_t traceStride() const { return stride; }
  int64_t stepOfSample(uint32_t sample) const { return sampledSteps[sample / size_t(stride)]; }
  PartInfo partInfo(uint32_t part) const;
  /// Microseconds from the first step on.
  double microseconds(uint64_t tick) const;

private:
  void thinOut();
  void chooseSkip(uint64_t duration, uint64_t switches);

  std::string programName;
  Table<PartInfo> own;
  std::vector<Track> tracks;
  bool withTrace;
  double ticksOfSwitch;     // what one costs
  double secondsOfTick = 0; // when it is finished
  uint64_t firstTick = 0;
  std::chrono::steady_clock::time_point firstTime;

  int64_t stepCount = 0, measured = 0, left = 0;
  uint64_t jitter = 1;
  uint64_t stepBegin = 0, switchesBefore = 0;
  int64_t stride = 1;                // of traced steps among those measured
  std::vector<int64_t> sampledSteps; // time steps that are traced
  double stepSeconds = 0;
  std::vector<Other> otherTimes;
};

/// What has passed since it is there.
class Stopwatch {
public:
  Stopwatch() : begin(std::chrono::steady_clock::now()) {}
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

private:
  std::chrono::steady_clock::time_point begin;
};

/// The table, with what takes memory; without the end of the last line.
std::string profileText(const Profile &profile, const Activity &activity,
                        const std::vector<MemoryPart> &memory);

/// A trace in the JSON format of Chrome, which Perfetto reads.
std::string traceText(const Profile &profile);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_PROFILE_H
