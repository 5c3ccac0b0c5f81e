// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the patterns of lower-to-llvm share.
#ifndef BASALT_COMPILER_LLVM_CONVERSION_H
#define BASALT_COMPILER_LLVM_CONVERSION_H

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Transforms/DialectConversion.h"
#include "llvm/ADT/StringMap.h"

namespace basalt::llvmir {

/// What a program declares about its states.
struct Declarations {
  struct State {
    mlir::RankedTensorType type; // declared
    mlir::ElementsAttr init;
  };
  llvm::StringMap<State> states;
};

/// The integer of 8, 16, 32 or 64 bits that memory holds an element as (see Contract.h).
mlir::IntegerType storageType(mlir::Type element);

/// An element as calls describe it (EmbeddedCalls.h): kind << 8 | bits.
int64_t elementCode(mlir::Type declared);

/// A value as memory has it, from the value as computed, and the other way round.
mlir::Value toStorage(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value);
mlir::Value fromStorage(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value stored,
                        mlir::Type element);

mlir::Value constant(mlir::OpBuilder &builder, mlir::Location loc, int64_t value);

/// Space for `count` values of `type` in the frame of the function around `builder`.
mlir::Value frameSpace(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type,
                       int64_t count);

/// Calls the function `name` of the support library; the result has type `result`, if not null.
mlir::Value callLibrary(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                        mlir::ValueRange operands, mlir::Type result);

void addMemoryPatterns(mlir::LLVMTypeConverter &converter, mlir::RewritePatternSet &patterns,
                       const Declarations &declarations);
void addLibraryPatterns(mlir::LLVMTypeConverter &converter, mlir::RewritePatternSet &patterns);
void addRequestPatterns(mlir::LLVMTypeConverter &converter, mlir::RewritePatternSet &patterns,
                        const Declarations &declarations);

/// Numbers what calls refer to by number, where nobody has.
void numberRequests(mlir::ModuleOp module);

/// Gives each function a subprogram and each operation a place that debug information can have.
void addDebugInfo(mlir::ModuleOp module);

} // namespace basalt::llvmir

#endif // BASALT_COMPILER_LLVM_CONVERSION_H
