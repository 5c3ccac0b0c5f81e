// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Floats that are given for integers. Only whole numbers are taken, so this is about what the
// author may believe to be stored.
#ifndef BASALT_COMPILER_FRONTEND_FLOATDATA_H
#define BASALT_COMPILER_FRONTEND_FLOATDATA_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Location.h"

namespace basalt::frontend {

/// Warns if `given` are floats and the Var `name` of the type `declared` holds integers.
void warnOfFloatData(mlir::Location loc, const llvm::Twine &name, mlir::ElementsAttr given,
                     mlir::Type declared);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_FLOATDATA_H
