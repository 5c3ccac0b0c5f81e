// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counting sort of entries by target.
#include "runtime/native/TargetIndex.h"

using namespace basalt::rt;

StoredTargetIndex::StoredTargetIndex(const Synapses &synapses, Table<StateInfo> states) {
  auto targetCount = size_t(synapses.shape[0]), sourceCount = size_t(synapses.shape[1]);
  const auto *starts = static_cast<const int64_t *>(states[synapses.offsets].data);
  const auto *targets = static_cast<const int32_t *>(states[synapses.targets].data);
  auto count = size_t(starts[sourceCount]);
  offsets = Pages((targetCount + 1) * sizeof(uint32_t));
  entries = Pages((count + detail::kPiece) * sizeof(uint32_t));
  sources = Pages((count + detail::kPiece) * sizeof(uint32_t));
  auto *first = reinterpret_cast<uint32_t *>(offsets.data()),
       *entry = reinterpret_cast<uint32_t *>(entries.data()),
       *source = reinterpret_cast<uint32_t *>(sources.data());
  for (size_t e = 0; e < count; ++e)
    ++first[targets[e] + 1];
  for (size_t i = 0; i < targetCount; ++i)
    first[i + 1] += first[i];
  std::vector<uint32_t> next(first, first + targetCount);
  for (size_t j = 0; j < sourceCount; ++j)
    for (auto e = size_t(starts[j]); e < size_t(starts[j + 1]); ++e) {
      uint32_t k = next[size_t(targets[e])]++;
      entry[k] = uint32_t(e);
      source[k] = uint32_t(j);
    }
  view = {first, entry, source};
}

uint64_t StoredTargetIndex::estimate(const Synapses &synapses, Table<StateInfo> states) {
  auto entries = uint64_t(states[synapses.targets].shape[0]) + detail::kPiece;
  // Of targets also how many have been found, while it is built.
  return 2 * entries * sizeof(uint32_t) + 2 * uint64_t(synapses.shape[0] + 1) * sizeof(uint32_t);
}

void TargetIndexes::prepare(Table<StateInfo> states) {
  if (all.size() == infos.size())
    return;
  all.reserve(infos.size()); // the program points into it
  for (const TargetIndexInfo &info : infos) {
    all.emplace_back(*states[info.state].synapses, states);
    auto *field = static_cast<char *>(object) + info.field;
    *reinterpret_cast<const TargetIndex **>(field) = &all.back().index();
  }
}
