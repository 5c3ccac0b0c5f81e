// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which C++ types stand for which types of a lowered program. The rule of storage is part of the
// run-time contract (Element in runtime/native/Contract.h).
#ifndef BASALT_COMPILER_NATIVE_TYPES_H
#define BASALT_COMPILER_NATIVE_TYPES_H

#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/IR/BuiltinTypes.h"

#include <string>

namespace basalt::native {

/// The type of a local that holds a scalar: i24 is held in an i32, sign-extended; i1 is a bool.
mlir::Type localType(mlir::Type scalar);

/// The C++ type of an element in memory: `int32_t` for i24, `uint8_t` for i1.
std::string storageName(mlir::Type element);
/// The same as a type of EmitC.
mlir::Type storageType(mlir::Type element);

/// `rt::Array<int32_t, 100>`.
std::string fieldName(mlir::MemRefType type);
/// `int32_t *__restrict`, with const if nothing is written through it.
std::string argumentName(mlir::MemRefType type, bool isConst);

mlir::emitc::OpaqueType opaque(mlir::MLIRContext *context, llvm::StringRef text);

/// A number as C++ writes it, exactly.
std::string spellNumber(mlir::TypedAttr value);
/// Text as a C++ string literal.
std::string quote(llvm::StringRef text);

} // namespace basalt::native

#endif // BASALT_COMPILER_NATIVE_TYPES_H
