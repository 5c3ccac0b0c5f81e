// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the type checker knows of an expression.
#ifndef BASALT_COMPILER_FRONTEND_TYPING_TYPED_H
#define BASALT_COMPILER_FRONTEND_TYPING_TYPED_H

#include "dialect/proc/Proc.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"

#include <optional>
#include <string>

namespace basalt::frontend {

/// The value of an expression: a tensor of `i1` (bool), `i64` (every integer type), `f32` or `f64`;
/// or a string, which exists at compile time only.
struct Typed {
  mlir::Value value;
  std::optional<std::string> text;
  /// A literal, or made of literals and untyped parameters: takes the other operand's type.
  bool isWeak = false;
  /// Where the elements stand, if they are those of the stored entries of a sparse matrix.
  proc::SparseAttr sparse = {};
  /// A record, rule or the like (see Record.h), which exists at compile time only.
  mlir::Attribute object = {};

  bool isString() const { return text.has_value(); }
  /// Exists at compile time only.
  bool isSymbolic() const { return text || object; }
  mlir::RankedTensorType type() const {
    return llvm::cast<mlir::RankedTensorType>(value.getType());
  }
  mlir::Type element() const { return type().getElementType(); }
  mlir::ArrayRef<int64_t> shape() const { return type().getShape(); }
  /// The shape that a program sees: that of stored entries is their matrix.
  mlir::ArrayRef<int64_t> seenShape() const { return sparse ? sparse.getShape() : shape(); }
  bool isBool() const { return element().isInteger(1); }
  bool isInt() const { return element().isInteger(64); }
  bool isFloat() const { return llvm::isa<mlir::FloatType>(element()); }
};

/// The type in the language's words: `i64[3]`, `bool`, "a string".
std::string describe(const Typed &typed);

/// The elements of a value that is known at compile time.
std::optional<mlir::DenseElementsAttr> constantOf(mlir::Value value);
/// The one element of an integer value that is known at compile time.
std::optional<int64_t> constantInt(const Typed &typed);
/// Likewise for a bool.
std::optional<bool> constantBool(const Typed &typed);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_TYPING_TYPED_H
