// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges of integer values. See Widths.h.
#include "compiler/native/Widths.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace basalt::native {

static unsigned bitsOf(Type type) { return type.isIndex() ? 64 : type.getIntOrFloatBitWidth(); }

static bool fits(Range range, unsigned bits) { return num::signedRange(bits).contains(range); }

Range Widths::range(Value value) {
  unsigned bits = bitsOf(value.getType());
  Operation *op = value.getDefiningOp();
  if (auto it = known.find(value); it != known.end())
    return it->second;
  if (!op)
    return num::signedRange(bits);
  Range range = exact(op);
  if (!fits(range, bits)) // wraps
    range = num::signedRange(bits);
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

bool Widths::isProductExact(Value a, Value b) {
  return fits(num::products(range(a), range(b)), 64);
}

/// Of the result that the op has without wrapping.
Range Widths::exact(Operation *op) {
  if (auto constant = getConstantIntValue(op->getResult(0)))
    return {*constant, *constant};
  auto operand = [&](unsigned i) { return range(op->getOperand(i)); };
  return num::inferRange(op, operand).value_or(num::signedRange(64));
}

} // namespace basalt::native
