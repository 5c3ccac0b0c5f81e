// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The synapses of a rule are looked at twice: once to count those of each source, and once to put
// them where they belong. Nothing is kept of them but what the states hold.
#include "runtime/native/Realise.h"

#include "runtime/native/Connectivity.h"
#include "runtime/native/Error.h"
#include "runtime/native/Format.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Progress.h"

#include <cmath>

using namespace basalt::rt;

static constexpr size_t kBatch = 256;

//===-- Values
//-----------------------------------------------------------------------------------===//

[[noreturn]] static void failToFind(const StateInfo &state) {
  throw InputError("none of " + std::to_string(kMaxAttempts) + " draws for '" +
                   std::string(state.name) +
                   "' was from 'min' to 'max' of its distribution; make the range wider");
}

[[noreturn]] static void failToFit(const StateInfo &state, const std::string &number) {
  throw InputError("a draw for '" + std::string(state.name) + "' is " + number +
                   ", which its type " + typeName(state.element) +
                   " does not hold; give its distribution 'min' and 'max'");
}

void basalt::rt::drawValues(const StateInfo &state, RandomKey key, int64_t block,
                            const uint64_t *ids, size_t count, double *values) {
  if (!drawReals(ofBlock(*state.distribution, block), blockKey(key, block), ids, count, values))
    failToFind(state);
  if (state.element.bits != 32)
    return;
  for (size_t i = 0; i < count; ++i) {
    auto rounded = double(float(values[i]));
    if (__builtin_expect(std::isinf(rounded) && !std::isinf(values[i]), 0))
      failToFit(state, formatValue(scalar(values[i])));
    values[i] = rounded;
  }
}

void basalt::rt::drawValues(const StateInfo &state, RandomKey key, int64_t block,
                            const uint64_t *ids, size_t count, int64_t *values) {
  if (!drawIntegers(ofBlock(*state.distribution, block), blockKey(key, block), ids, count, values))
    failToFind(state);
  int64_t least = leastInt(state.element), greatest = greatestInt(state.element);
  for (size_t i = 0; i < count; ++i)
    if (__builtin_expect(values[i] < least || values[i] > greatest, 0))
      failToFit(state, std::to_string(values[i]));
}

//===-- Entries
//----------------------------------------------------------------------------------===//

namespace {
/// The states of one rule, while they get their values.
class Pattern {
public:
  Pattern(Table<StateInfo> states, const Synapses &synapses, uint64_t seed, Progress &progress)
      : states(states), synapses(synapses), rule(*states[synapses.offsets].rule),
        key(ruleKey(seed, states[synapses.offsets].key)), progress(progress),
        offsets(static_cast<int64_t *>(states[synapses.offsets].data)),
        targets(static_cast<int32_t *>(states[synapses.targets].data)) {}

  /// A state with values for the entries.
  void add(size_t state, uint64_t seed) {
    if (states[state].distribution)
      drawn.push_back({state, valueKey(seed, states[state].key)});
  }

  /// Makes everything, and adds the states that have got values to `made`.
  void make(std::vector<size_t> &made);

private:
  struct Drawn {
    size_t state;
    RandomKey key;
  };
  /// Synapses until there are enough to draw their numbers together.
  struct Batch {
    int64_t block = kNoBlock;
    size_t count = 0;
    uint64_t ids[kBatch];
    size_t entries[kBatch];
  };

  void countSynapses();
  void placeSynapses();
  void drawBatch(const Batch &batch) const;

  Table<StateInfo> states;
  const Synapses &synapses;
  const Rule &rule;
  RandomKey key;
  Progress &progress;
  int64_t *offsets;
  int32_t *targets;
  std::vector<Drawn> drawn;
};
} // namespace

/// Leaves in offsets[j + 1] how many synapses sources before j have, so that counting on from there
/// while they are placed makes it what it has to be.
void Pattern::countSynapses() {
  std::fill_n(offsets, rule.sources + 1, int64_t(0));
  uint64_t count = 0;
  forEachSynapse(
      rule, key, 0, rule.targets, [](int64_t) {},
      [&](int64_t source, int64_t, uint64_t) {
        ++offsets[source + 1];
        if (++count % (1 << 20) == 0)
          progress.add(1 << 20);
      });
  if (count > uint64_t(states[synapses.targets].shape[0]))
    throw InputError("'" + std::string(states[synapses.offsets].name) + "' has " +
                     std::to_string(count) + " synapses, for which there is no room");
  int64_t before = 0;
  for (int64_t source = 0; source < rule.sources; ++source) {
    int64_t own = offsets[source + 1];
    offsets[source + 1] = before;
    before += own;
  }
}

void Pattern::drawBatch(const Batch &batch) const {
  for (const Drawn &one : drawn) {
    const StateInfo &state = states[one.state];
    if (state.element.kind == Kind::Float) {
      double values[kBatch];
      drawValues(state, one.key, batch.block, batch.ids, batch.count, values);
      for (size_t i = 0; i < batch.count; ++i)
        storeFloat(state.element, state.data, batch.entries[i], values[i]);
      continue;
    }
    int64_t values[kBatch];
    drawValues(state, one.key, batch.block, batch.ids, batch.count, values);
    for (size_t i = 0; i < batch.count; ++i)
      storeInt(state.element, state.data, batch.entries[i], values[i]);
  }
}

void Pattern::placeSynapses() {
  Batch batch;
  uint64_t count = 0;
  auto flush = [&] {
    drawBatch(batch);
    batch.count = 0;
  };
  auto begin = [&](int64_t block) {
    flush();
    batch.block = block;
  };
  forEachSynapse(rule, key, 0, rule.targets, begin,
                 [&](int64_t source, int64_t target, uint64_t id) {
                   auto entry = size_t(offsets[source + 1]++);
                   targets[entry] = int32_t(target);
                   batch.ids[batch.count] = id;
                   batch.entries[batch.count] = entry;
                   if (++batch.count == kBatch)
                     flush();
                   if (++count % (1 << 20) == 0)
                     progress.add(1 << 20);
                 });
  flush();
}

void Pattern::make(std::vector<size_t> &made) {
  countSynapses();
  placeSynapses();
  made.push_back(synapses.offsets);
  made.push_back(synapses.targets);
  for (const Drawn &one : drawn)
    made.push_back(one.state);
}

bool basalt::rt::isMadeByRule(Table<StateInfo> states, size_t state) {
  const Synapses *synapses = states[state].synapses;
  return states[state].rule || (synapses && states[synapses->offsets].rule);
}

std::vector<size_t>
basalt::rt::realiseStates(Table<StateInfo> states, uint64_t seed,
                          const std::function<bool(size_t offsets)> &leavesOut) {
  uint64_t total = 0;
  std::vector<size_t> firsts, made; // a state of the entries of each rule
  std::vector<bool> isKnown(states.size());
  for (size_t state = 0; state < states.size(); ++state) {
    const Synapses *synapses = states[state].synapses;
    if (!synapses || !states[synapses->offsets].rule || isKnown[synapses->offsets])
      continue;
    isKnown[synapses->offsets] = true;
    if (leavesOut(synapses->offsets))
      continue;
    firsts.push_back(state);
    total += 2 * uint64_t(synapseCapacity(*states[synapses->offsets].rule));
  }
  if (firsts.empty())
    return made;
  Progress progress("making synapses", total);
  for (size_t first : firsts) {
    const Synapses *synapses = states[first].synapses;
    Pattern pattern(states, *synapses, seed, progress);
    for (size_t state = first; state < states.size(); ++state)
      if (states[state].synapses && states[state].synapses->offsets == synapses->offsets)
        pattern.add(state, seed);
    pattern.make(made);
  }
  return made;
}
