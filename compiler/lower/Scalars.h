// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic on scalars of either kind, integer or float.
#ifndef BASALT_COMPILER_LOWER_SCALARS_H
#define BASALT_COMPILER_LOWER_SCALARS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

namespace basalt::lower {

/// The constant `value` of a scalar type.
inline mlir::Value number(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type,
                          int64_t value) {
  if (mlir::isa<mlir::FloatType>(type))
    return mlir::arith::ConstantOp::create(builder, loc,
                                           builder.getFloatAttr(type, static_cast<double>(value)));
  return mlir::arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(type, value));
}

inline mlir::Value sum(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value a, mlir::Value b) {
  if (mlir::isa<mlir::FloatType>(a.getType()))
    return mlir::arith::AddFOp::create(builder, loc, a, b);
  return mlir::arith::AddIOp::create(builder, loc, a, b);
}

/// A product; with 1 it is the other factor.
inline mlir::Value product(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value a,
                           mlir::Value b) {
  if (mlir::isa<mlir::FloatType>(a.getType()))
    return builder.createOrFold<mlir::arith::MulFOp>(loc, a, b);
  return builder.createOrFold<mlir::arith::MulIOp>(loc, a, b);
}

/// Whether `value` is another number than 0; NaN is.
inline mlir::Value isNotZero(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value) {
  mlir::Value zero = number(builder, loc, value.getType(), 0);
  if (mlir::isa<mlir::FloatType>(value.getType()))
    return mlir::arith::CmpFOp::create(builder, loc, mlir::arith::CmpFPredicate::UNE, value, zero);
  return mlir::arith::CmpIOp::create(builder, loc, mlir::arith::CmpIPredicate::ne, value, zero);
}

} // namespace basalt::lower

#endif // BASALT_COMPILER_LOWER_SCALARS_H
