// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scalars of kernels in the place of tensors: what stands for elements, and how they are computed.
#ifndef BASALT_COMPILER_OPTIMIZE_SCALARCODE_H
#define BASALT_COMPILER_OPTIMIZE_SCALARCODE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"

namespace basalt {

/// A kernel belongs to no instance: its lines are those of the process.
mlir::Location lineOfProcess(mlir::Location loc);

/// The element of a constant all of whose elements are equal, also if it is repeated by a
/// broadcast; else null.
mlir::TypedAttr constantElement(mlir::Value value);

/// The tensor of rank 0 whose element `value` repeats, made by `builder` if there is none; null if
/// it is no repeated scalar. A condition that chooses between whole tensors is one.
mlir::Value repeatedScalar(mlir::Value value, mlir::OpBuilder &builder);

/// The elementwise `op` on scalars; its result.
mlir::Value cloneAsScalar(mlir::Operation *op, mlir::ValueRange operands, mlir::OpBuilder &builder);

} // namespace basalt

#endif // BASALT_COMPILER_OPTIMIZE_SCALARCODE_H
