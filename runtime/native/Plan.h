// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The options of a run, resolved against a simulation: names are indices, values are bytes, files
// have paths. Whatever can be wrong with options is found here, before anything runs.
#ifndef BASALT_RUNTIME_NATIVE_PLAN_H
#define BASALT_RUNTIME_NATIVE_PLAN_H

#include "runtime/native/Options.h"
#include "runtime/native/Recorder.h"
#include "runtime/native/Simulation.h"

#include <optional>
#include <string>
#include <vector>

namespace basalt::rt {

/// A state and its new bytes.
struct PlannedSet {
  size_t state;
  std::vector<char> bytes;
};

struct PlannedItem {
  std::optional<PlannedSet> set;
  int64_t steps = 0; // if it is not a set
};

struct PlannedGet {
  size_t state;
  std::string path;
};

struct Plan {
  std::vector<PlannedItem> items;
  std::vector<ProbeRequest> probes;
  std::vector<PlannedGet> gets;
};

/// Throws InputError or UsageError for anything in `options` that does not fit the simulation.
Plan makePlan(Simulation &simulation, const RunOptions &options);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_PLAN_H
