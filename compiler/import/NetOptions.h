// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What lava-dl's netx is told beside the file; names and defaults are its own.
#ifndef BASALT_COMPILER_IMPORT_NETOPTIONS_H
#define BASALT_COMPILER_IMPORT_NETOPTIONS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace basalt::import {

struct NetOptions {
  std::optional<int64_t> resetInterval, resetOffset, spikeExp, layers, skipLayers, messageBits;
  std::vector<int64_t> inputShape; ///< x, y, channels; empty: as the file says

  bool isGiven() const {
    return resetInterval || resetOffset || spikeExp || layers || skipLayers || messageBits ||
           !inputShape.empty();
  }
};

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NETOPTIONS_H
