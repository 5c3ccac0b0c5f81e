// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the shape operations of num.
#include "dialect/num/Num.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace basalt::num {

static RankedTensorType tensorOf(Value value) { return cast<RankedTensorType>(value.getType()); }

static LogicalResult verifySameElement(Operation *op, Value a, Value b) {
  if (tensorOf(a).getElementType() != tensorOf(b).getElementType())
    return op->emitOpError("has operand and result of different element types, ")
           << tensorOf(a).getElementType() << " and " << tensorOf(b).getElementType();
  return success();
}

/// Constraint that item and from_scalar share.
static LogicalResult verifyScalarTensor(Operation *op, RankedTensorType tensor, Type scalar) {
  if (tensor.getRank() != 0 || tensor.getElementType() != scalar)
    return op->emitOpError("expects a tensor of rank 0 and its element type");
  return success();
}

LogicalResult ItemOp::verify() {
  return verifyScalarTensor(*this, tensorOf(getOperand()), getType());
}

LogicalResult FromScalarOp::verify() {
  return verifyScalarTensor(*this, tensorOf(getResult()), getOperand().getType());
}

LogicalResult BroadcastOp::verify() {
  if (failed(verifySameElement(*this, getOperand(), getResult())))
    return failure();
  ArrayRef<int64_t> from = tensorOf(getOperand()).getShape(), to = tensorOf(getResult()).getShape();
  if (from.size() > to.size())
    return emitOpError("cannot drop axes: rank ") << from.size() << " to rank " << to.size();
  for (auto [a, b] : llvm::zip(llvm::reverse(from), llvm::reverse(to)))
    if (a != b && a != 1)
      return emitOpError("cannot broadcast an extent of ") << a << " to " << b;
  return success();
}

LogicalResult ReshapeOp::verify() {
  if (failed(verifySameElement(*this, getOperand(), getResult())))
    return failure();
  int64_t from = tensorOf(getOperand()).getNumElements(),
          to = tensorOf(getResult()).getNumElements();
  if (from != to)
    return emitOpError("changes the number of elements from ") << from << " to " << to;
  return success();
}

LogicalResult TransposeOp::verify() {
  if (failed(verifySameElement(*this, getOperand(), getResult())))
    return failure();
  ArrayRef<int64_t> from = tensorOf(getOperand()).getShape(), to = tensorOf(getResult()).getShape();
  ArrayRef<int64_t> order = getPermutation();
  SmallVector<int64_t> sorted(order);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, from.size())))
    return emitOpError("expects a permutation of ") << from.size() << " axes";
  for (auto [axis, extent] : llvm::enumerate(to))
    if (to.size() != from.size() || extent != from[order[axis]])
      return emitOpError("has a result shape that is not the permuted shape of its operand");
  return success();
}

/// Constraints that extract and insert share; `part` is the smaller tensor.
template <typename OpT>
static LogicalResult verifyPart(OpT op, RankedTensorType whole, RankedTensorType part) {
  size_t rank = whole.getRank();
  ArrayRef<int64_t> offsets = op.getOffsets(), sizes = op.getSizes(), strides = op.getStrides();
  if (offsets.size() != rank || sizes.size() != rank || strides.size() != rank)
    return op.emitOpError("expects an offset, a size and a stride for each of ") << rank << " axes";
  if (static_cast<size_t>(llvm::count(offsets, ShapedType::kDynamic)) != op.getDynamic().size())
    return op.emitOpError("expects one operand for each offset that is not a constant");
  SmallVector<int64_t> shape;
  for (size_t axis = 0; axis < rank; ++axis) {
    int64_t extent = whole.getDimSize(axis), size = sizes[axis];
    bool dynamic = offsets[axis] == ShapedType::kDynamic;
    int64_t last = dynamic ? 0 : offsets[axis] + (size - 1) * strides[axis];
    if (size < 0 || strides[axis] == 0 || (dynamic && size != 1) ||
        (!dynamic && size > 0 &&
         (offsets[axis] < 0 || offsets[axis] >= extent || last < 0 || last >= extent)))
      return op.emitOpError("goes beyond axis ") << axis << " of extent " << extent;
    if (llvm::is_contained(op.getDropped(), axis)) {
      if (size != 1)
        return op.emitOpError("drops axis ") << axis << " of size " << size;
      continue;
    }
    shape.push_back(size);
  }
  if (ArrayRef<int64_t>(shape) != part.getShape())
    return op.emitOpError("has a part whose shape is not that of the indexed region");
  if (whole.getElementType() != part.getElementType())
    return op.emitOpError("has part and whole of different element types");
  return success();
}

LogicalResult ExtractOp::verify() {
  return verifyPart(*this, tensorOf(getOperand()), tensorOf(getResult()));
}

LogicalResult InsertOp::verify() {
  return verifyPart(*this, tensorOf(getDest()), tensorOf(getSource()));
}

LogicalResult ReduceOp::verify() {
  if (failed(verifySameElement(*this, getOperand(), getResult())))
    return failure();
  RankedTensorType from = tensorOf(getOperand());
  SmallVector<int64_t> shape;
  for (int64_t axis = 0; axis < from.getRank(); ++axis)
    if (!llvm::is_contained(getAxes(), axis))
      shape.push_back(from.getDimSize(axis));
  if (!llvm::is_sorted(getAxes()) || ArrayRef<int64_t>(shape) != tensorOf(getResult()).getShape() ||
      shape.size() + getAxes().size() != static_cast<size_t>(from.getRank()))
    return emitOpError("has a result shape that is not the operand's without its sorted axes");
  bool boolean = getKind() == ReduceKind::Any || getKind() == ReduceKind::All;
  if (boolean && !from.getElementType().isInteger(1))
    return emitOpError("expects i1 elements, found ") << from.getElementType();
  bool extremum = getKind() == ReduceKind::Min || getKind() == ReduceKind::Max;
  if (extremum && from.getNumElements() == 0)
    return emitOpError("has no elements to take an extremum of");
  if (getFirst() && from.getRank() != 1)
    return emitOpError("takes the first elements of rank ") << from.getRank() << "; expected 1";
  return success();
}

LogicalResult RandomPoissonOp::verify() {
  RankedTensorType lambda = tensorOf(getLambda());
  if (lambda.getRank() != 0 && lambda.getShape() != tensorOf(getResult()).getShape())
    return emitOpError("has a mean that is neither of rank 0 nor of the shape of the result");
  return success();
}

} // namespace basalt::num
