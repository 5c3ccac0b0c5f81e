// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `place:` of the `target:` section: from the text to what passes know.
#ifndef BASALT_TOOLS_BASALT_PLACES_H
#define BASALT_TOOLS_BASALT_PLACES_H

#include "compiler/frontend/Frontend.h"

namespace basalt::driver {

/// Pins for the passes of neurocores.
void setPlaces(mlir::ModuleOp module, const std::vector<frontend::PlaceDefault> &places);

/// Whether the resolved network of `module` has these instances. What is wrong has been reported.
mlir::LogicalResult checkPlaces(mlir::ModuleOp module,
                                const std::vector<frontend::PlaceDefault> &places);

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_PLACES_H
