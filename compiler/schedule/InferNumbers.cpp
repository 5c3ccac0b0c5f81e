// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers through the value ops of tasks. Integer arithmetic is in dialect/num/IntegerRange.h.
#include "compiler/schedule/Numbers.h"

#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;

namespace basalt {

namespace {

/// One op, whose operands all have numbers.
class Inference {
public:
  Inference(Operation *op, Knowledge knowledge,
            llvm::function_ref<const Numbers &(Value)> numbersOf)
      : op(op), isSound(knowledge == Knowledge::Sound), numbersOf(numbersOf) {}

  Numbers run();

private:
  const Numbers &operand(unsigned i) { return numbersOf(op->getOperand(i)); }
  Type type() { return getElementTypeOrSelf(op->getResult(0).getType()); }

  Numbers unknown() { return isSound ? Numbers::allOf(type()) : Numbers(); }
  Numbers cut(const num::IntegerRange &exact);
  Numbers logic();
  Numbers integerOp();
  Numbers floatOp();
  Numbers compareInts(arith::CmpIOp op);
  Numbers compareFloats(arith::CmpFOp op);
  Numbers select(arith::SelectOp op);
  Numbers reduce(num::ReduceOp op);
  Numbers sumOfProducts(Value matrix, Value vector, int64_t count);
  Numbers toInt();

  template <typename Function> Numbers monotone(Function f) {
    return Numbers::floats(f(operand(0).low()), f(operand(0).high()));
  }
  template <typename Function> Numbers corners(Function f);

  Operation *op;
  bool isSound;
  llvm::function_ref<const Numbers &(Value)> numbersOf;
};

} // namespace

static Numbers truth(std::optional<bool> known) {
  return known ? Numbers::ints({*known, *known}) : Numbers::ints({0, 1});
}

/// What a < b, and so on, is for all a and b of these; Bound is a number of the one kind or other.
template <typename Bound>
static std::optional<bool> isLess(Bound aHigh, Bound bLow, Bound aLow, Bound bHigh, bool orEqual) {
  if (orEqual ? aHigh <= bLow : aHigh < bLow)
    return true;
  if (orEqual ? aLow > bHigh : aLow >= bHigh)
    return false;
  return std::nullopt;
}

static std::optional<bool> negated(std::optional<bool> known) {
  return known ? std::optional(!*known) : known;
}

Numbers Inference::compareInts(arith::CmpIOp op) {
  using Predicate = arith::CmpIPredicate;
  const num::IntegerRange &a = operand(0).range(), &b = operand(1).range();
  auto less = [](const num::IntegerRange &x, const num::IntegerRange &y, bool orEqual) {
    return isLess(x.high, y.low, x.low, y.high, orEqual);
  };
  bool isApart = a.high < b.low || b.high < a.low;
  std::optional<bool> same = isApart ? std::optional(false) : std::nullopt;
  if (a.isOne() && a == b)
    same = true;
  switch (op.getPredicate()) {
  case Predicate::eq:
    return truth(same);
  case Predicate::ne:
    return truth(negated(same));
  case Predicate::slt:
    return truth(less(a, b, false));
  case Predicate::sle:
    return truth(less(a, b, true));
  case Predicate::sgt:
    return truth(less(b, a, false));
  case Predicate::sge:
    return truth(less(b, a, true));
  default:
    return truth(std::nullopt);
  }
}

/// A NaN compares as nothing does, so only that something never holds is certain.
Numbers Inference::compareFloats(arith::CmpFOp op) {
  using Predicate = arith::CmpFPredicate;
  const Numbers &a = operand(0), &b = operand(1);
  auto never = [](std::optional<bool> known) {
    return truth(known == std::optional(false) ? known : std::nullopt);
  };
  auto less = [&](const Numbers &x, const Numbers &y, bool orEqual) {
    return never(isLess(x.high(), y.low(), x.low(), y.high(), orEqual));
  };
  switch (op.getPredicate()) {
  case Predicate::OEQ:
    return a.high() < b.low() || b.high() < a.low() ? truth(false) : truth(std::nullopt);
  case Predicate::OLT:
    return less(a, b, false);
  case Predicate::OLE:
    return less(a, b, true);
  case Predicate::OGT:
    return less(b, a, false);
  case Predicate::OGE:
    return less(b, a, true);
  default:
    return truth(std::nullopt);
  }
}

/// `where(x > c, c, x)` and the like: on each side the comparison is known to hold, or not to.
static Numbers clippedBy(Value condition, Value chosen, bool holds, const Numbers &numbers,
                         llvm::function_ref<const Numbers &(Value)> numbersOf) {
  using Predicate = arith::CmpIPredicate;
  auto compare = condition.getDefiningOp<arith::CmpIOp>();
  if (!compare || (compare.getLhs() != chosen && compare.getRhs() != chosen))
    return numbers;
  bool isLeft = compare.getLhs() == chosen;
  const Numbers &bound = numbersOf(isLeft ? compare.getRhs() : compare.getLhs());
  if (!bound.areInts())
    return numbers;
  num::IntegerRange rest = numbers.range();
  auto below = [&](bool orEqual) {
    rest.high = std::min(rest.high, bound.range().high - (orEqual ? 0 : 1));
  };
  auto above = [&](bool orEqual) {
    rest.low = std::max(rest.low, bound.range().low + (orEqual ? 0 : 1));
  };
  Predicate predicate = compare.getPredicate();
  if (!holds)
    predicate = arith::invertPredicate(predicate);
  bool isLess = predicate == Predicate::slt || predicate == Predicate::sle,
       isGreater = predicate == Predicate::sgt || predicate == Predicate::sge,
       orEqual = predicate == Predicate::sle || predicate == Predicate::sge;
  if (isLess == isGreater)
    return numbers;
  isLess == isLeft ? below(orEqual) : above(orEqual);
  return intersect(numbers, rest.low <= rest.high ? rest : num::IntegerRange{1, 0});
}

Numbers Inference::select(arith::SelectOp op) {
  const Numbers &condition = operand(0);
  auto clipped = [&](Value value, bool holds) {
    const Numbers &numbers = numbersOf(value);
    return numbers.areInts() ? clippedBy(op.getCondition(), value, holds, numbers, numbersOf)
                             : numbers;
  };
  // Also `where(x > c, x - d, x)`, which wraps.
  auto side = [&](Value value, bool holds) {
    Operation *sum = value.getDefiningOp();
    if (!isa_and_nonnull<arith::AddIOp, arith::SubIOp>(sum) || numbersOf(value).isNone() ||
        !numbersOf(sum->getOperand(1)).isOne())
      return clipped(value, holds);
    Numbers term = clipped(sum->getOperand(0), holds);
    if (!term.areInts())
      return term;
    num::IntegerRange::Number more = numbersOf(sum->getOperand(1)).range().low;
    if (isa<arith::SubIOp>(sum))
      more = -more;
    return cut({term.range().low + more, term.range().high + more});
  };
  if (condition.isOnly(1))
    return side(op.getTrueValue(), true);
  if (condition.isOnly(0))
    return side(op.getFalseValue(), false);
  return hull(side(op.getTrueValue(), true), side(op.getFalseValue(), false));
}

/// The least and greatest of what the op makes of the bounds of its operands.
template <typename Function> Numbers Inference::corners(Function f) {
  const Numbers &a = operand(0), &b = operand(1);
  double results[] = {f(a.low(), b.low()), f(a.low(), b.high()), f(a.high(), b.low()),
                      f(a.high(), b.high())};
  if (llvm::any_of(results, [](double x) { return std::isnan(x); })) // as of infinity and 0
    return unknown();
  return Numbers::floats(*std::min_element(results, results + 4),
                         *std::max_element(results, results + 4));
}

Numbers Inference::floatOp() {
  return TypeSwitch<Operation *, Numbers>(op)
      .Case<arith::AddFOp>([&](auto) { return corners([](double x, double y) { return x + y; }); })
      .Case<arith::SubFOp>([&](auto) { return corners([](double x, double y) { return x - y; }); })
      .Case<arith::MulFOp>([&](auto) { return corners([](double x, double y) { return x * y; }); })
      .Case<arith::DivFOp>([&](auto) {
        return operand(1).contains(0) ? unknown()
                                      : corners([](double x, double y) { return x / y; });
      })
      .Case<arith::MaximumFOp>(
          [&](auto) { return corners([](double x, double y) { return std::max(x, y); }); })
      .Case<arith::MinimumFOp>(
          [&](auto) { return corners([](double x, double y) { return std::min(x, y); }); })
      .Case<arith::NegFOp>(
          [&](auto) { return Numbers::floats(-operand(0).high(), -operand(0).low()); })
      .Case<arith::ExtFOp, arith::TruncFOp>([&](auto) { return operand(0); })
      .Case<arith::SIToFPOp>([&](auto) {
        const num::IntegerRange &range = operand(0).range();
        return Numbers::floats(static_cast<double>(range.low), static_cast<double>(range.high));
      })
      .Case<num::FloorOp>([&](auto) { return monotone([](double x) { return std::floor(x); }); })
      .Case<num::CeilOp>([&](auto) { return monotone([](double x) { return std::ceil(x); }); })
      .Case<num::RoundOp>(
          [&](auto) { return monotone([](double x) { return std::nearbyint(x); }); })
      .Case<num::TruncOp>([&](auto) { return monotone([](double x) { return std::trunc(x); }); })
      .Case<num::TanhOp, num::SinOp, num::CosOp, num::SignFOp>(
          [&](auto) { return Numbers::floats(-1, 1); })
      .Case<num::AbsFOp>([&](auto) {
        double low = operand(0).low(), high = operand(0).high();
        return Numbers::floats(low > 0 ? low : high < 0 ? -high : 0, std::max(-low, high));
      })
      .Case<num::SqrtOp>([&](auto) {
        return operand(0).low() < 0 ? unknown() : monotone([](double x) { return std::sqrt(x); });
      })
      // Not as exact as the run, so a little more.
      .Case<num::ExpOp>([&](auto) {
        return Numbers::floats(std::exp(operand(0).low()) * (1 - 1e-12),
                               std::exp(operand(0).high()) * (1 + 1e-12));
      })
      .Default([&](Operation *) { return unknown(); });
}

Numbers Inference::toInt() {
  auto bound = [](double x) -> num::IntegerRange::Number {
    if (!(x > -0x1p63))
      return INT64_MIN;
    return x < 0x1p63 ? static_cast<int64_t>(x) : INT64_MAX;
  };
  return Numbers::ints({bound(operand(0).low()), bound(operand(0).high())});
}

/// What is cut to the bits of the result; whether with a sign shows when it is used.
Numbers Inference::cut(const num::IntegerRange &exact) {
  Numbers all = type().isInteger(1) ? Numbers::ints({-1, 1}) : Numbers::allOf(type());
  if (all.range().contains(exact))
    return Numbers::ints(exact);
  return isSound ? all : intersect(Numbers::ints(exact), all.range());
}

/// Of `and`, `or` and, with a constant, `not`.
Numbers Inference::logic() {
  auto isOne = [&](unsigned i, int64_t truth) { return operand(i).isOnly(truth); };
  auto anyIs = [&](int64_t truth) { return isOne(0, truth) || isOne(1, truth); };
  auto bothAre = [&](int64_t truth) { return isOne(0, truth) && isOne(1, truth); };
  if (isa<arith::AndIOp>(op))
    return truth(anyIs(0) ? std::optional(false) : bothAre(1) ? std::optional(true) : std::nullopt);
  if (isa<arith::OrIOp>(op))
    return truth(anyIs(1) ? std::optional(true) : bothAre(0) ? std::optional(false) : std::nullopt);
  if (isa<arith::XOrIOp>(op) && operand(0).isOne() && operand(1).isOne())
    return truth(!bothAre(0) && !bothAre(1));
  return truth(std::nullopt);
}

Numbers Inference::integerOp() {
  if (isa<num::ToIntOp>(op))
    return cut(toInt().range());
  if (auto extend = dyn_cast<arith::ExtSIOp>(op)) {
    num::IntegerRange all =
        num::signedRange(getElementTypeOrSelf(extend.getIn()).getIntOrFloatBitWidth());
    if (all.contains(operand(0).range()))
      return operand(0);
    return isSound ? Numbers::ints(all) : intersect(operand(0), all);
  }
  if (type().isInteger(1) && !isa<arith::TruncIOp>(op))
    return logic();
  std::optional<num::IntegerRange> exact =
      num::inferRange(op, [&](unsigned i) { return operand(i).range(); });
  return exact ? cut(*exact) : unknown();
}

/// The sum of so many products with those elements of the vector that are not zero. That one of
/// them is not is evident.
Numbers Inference::sumOfProducts(Value matrix, Value vector, int64_t count) {
  if (!isSound)
    count = 1;
  const Numbers &weights = numbersOf(matrix), &factors = numbersOf(vector);
  auto most = static_cast<double>(count);
  auto real = [](const Numbers &numbers) {
    if (numbers.areFloats())
      return std::pair(numbers.low(), numbers.high());
    return std::pair(static_cast<double>(numbers.range().low),
                     static_cast<double>(numbers.range().high));
  };
  if (weights.areInts() && factors.areInts()) {
    num::IntegerRange sum = num::hull(num::products(weights.range(), factors.range()), {0, 0});
    num::IntegerRange limit = {INT64_MIN, INT64_MAX};
    if (!limit.contains(sum))
      return unknown();
    return cut({sum.low * count, sum.high * count});
  }
  auto [wLow, wHigh] = real(weights);
  auto [xLow, xHigh] = real(factors);
  double products[] = {wLow * xLow, wLow * xHigh, wHigh * xLow, wHigh * xHigh, 0};
  if (llvm::any_of(products, [](double x) { return std::isnan(x); }))
    return unknown();
  return Numbers::floats(*std::min_element(products, products + 5) * most,
                         *std::max_element(products, products + 5) * most);
}

Numbers Inference::reduce(num::ReduceOp op) {
  const Numbers &elements = operand(0);
  auto in = cast<RankedTensorType>(op.getOperand().getType());
  int64_t count = 1;
  for (int64_t axis : op.getAxes())
    count *= in.getDimSize(axis);
  switch (op.getKind()) {
  case num::ReduceKind::Min:
  case num::ReduceKind::Max:
    // The extremum of no elements is 0.
    return op.getFirst()
               ? hull(elements, elements.areInts() ? Numbers::ints({0, 0}) : Numbers::floats(0, 0))
               : elements;
  case num::ReduceKind::Sum: {
    if (elements.areFloats())
      return unknown();
    num::IntegerRange each = elements.range();
    if (op.getFirst())
      each = num::hull(each, {0, 0});
    // Spikes can come all at once.
    if (!isSound && !num::IntegerRange{0, 1}.contains(each))
      count = 1;
    return cut({each.low * count, each.high * count});
  }
  case num::ReduceKind::Any:
  case num::ReduceKind::All:
    return elements.isOne() && count > 0 ? elements : truth(std::nullopt);
  case num::ReduceKind::Prod:
    return unknown();
  }
  llvm_unreachable("all kinds are handled");
}

Numbers Inference::run() {
  return TypeSwitch<Operation *, Numbers>(op)
      .Case<arith::CmpIOp>([&](auto op) { return compareInts(op); })
      .Case<arith::CmpFOp>([&](auto op) { return compareFloats(op); })
      .Case<arith::SelectOp>([&](auto op) { return select(op); })
      .Case<num::ReduceOp>([&](auto op) { return reduce(op); })
      .Case<num::BroadcastOp, num::ReshapeOp, num::TransposeOp, num::ItemOp, num::FromScalarOp,
            num::ExtractOp, num::GatherOp>([&](auto) { return operand(0); })
      .Case<num::InsertOp>(
          [&](auto op) { return hull(numbersOf(op.getSource()), numbersOf(op.getDest())); })
      .Case<num::MatVecOp>([&](auto op) {
        auto matrix = cast<RankedTensorType>(op.getMatrix().getType());
        return sumOfProducts(op.getMatrix(), op.getVector(), matrix.getDimSize(1));
      })
      .Default([&](Operation *) {
        return isa<FloatType>(type())   ? floatOp()
               : num::isElementwise(op) ? integerOp()
                                        : unknown();
      });
}

Numbers inferNumbers(Operation *op, Knowledge knowledge,
                     llvm::function_ref<const Numbers &(Value)> numbersOf) {
  Attribute constant;
  if (matchPattern(op, m_Constant(&constant))) {
    Type type = op->getResult(0).getType();
    Numbers found = numbersIn(constant, /*isUnsigned=*/getElementTypeOrSelf(type).isInteger(1));
    bool isUnknown = found.isNone() && knowledge == Knowledge::Sound;
    return isUnknown ? Numbers::allOf(type) : found;
  }
  // Of several numbers one is enough, whatever says which it is.
  bool isChoice = isa<arith::SelectOp, num::InsertOp, num::ExtractOp, num::GatherOp>(op);
  if (!isChoice &&
      llvm::any_of(op->getOperands(), [&](Value value) { return numbersOf(value).isNone(); }))
    return {};
  return Inference(op, knowledge, numbersOf).run();
}

} // namespace basalt
