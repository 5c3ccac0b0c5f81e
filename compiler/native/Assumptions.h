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

class Assumptions {
public:
  /// Of a lowered program.
  explicit Assumptions(mlir::ModuleOp module);

  /// Lets `widths` know what can be taken for granted in `function`.
  void apply(mlir::func::FuncOp function, Widths &widths);

private:
  void assumeLoads(mlir::func::FuncOp function, Widths &widths);

  /// States that are initialised and set within these limits and not written otherwise.
  llvm::StringMap<Range> limits;
};

/// Whether a function writes the memory that is this argument of it.
bool isWritten(mlir::Value memory);

} // namespace basalt::native

#endif // BASALT_COMPILER_NATIVE_ASSUMPTIONS_H
