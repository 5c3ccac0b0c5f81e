// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The synapses of a rule are looked at twice: once to count those of each source, and once to put
// them where they belong; those of blocks once more between. Nothing is kept of them but what the
// states hold. Threads share the targets, which changes nothing: of one source, synapses come in
// the order of targets.
#include "runtime/native/Realise.h"

#include "runtime/native/Connectivity.h"
#include "runtime/native/Error.h"
#include "runtime/native/Format.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Partition.h"
#include "runtime/native/Progress.h"

#include <cmath>
#include <mutex>
#include <utility>

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
/// A rule, or a block of one.
struct Block {
  const Rule &rule;
  int64_t number; // or kNoBlock
  int64_t target, source;
};

/// The states of one rule, while they get their values.
class Pattern {
public:
  Pattern(Table<StateInfo> states, const Synapses &synapses, uint64_t seed, Team *team,
          Progress &progress)
      : states(states), synapses(synapses), rule(*states[synapses.offsets].rule),
        key(ruleKey(seed, states[synapses.offsets].key)), team(team), progress(progress),
        offsets(static_cast<int64_t *>(states[synapses.offsets].data)),
        targets(static_cast<int32_t *>(states[synapses.targets].data)) {
    for (int64_t i = 0; rule.blocks && i < rule.number; ++i)
      blocks.push_back({rule.blocks[i].rule, i, rule.blocks[i].target, rule.blocks[i].source});
    if (!rule.blocks)
      blocks.push_back({rule, kNoBlock, 0, 0});
  }

  /// How often synapses are looked at.
  static uint64_t passesOf(const Rule &rule) { return rule.blocks ? 3 : 2; }

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

  template <typename Sink> void forEachIn(const Block &block, size_t part, Sink sink);
  size_t partsOf(const Block &block) const;
  void count(const Block &block);
  void findOffsets();
  void placePart(const Block &block, size_t part);
  void drawBatch(const Batch &batch) const;

  Table<StateInfo> states;
  const Synapses &synapses;
  const Rule &rule;
  RandomKey key;
  Team *team;
  Progress &progress;
  std::mutex progressMutex;
  int64_t *offsets;
  int32_t *targets;
  std::vector<Block> blocks;
  std::vector<Drawn> drawn;
  /// Of each part of the targets of a block: how many synapses each source has there, then where
  /// the next one goes.
  std::vector<std::vector<int64_t>> places;
};
} // namespace

/// Threads share the targets of a block. What goes by sources cannot be shared.
size_t Pattern::partsOf(const Block &block) const {
  constexpr int64_t kWorthwhile = 1 << 16;
  if (!team || block.rule.kind == RuleKind::FixedOutdegree ||
      synapseCapacity(block.rule) < kWorthwhile)
    return 1;
  return team->size();
}

/// Calls `sink` for the synapses of a part, with the source within the block.
template <typename Sink> void Pattern::forEachIn(const Block &block, size_t part, Sink sink) {
  Range range = partOf(size_t(block.rule.targets), part, places.size());
  uint64_t done = 0;
  auto report = [&] {
    std::lock_guard<std::mutex> lock(progressMutex);
    progress.add(1 << 20);
  };
  forEachSynapse(block.rule, blockKey(key, block.number), int64_t(range.low), int64_t(range.high),
                 [&](int64_t source, int64_t target, uint64_t id) {
                   sink(size_t(source), block.target + target, id);
                   if (++done % (1 << 20) == 0)
                     report();
                 });
}

void Pattern::count(const Block &block) {
  places.assign(partsOf(block), {});
  forEach(team, places.size(), [&](size_t part) {
    std::vector<int64_t> &counts = places[part];
    counts.assign(size_t(block.rule.sources), 0);
    forEachIn(block, part, [&](size_t source, int64_t, uint64_t) { ++counts[source]; });
  });
}

void Pattern::findOffsets() {
  std::fill_n(offsets, rule.sources + 1, int64_t(0));
  for (const Block &block : blocks) {
    count(block);
    for (const std::vector<int64_t> &counts : places)
      for (size_t source = 0; source < counts.size(); ++source)
        offsets[size_t(block.source) + source + 1] += counts[source];
  }
  for (int64_t source = 0; source < rule.sources; ++source)
    offsets[source + 1] += offsets[source];
  if (int64_t total = offsets[rule.sources]; total > states[synapses.targets].shape[0])
    throw InputError("'" + std::string(states[synapses.offsets].name) + "' has " +
                     std::to_string(total) + " synapses, for which there is no room");
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

void Pattern::placePart(const Block &block, size_t part) {
  Batch batch;
  batch.block = block.number;
  auto flush = [&] {
    drawBatch(batch);
    batch.count = 0;
  };
  forEachIn(block, part, [&](size_t source, int64_t target, uint64_t id) {
    auto entry = size_t(places[part][source]++);
    targets[entry] = int32_t(target);
    batch.ids[batch.count] = id;
    batch.entries[batch.count] = entry;
    if (++batch.count == kBatch)
      flush();
  });
  flush();
}

void Pattern::make(std::vector<size_t> &made) {
  findOffsets();
  std::vector<int64_t> next(offsets, offsets + rule.sources);
  for (const Block &block : blocks) {
    if (blocks.size() > 1) // else that has just been done
      count(block);
    for (std::vector<int64_t> &ofPart : places)
      for (size_t source = 0; source < ofPart.size(); ++source)
        next[size_t(block.source) + source] +=
            std::exchange(ofPart[source], next[size_t(block.source) + source]);
    forEach(team, places.size(), [&](size_t part) { placePart(block, part); });
  }
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
basalt::rt::realiseStates(Table<StateInfo> states, uint64_t seed, Team *team,
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
    const Rule &rule = *states[synapses->offsets].rule;
    total += Pattern::passesOf(rule) * uint64_t(synapseCapacity(rule));
  }
  if (firsts.empty())
    return made;
  Progress progress("making synapses", total);
  for (size_t first : firsts) {
    const Synapses *synapses = states[first].synapses;
    Pattern pattern(states, *synapses, seed, team, progress);
    for (size_t state = first; state < states.size(); ++state)
      if (states[state].synapses && states[state].synapses->offsets == synapses->offsets)
        pattern.add(state, seed);
    pattern.make(made);
  }
  return made;
}
