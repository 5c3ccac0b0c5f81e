// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules and distributions as bytes in a container of initial data: 64-bit numbers one after
// another. The reader believes nothing.
#ifndef BASALT_RUNTIME_NATIVE_DRAWNVALUES_H
#define BASALT_RUNTIME_NATIVE_DRAWNVALUES_H

#include "runtime/native/Distribution.h"
#include "runtime/native/Rule.h"
#include "runtime/native/Simulation.h"

#include <optional>
#include <string>
#include <string_view>

namespace basalt::rt {

/// What the value of a state is made by when a run starts (see StateInfo).
struct DrawnValue {
  std::optional<OwnedRule> rule;
  std::optional<OwnedDistribution> distribution;
  int64_t key = 0;
};

std::string bytesOf(const Rule &rule, int64_t key);
std::string bytesOf(const Distribution &distribution, int64_t key);

/// Null if the bytes are no rule that can be met, or no distribution.
std::optional<DrawnValue> readRule(std::string_view bytes);
std::optional<DrawnValue> readDistribution(std::string_view bytes);

/// Whether the rules and distributions in the table belong to the states that have them: to what
/// says where entries are, and to entries. Returns the name of a state for which not, or null.
const char *findBadDrawn(Table<StateInfo> states);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_DRAWNVALUES_H
