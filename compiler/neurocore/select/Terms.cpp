// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Taking kernels apart. See Terms.h.
#include "compiler/neurocore/select/Terms.h"

#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace basalt::neurocore {

int64_t Sum::take(Value value) {
  auto *it = llvm::find_if(terms, [&](const Term &term) { return term.value == value; });
  if (it == terms.end())
    return 0;
  int64_t factor = it->factor;
  terms.erase(it);
  return factor;
}

static bool holds(Type type, native::Range range) {
  return num::signedRange(type.getIntOrFloatBitWidth()).contains(range);
}

Value strip(Value value, native::Widths &widths) {
  while (Operation *op = value.getDefiningOp()) {
    bool same =
        isa<arith::ExtSIOp>(op) ||
        (isa<arith::ExtUIOp>(op) && !op->getOperand(0).getType().isInteger(1) &&
         widths.range(op->getOperand(0)).low >= 0) ||
        (isa<arith::TruncIOp>(op) && holds(value.getType(), widths.range(op->getOperand(0))));
    if (!same)
      break;
    value = op->getOperand(0);
  }
  return value;
}

static void addTerms(Value value, int64_t factor, native::Widths &widths, Sum &sum) {
  value = strip(value, widths);
  Operation *op = value.getDefiningOp();
  if (std::optional<int64_t> number = getConstantIntValue(value)) {
    sum.constant += factor * *number;
    return;
  }
  auto constant = [&](unsigned i) { return getConstantIntValue(op->getOperand(i)); };
  // Sums that wrap are no sums of terms.
  bool exact =
      isa_and_nonnull<arith::AddIOp, arith::SubIOp, arith::MulIOp>(op) && widths.isExact(op);
  if (exact && !isa<arith::MulIOp>(op)) {
    addTerms(op->getOperand(0), factor, widths, sum);
    return addTerms(op->getOperand(1), isa<arith::SubIOp>(op) ? -factor : factor, widths, sum);
  }
  if (exact)
    for (unsigned side : {0, 1})
      if (std::optional<int64_t> by = constant(side); by && std::abs(*by) < (1 << 20))
        return addTerms(op->getOperand(1 - side), factor * *by, widths, sum);
  if (isa_and_nonnull<num::ShiftOp>(op))
    if (std::optional<int64_t> by = constant(1);
        by && *by >= 0 && *by < 32 &&
        num::signedRange(64).contains(num::shifted(widths.range(op->getOperand(0)), *by)))
      return addTerms(op->getOperand(0), factor * (int64_t(1) << *by), widths, sum);
  for (Term &term : sum.terms)
    if (term.value == value) {
      term.factor += factor;
      return;
    }
  sum.terms.push_back({value, factor});
}

Sum sumOf(Value value, native::Widths &widths) {
  Sum sum;
  addTerms(value, 1, widths, sum);
  llvm::erase_if(sum.terms, [](const Term &term) { return term.factor == 0; });
  return sum;
}

std::optional<Above> aboveOf(Value condition, native::Widths &widths) {
  using P = arith::CmpIPredicate;
  auto compare = condition.getDefiningOp<arith::CmpIOp>();
  if (!compare)
    return std::nullopt;
  Value a = strip(compare.getLhs(), widths), b = strip(compare.getRhs(), widths);
  switch (compare.getPredicate()) {
  case P::sgt:
    return Above{a, b};
  case P::slt:
    return Above{b, a};
  case P::sle:
    return Above{a, b, 0, true};
  case P::sge: // a > b - 1
    return Above{a, b, -1};
  default:
    return std::nullopt;
  }
}

std::optional<Limited> limitedOf(Value value, native::Widths &widths) {
  Limited result{strip(value, widths), INT64_MIN, INT64_MAX};
  for (unsigned round = 0; round < 2; ++round) {
    Operation *op = result.value.getDefiningOp();
    if (!isa_and_nonnull<arith::MinSIOp, arith::MaxSIOp>(op))
      break;
    unsigned side = getConstantIntValue(op->getOperand(0)) ? 0 : 1;
    std::optional<int64_t> bound = getConstantIntValue(op->getOperand(side));
    if (!bound)
      break;
    (isa<arith::MinSIOp>(op) ? result.high : result.low) = *bound;
    result.value = strip(op->getOperand(1 - side), widths);
  }
  if (result.low == INT64_MIN || result.high == INT64_MAX)
    return std::nullopt;
  return result;
}

namespace {
/// condition ? yes : no, where the condition is x > bound.
struct Step {
  Value x, yes, no;
  int64_t bound;
};
} // namespace

static std::optional<Step> stepOf(Value value, native::Widths &widths) {
  auto choice = strip(value, widths).getDefiningOp<arith::SelectOp>();
  std::optional<Above> above =
      choice ? aboveOf(choice.getCondition(), widths) : std::optional<Above>();
  if (!above)
    return std::nullopt;
  Value yes = strip(choice.getTrueValue(), widths), no = strip(choice.getFalseValue(), widths);
  if (above->isNot)
    std::swap(yes, no);
  if (std::optional<int64_t> bound = getConstantIntValue(above->rhs))
    return Step{above->lhs, yes, no, *bound + above->by};
  // bound > x - by, which is not x > bound + by - 1
  if (std::optional<int64_t> bound = getConstantIntValue(above->lhs))
    return Step{above->rhs, no, yes, *bound - above->by - 1};
  return std::nullopt;
}

Value wrappedOnce(Value value, int64_t bits, native::Widths &widths) {
  int64_t half = int64_t(1) << (bits - 1);
  std::optional<Step> outer = stepOf(value, widths);
  if (!outer)
    return {};
  Value x = outer->x;
  auto isMoved = [&](Value moved, int64_t by) {
    Sum sum = sumOf(moved, widths), base = sumOf(x, widths);
    if (sum.constant != base.constant + by || sum.terms.size() != base.terms.size())
      return false;
    return llvm::all_of(base.terms,
                        [&](const Term &term) { return sum.take(term.value) == term.factor; });
  };
  bool isHigh = outer->bound == half;
  if (!isHigh && outer->bound != -half)
    return {};
  std::optional<Step> inner = stepOf(isHigh ? outer->no : outer->yes, widths);
  if (!inner || inner->x != x || inner->bound != (isHigh ? -half : half))
    return {};
  const Step &high = isHigh ? *outer : *inner, &low = isHigh ? *inner : *outer;
  Value middle = isHigh ? inner->yes : inner->no;
  return isMoved(high.yes, -2 * half) && isMoved(low.no, 2 * half) && middle == x ? x : Value();
}

bool dependsOn(Value value, Value from) {
  llvm::SetVector<Value> seen;
  seen.insert(value);
  for (size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] == from)
      return true;
    if (Operation *op = seen[i].getDefiningOp())
      seen.insert(op->operand_begin(), op->operand_end());
  }
  return false;
}

} // namespace basalt::neurocore
