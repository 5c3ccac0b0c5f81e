// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the inputs of an update of entries have an element for, and how that is written.
#ifndef BASALT_DIALECT_STEP_ENTRYROLES_H
#define BASALT_DIALECT_STEP_ENTRYROLES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpImplementation.h"

#include "dialect/step/StepEnums.h.inc"

namespace basalt::step {

/// `source %x : tensor<4xf64>, every %rate : tensor<f64>`: the directive EntryInputs.
mlir::ParseResult
parseEntryInputs(mlir::OpAsmParser &parser,
                 llvm::SmallVectorImpl<mlir::OpAsmParser::UnresolvedOperand> &inputs,
                 llvm::SmallVectorImpl<mlir::Type> &types, mlir::DenseI32ArrayAttr &roles);
void printEntryInputs(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::ValueRange inputs,
                      mlir::TypeRange types, mlir::DenseI32ArrayAttr roles);

/// Checks that there is a role for each input.
mlir::LogicalResult verifyRoles(mlir::Operation *op, mlir::ValueRange inputs,
                                llvm::ArrayRef<int32_t> roles);

} // namespace basalt::step

#endif // BASALT_DIALECT_STEP_ENTRYROLES_H
