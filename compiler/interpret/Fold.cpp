// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evaluation at compile time.
#include "compiler/interpret/Evaluator.h"
#include "dialect/num/Num.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt::interp {

std::optional<DenseElementsAttr> constantOf(Value value) {
  Attribute constant;
  if (!matchPattern(value, m_Constant(&constant)))
    return std::nullopt;
  if (auto elements = dyn_cast<DenseElementsAttr>(constant))
    return elements;
  if (isa<IntegerAttr, FloatAttr>(constant))
    return Tensor::fromScalarAttr(cast<TypedAttr>(constant)).toAttr();
  return std::nullopt;
}

/// Elements of a result of this type; also those of a tensor too large to count are many.
static bool isWithin(Type type, int64_t limit) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return !tensor || tensor.getNumElements() <= limit;
}

std::optional<DenseElementsAttr> foldToConstant(Operation *op, int64_t limit) {
  if (!num::isValueOp(op) || op->getNumResults() != 1 ||
      !isWithin(op->getResult(0).getType(), limit))
    return std::nullopt;
  SmallVector<Tensor> operands;
  for (Value operand : op->getOperands()) {
    std::optional<DenseElementsAttr> constant = constantOf(operand);
    if (!constant || !isWithin(operand.getType(), limit))
      return std::nullopt;
    operands.push_back(Tensor::fromAttr(*constant));
  }
  FailureOr<SmallVector<Tensor>> results = evaluate(op, operands);
  if (failed(results))
    return std::nullopt;
  return results->front().toAttr();
}

} // namespace basalt::interp
