// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a byte a neuron to lists. Few neurons spike in a step, so what counts is how fast bytes that
// are zero are passed over.
#include "runtime/native/Spikes.h"

#include <cstring>

using namespace basalt::rt;

SpikeHistory::SpikeHistory(size_t sources, size_t steps) : sources(sources), rows(steps) {
  for (Row &row : rows)
    row.sources.reset(new uint32_t[sources + 64]);
}

/// Appends the places of the bytes of `word` that are 1, counted from `first`.
static uint32_t *append(uint32_t *end, uint64_t word, uint32_t first) {
  for (; word != 0; word &= word - 1)
    *end++ = first + uint32_t(__builtin_ctzll(word) / 8);
  return end;
}

void SpikeHistory::keep(int64_t step, const uint8_t *spikes) {
  Row &row = rows[size_t(step) % rows.size()];
  uint32_t *end = row.sources.get();
  constexpr size_t kWords = 8, kBlock = kWords * sizeof(uint64_t);
  size_t i = 0;
  for (; i + kBlock <= sources; i += kBlock) {
    uint64_t words[kWords], any = 0;
    std::memcpy(words, spikes + i, kBlock);
    for (uint64_t word : words)
      any |= word;
    if (__builtin_expect(any != 0, 0))
      for (size_t w = 0; w < kWords; ++w)
        end = append(end, words[w], uint32_t(i + w * sizeof(uint64_t)));
  }
  for (; i < sources; ++i)
    if (spikes[i])
      *end++ = uint32_t(i);
  row.step = last = step;
  row.count = size_t(end - row.sources.get());
  kept += row.count;
}
