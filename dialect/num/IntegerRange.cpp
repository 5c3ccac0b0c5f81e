// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges of integers through elementwise ops. See IntegerRange.h.
#include "dialect/num/IntegerRange.h"

#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::num {

using Number = IntegerRange::Number;

IntegerRange signedRange(unsigned bits) {
  Number half = Number(1) << (bits - 1);
  return {-half, half - 1};
}

IntegerRange unsignedRange(unsigned bits) { return {0, (Number(1) << bits) - 1}; }

IntegerRange hull(const IntegerRange &a, const IntegerRange &b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

/// Of a function of two numbers that is monotone in each of them.
template <typename Function>
static IntegerRange atCorners(const IntegerRange &a, const IntegerRange &b, Function f) {
  Number corners[] = {f(a.low, b.low), f(a.low, b.high), f(a.high, b.low), f(a.high, b.high)};
  return {*std::min_element(corners, corners + 4), *std::max_element(corners, corners + 4)};
}

IntegerRange products(const IntegerRange &a, const IntegerRange &b) {
  return atCorners(a, b, [](Number x, Number y) { return x * y; });
}

IntegerRange shifted(const IntegerRange &x, int64_t k) {
  if (k < 0)
    return {x.low >> std::min<int64_t>(-k, 63), x.high >> std::min<int64_t>(-k, 63)};
  return {x.low * (Number(1) << k), x.high * (Number(1) << k)};
}

/// What remains of a number by bitwise ops: no more bits than the wider operand has.
static IntegerRange bitsOfBoth(const IntegerRange &a, const IntegerRange &b) {
  unsigned bits = 1;
  IntegerRange both = hull(a, b);
  while (!signedRange(bits).contains(both))
    ++bits;
  return signedRange(bits);
}

static IntegerRange conjunction(const IntegerRange &a, const IntegerRange &b) {
  if (a.low < 0 && b.low < 0)
    return bitsOfBoth(a, b);
  Number most = a.low < 0 ? b.high : b.low < 0 ? a.high : std::min(a.high, b.high);
  return {0, most};
}

static IntegerRange quotients(const IntegerRange &a, const IntegerRange &b) {
  Number most = std::max(-a.low, a.high); // by -1 at the most
  if (b.low < 1)
    return {-most, most};
  return atCorners(a, b, [](Number x, Number y) { return x / y - (x % y < 0 ? 1 : 0); });
}

static std::optional<IntegerRange> shiftedBy(const IntegerRange &x, const IntegerRange &k) {
  if (k.high >= 64)
    return std::nullopt;
  auto amount = [](Number n) { return static_cast<int64_t>(std::max<Number>(n, -64)); };
  return hull(shifted(x, amount(k.low)), shifted(x, amount(k.high)));
}

static std::optional<IntegerRange> shiftedProducts(const IntegerRange &a, const IntegerRange &b,
                                                   const IntegerRange &k) {
  if (!k.isOne() || k.low < 0 || k.low > 63)
    return std::nullopt;
  IntegerRange product = products(a, b);
  auto bits = static_cast<int>(k.low);
  // Toward zero.
  auto shift = [bits](Number n) { return n < 0 ? -(-n >> bits) : n >> bits; };
  return IntegerRange{shift(product.low), shift(product.high)};
}

std::optional<IntegerRange> inferRange(Operation *op,
                                       llvm::function_ref<IntegerRange(unsigned)> operand) {
  using Result = std::optional<IntegerRange>;
  auto a = [&] { return operand(0); };
  auto b = [&] { return operand(1); };
  return TypeSwitch<Operation *, Result>(op)
      .Case<arith::ExtSIOp, arith::TruncIOp>([&](auto) { return a(); })
      .Case<arith::ExtUIOp>([&](auto op) {
        IntegerRange all = unsignedRange(getElementTypeOrSelf(op.getIn()).getIntOrFloatBitWidth());
        return all.contains(a()) ? a() : all;
      })
      .Case<arith::AddIOp>(
          [&](auto) { return IntegerRange{a().low + b().low, a().high + b().high}; })
      .Case<arith::SubIOp>(
          [&](auto) { return IntegerRange{a().low - b().high, a().high - b().low}; })
      .Case<arith::MulIOp>([&](auto) { return products(a(), b()); })
      .Case<arith::MinSIOp>([&](auto) {
        return IntegerRange{std::min(a().low, b().low), std::min(a().high, b().high)};
      })
      .Case<arith::MaxSIOp>([&](auto) {
        return IntegerRange{std::max(a().low, b().low), std::max(a().high, b().high)};
      })
      .Case<arith::SelectOp>([&](auto) { return hull(operand(1), operand(2)); })
      .Case<arith::AndIOp>([&](auto) { return conjunction(a(), b()); })
      .Case<arith::OrIOp, arith::XOrIOp>([&](auto) { return bitsOfBoth(a(), b()); })
      .Case<SignIOp>([&](auto) {
        return IntegerRange{a().low > 0   ? 1
                            : a().low < 0 ? -1
                                          : 0,
                            a().high < 0   ? -1
                            : a().high > 0 ? 1
                                           : 0};
      })
      .Case<AbsIOp>([&](auto) {
        Number most = std::max(-a().low, a().high);
        return IntegerRange{a().low > 0 ? a().low : a().high < 0 ? -a().high : 0, most};
      })
      .Case<FloorDivOp>([&](auto) { return quotients(a(), b()); })
      .Case<ModOp>([&](auto) { // has the sign of the divisor and is nearer to 0
        return IntegerRange{std::min<Number>(b().low + 1, 0), std::max<Number>(b().high - 1, 0)};
      })
      .Case<ShiftOp>([&](auto) { return shiftedBy(a(), b()); })
      .Case<MulShrOp>([&](auto) { return shiftedProducts(a(), b(), operand(2)); })
      .Default([](Operation *) { return Result(); });
}

} // namespace basalt::num
