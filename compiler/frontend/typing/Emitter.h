// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds ops for expressions: folds what is constant at once, converts between element types,
// broadcasts.
#ifndef BASALT_COMPILER_FRONTEND_TYPING_EMITTER_H
#define BASALT_COMPILER_FRONTEND_TYPING_EMITTER_H

#include "compiler/frontend/typing/Typed.h"
#include "compiler/interpret/Evaluator.h"

#include "mlir/IR/Builders.h"

namespace basalt::frontend {

/// Longer lists of numbers are not made at compile time.
inline constexpr uint64_t maxCounted = uint64_t(1) << 24;

class Emitter {
public:
  explicit Emitter(mlir::OpBuilder builder) : builder(builder) {}

  mlir::OpBuilder builder;
  /// Values of more elements are left to run time.
  int64_t foldLimit = interp::kMaxFoldedElements;

  /// Creates a value op, or the constant it gives if all its operands are constant.
  template <typename OpT, typename... Args> mlir::Value make(mlir::Location loc, Args &&...args) {
    return fold(OpT::create(builder, loc, std::forward<Args>(args)...));
  }

  mlir::Value constant(mlir::Location loc, mlir::DenseElementsAttr value);
  mlir::Value constantInt(mlir::Location loc, int64_t value);
  mlir::Value constantFloat(mlir::Location loc, double value, mlir::Type type = {});
  mlir::Value constantBool(mlir::Location loc, bool value);
  /// The integers from `start` on, maxCounted at most.
  mlir::Value counting(mlir::Location loc, int64_t start, int64_t count);

  /// The value with elements of another of the four value types; float to integer is not done here.
  mlir::Value toElement(mlir::Location loc, mlir::Value value, mlir::Type element);
  /// The value repeated to `shape`, which it must broadcast to.
  mlir::Value broadcast(mlir::Location loc, mlir::Value value, mlir::ArrayRef<int64_t> shape);
  mlir::Value reshape(mlir::Location loc, mlir::Value value, mlir::ArrayRef<int64_t> shape);

  /// A value as stored in a Var or message of declared element type `declared`, widened to a value
  /// type.
  mlir::Value widen(mlir::Location loc, mlir::Value stored, mlir::Type declared);
  /// An `i64` or bool wrapped to a declared integer type, in its signless storage type.
  mlir::Value wrap(mlir::Location loc, mlir::Value value, mlir::IntegerType declared);
  /// An `i64` clamped to the range of a declared integer type, still `i64`.
  mlir::Value saturate(mlir::Location loc, mlir::Value value, mlir::IntegerType declared);

  mlir::Type boolType() { return builder.getI1Type(); }
  mlir::Type intType() { return builder.getI64Type(); }
  mlir::Type doubleType() { return builder.getF64Type(); }
  mlir::RankedTensorType tensor(mlir::ArrayRef<int64_t> shape, mlir::Type element) {
    return mlir::RankedTensorType::get(shape, element);
  }

private:
  mlir::Value fold(mlir::Operation *op);
};

/// The shape that two shapes broadcast to, or nothing.
std::optional<mlir::SmallVector<int64_t>> broadcastShapes(mlir::ArrayRef<int64_t> a,
                                                          mlir::ArrayRef<int64_t> b);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_TYPING_EMITTER_H
