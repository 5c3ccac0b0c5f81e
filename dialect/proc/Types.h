// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types of declarations: how they relate to the signless types of values, and to type names.
#ifndef BASALT_DIALECT_PROC_TYPES_H
#define BASALT_DIALECT_PROC_TYPES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"

#include <optional>
#include <string>

namespace basalt::proc {

/// The type of a value of a declared type: signedness is dropped (`tensor<3xsi24>` to
/// `tensor<3xi24>`).
mlir::Type valueType(mlir::Type declared);

/// The declared type with type names replaced by what `types` (name to TypeAttr; may be null) binds
/// them to.
mlir::Type bindNames(mlir::Type declared, mlir::DictionaryAttr types);

/// Whether the type has neither type names nor unknown extents.
bool isConcrete(mlir::Type declared);

/// The element type as the language spells it: `i24`, `u1`, `bool`, `f64`, `num`.
std::string spellElement(mlir::Type element);
/// The tensor type as the language spells it: `i32[2, 3]`, `f64`; an unknown extent is `?`, an
/// unknown rank `[...]`.
std::string spellType(mlir::Type declared);
/// The shape as Python spells it: `(2, 3)`, `(3,)`, `()`.
std::string spellShape(mlir::ArrayRef<int64_t> shape);

/// The element type that the language spells so (`i1` to `i64`, `u1` to `u63`, `bool`, `f32`,
/// `f64`), or null.
mlir::Type parseElement(mlir::MLIRContext *context, llvm::StringRef spelling);

/// `value` as an initial value of declared type `type` (concrete): converted exactly and broadcast,
/// in the value type `tensor<NxiM>` of the declaration. Emits an error at `loc` that names `what`,
/// the value and the limit if it does not fit: a fraction for an integer, out of range, a shape
/// that does not broadcast.
mlir::FailureOr<mlir::DenseElementsAttr> convertInitialValue(mlir::Location loc, llvm::Twine what,
                                                             mlir::ElementsAttr value,
                                                             mlir::RankedTensorType type);

} // namespace basalt::proc

#endif // BASALT_DIALECT_PROC_TYPES_H
