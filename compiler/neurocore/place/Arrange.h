// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which core of the board each core of a mapping is.
#ifndef BASALT_COMPILER_NEUROCORE_PLACE_ARRANGE_H
#define BASALT_COMPILER_NEUROCORE_PLACE_ARRANGE_H

#include "runtime/neurocore/Target.h"

#include "llvm/ADT/ArrayRef.h"

#include <map>
#include <vector>

namespace basalt::neurocore {

/// Axons between two cores, by their numbers.
using CoreTraffic = std::map<std::pair<unsigned, unsigned>, int64_t>;

/// Where a core of a mapping has to be, for what is pinned onto it; -1: anywhere.
struct Home {
  int64_t chip = -1, core = -1;
};

/// The chips whose cores are taken: those that homes are on, and the first ones of all others, if
/// they are needed.
std::vector<int64_t> chipsFor(llvm::ArrayRef<Home> homes, const nc::Target &target);

/// For each core, with its home, its number on the board (chip times cores of a chip, plus core),
/// on as few chips as hold them. Messages have less far to go than if cores stood in order, or as
/// far.
std::vector<int64_t> arrange(const CoreTraffic &traffic, llvm::ArrayRef<Home> homes,
                             const nc::Target &target);

/// In order, as far as homes let them.
std::vector<int64_t> inOrder(llvm::ArrayRef<Home> homes, const nc::Target &target);

/// Anywhere on the same chips, as the seed has it: for tests, since results may not depend on it.
std::vector<int64_t> shuffle(llvm::ArrayRef<Home> homes, const nc::Target &target, uint64_t seed);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_PLACE_ARRANGE_H
