// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Adding weights to accumulators. All sums wrap, so order does not count.
#include "runtime/neurocore/Delivery.h"

#include "runtime/neurocore/Kernels.h"
#include "runtime/neurocore/Synapses.h"

#include <algorithm>
#include <cassert>
#include <map>

using namespace basalt::nc;

//===-- Unpacking
//--------------------------------------------------------------------------------===//

/// The narrowest array that holds all weights of the format, which may be written later.
static uint8_t widthOf(const SynapseFormat &format) {
  int64_t least = leastWeight(format), most = greatestWeight(format);
  if (least >= INT8_MIN && most <= INT8_MAX)
    return 0;
  return least >= INT16_MIN && most <= INT16_MAX ? 1 : 2;
}

CoreSynapses::CoreSynapses(const Core &core, std::vector<GroupState> &groups)
    : formats(core.formats) {
  std::map<uint32_t, uint32_t> wordsAt;
  for (const InAxon &axon : core.inAxons)
    if (axon.words > 0)
      wordsAt[axon.word] = axon.words;
  lists.reserve(wordsAt.size());
  for (auto [word, words] : wordsAt)
    addList(core, word, words);
  axons.reserve(core.inAxons.size());
  for (const InAxon &axon : core.inAxons)
    axons.push_back({axon.words > 0 ? listAt(axon.word) : kNone, axon.base,
                     &groups[axon.group].accumulators[axon.accumulator]});
  std::vector<uint32_t> sources(lists.size());
  for (const Axon &axon : axons)
    if (axon.list != kNone)
      lists[axon.list].isShared = ++sources[axon.list] > 1;
}

void CoreSynapses::addList(const Core &core, uint32_t word, uint32_t words) {
  UnpackedList unpacked;
  [[maybe_unused]] std::string wrong = unpackList(core, word, words, unpacked);
  assert(wrong.empty() && "the image has been verified");
  const SynapseFormat &format = formats[unpacked.format];
  List list;
  list.word = word;
  list.words = words;
  list.count = uint32_t(unpacked.entries.size());
  list.format = uint8_t(unpacked.format);
  list.width = widthOf(format);
  list.exponent = format.exponent;
  list.isGraded = format.graded;
  list.isDelayed = format.delayBits > 0;
  list.weights = list.width == 0   ? weights8.size()
                 : list.width == 1 ? weights16.size()
                                   : weights32.size();
  list.delayPlace = delays.size();
  list.first = UINT32_MAX;
  list.isDense = true;
  for (const Synapse &entry : unpacked.entries) {
    list.isDense &=
        entry.index == unpacked.entries.front().index + (&entry - unpacked.entries.data());
    list.first = std::min(list.first, entry.index);
    list.last = std::max(list.last, entry.index);
    list.delays |= uint64_t(1) << entry.delay;
    if (list.width == 0)
      weights8.push_back(int8_t(entry.weight));
    else if (list.width == 1)
      weights16.push_back(int16_t(entry.weight));
    else
      weights32.push_back(entry.weight);
    if (list.isDelayed)
      delays.push_back(entry.delay);
  }
  list.isShort = list.last <= UINT16_MAX;
  list.targets = list.isShort ? targets16.size() : targets32.size();
  for (const Synapse &entry : unpacked.entries) {
    if (list.isDense)
      break;
    if (list.isShort)
      targets16.push_back(uint16_t(entry.index));
    else
      targets32.push_back(entry.index);
  }
  lists.push_back(list);
}

uint32_t CoreSynapses::listAt(uint32_t word) const {
  auto place = std::lower_bound(lists.begin(), lists.end(), word,
                                [](const List &list, uint32_t word) { return list.word < word; });
  assert(place != lists.end() && place->word == word && "the image has been verified");
  return uint32_t(place - lists.begin());
}

//===-- Single synapses
//--------------------------------------------------------------------------===//

uint32_t CoreSynapses::targetOf(uint32_t number, uint32_t entry) const {
  const List &list = lists[number];
  if (list.isDense)
    return list.first + entry;
  return list.isShort ? targets16[list.targets + entry] : targets32[list.targets + entry];
}

int32_t CoreSynapses::weightOf(uint32_t number, uint32_t entry) const {
  const List &list = lists[number];
  size_t place = list.weights + entry;
  return list.width == 0 ? weights8[place] : list.width == 1 ? weights16[place] : weights32[place];
}

uint8_t CoreSynapses::delayOf(uint32_t number, uint32_t entry) const {
  const List &list = lists[number];
  return list.isDelayed ? delays[list.delayPlace + entry] : uint8_t(0);
}

bool CoreSynapses::setWeight(uint32_t number, uint32_t entry, int64_t weight) {
  const List &list = lists[number];
  const SynapseFormat &format = formats[list.format];
  if (weight < leastWeight(format) || weight > greatestWeight(format))
    return false;
  size_t place = list.weights + entry;
  if (list.width == 0)
    weights8[place] = int8_t(weight);
  else if (list.width == 1)
    weights16[place] = int16_t(weight);
  else
    weights32[place] = int32_t(weight);
  return true;
}

bool CoreSynapses::setDelay(uint32_t number, uint32_t entry, int64_t delay) {
  List &list = lists[number];
  // Only what an accumulator has slots for, as far as any axon of the list goes.
  uint32_t slots = kMostRing;
  for (const Axon &axon : axons)
    if (axon.list == number)
      slots = std::min(slots, axon.ring->slots);
  if (delay < 0 || delay >= slots || delay >> formats[list.format].delayBits != 0)
    return false;
  if (list.isDelayed)
    delays[list.delayPlace + entry] = uint8_t(delay);
  list.delays |= uint64_t(1) << delay;
  return true;
}

//===-- Spikes
//-----------------------------------------------------------------------------------===//

void CoreSynapses::touch(const List &list, const Axon &axon, int64_t step) {
  for (uint64_t rest = list.delays; rest != 0; rest &= rest - 1)
    axon.ring->touch(axon.ring->slotOf(step + 1 + __builtin_ctzll(rest)), axon.base + list.first,
                     axon.base + list.last);
}

/// Of a list whose targets are `targets`, or consecutive if there are none.
template <typename A, typename W, typename T>
void CoreSynapses::scatter(const List &list, const Axon &axon, A *cells, const W *weights,
                           const T *targets, A scale, int64_t step) {
  using U = std::make_unsigned_t<A>;
  const Ring &ring = *axon.ring;
  const size_t count = list.count; // which nothing below changes, as the compiler cannot know
  auto add = [scale](A &cell, W weight) { cell = A(U(cell) + U(A(weight)) * U(scale)); };
  if (list.isDelayed) {
    const uint8_t *delay = delays.data() + list.delayPlace;
    for (size_t i = 0; i < count; ++i) {
      uint32_t target = axon.base + (targets ? targets[i] : list.first + uint32_t(i));
      add(cells[ring.placeOf(ring.slotOf(step + 1 + delay[i]), target)], weights[i]);
    }
    return;
  }
  A *base = cells + ring.placeOf(ring.slotOf(step + 1), axon.base);
  if (targets) {
    for (size_t i = 0; i < count; ++i)
      add(base[targets[i]], weights[i]);
    return;
  }
  A *first = base + list.first;
  BASALT_INDEPENDENT
  for (size_t i = 0; i < count; ++i)
    first[i] = A(U(first[i]) + U(A(weights[i])) * U(scale));
}

template <typename A, typename W>
void CoreSynapses::addWeights(const List &list, const Axon &axon, A *cells, const W *weights,
                              A scale, int64_t step) {
  if (!list.isDense && !list.isShort)
    return scatter(list, axon, cells, weights, targets32.data() + list.targets, scale, step);
  const uint16_t *targets = list.isDense ? nullptr : targets16.data() + list.targets;
  scatter(list, axon, cells, weights, targets, scale, step);
}

template <typename A>
void CoreSynapses::add(const List &list, const Axon &axon, A *cells, A scale, int64_t step) {
  if (list.width == 0)
    return addWeights(list, axon, cells, weights8.data() + list.weights, scale, step);
  if (list.width == 1)
    return addWeights(list, axon, cells, weights16.data() + list.weights, scale, step);
  addWeights(list, axon, cells, weights32.data() + list.weights, scale, step);
}

void CoreSynapses::spike(const Axon &axon, int32_t payload, int64_t step, Counters &counters) {
  if (axon.list == kNone)
    return;
  const List &list = lists[axon.list];
  int64_t scale = rt::shiftLeft(list.isGraded ? payload : 1, list.exponent);
  Ring &ring = *axon.ring;
  if (ring.isWide())
    add<int64_t>(list, axon, ring.wide.data(), scale, step);
  else
    add<int32_t>(list, axon, ring.narrow.data(), int32_t(uint32_t(uint64_t(scale))), step);
  touch(list, axon, step);
  counters.synapses += list.count;
  if (list.isShared)
    counters.shared += list.count;
  else if (formats[list.format].kind == SynapseKind::Dense)
    counters.dense += list.count;
  counters.words += list.words;
}

void CoreSynapses::deliver(Incoming &incoming, int64_t step, Counters &counters) {
  const std::vector<Spike> &spikes = *incoming.spikes;
  // Spikes are in the order of their sources.
  auto first =
      std::lower_bound(spikes.begin(), spikes.end(), incoming.first,
                       [](const Spike &spike, uint32_t source) { return spike.source < source; });
  for (; first != spikes.end() && first->source - incoming.first < incoming.count; ++first) {
    ++counters.axons;
    ++incoming.arrived;
    spike(axons[incoming.axon + first->source - incoming.first], first->payload, step, counters);
  }
}
