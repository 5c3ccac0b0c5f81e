// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The num dialect: total arithmetic and tensor operations of behaviours. See NumOps.td.
#ifndef BASALT_DIALECT_NUM_NUM_H
#define BASALT_DIALECT_NUM_NUM_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/num/NumDialect.h.inc"
#include "dialect/num/NumEnums.h.inc"

#define GET_OP_CLASSES
#include "dialect/num/NumOps.h.inc"

namespace basalt::num {

/// Whether `op` belongs to the closed list of pure value operations that phases and tasks may hold
/// (num ops and the total part of arith). docs/semantics.md has the list.
bool isValueOp(mlir::Operation *op);

/// Whether `op` is a value operation that computes each element from the same elements of its
/// operands.
bool isElementwise(mlir::Operation *op);

} // namespace basalt::num

#endif // BASALT_DIALECT_NUM_NUM_H
