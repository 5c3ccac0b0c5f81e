// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The memory of a lowered program: globals for states, guard flags, constants and scratch buffers.
// All of it is static, so a time step allocates nothing.
#ifndef BASALT_COMPILER_LOWER_MEMORY_H
#define BASALT_COMPILER_LOWER_MEMORY_H

#include "dialect/step/Step.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"

namespace basalt::lower {

/// The memory of a tensor: one axis, row-major.
mlir::MemRefType memoryType(mlir::Type tensor);

class Memory {
public:
  /// Makes the globals of all states and guards of `program` behind it; `symbols` is the table of
  /// the module.
  Memory(mlir::SymbolTable &symbols, step::ProgramOp program);

  /// The memory of the state or the flag of the guard `name`.
  mlir::Value get(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name);
  /// A new buffer for a value of `type`, named after the instance that needs it.
  mlir::Value scratch(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type,
                      llvm::StringRef instance);
  /// Whether `memory` was made by `scratch`.
  bool isScratch(mlir::Value memory) const;
  /// The read-only memory of a constant; equal constants share it.
  mlir::Value constant(mlir::OpBuilder &builder, mlir::Location loc, mlir::DenseElementsAttr value);

private:
  mlir::memref::GlobalOp add(mlir::Location loc, llvm::StringRef name, mlir::MemRefType type,
                             mlir::Attribute value, bool isConstant);
  mlir::Value address(mlir::OpBuilder &builder, mlir::Location loc, mlir::memref::GlobalOp global);

  mlir::OpBuilder globals;
  mlir::SymbolTable &symbols;
  llvm::DenseSet<mlir::StringAttr> buffers;
  llvm::DenseMap<mlir::Attribute, mlir::memref::GlobalOp> constants;
};

} // namespace basalt::lower

#endif // BASALT_COMPILER_LOWER_MEMORY_H
