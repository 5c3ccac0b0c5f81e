// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of what adds products up (matvec, deliver, conv2d), and of what knows stored entries.
#include "dialect/num/Num.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace basalt::num {

static RankedTensorType tensorOf(Value value) { return cast<RankedTensorType>(value.getType()); }

static LogicalResult verifyOneElementType(Operation *op, ValueRange values) {
  Type element = tensorOf(values.front()).getElementType();
  for (Value value : values.drop_front())
    if (tensorOf(value).getElementType() != element)
      return op->emitOpError("expects one element type, found ")
             << element << " and " << tensorOf(value).getElementType();
  return success();
}

static LogicalResult doNotFit(Operation *op) {
  return op->emitOpError("has shapes that do not fit");
}

LogicalResult MatVecOp::verify() {
  RankedTensorType matrix = tensorOf(getMatrix()), vector = tensorOf(getVector()),
                   result = tensorOf(getResult());
  if (matrix.getDimSize(1) != vector.getDimSize(0) || matrix.getDimSize(0) != result.getDimSize(0))
    return doNotFit(*this);
  return verifyOneElementType(*this, {getMatrix(), getVector(), getResult()});
}

/// What the sums of a delivery begin with is as its result.
template <typename OpT> static LogicalResult verifyOnto(OpT op) {
  if (!op.getOnto())
    return success();
  if (tensorOf(op.getOnto()).getShape() != tensorOf(op.getResult()).getShape())
    return doNotFit(op);
  return verifyOneElementType(op, {op.getResult(), op.getOnto()});
}

LogicalResult DeliverOp::verify() {
  RankedTensorType matrix = tensorOf(getMatrix()), vector = tensorOf(getVector()),
                   result = tensorOf(getResult());
  if (matrix.getShape() != tensorOf(getDelays()).getShape() ||
      matrix.getDimSize(1) != vector.getDimSize(0) || matrix.getDimSize(0) != result.getDimSize(0))
    return doNotFit(*this);
  if (failed(verifyOnto(*this)))
    return failure();
  return verifyOneElementType(*this, {getMatrix(), getVector(), getResult()});
}

LogicalResult Conv2DOp::verify() {
  RankedTensorType input = tensorOf(getInput()), kernel = tensorOf(getKernel()),
                   result = tensorOf(getResult());
  if (getStride().size() != 2 || getPadding().size() != 2 || getDilation().size() != 2)
    return emitOpError("expects two numbers for each of stride, padding and dilation");
  auto isPositive = [](int64_t number) { return number > 0; };
  if (!llvm::all_of(getStride(), isPositive) || !llvm::all_of(getDilation(), isPositive) ||
      llvm::any_of(getPadding(), [](int64_t number) { return number < 0; }))
    return emitOpError("expects stride and dilation from 1 and padding from 0");
  int64_t groups = getGroups();
  if (groups < 1 || kernel.getDimSize(0) % groups != 0 ||
      input.getDimSize(2) != groups * kernel.getDimSize(3) ||
      result.getDimSize(2) != kernel.getDimSize(0))
    return emitOpError("has channels that do not fit its groups");
  for (unsigned axis : {0, 1}) {
    int64_t room = input.getDimSize(axis) + 2 * getPadding()[axis] -
                   getDilation()[axis] * (kernel.getDimSize(axis + 1) - 1) - 1;
    if (room < 0 || result.getDimSize(axis) != room / getStride()[axis] + 1)
      return doNotFit(*this);
  }
  return verifyOneElementType(*this, {getInput(), getKernel(), getResult()});
}

LogicalResult GatherOp::verify() {
  RankedTensorType operand = tensorOf(getOperand());
  int64_t axis = getAxis();
  if (axis < 0 || axis >= operand.getRank())
    return emitOpError("has no axis ") << axis << " to pick along";
  SmallVector<int64_t> shape(operand.getShape().take_front(axis));
  llvm::append_range(shape, tensorOf(getIndices()).getShape());
  llvm::append_range(shape, operand.getShape().drop_front(axis + 1));
  if (ArrayRef<int64_t>(shape) != tensorOf(getResult()).getShape())
    return doNotFit(*this);
  return verifyOneElementType(*this, {getOperand(), getResult()});
}

//===--- Synapses ---===//

/// Entries, sources and targets of a sparse matrix fit. `sources` is null where they follow.
static LogicalResult verifySynapses(Operation *op, Value entries, Value offsets, Value targets,
                                    std::optional<int64_t> sources) {
  if (tensorOf(entries).getShape() != tensorOf(targets).getShape() ||
      tensorOf(offsets).getDimSize(0) < 1 ||
      (sources && tensorOf(offsets).getDimSize(0) != *sources + 1))
    return doNotFit(op);
  return success();
}

LogicalResult SparseMatVecOp::verify() {
  if (failed(verifySynapses(*this, getValues(), getOffsets(), getTargets(),
                            tensorOf(getVector()).getDimSize(0))))
    return failure();
  return verifyOneElementType(*this, {getValues(), getVector(), getResult()});
}

LogicalResult SparseDeliverOp::verify() {
  if (tensorOf(getDelays()).getShape() != tensorOf(getValues()).getShape())
    return doNotFit(*this);
  if (failed(verifySynapses(*this, getValues(), getOffsets(), getTargets(),
                            tensorOf(getVector()).getDimSize(0))) ||
      failed(verifyOnto(*this)))
    return failure();
  return verifyOneElementType(*this, {getValues(), getVector(), getResult()});
}

LogicalResult AtSynapsesOp::verify() {
  if (failed(verifySynapses(*this, getResult(), getOffsets(), getTargets(),
                            tensorOf(getMatrix()).getDimSize(1))))
    return failure();
  return verifyOneElementType(*this, {getMatrix(), getResult()});
}

LogicalResult ToDenseOp::verify() {
  if (failed(verifySynapses(*this, getValues(), getOffsets(), getTargets(),
                            tensorOf(getResult()).getDimSize(1))))
    return failure();
  return verifyOneElementType(*this, {getValues(), getResult()});
}

} // namespace basalt::num
