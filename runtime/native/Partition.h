// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who has which elements: contiguous ranges of an axis, one for each thread. Included by generated
// code, so it must stay light.
#ifndef BASALT_RUNTIME_NATIVE_PARTITION_H
#define BASALT_RUNTIME_NATIVE_PARTITION_H

#include <cstdint>

namespace basalt::rt {

/// The elements from `low` to before `high`.
struct Range {
  int64_t low, high;

  constexpr int64_t size() const { return high - low; }
};

/// Ranges are cut at multiples of this many elements: then threads share no cache line of any
/// array, not even of bytes, and whole vectors belong to one thread.
inline constexpr int64_t kGrain = 64;

/// Pieces of `grain` elements (the last one may be shorter) that an axis of `extent` has.
constexpr int64_t piecesOf(int64_t extent, int64_t grain = kGrain) {
  return extent / grain + (extent % grain != 0);
}

/// What `thread` has of an axis of `extent` if that is shared equally among `threads`: a function
/// of these numbers and nothing else. The ranges of all threads are in their order and together the
/// whole axis; they differ by at most one piece, so some are empty if there are fewer pieces than
/// threads.
constexpr Range partOf(int64_t extent, unsigned thread, unsigned threads, int64_t grain = kGrain) {
  int64_t pieces = piecesOf(extent, grain);
  auto cut = [&](unsigned t) {
    // pieces * t / threads, without overflow.
    int64_t piece = pieces / threads * t + pieces % threads * t / threads;
    return piece == pieces ? extent : piece * grain;
  };
  return {cut(thread), cut(thread + 1)};
}

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_PARTITION_H
