// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Widths of integer values, from the types of what is loaded upwards. See Widths.h.
#include "compiler/native/Widths.h"

#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::native {

unsigned Widths::of(Value value) {
  unsigned type = value.getType().isIndex() ? 64 : value.getType().getIntOrFloatBitWidth();
  Operation *op = value.getDefiningOp();
  if (!op)
    return type;
  if (unsigned width = known.lookup(value))
    return width;
  unsigned width = std::clamp(compute(op), 1u, type);
  return known[value] = width;
}

bool Widths::isExact(Operation *op) {
  return exact(op) <= op->getResult(0).getType().getIntOrFloatBitWidth();
}

/// Of the result that a sum, difference or product has without wrapping.
unsigned Widths::exact(Operation *op) {
  unsigned a = of(op->getOperand(0)), b = of(op->getOperand(1));
  return isa<arith::MulIOp>(op) ? a + b : std::max(a, b) + 1;
}

unsigned Widths::compute(Operation *op) {
  constexpr unsigned unknown = 64;
  APInt constant;
  if (matchPattern(op, m_ConstantInt(&constant)))
    return constant.getSignificantBits();
  auto wider = [&](unsigned first) {
    return std::max(of(op->getOperand(first)), of(op->getOperand(first + 1)));
  };
  return TypeSwitch<Operation *, unsigned>(op)
      .Case<arith::ExtSIOp, arith::TruncIOp>([&](auto op) { return of(op.getIn()); })
      .Case<arith::ExtUIOp>(
          [&](auto op) { return op.getIn().getType().getIntOrFloatBitWidth() + 1; })
      .Case<arith::AddIOp, arith::SubIOp, arith::MulIOp>([&](auto op) {
        unsigned bits = exact(op);
        return bits <= op.getType().getIntOrFloatBitWidth() ? bits : unknown;
      })
      .Case<arith::AndIOp, arith::OrIOp, arith::XOrIOp, arith::MinSIOp, arith::MaxSIOp>(
          [&](auto) { return wider(0); })
      .Case<arith::SelectOp>([&](auto) { return wider(1); })
      .Case<num::SignIOp>([](auto) { return 2u; })
      .Case<num::AbsIOp>([&](auto op) { return of(op.getOperand()) + 1; })
      .Case<num::FloorDivOp>([&](auto op) { return of(op.getLhs()) + 1; })
      .Case<num::ModOp>([&](auto op) { return of(op.getRhs()); })
      .Default([](Operation *) { return unknown; });
}

} // namespace basalt::native
