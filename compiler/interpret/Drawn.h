// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules and distributions of states, as the run-time library takes them.
#ifndef BASALT_COMPILER_INTERPRET_DRAWN_H
#define BASALT_COMPILER_INTERPRET_DRAWN_H

#include "compiler/support/Hash.h"
#include "dialect/proc/Rules.h"

#include <deque>

namespace basalt::interp {

/// What the entries of a table of states point to.
class DrawnInfos {
public:
  /// Either attribute may be null.
  void describe(rt::StateInfo &info, proc::RuleAttr rule, proc::DistributionAttr distribution) {
    if (rule)
      info.rule = &rules.emplace_back(proc::toRule(rule)).rule;
    if (distribution)
      info.distribution =
          &distributions.emplace_back(proc::toDistribution(distribution)).distribution;
    if (rule || distribution)
      info.key = keyOfText(info.name);
  }

private:
  std::deque<rt::OwnedRule> rules;
  std::deque<rt::OwnedDistribution> distributions;
};

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_DRAWN_H
