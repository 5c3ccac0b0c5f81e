// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Neurons that the user has given cores or a chip.
#ifndef BASALT_COMPILER_NEUROCORE_PLACE_PINS_H
#define BASALT_COMPILER_NEUROCORE_PLACE_PINS_H

#include "compiler/neurocore/place/Slices.h"

namespace basalt::neurocore {

/// Whether neurons with that pin, or none (null), may stand on a core with that home.
bool allows(PinOp pin, Home home);

/// How little choice a pin leaves: the larger, the less.
unsigned strictnessOf(PinOp pin);

std::vector<Home> homesOf(llvm::ArrayRef<OpenCore> cores);

/// First fit of all that is pinned; `cores` has none yet. Reports pins that cannot be.
llvm::LogicalResult placePinned(Slicer &slicer, std::vector<OpenCore> &cores);

/// When there is no other core for neurons of a population from `first` on: as many of them as fit
/// go onto the one that takes most, which has none of them yet. Returns how many these are.
int64_t fillGap(const Slicer &slicer, std::vector<OpenCore> &cores, unsigned member, int64_t first);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_PLACE_PINS_H
