// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants, select, and conversions between element types.
#include "compiler/interpret/Families.h"

#include "dialect/num/Num.h"
#include "runtime/native/Arithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt::interp {

static Tensor constant(arith::ConstantOp op) {
  if (auto elements = dyn_cast<ElementsAttr>(op.getValue()))
    return Tensor::fromAttr(elements);
  return Tensor::fromScalarAttr(op.getValue());
}

/// The condition is a scalar or has the shape of the values.
static Tensor select(arith::SelectOp op, Inputs &inputs) {
  Tensor result(op.getType());
  bool oneForAll = inputs[0].shape() != result.shape();
  for (int64_t i = 0; i < result.size(); ++i)
    result.copy(i, inputs[inputs[0].integer(oneForAll ? 0 : i) != 0 ? 1 : 2], i);
  return result;
}

std::optional<Tensor> evaluateConversions(Operation *op, Inputs &inputs) {
  if (auto constantOp = dyn_cast<arith::ConstantOp>(op))
    return constant(constantOp);
  if (auto selectOp = dyn_cast<arith::SelectOp>(op))
    return select(selectOp, inputs);
  if (isa<arith::ExtSIOp>(op))
    return makeIntegers(op, [&](int64_t i) { return inputs[0].signExtended(i); });
  if (isa<arith::ExtUIOp>(op))
    return makeIntegers(op, [&](int64_t i) { return inputs[0].zeroExtended(i); });
  if (isa<arith::TruncIOp>(op))
    return makeIntegers(op, [&](int64_t i) { return inputs[0].integer(i); });
  if (isa<arith::SIToFPOp>(op)) {
    // Straight to f32: through a double it would be rounded twice.
    bool single = cast<FloatType>(getElementTypeOrSelf(op->getResult(0).getType())).isF32();
    return makeReals(op, [&](int64_t i) -> double {
      int64_t value = inputs[0].signExtended(i);
      return single ? static_cast<double>(static_cast<float>(value)) : static_cast<double>(value);
    });
  }
  if (isa<arith::ExtFOp, arith::TruncFOp>(op))
    return makeReals(op, [&](int64_t i) { return inputs[0].real(i); });
  if (isa<num::ToIntOp>(op))
    return makeIntegers(op, [&](int64_t i) { return rt::toInt(inputs[0].real(i)); });
  return std::nullopt;
}

} // namespace basalt::interp
