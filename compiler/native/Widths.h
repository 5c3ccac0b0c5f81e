// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How many bits the value of an integer needs, whatever the width of its type: where a sum of
// narrow numbers cannot overflow, the generated code has a plain `+`.
#ifndef BASALT_COMPILER_NATIVE_WIDTHS_H
#define BASALT_COMPILER_NATIVE_WIDTHS_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"

namespace basalt::native {

class Widths {
public:
  /// Bits of two's complement that hold every value that the signless integer `value` can have; at
  /// most those of its type.
  unsigned of(mlir::Value value);

  /// Whether the exact result of the addi, subi or muli `op` always fits its type.
  bool isExact(mlir::Operation *op);

private:
  unsigned compute(mlir::Operation *op);
  unsigned exact(mlir::Operation *op);

  llvm::DenseMap<mlir::Value, unsigned> known;
};

} // namespace basalt::native

#endif // BASALT_COMPILER_NATIVE_WIDTHS_H
