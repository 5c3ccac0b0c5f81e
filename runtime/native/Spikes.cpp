// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a byte a neuron to lists. Few neurons spike in a step, so what counts is how fast bytes that
// are zero are passed over.
#include "runtime/native/Spikes.h"

#include <algorithm>
#include <cstring>

using namespace basalt::rt;

SpikeHistory::SpikeHistory(size_t sources, size_t steps)
    : sources(sources), rows(std::max<size_t>(steps, 1)), spikes(2 * sources + 64) {}

/// Lets the list end with room for the spikes of a step; those before number `live` are no longer
/// needed.
void SpikeHistory::makeRoom(uint64_t live) {
  if (kept - base + sources <= spikes.size())
    return;
  size_t count = size_t(kept - live);
  std::copy_n(spikes.begin() + std::ptrdiff_t(live - base), count, spikes.begin());
  base = live;
  if (2 * (count + sources) > spikes.size())
    spikes.resize(2 * (count + sources)); // so that this happens seldom
}

/// Appends the places of the bytes of `word` that are 1, counted from `first`.
static Spike *append(Spike *end, uint64_t word, uint32_t first, uint32_t step) {
  for (; word != 0; word &= word - 1)
    *end++ = {first + uint32_t(__builtin_ctzll(word) / 8), step};
  return end;
}

void SpikeHistory::keep(int64_t step, const uint8_t *bytes) {
  Row &row = rows[size_t(step) % rows.size()];
  // Of the rows that stay, the one after this is the oldest: it may be older than it need be.
  const Row &oldest = rowOf(step + 1);
  makeRoom(oldest.step > 0 ? std::max(oldest.first, base) : base);
  Spike *first = spikes.data() + (kept - base), *end = first;
  constexpr size_t kWords = 8, kBlock = kWords * sizeof(uint64_t);
  size_t i = 0;
  for (; i + kBlock <= sources; i += kBlock) {
    uint64_t words[kWords], any = 0;
    std::memcpy(words, bytes + i, kBlock);
    for (uint64_t word : words)
      any |= word;
    if (__builtin_expect(any != 0, 0))
      for (size_t w = 0; w < kWords; ++w)
        end = append(end, words[w], uint32_t(i + w * sizeof(uint64_t)), uint32_t(step));
  }
  for (; i < sources; ++i)
    if (bytes[i])
      *end++ = {uint32_t(i), uint32_t(step)};
  row = {step, kept, kept + uint64_t(end - first)};
  kept = row.end;
  last = step;
}

SpikeList SpikeHistory::between(int64_t first, int64_t until) const {
  // Steps follow each other, but for what is before the first one.
  int64_t from = std::max<int64_t>({first, 1, last + 1 - int64_t(rows.size())});
  int64_t to = std::min(until, last);
  while (from <= to && rowOf(from).step != from)
    ++from;
  while (from <= to && rowOf(to).step != to)
    --to;
  if (from > to)
    return {};
  const Row &begin = rowOf(from), &end = rowOf(to);
  return {spikes.data() + (begin.first - base), size_t(end.end - begin.first)};
}
