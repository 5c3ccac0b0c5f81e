// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions made of step.kernels: one loop over n elements.
#ifndef BASALT_COMPILER_LOWER_KERNELS_H
#define BASALT_COMPILER_LOWER_KERNELS_H

#include "dialect/step/Step.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <map>

namespace basalt::lower {

/// How an update uses a kernel. The function's arguments are `n`, the memory of the states, of the
/// inputs that are arrays and of the results, then the inputs that are scalars.
struct KernelUse {
  step::KernelOp kernel;
  unsigned states;
  llvm::SmallVector<bool> scalarInputs; // for each input
  llvm::SmallVector<std::string> names; // of states, inputs and results
};

class Kernels {
public:
  explicit Kernels(mlir::SymbolTable &symbols) : symbols(symbols) {}

  /// The kernel that an update, also one of entries, applies.
  template <typename UpdateT> step::KernelOp of(UpdateT op) {
    return tables.lookupNearestSymbolFrom<step::KernelOp>(op, op.getKernelAttr());
  }

  /// The function for `use`; a kernel whose inputs are now scalars and now arrays has several.
  mlir::func::FuncOp get(const KernelUse &use);

private:
  mlir::func::FuncOp build(const KernelUse &use);

  mlir::SymbolTable &symbols;
  mlir::SymbolTableCollection tables; // of programs
  std::map<std::pair<mlir::Operation *, std::string>, mlir::func::FuncOp> functions;
};

/// Clones the operations of a kernel, with `arguments` in place of its arguments, and returns what
/// it yields.
llvm::SmallVector<mlir::Value> inlineKernel(mlir::OpBuilder &builder, step::KernelOp kernel,
                                            mlir::ValueRange arguments);

} // namespace basalt::lower

#endif // BASALT_COMPILER_LOWER_KERNELS_H
