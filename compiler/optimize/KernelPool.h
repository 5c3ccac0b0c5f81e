// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels of a program, one of each structure.
#ifndef BASALT_COMPILER_OPTIMIZE_KERNELPOOL_H
#define BASALT_COMPILER_OPTIMIZE_KERNELPOOL_H

#include "dialect/step/Step.h"

#include "mlir/IR/SymbolTable.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace basalt {

class KernelPool {
public:
  /// Knows the kernels that the program has already.
  explicit KernelPool(step::ProgramOp program);

  /// A kernel of the structure of `kernel`, which is not in the program: one that was interned
  /// before, or this one under a name made of `name`. Otherwise `kernel` is destroyed.
  step::KernelOp intern(step::KernelOp kernel, mlir::StringRef name);

private:
  void insert(step::KernelOp kernel, mlir::StringRef name);

  step::ProgramOp program;
  mlir::SymbolTable symbols;
  llvm::DenseMap<size_t, mlir::SmallVector<step::KernelOp, 1>> byHash;
};

} // namespace basalt

#endif // BASALT_COMPILER_OPTIMIZE_KERNELPOOL_H
