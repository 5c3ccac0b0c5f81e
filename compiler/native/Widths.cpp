// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges of integer values. See Widths.h.
#include "compiler/native/Widths.h"

#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::native {

using Number = Range::Number;

static unsigned bitsOf(Type type) { return type.isIndex() ? 64 : type.getIntOrFloatBitWidth(); }

static Range signedRange(unsigned bits) {
  Number half = Number(1) << (bits - 1);
  return {-half, half - 1};
}

static bool fits(Range range, unsigned bits) {
  Range all = signedRange(bits);
  return all.low <= range.low && range.high <= all.high;
}

static Range products(Range a, Range b) {
  Number corners[] = {a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high};
  return {*std::min_element(corners, corners + 4), *std::max_element(corners, corners + 4)};
}

static Range hull(Range a, Range b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }

/// x * 2^k, rounded to minus infinity.
static Range shifted(Range x, int64_t k) {
  if (k < 0)
    return {x.low >> std::min<int64_t>(-k, 63), x.high >> std::min<int64_t>(-k, 63)};
  return {x.low * (Number(1) << k), x.high * (Number(1) << k)};
}

Range Widths::range(Value value) {
  unsigned bits = bitsOf(value.getType());
  Operation *op = value.getDefiningOp();
  if (auto it = known.find(value); it != known.end())
    return it->second;
  if (!op)
    return signedRange(bits);
  Range range = compute(op);
  if (!fits(range, bits)) // wraps
    range = signedRange(bits);
  return known[value] = range;
}

unsigned Widths::of(Value value) {
  Range values = range(value);
  unsigned bits = 1;
  while (!fits(values, bits))
    ++bits;
  return bits;
}

bool Widths::isExact(Operation *op) { return fits(exact(op), bitsOf(op->getResult(0).getType())); }

bool Widths::isProductExact(Value a, Value b) { return fits(products(range(a), range(b)), 64); }

/// Of the result that a sum, difference or product has without wrapping.
Range Widths::exact(Operation *op) {
  Range a = range(op->getOperand(0)), b = range(op->getOperand(1));
  if (isa<arith::AddIOp>(op))
    return {a.low + b.low, a.high + b.high};
  if (isa<arith::SubIOp>(op))
    return {a.low - b.high, a.high - b.low};
  return products(a, b);
}

Range Widths::compute(Operation *op) {
  Range unknown = signedRange(64);
  auto operand = [&](unsigned i) { return range(op->getOperand(i)); };
  if (auto constant = getConstantIntValue(op->getResult(0)))
    return {*constant, *constant};
  return TypeSwitch<Operation *, Range>(op)
      .Case<arith::ExtSIOp, arith::TruncIOp>([&](auto) { return operand(0); })
      .Case<arith::ExtUIOp>(
          [&](auto op) -> Range { return {0, (Number(1) << bitsOf(op.getIn().getType())) - 1}; })
      .Case<arith::AddIOp, arith::SubIOp, arith::MulIOp>([&](auto op) { return exact(op); })
      .Case<arith::MinSIOp>([&](auto) -> Range {
        return {std::min(operand(0).low, operand(1).low),
                std::min(operand(0).high, operand(1).high)};
      })
      .Case<arith::MaxSIOp>([&](auto) -> Range {
        return {std::max(operand(0).low, operand(1).low),
                std::max(operand(0).high, operand(1).high)};
      })
      .Case<arith::SelectOp>([&](auto) { return hull(operand(1), operand(2)); })
      .Case<arith::AndIOp, arith::OrIOp, arith::XOrIOp>(
          [&](auto op) { return signedRange(std::max(of(op.getLhs()), of(op.getRhs()))); })
      .Case<num::SignIOp>([](auto) -> Range { return {-1, 1}; })
      .Case<num::AbsIOp>(
          [&](auto) -> Range { return {0, std::max(-operand(0).low, operand(0).high)}; })
      .Case<num::FloorDivOp>([&](auto) -> Range { // by -1 at the most
        Number most = std::max(-operand(0).low, operand(0).high);
        return {-most, most};
      })
      .Case<num::ModOp>([&](auto) -> Range { // has the sign of the divisor and is nearer to 0
        return {std::min<Number>(operand(1).low + 1, 0), std::max<Number>(operand(1).high - 1, 0)};
      })
      .Case<num::ShiftOp>([&](auto op) {
        auto k = getConstantIntValue(op.getRhs());
        return k && *k < 64 ? shifted(operand(0), std::max<int64_t>(*k, -64)) : unknown;
      })
      .Case<num::MulShrOp>([&](auto op) {
        auto k = getConstantIntValue(op.getK());
        if (!k || *k < 0 || *k > 63)
          return unknown;
        Range product = products(operand(0), operand(1));
        return Range{-(-product.low >> *k), product.high >> *k};
      })
      .Default([&](Operation *) { return unknown; });
}

} // namespace basalt::native
