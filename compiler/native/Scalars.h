// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversion of scalar arith and num operations to C++: a call of the run-time library's inline
// function, or an operator where that means the same.
#ifndef BASALT_COMPILER_NATIVE_SCALARS_H
#define BASALT_COMPILER_NATIVE_SCALARS_H

#include "compiler/native/Widths.h"

#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/IR/Builders.h"

namespace basalt::native {

/// The attribute of an emitc.call_opaque that computes a value and does nothing else.
inline constexpr llvm::StringLiteral kPureAttr = "rt.pure";

/// The attribute of a num.mul_shr of 32 bits whose factor `b` is from 0 to 2^k, with k up to 16.
inline constexpr llvm::StringLiteral kNarrowProductAttr = "rt.narrow_product";

/// `text` as a C++ expression of type `type`, printed wherever it is used.
mlir::Value literal(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type,
                    llvm::StringRef text);

/// A call without effects.
mlir::Value call(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef callee,
                 mlir::Type type, mlir::ValueRange operands);

/// The value of the scalar operation `op`, whose operands have become `operands`; null if there is
/// no conversion for it.
mlir::Value convertScalar(mlir::OpBuilder &builder, mlir::Operation *op, mlir::ValueRange operands,
                          Widths &widths);

} // namespace basalt::native

#endif // BASALT_COMPILER_NATIVE_SCALARS_H
