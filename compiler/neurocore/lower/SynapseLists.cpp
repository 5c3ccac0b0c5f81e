// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finding lists that are the same. They have the same elements of Vars too, so a write to one of
// these is meant for all sources.
#include "compiler/neurocore/lower/SynapseLists.h"

#include "llvm/Support/xxhash.h"

using namespace mlir;

namespace basalt::neurocore {

void SynapseLists::addSource(std::vector<Entry> &entries) {
  auto before = [](const Entry &a, const Entry &b) { return a[Target] < b[Target]; };
  if (!std::is_sorted(entries.begin(), entries.end(), before))
    std::stable_sort(entries.begin(), entries.end(), before);
  Place &place = places.emplace_back();
  if (entries.empty())
    return;
  place.base = entries.front()[Target];
  for (Entry &entry : entries) {
    entry[Source] = 0;
    entry[Target] -= place.base;
  }
  auto bytes =
      ArrayRef(reinterpret_cast<const uint8_t *>(entries.data()), entries.size() * sizeof(Entry));
  auto &candidates = byHash[llvm::xxh3_64bits(bytes) >> 1]; // two keys are the map's own
  auto isSame = [&](int32_t number) {
    return llvm::equal(list(size_t(number)), entries, [](const Entry &a, const Entry &b) {
      return std::equal(a.begin() + Target, a.end(), b.begin() + Target);
    });
  };
  if (auto *known = llvm::find_if(candidates, isSame); known != candidates.end()) {
    place.list = *known;
    return;
  }
  place.list = int32_t(begins.size() - 1);
  candidates.push_back(place.list);
  for (Entry &entry : entries)
    entry[Source] = place.list;
  all.insert(all.end(), entries.begin(), entries.end());
  begins.push_back(all.size());
}

SynapseLists SynapseLists::masked(int32_t mask) const {
  SynapseLists result;
  std::vector<int32_t> numbers; // of the lists that are left
  for (size_t number = 0; number + 1 < begins.size(); ++number) {
    auto next = int32_t(result.begins.size() - 1);
    for (Entry entry : list(number)) {
      entry[Source] = next;
      entry[Weight] &= mask;
      if (entry[Weight] != 0)
        result.all.push_back(entry);
    }
    bool isLeft = result.all.size() > result.begins.back();
    numbers.push_back(isLeft ? next : -1);
    if (isLeft)
      result.begins.push_back(result.all.size());
  }
  for (Place place : places)
    result.places.push_back({place.list < 0 ? -1 : numbers[size_t(place.list)], place.base});
  return result;
}

bool SynapseLists::isShared() const {
  auto sources = llvm::count_if(places, [](const Place &place) { return place.list >= 0; });
  return size_t(sources) + 1 > begins.size();
}

static DenseIntElementsAttr attribute(Builder &builder, ArrayRef<int32_t> numbers, size_t columns) {
  auto rows = int64_t(numbers.size() / columns);
  auto type = RankedTensorType::get({rows, int64_t(columns)}, builder.getI32Type());
  return DenseIntElementsAttr::get(type, numbers);
}

/// Lists that one source each has, which are in the order of sources, begin with neuron 0.
void SynapseLists::giveToSources() {
  for (auto [source, place] : llvm::enumerate(places)) {
    if (place.list < 0)
      continue;
    for (size_t i = begins[size_t(place.list)]; i < begins[size_t(place.list) + 1]; ++i) {
      all[i][Source] = int32_t(source);
      all[i][Target] += place.base;
    }
    place.base = 0;
  }
}

DenseIntElementsAttr SynapseLists::entriesAttr(Builder &builder) {
  // In place, since there may be many.
  if (!isShared())
    giveToSources();
  const int32_t *numbers = all.empty() ? nullptr : all[0].data();
  return attribute(builder, ArrayRef(numbers, all.size() * kSynapseFields), kSynapseFields);
}

DenseIntElementsAttr SynapseLists::listsAttr(Builder &builder) const {
  if (!isShared())
    return {};
  std::vector<int32_t> numbers;
  for (const Place &place : places)
    numbers.insert(numbers.end(), {place.list, place.base});
  return attribute(builder, numbers, 2);
}

} // namespace basalt::neurocore
