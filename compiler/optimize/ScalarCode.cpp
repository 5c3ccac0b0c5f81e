// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scalars of kernels. See ScalarCode.h.
#include "compiler/optimize/ScalarCode.h"

#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt {

Location lineOfProcess(Location loc) {
  while (auto call = dyn_cast<CallSiteLoc>(loc))
    loc = call.getCallee();
  return loc;
}

TypedAttr constantElement(Value value) {
  if (auto broadcast = value.getDefiningOp<num::BroadcastOp>())
    return constantElement(broadcast.getOperand());
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  if (!constant)
    return {};
  if (auto splat = dyn_cast<SplatElementsAttr>(constant.getValue()))
    return splat.getSplatValue<TypedAttr>();
  return isa<ShapedType>(constant.getType()) ? TypedAttr() : constant.getValue();
}

Value repeatedScalar(Value value, OpBuilder &builder) {
  if (!isa<RankedTensorType>(value.getType())) {
    if (auto item = value.getDefiningOp<num::ItemOp>())
      return item.getOperand();
    return num::FromScalarOp::create(builder, value.getLoc(),
                                     RankedTensorType::get({}, value.getType()), value);
  }
  auto broadcast = value.getDefiningOp<num::BroadcastOp>();
  if (!broadcast)
    return {};
  auto type = cast<RankedTensorType>(broadcast.getOperand().getType());
  if (type.getNumElements() != 1)
    return {};
  if (type.getRank() == 0)
    return broadcast.getOperand();
  return num::ReshapeOp::create(builder, broadcast.getLoc(), type.clone(ArrayRef<int64_t>()),
                                broadcast.getOperand());
}

Value cloneAsScalar(Operation *op, ValueRange operands, OpBuilder &builder) {
  Operation *clone = Operation::create(
      lineOfProcess(op->getLoc()), op->getName(), getElementTypeOrSelf(op->getResult(0).getType()),
      operands, op->getDiscardableAttrDictionary(), op->getPropertiesStorage(), BlockRange(), 0);
  return builder.insert(clone)->getResult(0);
}

} // namespace basalt
