// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and values of the `run:` section, checked as the run will, but with a place in the file.
#ifndef BASALT_TOOLS_BASALT_RUNITEMS_H
#define BASALT_TOOLS_BASALT_RUNITEMS_H

#include "compiler/frontend/Frontend.h"

namespace basalt::driver {

/// Checks `items` against the resolved network of `module`. What is wrong has been reported. That
/// values for sparse Vars have entries for all that is not 0 is left to the run.
mlir::LogicalResult checkRunItems(mlir::ModuleOp module,
                                  const std::vector<frontend::RunItem> &items);

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_RUNITEMS_H
