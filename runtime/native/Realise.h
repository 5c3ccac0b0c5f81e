// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values that are made when a run starts: entries of sparse Vars by rule, and numbers that are
// drawn for them, in the memory of their states.
#ifndef BASALT_RUNTIME_NATIVE_REALISE_H
#define BASALT_RUNTIME_NATIVE_REALISE_H

#include "runtime/native/Distribution.h"
#include "runtime/native/Simulation.h"
#include "runtime/native/Team.h"

#include <functional>
#include <vector>

namespace basalt::rt {

/// Makes the entries of all sparse states that have a rule, in order of sources, those of one
/// source by their identity, and draws their values; but for those for whose first state (that of
/// the offsets) `leavesOut` holds. Returns the states that have got values. Throws InputError that
/// names a state whose numbers cannot be found or do not fit its type. The threads of `team` share
/// the work, if there is one.
std::vector<size_t> realiseStates(
    Table<StateInfo> states, uint64_t seed, Team *team,
    const std::function<bool(size_t offsets)> &leavesOut = [](size_t) { return false; });

/// The values of the synapses `ids` of a block (or kNoBlock), which are drawn for a state with
/// that key: reals for a state of floats, rounded to its type, else integers. Throws as
/// realiseStates.
void drawValues(const StateInfo &state, RandomKey key, int64_t block, const uint64_t *ids,
                size_t count, double *values);
void drawValues(const StateInfo &state, RandomKey key, int64_t block, const uint64_t *ids,
                size_t count, int64_t *values);

/// Whether the state has its values from a rule, or has one for each entry of such a state.
bool isMadeByRule(Table<StateInfo> states, size_t state);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_REALISE_H
