// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which core of the board each core of a mapping is.
#ifndef BASALT_COMPILER_NEUROCORE_PLACE_ARRANGE_H
#define BASALT_COMPILER_NEUROCORE_PLACE_ARRANGE_H

#include "runtime/neurocore/Target.h"

#include <map>
#include <vector>

namespace basalt::neurocore {

/// Axons between two cores, by their numbers.
using CoreTraffic = std::map<std::pair<unsigned, unsigned>, int64_t>;

/// For each of `cores` cores its number on the board (chip times cores of a chip, plus core), on as
/// few chips as hold them. Messages have less far to go than if cores stood in order, or as far.
std::vector<int64_t> arrange(const CoreTraffic &traffic, size_t cores, const nc::Target &target);

/// Anywhere on the same chips, as the seed has it: for tests, since results may not depend on it.
std::vector<int64_t> shuffle(size_t cores, const nc::Target &target, uint64_t seed);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_PLACE_ARRANGE_H
