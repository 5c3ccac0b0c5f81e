// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the elements of a value come from: through reshapes, transpositions, parts and
// concatenations, and, if asked for, through conversions that keep the value.
#ifndef BASALT_COMPILER_NEUROCORE_FORM_MOVES_H
#define BASALT_COMPILER_NEUROCORE_FORM_MOVES_H

#include "compiler/neurocore/form/Flat.h"

namespace basalt::neurocore {

/// For each element, row-major, which element of which base it is.
struct Origins {
  static constexpr int32_t kZero = -1; ///< no base: the element is 0

  llvm::SmallVector<mlir::Value> bases;
  std::vector<int32_t> base;
  std::vector<int64_t> index;

  /// The one base whose elements, all of them in order, these are; null if there is none.
  mlir::Value identity() const;
};

enum class Through : uint8_t {
  Moves,       ///< what keeps elements as they are
  Conversions, ///< also sign and zero extension
  Wraps,       ///< also truncation, for values that are stored in what they are truncated to
  Spikes,      ///< also what makes 1 of all that is not zero
};

/// Follows `value` back. `binary` is set if what is there counts as 1 unless it is 0 (Spikes).
Origins originsOf(const Flat &flat, mlir::Value value, Through through, bool *binary = nullptr);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_FORM_MOVES_H
