// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Philox in vectors.
#include "runtime/native/Draws.h"
#include "runtime/native/Transcendental.h"

using namespace basalt::rt;

static constexpr size_t kLanes = 16;

/// As detail::fillRandomLanes, for any elements and with both halves: the loop over lanes inside is
/// what compilers make vectors of.
static inline void blocksOfLanes(const uint64_t *ids, RandomKey key, uint64_t *low,
                                 uint64_t *high) {
  uint32_t c0[kLanes], c1[kLanes], c2[kLanes], c3[kLanes];
  for (size_t lane = 0; lane < kLanes; ++lane) {
    c0[lane] = uint32_t(ids[lane]);
    c1[lane] = uint32_t(ids[lane] >> 32);
    c2[lane] = uint32_t(key.half);
    c3[lane] = uint32_t(key.half >> 32);
  }
  uint32_t k0 = uint32_t(key.key), k1 = uint32_t(key.key >> 32);
  for (int round = 0; round < 10; ++round, detail::nextPhiloxKey(k0, k1))
    for (size_t lane = 0; lane < kLanes; ++lane)
      detail::philoxRound(c0[lane], c1[lane], c2[lane], c3[lane], k0, k1);
  for (size_t lane = 0; lane < kLanes; ++lane) {
    low[lane] = c0[lane] | uint64_t(c1[lane]) << 32;
    high[lane] = c2[lane] | uint64_t(c3[lane]) << 32;
  }
}

void basalt::rt::fillBlocks(const uint64_t *ids, size_t count, RandomKey key, uint64_t *low,
                            uint64_t *high) {
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    blocksOfLanes(ids + i, key, low + i, high + i);
  if (i == count)
    return;
  uint64_t restIds[kLanes] = {}, restLow[kLanes], restHigh[kLanes];
  std::copy(ids + i, ids + count, restIds);
  blocksOfLanes(restIds, key, restLow, restHigh);
  std::copy_n(restLow, count - i, low + i);
  std::copy_n(restHigh, count - i, high + i);
}

void basalt::rt::fillDraws(uint64_t first, size_t count, RandomKey key, uint64_t *draws) {
  uint64_t ids[kLanes], low[kLanes], high[kLanes], both[2 * kLanes];
  uint64_t block = first / 2;
  size_t skipped = first % 2, done = 0;
  while (done < count) {
    for (size_t lane = 0; lane < kLanes; ++lane)
      ids[lane] = block + lane;
    blocksOfLanes(ids, key, low, high);
    for (size_t lane = 0; lane < kLanes; ++lane) {
      both[2 * lane] = low[lane];
      both[2 * lane + 1] = high[lane];
    }
    size_t taken = std::min(count - done, 2 * kLanes - skipped);
    std::copy_n(both + skipped, taken, draws + done);
    done += taken;
    skipped = 0;
    block += kLanes;
  }
}

void basalt::rt::fillSkips(uint64_t first, size_t count, RandomKey key, double inverse,
                           int64_t *skips) {
  constexpr size_t kBatch = 64;
  uint64_t draws[kBatch];
  for (size_t done = 0; done < count; done += kBatch) {
    size_t size = std::min(count - done, kBatch);
    fillDraws(first + done, size, key, draws);
    for (size_t i = 0; i < size; ++i) {
      double skip = floorFloat(logFloat(1 - unitInterval(draws[i])) * inverse);
      skips[done + i] = int64_t(skip < 0x1p40 ? skip : 0x1p40);
    }
  }
}

double basalt::rt::inverseLogOfFailure(double p) {
  // log(1 - p) by the error that 1 - p has (W. Kahan): what log gives for the rounded number,
  // times -p over the rounded number less 1.
  double rounded = 1 - p;
  if (rounded == 0)
    return 0;
  return rounded == 1 ? -1 / p : (1 - rounded) / p / logFloat(rounded);
}
