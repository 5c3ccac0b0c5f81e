// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- IntegerRange.h - which numbers an operation can give ---------------===//
//
// One op at a time, from the ranges of its operands. Who asks knows where ranges begin: at the
// types of what is loaded (compiler/native/Widths.h), or at initial values (compiler/schedule). Not
// MLIR's inferResultRanges: that has 64 bits for sums of 64 bits, and says nothing once they may
// overflow; here the exact result is the question.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_DIALECT_NUM_INTEGERRANGE_H
#define BASALT_DIALECT_NUM_INTEGERRANGE_H

#include "mlir/IR/Operation.h"
#include <optional>

namespace basalt::num {

/// Numbers from `low` to `high`; wider than any sum or product of two 64-bit ones.
struct IntegerRange {
  __extension__ typedef __int128 Number;
  Number low = 0, high = 0;

  bool operator==(const IntegerRange &other) const {
    return low == other.low && high == other.high;
  }
  bool contains(const IntegerRange &other) const { return low <= other.low && other.high <= high; }
  bool isOne() const { return low == high; }
};

/// All numbers of a signed, or unsigned, type of that many bits.
IntegerRange signedRange(unsigned bits);
IntegerRange unsignedRange(unsigned bits);
/// From the least of both to the greatest of both.
IntegerRange hull(const IntegerRange &a, const IntegerRange &b);
IntegerRange products(const IntegerRange &a, const IntegerRange &b);
/// x * 2^k, rounded to minus infinity, for all numbers and a k that is below 64.
IntegerRange shifted(const IntegerRange &x, int64_t k);

/// The numbers that an elementwise op on integers gives before they are cut to its type; nothing if
/// that is not known. `operand(i)` are those of its operand i.
std::optional<IntegerRange> inferRange(mlir::Operation *op,
                                       llvm::function_ref<IntegerRange(unsigned)> operand);

} // namespace basalt::num

#endif // BASALT_DIALECT_NUM_INTEGERRANGE_H
