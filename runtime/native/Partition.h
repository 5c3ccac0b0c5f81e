// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who has which elements: contiguous ranges of an axis, one for each thread. Included by generated
// code, so it must stay light.
#ifndef BASALT_RUNTIME_NATIVE_PARTITION_H
#define BASALT_RUNTIME_NATIVE_PARTITION_H

#include <cstddef>

namespace basalt::rt {

/// The elements from `low` to before `high`.
struct Range {
  size_t low, high;

  constexpr size_t size() const { return high - low; }
};

/// Elements that threads share; ranges are cut at multiples of `grain` elements.
struct Axis {
  size_t extent, grain;
};

/// The grain of most axes: with it threads share no cache line of any
/// array, not even of bytes, and whole vectors belong to one thread.
inline constexpr size_t kGrain = 64;

/// Pieces of `grain` elements (the last one may be shorter) that an axis of `extent` has.
constexpr size_t piecesOf(size_t extent, size_t grain = kGrain) {
  return extent / grain + (extent % grain != 0);
}

/// What `thread` has of an axis of `extent` if that is shared equally among `threads`: a function
/// of these numbers and nothing else. The ranges of all threads are in their order and together the
/// whole axis; they differ by at most one piece. Threads from `first` on have the longer ones, so
/// that it is not the same threads for all axes of a few pieces.
constexpr Range partOf(size_t extent, unsigned thread, unsigned threads, size_t grain = kGrain,
                       unsigned first = 0) {
  size_t pieces = piecesOf(extent, grain), each = pieces / threads, rest = pieces % threads;
  auto cut = [&](size_t t) {
    size_t longer = t <= first ? 0 : t - first < rest ? t - first : rest;
    if (first + rest > threads) { // they go on with thread 0
      size_t wrapped = first + rest - threads;
      longer += t < wrapped ? t : wrapped;
    }
    size_t element = (t * each + longer) * grain;
    return element < extent ? element : extent;
  };
  return {cut(thread), cut(thread + 1)};
}

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_PARTITION_H
