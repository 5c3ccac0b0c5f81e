// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reductions. Sums begin with 0 (or -0.0, to which any number can be added without a change) and
// products with 1, and go in index order.
#include "compiler/interpret/Families.h"
#include "compiler/interpret/Positions.h"

#include "dialect/num/Num.h"
#include "runtime/native/Arithmetic.h"

#include <algorithm>

using namespace mlir;

namespace basalt::interp {

static int64_t combine(num::ReduceKind kind, int64_t a, int64_t b) {
  switch (kind) {
  case num::ReduceKind::Sum:
    return rt::add(a, b);
  case num::ReduceKind::Prod:
    return rt::mul(a, b);
  case num::ReduceKind::Min:
    return rt::minInt(a, b);
  case num::ReduceKind::Max:
    return rt::maxInt(a, b);
  case num::ReduceKind::Any:
    return a | b;
  case num::ReduceKind::All:
    return a & b;
  }
  llvm_unreachable("an unknown kind of reduction");
}

/// `T` is the precision of the elements.
template <typename T> static T combineReals(num::ReduceKind kind, T a, T b) {
  switch (kind) {
  case num::ReduceKind::Sum:
    return a + b;
  case num::ReduceKind::Prod:
    return a * b;
  case num::ReduceKind::Min:
    return rt::minFloat(a, b);
  case num::ReduceKind::Max:
    return rt::maxFloat(a, b);
  default:
    llvm_unreachable("not for floats");
  }
}

/// The first elements of an axis.
static Tensor firstOf(const Tensor &from, int64_t count) {
  Tensor result(from.elementType(), {std::clamp<int64_t>(count, 0, from.size())});
  for (int64_t i = 0; i < result.size(); ++i)
    result.copy(i, from, i);
  return result;
}

/// Makes element `i` of `into` its combination with element `j` of `from`.
static void accumulate(num::ReduceKind kind, Tensor &into, int64_t i, const Tensor &from,
                       int64_t j) {
  if (!into.isFloat())
    into.setInteger(i, combine(kind, into.integer(i), from.integer(j)));
  else if (into.isSingle())
    into.setReal(
        i, combineReals(kind, static_cast<float>(into.real(i)), static_cast<float>(from.real(j))));
  else
    into.setReal(i, combineReals(kind, into.real(i), from.real(j)));
}

static bool beginsWithOne(num::ReduceKind kind) {
  return kind == num::ReduceKind::Prod || kind == num::ReduceKind::All;
}

static Tensor reduce(num::ReduceOp op, const Tensor &from) {
  num::ReduceKind kind = op.getKind();
  bool extremum = kind == num::ReduceKind::Min || kind == num::ReduceKind::Max;
  Tensor result(op.getType());
  bool one = beginsWithOne(kind);
  double zero = from.size() == 0 ? 0.0 : -0.0; // a sum of nothing is 0.0
  for (int64_t i = 0; i < result.size(); ++i)
    result.isFloat() ? result.setReal(i, one ? 1.0 : zero) : result.setInteger(i, one);
  std::vector<bool> begun(result.size());
  bool isWhole = result.size() == 1;
  for (int64_t j = 0; j < from.size(); ++j) {
    Position kept;
    if (!isWhole)
      for (auto [axis, index] : llvm::enumerate(positionOf(j, from.shape())))
        if (!llvm::is_contained(op.getAxes(), static_cast<int64_t>(axis)))
          kept.push_back(index);
    int64_t i = isWhole ? 0 : elementAt(kept, result.shape());
    // An extremum has no neutral element: it begins with the first.
    if (extremum && !begun[i])
      result.copy(i, from, j);
    else
      accumulate(kind, result, i, from, j);
    begun[i] = true;
  }
  return result;
}

std::optional<Tensor> evaluateReductions(Operation *op, Inputs &inputs) {
  if (auto reduceOp = dyn_cast<num::ReduceOp>(op))
    return reduce(reduceOp,
                  reduceOp.getFirst() ? firstOf(inputs[0], inputs[1].integer(0)) : inputs[0]);
  return std::nullopt;
}

} // namespace basalt::interp
