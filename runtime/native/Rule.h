// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known of a rule of connectivity (Contract.h) before its synapses are made.
#ifndef BASALT_RUNTIME_NATIVE_RULE_H
#define BASALT_RUNTIME_NATIVE_RULE_H

#include "runtime/native/Arithmetic.h"
#include "runtime/native/Contract.h"

#include <utility>
#include <vector>

namespace basalt::rt {

/// A rule with the memory of its blocks.
struct OwnedRule {
  Rule rule;
  std::vector<RuleBlock> blocks;

  explicit OwnedRule(const Rule &given, std::vector<RuleBlock> parts = {})
      : rule(given), blocks(std::move(parts)) {
    if (given.kind == RuleKind::Blocks) {
      rule.number = int64_t(blocks.size());
      rule.blocks = blocks.data();
    }
  }
  OwnedRule(OwnedRule &&) = default; // a vector keeps its memory when it is moved
};

/// Whether the rule says how many synapses there are; else they are drawn.
inline bool hasExactCount(const Rule &rule) {
  bool isExact = rule.kind != RuleKind::PairwiseBernoulli;
  for (int64_t i = 0; rule.blocks && i < rule.number; ++i)
    isExact &= rule.blocks[i].rule.kind != RuleKind::PairwiseBernoulli;
  return isExact;
}

/// Sources that a target may have, and targets that a source may have.
constexpr int64_t sourcesOfTarget(const Rule &rule) {
  return rule.sources > 0 && !rule.autapses ? rule.sources - 1 : rule.sources;
}
constexpr int64_t targetsOfSource(const Rule &rule) {
  return rule.targets > 0 && !rule.autapses ? rule.targets - 1 : rule.targets;
}

/// The places of a matrix where the rule allows synapses.
constexpr int64_t placesOf(const Rule &rule) { return rule.targets * sourcesOfTarget(rule); }

constexpr const char *faultOf(const Rule &rule);

/// The same for the parts of one.
constexpr const char *faultOfBlocks(const Rule &rule) {
  if (rule.number > 0 && !rule.blocks)
    return "there are no blocks";
  for (int64_t i = 0; i < rule.number; ++i) {
    const RuleBlock &block = rule.blocks[i];
    if (block.rule.kind == RuleKind::Blocks)
      return "a block has blocks";
    if (const char *fault = faultOf(block.rule))
      return fault;
    if (block.target < 0 || block.source < 0 || block.rule.targets > rule.targets - block.target ||
        block.rule.sources > rule.sources - block.source)
      return "a block is not within the matrix";
  }
  return nullptr;
}

/// Why there can be no network by that rule; null if there can.
constexpr const char *faultOf(const Rule &rule) {
  if (rule.kind > RuleKind::Blocks)
    return "there is no such rule";
  if (rule.targets < 0 || rule.targets > INT32_MAX || rule.sources < 0 || rule.sources > INT32_MAX)
    return "the extents are not from 0 to 2^31 - 1";
  if ((!rule.autapses || rule.kind == RuleKind::OneToOne) && rule.targets != rule.sources)
    return "there are not as many targets as sources";
  if (rule.number < 0)
    return "the number is negative";
  if (rule.kind == RuleKind::Blocks)
    return faultOfBlocks(rule);
  if (!(rule.probability >= 0 && rule.probability <= 1))
    return "the probability is not from 0 to 1";
  bool isTotal = rule.kind == RuleKind::FixedTotalNumber,
       isIn = rule.kind == RuleKind::FixedIndegree, isOut = rule.kind == RuleKind::FixedOutdegree;
  if (!(isTotal || isIn || isOut) || rule.number == 0)
    return nullptr;
  int64_t room = isTotal ? placesOf(rule) : isIn ? sourcesOfTarget(rule) : targetsOfSource(rule);
  if (room == 0 || (!rule.multapses && rule.number > room))
    return "there are not enough places for the number";
  // Numbers of synapses times extents must not overflow.
  return rule.number > INT32_MAX ? "the number is above 2^31 - 1" : nullptr;
}

/// How many synapses there are. Of a rule without an exact count, so many that more are not to be
/// expected as long as there are computers: the mean, ten standard deviations and 32.
inline int64_t synapseCapacity(const Rule &rule) {
  switch (rule.kind) {
  case RuleKind::AllToAll:
    return placesOf(rule);
  case RuleKind::OneToOne:
    return rule.autapses ? rule.targets : 0;
  case RuleKind::PairwiseBernoulli: {
    auto places = double(placesOf(rule));
    double mean = places * rule.probability;
    double deviation = sqrtFloat(mean * (1 - rule.probability));
    double capacity = floorFloat(mean + 10 * deviation + 32);
    return rule.probability == 0 ? 0 : int64_t(capacity < places ? capacity : places);
  }
  case RuleKind::FixedTotalNumber:
    return rule.number;
  case RuleKind::FixedIndegree:
    return rule.targets * rule.number;
  case RuleKind::FixedOutdegree:
    return rule.sources * rule.number;
  case RuleKind::Blocks: {
    int64_t sum = 0;
    for (int64_t i = 0; i < rule.number; ++i)
      if (__builtin_add_overflow(sum, synapseCapacity(rule.blocks[i].rule), &sum))
        return INT64_MAX;
    return sum;
  }
  }
  return 0;
}

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_RULE_H
