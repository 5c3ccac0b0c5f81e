// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which neurons stand on which core. First fit over the cores in order; what a core holds is
// counted by runtime/neurocore/Resources.h alone.
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

/// `neuronsPerCore`: at most so many on a core, if not 0. Reports what does not fit.
llvm::FailureOr<std::vector<PlacedCore>> placeNeurons(NetworkOp network, int64_t neuronsPerCore);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_PLACE_PLACEMENT_H
