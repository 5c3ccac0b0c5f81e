// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading and writing through fragments.
#include "runtime/neurocore/VarAccess.h"

#include "runtime/native/Arithmetic.h"
#include "runtime/neurocore/Synapses.h"

#include <algorithm>
#include <cstring>

using namespace basalt;
using namespace basalt::nc;

/// From so many fragments on an index pays.
static constexpr size_t kManyFragments = 16;

CoreState::CoreState(const Image &image, const Core &core)
    : groups([&] {
        std::vector<GroupState> states;
        states.reserve(core.groups.size());
        for (const Group &group : core.groups)
          states.emplace_back(image, group);
        return states;
      }()),
      synapses(core, groups) {}

VarAccess::VarAccess(Machine &machine, rt::Kind kind, uint8_t bits,
                     const std::vector<uint32_t> &shape, const std::vector<Fragment> &fragments,
                     bool summed)
    : machine(machine), kind(kind), bits(bits), summed(summed), fragments(fragments) {
  for (uint32_t extent : shape)
    count *= extent;
  for (const Fragment &fragment : fragments)
    goesByElement |= fragment.byElement;
}

/// As a read of the Var's type gives it.
int64_t VarAccess::typed(int64_t value) const {
  if (kind != rt::Kind::Signed)
    return rt::mask(value, bits);
  return int64_t(uint64_t(value) << (64 - bits)) >> (64 - bits);
}

static int64_t toRaw(const Transform &transform, int64_t value) {
  return rt::shift(rt::add(rt::mul(value, transform.scale), transform.offset), transform.shift);
}

static int64_t fromRaw(const Transform &transform, int64_t raw) {
  return rt::mul(rt::sub(rt::shift(raw, -int64_t(transform.shift)), transform.offset),
                 transform.scale);
}

//===-- Places
//-----------------------------------------------------------------------------------===//

/// The entry of element i, or kNone.
uint32_t VarAccess::entryOf(const CoreSynapses &synapses, const Fragment &fragment, uint32_t i) {
  uint32_t list = synapses.listAt(fragment.index);
  if (!fragment.byTarget)
    return fragment.first + i * fragment.step;
  for (uint32_t entry = 0; entry < synapses.entryCount(list); ++entry)
    if (synapses.targetOf(list, entry) == fragment.first + i)
      return entry;
  return kNone;
}

int64_t VarAccess::readOutput(const Fragment &fragment, uint32_t i) {
  const std::vector<Spike> &spikes =
      fragment.core == kNone
          ? machine.injectors[fragment.index]
          : machine.cores[fragment.core]->groups[fragment.group].spikes[fragment.index];
  uint32_t source = fragment.first + i * fragment.step;
  auto place =
      std::lower_bound(spikes.begin(), spikes.end(), source,
                       [](const Spike &spike, uint32_t number) { return spike.source < number; });
  return place != spikes.end() && place->source == source ? place->payload : 0;
}

int64_t VarAccess::readRaw(const Fragment &fragment, uint32_t i) {
  if (fragment.space == Space::Output)
    return readOutput(fragment, i);
  uint64_t place = fragment.first + uint64_t(i) * fragment.step;
  if (fragment.space == Space::Embedded) {
    int64_t raw = 0;
    std::memcpy(&raw, machine.cpus[fragment.index]->memory() + place, fragment.bits / 8);
    return int64_t(uint64_t(raw) << (64 - fragment.bits)) >> (64 - fragment.bits);
  }
  CoreState &core = *machine.cores[fragment.core];
  if (fragment.space == Space::Weight || fragment.space == Space::Delay) {
    uint32_t entry = entryOf(core.synapses, fragment, i);
    uint32_t list = core.synapses.listAt(fragment.index);
    if (entry == kNone)
      return 0;
    return fragment.space == Space::Weight ? core.synapses.weightOf(list, entry)
                                           : core.synapses.delayOf(list, entry);
  }
  GroupState &group = core.groups[fragment.group];
  switch (fragment.space) {
  case Space::State:
    return group.state[fragment.index].get(uint32_t(place));
  case Space::Parameter:
    return group.parameters[fragment.index].get(uint32_t(place));
  case Space::Accumulator: {
    Ring &ring = group.accumulators[fragment.index];
    return ring.get(ring.slotOf(machine.nextStep + fragment.slot), uint32_t(place));
  }
  case Space::Constant:
    return group.constant(fragment.index);
  case Space::Interval:
    return group.timers[fragment.index].interval;
  default:
    return group.timers[fragment.index].offset;
  }
}

static std::string noSynapseFor(int64_t raw) {
  return "there is no synapse for the value " + std::to_string(raw);
}

bool VarAccess::writeSynapse(const Fragment &fragment, uint32_t i, int64_t raw) {
  CoreSynapses &synapses = machine.cores[fragment.core]->synapses;
  uint32_t entry = entryOf(synapses, fragment, i), list = synapses.listAt(fragment.index);
  if (entry == kNone) {
    why = noSynapseFor(raw);
    return raw == toRaw(fragment.transform, 0);
  }
  bool isWeight = fragment.space == Space::Weight;
  if (isWeight ? synapses.setWeight(list, entry, raw) : synapses.setDelay(list, entry, raw))
    return true;
  const SynapseFormat &format = synapses.formatOf(list);
  why = isWeight ? "synapses hold " + std::to_string(leastWeight(format)) + " to " +
                       std::to_string(greatestWeight(format)) + ", not " + std::to_string(raw)
                 : "synapses cannot have a delay of " + std::to_string(raw);
  return false;
}

/// False if the neuron has fewer bits for it than the value needs.
bool VarAccess::writePlane(Plane &plane, uint32_t neuron, int64_t raw) {
  int64_t before = plane.get(neuron);
  plane.set(neuron, raw);
  if (typed(plane.get(neuron)) == typed(raw))
    return true;
  plane.set(neuron, before);
  why = "a neuron has " + std::to_string(plane.bits) + " bits for it, which do not hold " +
        std::to_string(raw);
  return false;
}

bool VarAccess::writeRawCopy(const Fragment &fragment, uint64_t place, int64_t raw) {
  if (fragment.space == Space::Embedded) {
    std::memcpy(machine.cpus[fragment.index]->memory() + place, &raw, fragment.bits / 8);
    return true;
  }
  GroupState &group = machine.cores[fragment.core]->groups[fragment.group];
  switch (fragment.space) {
  case Space::State:
    return writePlane(group.state[fragment.index], uint32_t(place), raw);
  case Space::Parameter:
    return writePlane(group.parameters[fragment.index], uint32_t(place), raw);
  case Space::Accumulator: {
    Ring &ring = group.accumulators[fragment.index];
    ring.set(ring.slotOf(machine.nextStep + fragment.slot), uint32_t(place), raw);
    return true;
  }
  case Space::Constant:
    return group.setConstant(fragment.index, raw, &why);
  case Space::Interval:
    if (raw < 1) {
      why = "an interval of " + std::to_string(raw) + " steps is none";
      return false;
    }
    group.timers[fragment.index].interval = raw;
    return true;
  case Space::Offset:
    group.timers[fragment.index].offset = raw;
    return true;
  default:
    why = "it cannot be written";
    return false;
  }
}

bool VarAccess::writeRaw(const Fragment &fragment, uint32_t i, int64_t raw) {
  if (fragment.space == Space::Weight || fragment.space == Space::Delay)
    return writeSynapse(fragment, i, raw);
  uint64_t place = fragment.first + uint64_t(i) * fragment.step;
  for (uint32_t copy = 0; copy < fragment.copies; ++copy)
    if (!writeRawCopy(fragment, place + uint64_t(copy) * fragment.copyStep, raw))
      return false;
  return true;
}

int64_t VarAccess::readPlace(const Fragment &fragment, uint32_t i) {
  bool isSynapse = fragment.space == Space::Weight || fragment.space == Space::Delay;
  if (isSynapse && entryOf(machine.cores[fragment.core]->synapses, fragment, i) == kNone)
    return 0;
  return typed(fromRaw(fragment.transform, readRaw(fragment, i)));
}

bool VarAccess::writePlace(const Fragment &fragment, uint32_t i, int64_t value) {
  int64_t raw = toRaw(fragment.transform, value);
  // Formats with an exponent have no low bits.
  if (fragment.space == Space::Weight && fromRaw(fragment.transform, raw) != value) {
    why = "synapses hold multiples of " +
          std::to_string(fromRaw(fragment.transform, 1) - fromRaw(fragment.transform, 0)) +
          ", not " + std::to_string(value);
    return false;
  }
  return writeRaw(fragment, i, raw);
}

/// What has rested may have to run again.
void VarAccess::wake() {
  for (const Fragment &fragment : fragments)
    if (fragment.space < Space::Weight)
      machine.cores[fragment.core]->groups[fragment.group].wake();
}

//===-- Whole Vars
//-------------------------------------------------------------------------------===//

void VarAccess::readAll(int64_t *values) {
  std::fill_n(values, count, 0);
  auto put = [&](const Fragment &fragment, uint32_t i, int64_t value) {
    int64_t &element = values[elementOf(machine.image, fragment, i)];
    element = summed ? typed(rt::add(element, value)) : value;
  };
  // Of several places the first counts, so it comes last.
  for (size_t k = fragments.size(); k-- > 0;) {
    const Fragment &fragment = fragments[k];
    if (fragment.space == Space::Nothing)
      continue;
    bool isSynapse = fragment.space == Space::Weight || fragment.space == Space::Delay;
    if (!isSynapse || !fragment.byTarget) {
      for (uint32_t i = 0; i < fragment.count; ++i)
        put(fragment, i, readPlace(fragment, i));
      continue;
    }
    CoreSynapses &synapses = machine.cores[fragment.core]->synapses;
    uint32_t list = synapses.listAt(fragment.index);
    for (uint32_t entry = synapses.entryCount(list); entry-- > 0;) {
      uint32_t i = synapses.targetOf(list, entry) - fragment.first;
      int64_t raw = fragment.space == Space::Weight ? synapses.weightOf(list, entry)
                                                    : synapses.delayOf(list, entry);
      if (i < fragment.count)
        put(fragment, i, typed(fromRaw(fragment.transform, raw)));
    }
  }
}

/// What has no place is 0.
bool VarAccess::writeNothing(const int64_t *values) {
  std::vector<bool> covered(static_cast<size_t>(count));
  for (const Fragment &fragment : fragments)
    for (uint32_t i = 0; i < fragment.count && fragment.space != Space::Nothing; ++i)
      covered[elementOf(machine.image, fragment, i)] = true;
  for (int64_t i = 0; i < count; ++i)
    if (values[i] != 0 && !covered[size_t(i)]) {
      why = noSynapseFor(values[i]);
      return false;
    }
  return true;
}

bool VarAccess::writeAll(const int64_t *values) {
  bool hasNothing = false;
  for (const Fragment &fragment : fragments) {
    hasNothing |= fragment.space == Space::Nothing;
    for (uint32_t i = 0; i < fragment.count && fragment.space != Space::Nothing; ++i)
      if (!writePlace(fragment, i, values[elementOf(machine.image, fragment, i)]))
        return false;
  }
  if (hasNothing && !writeNothing(values))
    return false;
  wake();
  return true;
}

//===-- Some elements
//----------------------------------------------------------------------------===//

void VarAccess::buildIndex() {
  indexStart.assign(size_t(count) + 1, 0);
  auto forAll = [&](auto f) {
    for (uint32_t k = 0; k < fragments.size(); ++k)
      for (uint32_t i = 0; i < fragments[k].count && fragments[k].space != Space::Nothing; ++i)
        f(k, i, elementOf(machine.image, fragments[k], i));
  };
  forAll([&](uint32_t, uint32_t, uint64_t element) { ++indexStart[element + 1]; });
  for (size_t i = 1; i < indexStart.size(); ++i)
    indexStart[i] += indexStart[i - 1];
  indexFragments.resize(indexStart.back());
  if (goesByElement)
    indexNumbers.resize(indexStart.back());
  std::vector<uint32_t> next(indexStart.begin(), indexStart.end() - 1);
  forAll([&](uint32_t k, uint32_t i, uint64_t element) {
    if (goesByElement)
      indexNumbers[next[element]] = i;
    indexFragments[next[element]++] = k;
  });
}

/// Calls f(fragment, number in it) for the places of an element, until it returns false. False if
/// it has none.
template <typename F> bool VarAccess::forPlaces(int64_t element, F f) {
  bool any = false;
  auto visit = [&](const Fragment &fragment) {
    if (fragment.space == Space::Nothing)
      return true;
    uint64_t distance = uint64_t(element) - fragment.start;
    if (uint64_t(element) < fragment.start)
      return true;
    uint64_t i = fragment.count == 1 ? 0 : distance / fragment.stride;
    bool isHere = i < fragment.count && distance == i * fragment.stride;
    any |= isHere;
    return !isHere || f(fragment, uint32_t(i));
  };
  if (fragments.size() < kManyFragments && !goesByElement) {
    for (const Fragment &fragment : fragments)
      if (!visit(fragment))
        break;
    return any;
  }
  if (indexStart.empty())
    buildIndex();
  for (uint32_t at = indexStart[size_t(element)]; at < indexStart[size_t(element) + 1]; ++at) {
    const Fragment &fragment = fragments[indexFragments[at]];
    any = true;
    if (goesByElement ? !f(fragment, indexNumbers[at]) : !visit(fragment))
      break;
  }
  return any;
}

void VarAccess::read(int64_t first, int64_t stride, int64_t number, int64_t *values) {
  if (first == 0 && stride == 1 && number == count)
    return readAll(values);
  for (int64_t k = 0; k < number; ++k) {
    values[k] = 0;
    forPlaces(first + k * stride, [&](const Fragment &fragment, uint32_t i) {
      values[k] = typed(rt::add(values[k], readPlace(fragment, i)));
      return summed;
    });
  }
}

bool VarAccess::write(int64_t first, int64_t stride, int64_t number, const int64_t *values) {
  if (first == 0 && stride == 1 && number == count)
    return writeAll(values);
  bool ok = true;
  for (int64_t k = 0; k < number && ok; ++k) {
    bool any = forPlaces(first + k * stride, [&](const Fragment &fragment, uint32_t i) {
      ok = writePlace(fragment, i, values[k]);
      return ok;
    });
    if (any || values[k] == 0)
      continue;
    why = noSynapseFor(values[k]);
    ok = false;
  }
  wake();
  return ok;
}
