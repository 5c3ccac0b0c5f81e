// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layers of convolutions cut by channels. Neurons of an image stand pixel by pixel, so that a core
// gets pixels with all their channels, and as many kinds of lists as there are ways for a pixel to
// stand at its borders. Where the kernel is what is large, it is better to give each core all
// pixels of some channels: then each has a part of the kernel alone.
#ifndef BASALT_COMPILER_NEUROCORE_PLACE_BLOCKS_H
#define BASALT_COMPILER_NEUROCORE_PLACE_BLOCKS_H

#include "compiler/neurocore/place/Slices.h"

namespace basalt::neurocore {

/// An order of the neurons of a population, block of channels by block, and where cores begin.
struct Blocks {
  std::vector<int32_t> order; ///< which neuron stands at each place
  std::vector<int64_t> borders;
};

/// The one that needs the fewest cores for a population whose sources share lists; nothing if none
/// needs fewer than its own order.
std::optional<Blocks> findBlocks(const Slicer &slicer, unsigned member);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_PLACE_BLOCKS_H
