// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The only header that generated C++ includes. It must stay light (no iostream, string, vector,
// fmt), because its parsing is part of the time from an edited network to its first output. Checks
// are inline; whatever they lead to is a call into the library.
#ifndef BASALT_RUNTIME_NATIVE_GENERATED_H
#define BASALT_RUNTIME_NATIVE_GENERATED_H

#include "runtime/native/Arithmetic.h"
#include "runtime/native/Contract.h"
#include "runtime/native/Entries.h"
#include "runtime/native/Poisson.h"
#include "runtime/native/Power.h"
#include "runtime/native/Transcendental.h"
#include "runtime/native/View.h"

/// Stands before loops over long chains of operations, of which a processor does not look ahead
/// over two vectors by itself (g++ has no such request).
#ifdef __clang__
#define BASALT_TWO_AT_A_TIME _Pragma("clang loop interleave_count(2)")
#else
#define BASALT_TWO_AT_A_TIME
#endif

namespace basalt::rt {

/// N elements, aligned and padded to whole cache lines: kernels may load whole vectors, and the
/// compiler sees that two fields never share a line. An aggregate: `Array<T, N> a{}` is all zero.
template <typename T, size_t N> struct alignas(64) Array {
  static constexpr size_t kPerLine = 64 / sizeof(T);
  static constexpr size_t kPadded = N == 0 ? kPerLine : (N + kPerLine - 1) / kPerLine * kPerLine;

  T elements[kPadded];

  // Templates on the index: with a fixed index type, a[i] would be ambiguous with the conversion.
  template <typename Index> constexpr T &operator[](Index i) { return elements[i]; }
  template <typename Index> constexpr const T &operator[](Index i) const { return elements[i]; }
  constexpr operator T *() { return elements; }
  constexpr operator const T *() const { return elements; }
};

/// A view of the whole array with the given extents.
template <typename T, size_t N, typename... Extents>
inline View view(const Array<T, N> &array, Extents... extents) {
  return view(array.elements, extents...);
}

//===-- Failures
//---------------------------------------------------------------------------------===//
// Each throws a RunError that names the place, the instance and the time step.

[[noreturn]] void fail(const Context &ctx, const Site &site, const char *message);
[[noreturn]] void failAssertion(const Context &ctx, const Site &site, const char *message);
[[noreturn]] void failIndex(const Context &ctx, const Site &site, int64_t index, int64_t extent);

/// `assert ok, "message"`; the message may be null.
inline void check(const Context &ctx, bool ok, const Site &site, const char *message) {
  if (__builtin_expect(!ok, 0))
    failAssertion(ctx, site, message);
}

/// The place on an axis that the index `i` names: a negative one counts from the end, as in NumPy.
inline int64_t index(const Context &ctx, int64_t i, int64_t extent, const Site &site) {
  int64_t place = i < 0 ? i + extent : i;
  if (__builtin_expect(uint64_t(place) >= uint64_t(extent), 0))
    failIndex(ctx, site, i, extent);
  return place;
}

//===-- Printing and recording
//-------------------------------------------------------------------===//

/// Prints `format` with each `{}` replaced by the next of the `count` operands, and a newline.
void printViews(Context &ctx, const char *format, const View *operands, size_t count);

template <typename... Views>
inline void print(Context &ctx, const char *format, const Views &...operands) {
  if (!ctx.printing)
    return;
  const View views[sizeof...(operands) + 1] = {operands..., View{}}; // no array of size 0
  printViews(ctx, format, views, sizeof...(operands));
}

void recordStateNow(Context &ctx, size_t index);
void recordPortNow(Context &ctx, size_t index, const void *data);
void recordPortNow(Context &ctx, size_t index, const void *data, Range range);
void recordPhaseNow(Context &ctx, Phase phase);

/// The moment of the default probe of a state with `probedInPhase`.
inline void recordState(Context &ctx, size_t index) {
  if (__builtin_expect(ctx.recording, 0))
    recordStateNow(ctx, index);
}

/// The OutPort sends what is at `data`, in the layout of the port's element.
inline void recordPort(Context &ctx, size_t index, const void *data) {
  if (__builtin_expect(ctx.recording, 0))
    recordPortNow(ctx, index, data);
}

/// The same for some elements; `data` is where element 0 is.
inline void recordPort(Context &ctx, size_t index, const void *data, size_t low, size_t high) {
  if (__builtin_expect(ctx.recording, 0))
    recordPortNow(ctx, index, data, {low, high});
}

/// The place in a step where `phase` ends, whether it had anything to run or not. Called by whoever
/// schedules the phases, not by generated code.
inline void phaseEnded(Context &ctx, Phase phase) {
  if (__builtin_expect(ctx.watchedPhases & uint32_t(phase), 0))
    recordPhaseNow(ctx, phase);
}

//===-- Projections
//------------------------------------------------------------------------------===//

class Projection;
class SpikeHistory;

/// Adds up what is due of a projection in this step; `into` has a sum for each target.
void due(Context &ctx, Projection *projection, void *into);
/// The same for the targets that a thread has.
void due(Context &ctx, Projection *projection, void *into, size_t low, size_t high);
/// Keeps the spikes of this step: a byte a source, 0 or 1.
void keepSpikes(Context &ctx, SpikeHistory *history, const uint8_t *spikes);

//===-- Profiles
//---------------------------------------------------------------------------------===//
// Only in programs that are compiled for profiles.

class Track;
void markNow(Track &track, size_t part);
void countRowsNow(Track &track, const int64_t *offsets, const uint8_t *spikes, size_t sources);

/// What follows is the part with that number.
template <typename ContextOrShare> inline void mark(ContextOrShare &of, size_t part) {
  if (__builtin_expect(of.track != nullptr, 0))
    markNow(*of.track, part);
}

/// The entries of all sources that spike are delivered.
template <typename ContextOrShare>
inline void countRows(ContextOrShare &of, const int64_t *offsets, const uint8_t *spikes,
                      size_t sources) {
  if (__builtin_expect(of.track != nullptr, 0))
    countRowsNow(*of.track, offsets, spikes, sources);
}

//===-- Threads
//----------------------------------------------------------------------------------===//

/// What one thread does of a region.
struct Share {
  const Range *ranges;    // of each axis of the program
  unsigned statement = 0; // the one that is being done, of those that may fail
  Track *track = nullptr; // of a profile, in steps that are measured
};

/// What a share has of an axis of which `Multiple` divides extent and grain: that loops need no
/// scalar code for the last elements is for the compiler to know.
template <size_t Multiple> inline Range rangeOf(const Share &share, size_t axis) {
  Range range = share.ranges[axis];
  if (range.low % Multiple != 0 || range.high % Multiple != 0)
    __builtin_unreachable();
  return range;
}

using SharedBody = void (*)(const void *body, Share &share);
void runShared(Shares &shares, SharedBody function, const void *body);

/// Calls `body(share)` in every thread of the team, each with its share, and returns when all are
/// done; without a team once, for the whole axes. Throws what the statements would have thrown
/// first on one thread.
template <typename Body> inline void parallel(Context &ctx, const Range *whole, const Body &body) {
  if (!ctx.shares) {
    Share share{whole, 0, ctx.track};
    body(share);
    return;
  }
  runShared(
      *ctx.shares, [](const void *b, Share &share) { (*static_cast<const Body *>(b))(share); },
      &body);
}

//===-- Control
//----------------------------------------------------------------------------------===//

/// Ends the current stage after the last phase of this step.
inline void pause(Context &ctx) { ctx.pauseRequested = true; }
/// Ends the run after the last phase of this step.
inline void stop(Context &ctx) { ctx.stopRequested = true; }

/// Memory of zeros for an object of a generated class; what is not used of it takes no memory of
/// the machine. Throws InputError.
void *allocateObject(size_t bytes);
void releaseObject(void *object, size_t bytes);

/// What a `Program` needs as `create` and `destroy`: `T` is an aggregate of arrays, numbers and
/// pointers, so zeros are an object of it.
template <typename T> void *createObject() { return allocateObject(sizeof(T)); }
template <typename T> void destroyObject(void *object) { releaseObject(object, sizeof(T)); }

/// The whole main program of a generated simulator; returns its exit code.
int runMain(int argc, char **argv, const Program &program);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_GENERATED_H
