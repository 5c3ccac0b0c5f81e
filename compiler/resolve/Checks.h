// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks of passes that earlier ones make, too, when they fail: so that one run reports errors that
// do not follow from each other.
#ifndef BASALT_COMPILER_RESOLVE_CHECKS_H
#define BASALT_COMPILER_RESOLVE_CHECKS_H

#include "mlir/IR/BuiltinOps.h"

namespace basalt {

/// Of check-connections; models have been selected.
mlir::LogicalResult checkConnections(mlir::ModuleOp module);

/// Of check-accesses, what a process does by itself; behaviours that are text still are passed
/// over.
mlir::LogicalResult checkCode(mlir::ModuleOp module);

} // namespace basalt

#endif // BASALT_COMPILER_RESOLVE_CHECKS_H
