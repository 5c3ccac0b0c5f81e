// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known of integers beyond the code of one function: limits of states that nothing in the
// program changes, and what calls pass to a kernel.
#ifndef BASALT_COMPILER_NATIVE_ASSUMPTIONS_H
#define BASALT_COMPILER_NATIVE_ASSUMPTIONS_H

#include "compiler/native/Widths.h"
#include "dialect/step/Step.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"

namespace basalt::native {

/// Looks at the whole program once; it must not change while functions are asked for.
class Assumptions {
public:
  /// Of a lowered program.
  explicit Assumptions(mlir::ModuleOp module);

  /// What can be taken for granted in `function`.
  Widths of(mlir::func::FuncOp function);

  llvm::ArrayRef<mlir::func::CallOp> callsOf(mlir::func::FuncOp function) const;

  /// Whether the run-time library is given the function to call.
  bool isCalledByLibrary(mlir::func::FuncOp function) const {
    return callsByLibrary.contains(function);
  }
  /// How often the function is called, or given to the library.
  size_t callCount(mlir::func::FuncOp function) const;

private:
  bool isOnlyRead(mlir::Value memory);
  Widths &inside(mlir::func::FuncOp function);

  mlir::SymbolTable symbols;
  /// The calls of each function.
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<mlir::func::CallOp>> calls;
  /// How often the run-time library is given a function to call, with numbers that are not looked
  /// at.
  llvm::DenseMap<mlir::Operation *, size_t> callsByLibrary;
  /// States that are initialised and set within these limits and not written otherwise.
  llvm::StringMap<Range> limits;
  /// Of functions, without what is passed to them.
  llvm::DenseMap<mlir::Operation *, Widths> known;
  /// Memory arguments of kernels.
  llvm::DenseMap<mlir::Value, bool> onlyRead;
};

/// Whether a function writes the memory that is this argument of it.
bool isWritten(mlir::Value memory);

} // namespace basalt::native

#endif // BASALT_COMPILER_NATIVE_ASSUMPTIONS_H
