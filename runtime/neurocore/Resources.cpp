// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counting. Descriptions may come from an image of unknown origin, so sums stop at kMost.
#include "runtime/neurocore/Resources.h"

#include <algorithm>

namespace basalt::nc {

static constexpr int64_t kMost = int64_t(1) << 62;

/// Amounts are not negative; what says so takes all there can be.
static int64_t amount(int64_t value) { return value < 0 ? kMost : std::min(value, kMost); }

static int64_t plus(int64_t a, int64_t b) { return std::min(amount(a) + amount(b), kMost); }

static int64_t times(int64_t a, int64_t b) {
  int64_t result;
  return __builtin_mul_overflow(amount(a), amount(b), &result) ? kMost : std::min(result, kMost);
}

static int64_t bytes(int64_t bits) { return plus(bits, 7) / 8; }

namespace {
struct Counter {
  const CoreUse &core;
  const Target &target;
  Usage usage;

  void add(Resource resource, int64_t value) { usage[resource] = plus(usage[resource], value); }
  void largest(Resource resource, int64_t value) {
    usage[resource] = std::max(usage[resource], amount(value));
  }
  void countGroup(const GroupUse &group);
  void countAxons();
  void countSynapses();
  void countPrograms();
};
} // namespace

void Counter::countGroup(const GroupUse &group) {
  int64_t slots = std::max(amount(group.slots), target.accumulators.slotsLeast);
  int64_t bits = plus(group.stateBits, group.parameterBits);
  add(Resource::Neurons, group.neurons);
  largest(Resource::StateBytes, bytes(bits));
  largest(Resource::Ports, group.ports);
  largest(Resource::PortSlots, slots);
  largest(Resource::StateSlots, group.stateSlots);
  largest(Resource::Parameters, group.parameters);
  largest(Resource::Constants, group.constants);
  int64_t accumulators = times(group.ports, slots);
  add(Resource::Slots, times(group.neurons, accumulators));
  // One word each, or as little of it as the target has; some have two.
  int64_t words = plus(accumulators, times(group.widePorts, slots));
  bits = plus(bits, times(words, std::min<int64_t>(target.accumulators.width, 32)));
  add(Resource::PoolBytes, times(group.neurons, bytes(bits)));
  add(Resource::PoolBytes, times(group.constants, 4));
}

void Counter::countAxons() {
  add(Resource::InAxons, core.inAxons);
  add(Resource::InAxons, times(core.learningInAxons, target.axons.learningEntries));
  add(Resource::OutAxons, slotsOf(core.outAxons, target));
  add(Resource::PoolBytes, times(usage[Resource::InAxons], target.core.inAxonBytes));
  add(Resource::PoolBytes, times(usage[Resource::OutAxons], target.core.outAxonBytes));
}

void Counter::countSynapses() {
  for (int64_t words : core.lists) {
    add(Resource::SynapseWords, words);
    largest(Resource::ListWords, words);
  }
  add(Resource::Formats, core.formats);
  add(Resource::PoolBytes, times(usage[Resource::SynapseWords], 8));
}

void Counter::countPrograms() {
  for (const ProgramUse &program : core.programs) {
    add(Resource::ProgramWords, program.words);
    largest(Resource::ProgramPath, program.path);
  }
  add(Resource::Profiles, core.profiles);
  add(Resource::PoolBytes, times(usage[Resource::ProgramWords], 4));
}

OutAxonUse &OutAxonUse::operator+=(const OutAxonUse &other) {
  discrete += other.discrete;
  pop16 += other.pop16;
  pop32 += other.pop32;
  graded += other.graded;
  toOtherChips += other.toOtherChips;
  return *this;
}

OutAxonUse &OutAxonUse::operator-=(const OutAxonUse &other) {
  discrete -= other.discrete;
  pop16 -= other.pop16;
  pop32 -= other.pop32;
  graded -= other.graded;
  toOtherChips -= other.toOtherChips;
  return *this;
}

int64_t slotsOf(const OutAxonUse &axons, const Target &target) {
  const auto &kinds = target.axons;
  int64_t slots =
      plus(times(axons.discrete, kinds.discreteSlots), times(axons.pop16, kinds.pop16Slots));
  slots = plus(slots, times(axons.pop32, kinds.pop32Slots));
  slots = plus(slots, times(axons.graded, kinds.gradedSlots));
  return plus(slots, times(axons.toOtherChips, kinds.otherChipSlots));
}

Usage usageOf(const CoreUse &core, const Target &target) {
  Counter counter{core, target, {}};
  for (const GroupUse &group : core.groups)
    counter.countGroup(group);
  counter.countAxons();
  counter.countSynapses();
  counter.countPrograms();
  return counter.usage;
}

namespace {
struct ResourceEntry {
  const char *name;
  const char *field;
  int64_t (*limit)(const Target &);
};
} // namespace

#define BASALT_RESOURCE(NAME, FIELD, MEMBER)                                                       \
  {NAME, FIELD, [](const Target &target) { return target.MEMBER; }}

/// In the order of Resource.
static const ResourceEntry kResources[kResourceCount] = {
    BASALT_RESOURCE("neurons", "core.neurons", core.neurons),
    BASALT_RESOURCE("state bytes of a neuron", "core.state_bytes", core.stateBytes),
    // Without a pool each memory has its own limit, and the sum has none.
    {"bytes of memory", "core.pool_bytes",
     [](const Target &target) { return target.core.poolBytes ? target.core.poolBytes : kMost; }},
    BASALT_RESOURCE("synapse words", "core.synapse_words", core.synapseWords),
    BASALT_RESOURCE("words of a list of synapses", "synapses.list_words", synapses.listWords),
    BASALT_RESOURCE("synapse formats", "core.formats", core.formats),
    BASALT_RESOURCE("in-axons", "core.in_axons", core.inAxons),
    BASALT_RESOURCE("out-axon slots", "core.out_axons", core.outAxons),
    BASALT_RESOURCE("accumulators of a neuron", "accumulators.ports", accumulators.ports),
    BASALT_RESOURCE("accumulator slots", "accumulators.slots_total", accumulators.slotsTotal),
    BASALT_RESOURCE("slots of an accumulator", "accumulators.slots_most", accumulators.slotsMost),
    BASALT_RESOURCE("program words", "program.words", program.words),
    BASALT_RESOURCE("instructions of a program's longest path", "program.path", program.path),
    BASALT_RESOURCE("state slots of a neuron", "program.state_slots", program.stateSlots),
    BASALT_RESOURCE("constants of a group", "program.constants", program.constants),
    BASALT_RESOURCE("parameters of a neuron", "program.parameters", program.parameters),
    BASALT_RESOURCE("neuron profiles", "neuron.profiles", neuron.profiles),
};

static const ResourceEntry &entryOf(Resource resource) { return kResources[size_t(resource)]; }

const char *resourceName(Resource resource) { return entryOf(resource).name; }

int64_t limitOf(const Target &target, Resource resource) { return entryOf(resource).limit(target); }

const char *fieldOf(Resource resource) { return entryOf(resource).field; }

bool isLimited(const Target &target, Resource resource) {
  int64_t limit = limitOf(target, resource);
  return limit > 0 && limit < kMost;
}

bool addsUp(Resource resource) {
  switch (resource) {
  case Resource::Neurons:
  case Resource::PoolBytes:
  case Resource::SynapseWords:
  case Resource::InAxons:
  case Resource::OutAxons:
  case Resource::Slots:
    return true;
  default:
    return false;
  }
}

Load loadOf(const Usage &usage, const Target &target) {
  Load load;
  for (size_t i = 0; i < kResourceCount; ++i) {
    auto resource = Resource(i);
    if (!addsUp(resource) || !isLimited(target, resource))
      continue;
    double share = double(usage[resource]) / double(limitOf(target, resource));
    if (share > load.share)
      load = {resource, share};
  }
  return load;
}

std::vector<Excess> allExcesses(const Usage &usage, const Target &target) {
  std::vector<Excess> result;
  for (size_t i = 0; i < kResourceCount; ++i) {
    auto resource = Resource(i);
    int64_t limit = limitOf(target, resource);
    if (usage[resource] > limit)
      result.push_back({resource, usage[resource], limit});
  }
  return result;
}

std::optional<Excess> findExcess(const Usage &usage, const Target &target) {
  std::vector<Excess> all = allExcesses(usage, target);
  auto ratio = [](const Excess &excess) {
    return double(excess.needed) / double(std::max<int64_t>(excess.limit, 1));
  };
  auto worst = std::max_element(all.begin(), all.end(), [&](const Excess &a, const Excess &b) {
    return ratio(a) < ratio(b);
  });
  if (worst == all.end())
    return std::nullopt;
  return *worst;
}

std::string describe(const Excess &excess) {
  return std::to_string(excess.needed) + " " + resourceName(excess.resource) + ", where " +
         std::to_string(excess.limit) + " are there";
}

} // namespace basalt::nc
