// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which values an integer can have, from the types of what is loaded upwards: where a sum of narrow
// numbers cannot overflow, the generated code has a plain `+`, and a product that fits 64 bits
// needs no 128.
#ifndef BASALT_COMPILER_NATIVE_WIDTHS_H
#define BASALT_COMPILER_NATIVE_WIDTHS_H

#include "dialect/num/IntegerRange.h"

#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"

namespace basalt::native {

using Range = num::IntegerRange;

class Widths {
public:
  /// The values that the signless integer `value` can have.
  Range range(mlir::Value value);
  /// Bits of two's complement that hold them all; at most those of its type.
  unsigned of(mlir::Value value);

  /// Takes for granted that `value`, e.g. an argument, is in `range`.
  void assume(mlir::Value value, Range range) { known[value] = range; }

  /// Whether the exact result of the addi, subi or muli `op` always fits its type.
  bool isExact(mlir::Operation *op);
  /// Whether the exact product of two values fits 64 bits.
  bool isProductExact(mlir::Value a, mlir::Value b);

private:
  Range exact(mlir::Operation *op);

  llvm::DenseMap<mlir::Value, Range> known;
};

} // namespace basalt::native

#endif // BASALT_COMPILER_NATIVE_WIDTHS_H
