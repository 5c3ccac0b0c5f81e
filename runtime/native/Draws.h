// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random bits of Random.h, many at a time: for networks that are made by rule. All of this is a
// function of keys and numbers; how many are asked for at once changes nothing.
#ifndef BASALT_RUNTIME_NATIVE_DRAWS_H
#define BASALT_RUNTIME_NATIVE_DRAWS_H

#include "runtime/native/Random.h"

#include <algorithm>

namespace basalt::rt {

/// The blocks of `key` that the `count` elements `ids` name; their halves apart.
void fillBlocks(const uint64_t *ids, size_t count, RandomKey key, uint64_t *low, uint64_t *high);

/// The draws `first`, `first + 1`, ... of a key: draw i is a half of block i / 2, of an even i the
/// low one.
void fillDraws(uint64_t first, size_t count, RandomKey key, uint64_t *draws);

/// How many of a Bernoulli process's failures come before a success, for the draws from `first` on:
/// floor(log(1 - u) * inverse), `inverse` being 1 / log(1 - p); at most 2^40.
void fillSkips(uint64_t first, size_t count, RandomKey key, double inverse, int64_t *skips);

/// 1 / log(1 - p) for p from above 0 to 1.
double inverseLogOfFailure(double p);

/// The number below `extent` that 64 random bits give.
constexpr int64_t numberBelow(int64_t extent, uint64_t bits) {
  __extension__ typedef unsigned __int128 Wide;
  return int64_t(Wide(bits) * uint64_t(extent) >> 64);
}

/// The draws of a key one after another, from `first` on.
class DrawStream {
public:
  /// `expected` is how many will be asked for, about.
  DrawStream(RandomKey key, uint64_t first, int64_t expected)
      : key(key), following(first), batch(size_t(std::clamp<int64_t>(expected, 8, kBatch))) {}

  uint64_t next() {
    if (place == filled)
      fill();
    return draws[place++];
  }

  /// Goes on with draw `number`.
  void seek(uint64_t number) {
    if (number == following - (filled - place))
      return;
    following = number;
    filled = place = 0;
  }

private:
  static constexpr int64_t kBatch = 256;

  void fill() {
    fillDraws(following, batch, key, draws);
    following += batch;
    filled = batch;
    place = 0;
  }

  RandomKey key;
  uint64_t following;
  size_t batch, filled = 0, place = 0;
  uint64_t draws[kBatch];
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_DRAWS_H
