// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which numbers a value can have: an interval of integers or of floats, or nothing at all.
#ifndef BASALT_COMPILER_SCHEDULE_NUMBERS_H
#define BASALT_COMPILER_SCHEDULE_NUMBERS_H

#include "dialect/num/IntegerRange.h"

#include <string>

namespace basalt {

class Numbers {
public:
  /// None, the empty set.
  Numbers() = default;
  static Numbers ints(num::IntegerRange range) { return Numbers(Kind::Ints, range, 0, 0); }
  /// NaN counts as no number.
  static Numbers floats(double low, double high);
  /// All that a value of the type can be, whatever its sign.
  static Numbers allOf(mlir::Type type);

  bool isNone() const { return kind == Kind::None; }
  bool areInts() const { return kind == Kind::Ints; }
  bool areFloats() const { return kind == Kind::Floats; }
  /// Whether there is exactly one, or it is this one.
  bool isOne() const;
  bool isOnly(int64_t number) const;
  bool contains(int64_t number) const;

  const num::IntegerRange &range() const {
    assert(areInts());
    return integers;
  }
  double low() const {
    assert(areFloats());
    return least;
  }
  double high() const {
    assert(areFloats());
    return greatest;
  }

  bool operator==(const Numbers &other) const;
  bool operator!=(const Numbers &other) const { return !(*this == other); }

  /// As in messages: `-3..7`, or `5`.
  std::string spell() const;

private:
  enum class Kind : uint8_t { None, Ints, Floats };
  Numbers(Kind kind, num::IntegerRange range, double low, double high)
      : kind(kind), integers(range), least(low), greatest(high) {}

  Kind kind = Kind::None;
  num::IntegerRange integers;
  double least = 0, greatest = 0;
};

/// From the least of both to the greatest of both.
Numbers hull(const Numbers &a, const Numbers &b);
/// Those of `a` that are in the range.
Numbers intersect(const Numbers &a, const num::IntegerRange &range);

/// What to make of values of which nothing is known.
enum class Knowledge {
  Sound,   ///< they can be all that their type holds: what is said never happens does not
  Evident, ///< they say nothing: what is said to happen can
  Exact,   ///< likewise, and so do those that are not one number: what is said to happen does
};

/// The numbers that the result of a value op has, from those of its operands; none if one of these
/// has none.
Numbers inferNumbers(mlir::Operation *op, Knowledge knowledge,
                     llvm::function_ref<const Numbers &(mlir::Value)> numbersOf);

/// The elements of a constant; none if there are very many, which are not looked at.
Numbers numbersIn(mlir::Attribute constant, bool isUnsigned);

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_NUMBERS_H
