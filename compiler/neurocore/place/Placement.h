// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which neurons stand on which core, and where that is. First fit tells how many cores are needed;
// the rest makes the fullest of them less full and the ways of messages shorter.
#ifndef BASALT_COMPILER_NEUROCORE_PLACE_PLACEMENT_H
#define BASALT_COMPILER_NEUROCORE_PLACE_PLACEMENT_H

#include "compiler/neurocore/place/Projections.h"

namespace basalt::neurocore {

/// Neurons of one population on one core.
struct PlacedGroup {
  PopulationOp population;
  int64_t first = 0, count = 0;
};

struct PlacedCore {
  int64_t chip = 0, core = 0;
  std::vector<PlacedGroup> groups;
};

enum class Strategy : uint8_t {
  Traffic,  ///< evenly, and near to those that they talk with
  FirstFit, ///< in order
  Shuffle,  ///< as first fit, on cores of which a seed decides
};
/// As options name them: `first-fit`.
std::optional<Strategy> strategyNamed(llvm::StringRef name);

struct PlaceOptions {
  int64_t neuronsPerCore = 0; ///< at most so many on a core, if not 0
  Strategy strategy = Strategy::Traffic;
  uint64_t seed = 0; ///< of Shuffle
};

/// Ascending in chip and core. Reports what does not fit.
llvm::FailureOr<std::vector<PlacedCore>> placeNeurons(NetworkOp network,
                                                      const PlaceOptions &options);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_PLACE_PLACEMENT_H
