// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of a kernel as sums of terms, so that it is of no importance in which order they are added
// up, and which conversions stand between them.
#ifndef BASALT_COMPILER_NEUROCORE_SELECT_TERMS_H
#define BASALT_COMPILER_NEUROCORE_SELECT_TERMS_H

#include "compiler/native/Widths.h"

#include "mlir/IR/Operation.h"
#include "llvm/ADT/SmallVector.h"

namespace basalt::neurocore {

/// `value` times `factor`, which is not 0.
struct Term {
  mlir::Value value;
  int64_t factor;
};

struct Sum {
  llvm::SmallVector<Term> terms; ///< of different values
  int64_t constant = 0;

  /// Takes out the term of a value; 0 if there is none.
  int64_t take(mlir::Value value);
};

/// The integer that is only converted to `value`, without any of its bits getting lost.
mlir::Value strip(mlir::Value value, native::Widths &widths);
/// What `value` is the sum of, exactly.
Sum sumOf(mlir::Value value, native::Widths &widths);

/// `lhs` > `rhs`, both stripped, or not, if `isNot`.
struct Above {
  mlir::Value lhs, rhs;
  int64_t by = 0; ///< is added to rhs
  bool isNot = false;
};
/// What a comparison of integers with a sign is; nothing of those of equality.
std::optional<Above> aboveOf(mlir::Value condition, native::Widths &widths);

/// `value` between two constants.
struct Limited {
  mlir::Value value;
  int64_t low, high;
};
std::optional<Limited> limitedOf(mlir::Value value, native::Widths &widths);

/// The number x in x > 2^(bits-1) ? x - 2^bits : x <= -2^(bits-1) ? x + 2^bits : x; null if `value`
/// is something else.
mlir::Value wrappedOnce(mlir::Value value, int64_t bits, native::Widths &widths);

/// Whether `value` is computed from `from`.
bool dependsOn(mlir::Value value, mlir::Value from);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_SELECT_TERMS_H
