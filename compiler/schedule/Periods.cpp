// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Looks for comparisons such as `(time_step - 1) % 10 == 3`.
#include "compiler/schedule/Periods.h"

#include "dialect/num/Num.h"
#include "dialect/proc/Proc.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/STLExtras.h"

#include <numeric>
#include <optional>

using namespace mlir;

namespace basalt {

/// Larger numbers do not matter, and sums of these do not overflow.
static constexpr int64_t largest = int64_t(1) << 60;

static std::optional<int64_t> constantOf(Value value) {
  APInt number;
  if (!matchPattern(value, m_ConstantInt(&number)) || number.getSignificantBits() > 64 ||
      std::abs(number.getSExtValue()) > largest)
    return std::nullopt;
  return number.getSExtValue();
}

/// What `value` is beyond the number of the step.
static std::optional<int64_t> offsetOf(Value value) {
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<proc::TimeStepOp>(op))
    return 0;
  if (!isa_and_nonnull<arith::AddIOp, arith::SubIOp>(op))
    return std::nullopt;
  Value left = op->getOperand(0), right = op->getOperand(1);
  if (isa<arith::AddIOp>(op) && constantOf(left))
    std::swap(left, right);
  std::optional<int64_t> step = offsetOf(left), constant = constantOf(right);
  if (!step || !constant || std::abs(*step) > largest)
    return std::nullopt;
  return *step + (isa<arith::AddIOp>(op) ? *constant : -*constant);
}

static int64_t floorMod(int64_t a, int64_t b) { return ((a % b) + b) % b; }

/// Of `left == right`, or, with two numbers to choose from, `left != right`.
static std::optional<Period> periodOf(Value left, Value right, bool isEqual) {
  if (constantOf(left))
    std::swap(left, right);
  std::optional<int64_t> value = constantOf(right);
  if (!value)
    return std::nullopt;
  if (std::optional<int64_t> offset = offsetOf(left); offset && isEqual)
    return Period{0, *value - *offset};
  auto mod = left.getDefiningOp<num::ModOp>();
  if (!mod)
    return std::nullopt;
  std::optional<int64_t> steps = constantOf(mod.getRhs()), offset = offsetOf(mod.getLhs());
  if (!steps || !offset || *steps <= 0 || (!isEqual && *steps != 2))
    return std::nullopt;
  return Period{*steps, floorMod(*value - *offset + (isEqual ? 0 : 1), *steps)};
}

static void collect(Value condition, Periods &periods) {
  Operation *op = condition.getDefiningOp();
  if (isa_and_nonnull<arith::AndIOp>(op)) {
    collect(op->getOperand(0), periods);
    collect(op->getOperand(1), periods);
  } else if (auto compare = dyn_cast_or_null<arith::CmpIOp>(op)) {
    bool isEqual = compare.getPredicate() == arith::CmpIPredicate::eq;
    if (!isEqual && compare.getPredicate() != arith::CmpIPredicate::ne)
      return;
    if (std::optional<Period> period = periodOf(compare.getLhs(), compare.getRhs(), isEqual))
      periods.push_back(*period);
  }
}

Periods periodsOf(Region &guard) {
  Periods periods;
  collect(guard.front().getTerminator()->getOperand(0), periods);
  return periods;
}

bool areDisjoint(const Periods &a, const Periods &b) {
  auto excludes = [](const Period &one, const Period &other) {
    int64_t common = std::gcd(one.steps, other.steps), apart = one.remainder - other.remainder;
    return common == 0 ? apart != 0 : apart % common != 0;
  };
  return llvm::any_of(a, [&](const Period &one) {
    return llvm::any_of(b, [&](const Period &other) { return excludes(one, other); });
  });
}

} // namespace basalt
