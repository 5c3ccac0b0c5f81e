// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instructions for each operation of a kernel.
#include "compiler/neurocore/select/Selector.h"

#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace basalt::neurocore {

static unsigned widthOf(Value value) { return cast<IntegerType>(value.getType()).getWidth(); }

/// The op is one instruction on the same operands, in 64 bits if any of these has them.
bool Selector::selectSame(Operation *op, StringRef name) {
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(of(operand));
  Value result = op->getResult(0);
  // Ring operations that are needed in 32 bits are done in 32, whatever the operands have.
  bool ring =
      isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp>(
          op);
  bool wide = demands.isPair(result) || (!ring && anyWide(op->getOperands()));
  set(result, emit(name, operands, wide));
  return true;
}

LogicalResult Selector::selectArithmetic(Operation *op) {
  Value result = op->getResult(0);
  if (auto sub = dyn_cast<arith::SubIOp>(op); sub && getConstantIntValue(sub.getLhs()) == 0) {
    set(result, emit("NEG", {of(sub.getRhs())}, demands.isPair(result)));
    return success();
  }
  if (isa<num::SignIOp>(op)) {
    Value value = of(op->getOperand(0));
    Value above = emitCompare("GT", value, operand("0"));
    Value below = emitCompare("LT", value, operand("0"));
    set(result, emit("SUB", {above, below}, false));
    return success();
  }
  // not x, of a truth value
  if (isa<arith::XOrIOp>(op) && widthOf(result) == 1 && getConstantIntValue(op->getOperand(1))) {
    Value value = op->getOperand(0);
    if (machines.contains(value)) {
      set(result, machines.lookup(value));
      if (!inverted.contains(value))
        inverted.insert(result);
      return success();
    }
  }
  StringRef name = llvm::TypeSwitch<Operation *, StringRef>(op)
                       .Case<arith::AddIOp>([](auto) { return "ADD"; })
                       .Case<arith::SubIOp>([](auto) { return "SUB"; })
                       .Case<arith::MulIOp>([](auto) { return "MULS"; })
                       .Case<arith::AndIOp>([](auto) { return "AND"; })
                       .Case<arith::OrIOp>([](auto) { return "OR"; })
                       .Case<arith::XOrIOp>([](auto) { return "XOR"; })
                       .Case<arith::MinSIOp>([](auto) { return "MIN"; })
                       .Case<arith::MaxSIOp>([](auto) { return "MAX"; })
                       .Case<num::AbsIOp>([](auto) { return "ABS"; })
                       .Default([](Operation *) { return ""; });
  if (name.empty())
    return refuse(op, "computes '" + op->getName().getStringRef() +
                          "', for which neurons of a chip have no instruction");
  selectSame(op, name);
  return success();
}

namespace {
/// clip(x, -(2^(n-1)), 2^(n-1) - 1), or symmetrically.
struct Clip {
  Operation *inner = nullptr; ///< null: there is none
  int64_t bits = 0;
  bool symmetric = false;
};
} // namespace

static Clip clipOf(Operation *op) {
  if (!isa<arith::MinSIOp, arith::MaxSIOp>(op))
    return {};
  Operation *inner = op->getOperand(0).getDefiningOp();
  bool isMin = isa<arith::MinSIOp>(op);
  bool matches = inner && (isMin ? isa<arith::MaxSIOp>(inner) : isa<arith::MinSIOp>(inner));
  std::optional<int64_t> outer = getConstantIntValue(op->getOperand(1));
  std::optional<int64_t> first = matches ? getConstantIntValue(inner->getOperand(1)) : std::nullopt;
  if (!outer || !first)
    return {};
  int64_t high = isMin ? *outer : *first, low = isMin ? *first : *outer;
  bool symmetric = low == -high;
  if (high < 1 || (!symmetric && low != -high - 1) || !llvm::isPowerOf2_64(uint64_t(high) + 1) ||
      high > INT32_MAX)
    return {};
  return {inner, llvm::Log2_64(uint64_t(high) + 1) + 1, symmetric};
}

/// Whether the op is the first half of a clip, which is done with the second. In a chain of more
/// than two the last two are one clip, the two before them another.
static bool isFirstHalf(Operation *op) {
  if (!op->hasOneUse())
    return false;
  Operation *user = *op->user_begin();
  return clipOf(user).inner == op && !isFirstHalf(user);
}

bool Selector::selectClip(Operation *op) {
  if (isFirstHalf(op))
    return true;
  Clip clip = clipOf(op);
  if (!clip.inner)
    return false;
  Value x = of(clip.inner->getOperand(0));
  bool wide = isWide(x) || demands.isPair(op->getResult(0));
  set(op->getResult(0), emit(clip.symmetric ? "SATS" : "SAT", {x}, wide, {0, "floor", clip.bits}));
  return true;
}

LogicalResult Selector::selectShift(Operation *op) {
  auto shift = cast<num::ShiftOp>(op);
  Value result = shift.getResult(), x = of(shift.getLhs());
  std::optional<int64_t> amount = getConstantIntValue(shift.getRhs());
  if (!amount) {
    bool wide = demands.isPair(result) || isWide(x) || isWide(of(shift.getRhs()));
    set(result, emit("SHL", {x, of(shift.getRhs())}, wide));
    return success();
  }
  bool left = *amount >= 0;
  bool wide = demands.isPair(result) || (!left && isWide(x));
  // Beyond the width all bits are gone, or the sign is left.
  int64_t by = std::min<int64_t>(std::abs(*amount), 64);
  set(result, emitShift(left ? "SHL" : "SAR", x, by, wide));
  return success();
}

LogicalResult Selector::selectMulShr(Operation *op) {
  auto product = cast<num::MulShrOp>(op);
  std::optional<int64_t> k = getConstantIntValue(product.getK());
  if (!k || *k < 0)
    return refuse(op, "shifts a product by an amount that is no constant from 0 on, for which "
                      "neurons of a chip have no instruction");
  Value a = of(product.getA()), b = of(product.getB());
  bool wide = demands.isPair(product.getResult()) || isWide(a) || isWide(b);
  constexpr int64_t most = 31, all = 128;
  int64_t first = std::min(*k, most), rest = std::min(*k, all) - first;
  if (rest == 0) {
    set(product.getResult(), emit("MULS", {a, b}, wide, {first, "tz", 0}));
    return success();
  }
  // The rest is shifted out of what is left of the product, so all bits of that must be there.
  native::Range left = demands.range(product.getA()), right = demands.range(product.getB());
  auto magnitude = [](native::Range range) { return std::max(-range.low, range.high); };
  native::Range::Number largest = magnitude(left) * magnitude(right) >> most;
  bool isUnsigned = largest > INT64_MAX; // the 64th bit is no sign
  wide |= largest > INT32_MAX;
  if (largest > UINT64_MAX || (isUnsigned && (left.low < 0 || right.low < 0)))
    return refuse(op, "shifts a product by " + Twine(*k) +
                          " that can have more bits than those of factors with 63 and 32, for "
                          "which neurons of a chip have no instruction");
  if (wide && !(target.program.features & nc::FeatureWide))
    return refuse(op, "shifts a product by " + Twine(*k) + ", and '" + target.name +
                          "' computes with 32 bits");
  Value x = emit("MULS", {a, b}, wide, {first, "tz", 0});
  if (isUnsigned) {
    x = emit("AND", {emitShift("SAR", x, 1, true), literal(INT64_MAX)}, true);
    --rest;
  }
  set(product.getResult(), emitShift("SRZ", x, rest, wide));
  return success();
}

/// Division by a constant: a shift, or a product with its inverse.
LogicalResult Selector::selectDivision(Operation *op) {
  std::optional<int64_t> divisor = getConstantIntValue(op->getOperand(1));
  if (!divisor || *divisor < 1)
    return refuse(op, "divides by something that is no positive constant, for which neurons of a "
                      "chip have no instruction");
  Value operand0 = op->getOperand(0), x = of(operand0), result = op->getResult(0);
  bool isMod = isa<num::ModOp>(op);
  bool wide = isWide(x);
  Value zero = operand("0");
  if (llvm::isPowerOf2_64(uint64_t(*divisor)) && *divisor <= INT32_MAX) {
    int64_t k = llvm::Log2_64(uint64_t(*divisor));
    set(result, isMod ? emit("AND", {x, literal(*divisor - 1)}, wide)
                      : emit("SAR", {x, zero}, wide, {k, "floor", 0}));
    return success();
  }
  native::Range range = demands.range(operand0);
  // floor(x / d) = floor(x * m / 2^s) with m = floor(2^s / d) + 1, s = bits of x + bits of d.
  unsigned bits = 0;
  while (bits < 64 && range.high >= native::Range::Number(1) << bits)
    ++bits;
  unsigned s = bits + llvm::Log2_64_Ceil(uint64_t(*divisor));
  if (range.low < 0 || bits > 30 || s > 60)
    return refuse(op, "divides by " + Twine(*divisor) +
                          " what can be negative or has more than 30 bits, for which neurons of a "
                          "chip have no instruction");
  int64_t m = (int64_t(1) << s) / *divisor + 1;
  auto first = std::min<unsigned>(s, 31);
  Value quotient = emit("MULS", {x, literal(m)}, false, {first, "floor", 0});
  if (s > first)
    quotient = emit("SAR", {quotient, zero}, false, {s - first, "floor", 0});
  if (isMod) {
    Value whole = emit("MULS", {quotient, literal(*divisor)}, false);
    quotient = emit("SUB", {x, whole}, false);
  }
  set(result, quotient);
  return success();
}

Value Selector::emitCompare(StringRef op, Value a, Value b) {
  return emit(op, {a, b}, isWide(a) || isWide(b));
}

LogicalResult Selector::selectCompare(Operation *op) {
  using P = arith::CmpIPredicate;
  auto compare = cast<arith::CmpIOp>(op);
  P predicate = compare.getPredicate();
  bool isUnsigned = predicate >= P::ult;
  auto negative = [&](Value value) { return demands.range(value).low < 0 && widthOf(value) > 1; };
  if (isUnsigned && (negative(compare.getLhs()) || negative(compare.getRhs())))
    return refuse(op, "compares numbers without a sign, for which neurons of a chip have no "
                      "instruction");
  Value a = of(compare.getLhs()), b = of(compare.getRhs()), result;
  switch (predicate) {
  case P::eq:
  case P::ne:
    result = emitCompare("EQ", a, b);
    break;
  case P::sgt:
  case P::ugt:
    result = emitCompare("GT", a, b);
    break;
  case P::sge:
  case P::uge:
    result = emitCompare("GE", a, b);
    break;
  case P::slt:
  case P::ult:
    result = emitCompare("LT", a, b);
    break;
  case P::sle:
  case P::ule:
    result = emitCompare("GE", b, a);
    break;
  }
  set(compare.getResult(), result);
  if (predicate == P::ne)
    inverted.insert(compare.getResult());
  return success();
}

LogicalResult Selector::selectChoice(Operation *op) {
  auto choice = cast<arith::SelectOp>(op);
  Value decides = choice.getCondition(), yes = of(choice.getTrueValue()),
        no = of(choice.getFalseValue());
  Value machine = machines.lookup(decides);
  if (!machine)
    machine = of(decides);
  else if (inverted.contains(decides))
    std::swap(yes, no);
  if (machine != condition)
    machine = emitCompare("GT", machine, operand("0"));
  set(choice.getResult(), emit("SEL", {machine, yes, no}, demands.isPair(choice.getResult())));
  if (unsignedHeld.contains(choice.getTrueValue()) && unsignedHeld.contains(choice.getFalseValue()))
    unsignedHeld.insert(choice.getResult());
  return success();
}

LogicalResult Selector::selectConversion(Operation *op) {
  Value from = op->getOperand(0), to = op->getResult(0), x = of(from);
  unsigned before = widthOf(from), after = widthOf(to);
  if (isa<arith::TruncIOp>(op)) {
    if (after == 1)
      x = emit("AND", {x, operand("1")}, false);
    else if (after < 32 || (after > 32 && isWide(x)))
      x = emit("WRAP", {x}, after > 32, {0, "floor", after});
    else if (after == 32 && isWide(x))
      x = emit("MOV", {x}, false); // of a pair, the low half
    set(to, x);
    return success();
  }
  bool isSigned = isa<arith::ExtSIOp>(op);
  if (before == 1) {
    set(to, isSigned ? emit("NEG", {x}, false) : x);
    return success();
  }
  if (before < 32) {
    bool held = unsignedHeld.contains(from);
    if (isSigned == held)
      x = isSigned ? emit("WRAP", {x}, false, {0, "floor", before})
                   : emit("AND", {x, literal((int64_t(1) << before) - 1)}, false);
    set(to, x);
    return success();
  }
  if (!isSigned && demands.isPair(to)) {
    // Operands of neurons without a sign are extended as they should be.
    auto argument = dyn_cast<BlockArgument>(from);
    if (!argument)
      return refuse(op, "reads 32 bits without a sign, for which neurons of a chip have no "
                        "instruction");
    x = emit("MOV", {x}, true);
  }
  set(to, x);
  return success();
}

LogicalResult Selector::select(Operation *op) {
  if (op->use_empty())
    return success();
  if (selectClip(op))
    return success();
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<num::ShiftOp>([&](auto op) { return selectShift(op); })
      .Case<num::MulShrOp>([&](auto op) { return selectMulShr(op); })
      .Case<num::FloorDivOp, num::ModOp>([&](auto op) { return selectDivision(op); })
      .Case<arith::CmpIOp>([&](auto op) { return selectCompare(op); })
      .Case<arith::SelectOp>([&](auto op) { return selectChoice(op); })
      .Case<arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp>(
          [&](auto op) { return selectConversion(op); })
      .Default([&](Operation *op) { return selectArithmetic(op); });
}

} // namespace basalt::neurocore
