// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The synapses of a rule (Contract.h). docs/semantics.md defines each rule; every definition is
// such that the synapses of some targets can be made without those of the others, so whoever shares
// out the targets of a network gets the same synapses as one who does not.
//
// What it costs: time in proportion to the synapses of the targets asked for, and nothing that
// grows with them in memory. Only fixed_outdegree draws the targets of all synapses to find those
// in the range (without multapses also with some bits a target): share its targets out coarsely.
#ifndef BASALT_RUNTIME_NATIVE_CONNECTIVITY_H
#define BASALT_RUNTIME_NATIVE_CONNECTIVITY_H

#include "runtime/native/Contract.h"
#include "runtime/native/Distribution.h"
#include "runtime/native/Draws.h"
#include "runtime/native/Rule.h"
#include "runtime/native/Transcendental.h"

#include <algorithm>
#include <vector>

namespace basalt::rt {

/// The key of the synapses of the Var that `path` stands for, in a run with that seed.
constexpr RandomKey ruleKey(uint64_t seed, int64_t path) {
  constexpr int64_t kStream = 0x656c7572; // "rule"
  return randomKey(kStream, int64_t(seed), path);
}

namespace detail {

/// Choices of some numbers below an extent, without repetition.
class Chooser {
public:
  /// Chooses `count` of the numbers below `extent`; `key` is used up.
  void choose(int64_t count, int64_t extent, RandomKey key);

  /// Calls `function` with each of the chosen numbers, in order.
  template <typename Function> void forEachInOrder(Function function) {
    if (!isComplement && int64_t(drawn.size()) < extent / 256) {
      std::sort(drawn.begin(), drawn.end());
      return forEach(function);
    }
    // Bits beyond the extent are not set; in the complement they must not be either.
    uint64_t flip = isComplement ? ~uint64_t(0) : 0;
    for (int64_t first = 0; first < extent; first += 64) {
      uint64_t word = isDrawn[size_t(first / 64)] ^ flip;
      if (extent - first < 64)
        word &= (uint64_t(1) << (extent - first)) - 1;
      for (; word != 0; word &= word - 1)
        function(first + __builtin_ctzll(word));
    }
  }

  /// The same in any order.
  template <typename Function> void forEach(Function function) {
    if (isComplement)
      return forEachInOrder(function);
    for (int32_t number : drawn)
      function(int64_t(number));
  }

private:
  int64_t extent = 0;
  bool isComplement = false; // chosen is what has not been drawn
  std::vector<int32_t> drawn;
  std::vector<uint64_t> isDrawn; // a bit for each number
};

/// What a rule draws is keyed by parts of its key.
constexpr int64_t kDraws = 0, kSplits = 1;

/// The part of `count` things at `size` targets from `low` on that the first `left` of them get.
int64_t splitCount(const Rule &rule, int64_t count, int64_t low, int64_t left, int64_t size,
                   RandomKey key);

/// Shares out `count` synapses, numbered from `first` on, to the `size` targets from `low` on, and
/// calls `function(target, first, count)` for the targets of the range that get any, in order.
template <typename Function>
void shareOut(const Rule &rule, RandomKey splits, uint64_t first, int64_t count, int64_t low,
              int64_t size, int64_t rangeLow, int64_t rangeHigh, Function &function) {
  if (count == 0 || low >= rangeHigh || low + size <= rangeLow)
    return;
  if (size == 1)
    return function(low, first, count);
  // Halves with a power of two targets, but for the last ones.
  int64_t left = int64_t(1) << (63 - __builtin_clzll(uint64_t(size - 1)));
  int64_t part = splitCount(rule, count, low, left, size, splits);
  shareOut(rule, splits, first, part, low, left, rangeLow, rangeHigh, function);
  shareOut(rule, splits, first + uint64_t(part), count - part, low + left, size - left, rangeLow,
           rangeHigh, function);
}

/// The rules one by one; `low` and `high` are the range of targets.
template <typename Sink> class Realisation {
public:
  Realisation(const Rule &rule, RandomKey key, int64_t low, int64_t high, Sink &sink)
      : rule(rule), key(key), low(low), high(high), sink(sink),
        // Where autapses are left out, the others have numbers without a gap.
        sourceExtent(sourcesOfTarget(rule)), targetExtent(targetsOfSource(rule)) {}

  void allToAll() {
    for (int64_t target = low; target < high; ++target)
      for (int64_t number = 0; number < sourceExtent; ++number)
        atPlace(past(target, number), target);
  }

  void oneToOne() {
    if (rule.autapses)
      for (int64_t target = low; target < high; ++target)
        sink(target, target, uint64_t(target));
  }

  void pairwiseBernoulli() {
    if (rule.probability == 0)
      return;
    constexpr int64_t kBatch = 256;
    int64_t skips[kBatch];
    double inverse = inverseLogOfFailure(rule.probability);
    double mean = double(sourceExtent) * rule.probability;
    auto batch = int64_t(mean + 2 * sqrtFloat(mean)) + 8;
    batch = batch < kBatch ? batch : kBatch;
    RandomKey draws = key.with(kDraws);
    for (int64_t target = low; target < high; ++target) {
      RandomKey ofTarget = draws.with(target);
      int64_t number = -1;
      for (uint64_t first = 0; number < sourceExtent; first += uint64_t(batch)) {
        fillSkips(first, size_t(batch), ofTarget, inverse, skips);
        for (int64_t i = 0; i < batch && (number += 1 + skips[i]) < sourceExtent; ++i)
          atPlace(past(target, number), target);
      }
    }
  }

  void fixedIndegree() {
    DrawStream draws(key.with(kDraws), uint64_t(low * rule.number), (high - low) * rule.number);
    auto id = uint64_t(low * rule.number);
    for (int64_t target = low; target < high; ++target, id += uint64_t(rule.number))
      atTarget(target, id, rule.number, draws);
  }

  void fixedTotalNumber() {
    DrawStream draws(key.with(kDraws), 0,
                     rule.number / std::max<int64_t>(1, rule.targets) * (high - low));
    auto function = [&](int64_t target, uint64_t first, int64_t count) {
      draws.seek(first);
      atTarget(target, first, count, draws);
    };
    shareOut(rule, key.with(kSplits), 0, rule.number, 0, rule.targets, low, high, function);
  }

  void fixedOutdegree() {
    RandomKey drawKey = key.with(kDraws);
    DrawStream draws(drawKey, 0, rule.sources * rule.number);
    uint64_t id = 0;
    for (int64_t source = 0; source < rule.sources; ++source) {
      if (!rule.multapses) {
        chooser.choose(rule.number, targetExtent, drawKey.with(source));
        chooser.forEachInOrder([&](int64_t number) {
          int64_t target = past(source, number);
          if (low <= target && target < high)
            atPlace(source, target);
        });
        continue;
      }
      for (int64_t i = 0; i < rule.number; ++i, ++id) {
        int64_t target = past(source, numberBelow(targetExtent, draws.next()));
        if (low <= target && target < high)
          sink(source, target, id);
      }
    }
  }

private:
  /// The `number`-th of the indices that may be connected with `self`.
  int64_t past(int64_t self, int64_t number) const {
    return number + (!rule.autapses && number >= self ? 1 : 0);
  }

  void atPlace(int64_t source, int64_t target) {
    sink(source, target, uint64_t(target * rule.sources + source));
  }

  /// `count` synapses with sources at random; `draws` belongs to those that have numbers.
  void atTarget(int64_t target, uint64_t id, int64_t count, DrawStream &draws) {
    if (rule.multapses) {
      for (int64_t i = 0; i < count; ++i)
        sink(past(target, numberBelow(sourceExtent, draws.next())), target, id + uint64_t(i));
      return;
    }
    chooser.choose(count, sourceExtent, key.with(kDraws).with(target));
    chooser.forEach([&](int64_t number) { atPlace(past(target, number), target); });
  }

  const Rule &rule;
  RandomKey key;
  int64_t low, high;
  Sink &sink;
  int64_t sourceExtent, targetExtent;
  Chooser chooser;
};

} // namespace detail

/// Calls `sink(int64_t source, int64_t target, uint64_t id)` for each synapse of the rule at the
/// targets from `low` to `high` (excluded), which are inside of the matrix. `id` is the identity of
/// the synapse: what its other numbers are keyed by (Distribution.h), the same whatever the range.
/// Where a place has at most one it is `target * sources + source`, else a number from 0 on.
///
/// The synapses of one source come with increasing ids; so whoever sorts them by source, stably,
/// has the order in which entries are stored.
template <typename Sink>
void forEachSynapse(const Rule &rule, RandomKey key, int64_t low, int64_t high, Sink &&sink) {
  detail::Realisation<Sink> realisation(rule, key, low, high, sink);
  switch (rule.kind) {
  case RuleKind::AllToAll:
    return realisation.allToAll();
  case RuleKind::OneToOne:
    return realisation.oneToOne();
  case RuleKind::PairwiseBernoulli:
    return realisation.pairwiseBernoulli();
  case RuleKind::FixedTotalNumber:
    return realisation.fixedTotalNumber();
  case RuleKind::FixedIndegree:
    return realisation.fixedIndegree();
  case RuleKind::FixedOutdegree:
    return realisation.fixedOutdegree();
  case RuleKind::Blocks: // see below
    return;
  }
}

/// The same for a rule that may consist of blocks, with the places in the whole matrix: calls
/// `begin(block)` before the synapses of each, or once with kNoBlock. The identity of a synapse is
/// that in its block; those of one source come block by block.
template <typename Begin, typename Sink>
void forEachSynapse(const Rule &rule, RandomKey key, int64_t low, int64_t high, Begin &&begin,
                    Sink &&sink) {
  if (rule.kind != RuleKind::Blocks) {
    begin(kNoBlock);
    return forEachSynapse(rule, key, low, high, sink);
  }
  for (int64_t i = 0; i < rule.number; ++i) {
    const RuleBlock &block = rule.blocks[i];
    int64_t first = std::max<int64_t>(low - block.target, 0),
            last = std::min(high - block.target, block.rule.targets);
    if (first >= last)
      continue;
    begin(i);
    forEachSynapse(block.rule, blockKey(key, i), first, last,
                   [&](int64_t source, int64_t target, uint64_t id) {
                     sink(block.source + source, block.target + target, id);
                   });
  }
}

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_CONNECTIVITY_H
