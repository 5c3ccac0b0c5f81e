// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known of a rule of connectivity (Contract.h) before its synapses are made.
#ifndef BASALT_RUNTIME_NATIVE_RULE_H
#define BASALT_RUNTIME_NATIVE_RULE_H

#include "runtime/native/Arithmetic.h"
#include "runtime/native/Contract.h"

namespace basalt::rt {

/// Whether the rule says how many synapses there are; else they are drawn.
constexpr bool hasExactCount(const Rule &rule) { return rule.kind != RuleKind::PairwiseBernoulli; }

/// Sources that a target may have, and targets that a source may have.
constexpr int64_t sourcesOfTarget(const Rule &rule) {
  return rule.sources > 0 && !rule.autapses ? rule.sources - 1 : rule.sources;
}
constexpr int64_t targetsOfSource(const Rule &rule) {
  return rule.targets > 0 && !rule.autapses ? rule.targets - 1 : rule.targets;
}

/// The places of a matrix where the rule allows synapses.
constexpr int64_t placesOf(const Rule &rule) { return rule.targets * sourcesOfTarget(rule); }

/// Why there can be no network by that rule; null if there can.
constexpr const char *faultOf(const Rule &rule) {
  if (rule.kind > RuleKind::FixedOutdegree)
    return "there is no such rule";
  if (rule.targets < 0 || rule.targets > INT32_MAX || rule.sources < 0 || rule.sources > INT32_MAX)
    return "the extents are not from 0 to 2^31 - 1";
  if ((!rule.autapses || rule.kind == RuleKind::OneToOne) && rule.targets != rule.sources)
    return "there are not as many targets as sources";
  if (rule.number < 0)
    return "the number is negative";
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
  }
  return 0;
}

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_RULE_H
