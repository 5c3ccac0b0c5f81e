// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations that move elements: broadcast, reshape, transpose, indexing.
#include "compiler/interpret/Families.h"
#include "compiler/interpret/Positions.h"

#include "dialect/num/Num.h"

using namespace mlir;

namespace basalt::interp {

static Tensor resultOf(Operation *op) { return Tensor(op->getResult(0).getType()); }

/// The same elements in order, in the type of the result.
static Tensor copyAll(Operation *op, const Tensor &from) {
  Tensor result = resultOf(op);
  for (int64_t i = 0; i < result.size(); ++i)
    result.copy(i, from, i);
  return result;
}

static Tensor broadcast(num::BroadcastOp op, const Tensor &from) {
  Tensor result = resultOf(op);
  if (from.size() == 1) {
    for (int64_t i = 0; i < result.size(); ++i)
      result.copy(i, from, 0);
    return result;
  }
  int64_t missing = result.rank() - from.rank();
  for (int64_t i = 0; i < result.size(); ++i) {
    Position position = positionOf(i, result.shape());
    position.erase(position.begin(), position.begin() + missing);
    for (int64_t axis = 0; axis < from.rank(); ++axis)
      if (from.shape()[axis] == 1)
        position[axis] = 0;
    result.copy(i, from, elementAt(position, from.shape()));
  }
  return result;
}

static Tensor transpose(num::TransposeOp op, const Tensor &from) {
  Tensor result = resultOf(op);
  for (int64_t i = 0; i < result.size(); ++i) {
    Position position = positionOf(i, result.shape()), source(position.size());
    for (auto [axis, sourceAxis] : llvm::enumerate(op.getPermutation()))
      source[sourceAxis] = position[axis];
    result.copy(i, from, elementAt(source, from.shape()));
  }
  return result;
}

namespace {
/// The part of a tensor that extract and insert name: a first place and a stride for each axis.
struct Part {
  Position first;
  ArrayRef<int64_t> sizes, strides;

  /// Where the element of the part with this row-major number is in the whole. Axes of size 1 that
  /// the result lacks do not change the number.
  Position place(int64_t element) const {
    Position position = positionOf(element, sizes);
    for (size_t axis = 0; axis < position.size(); ++axis)
      position[axis] = first[axis] + position[axis] * strides[axis];
    return position;
  }
};
} // namespace

/// The place on an axis that a computed index names; says in `error` if there is none.
static int64_t placeOn(int64_t extent, int64_t index, std::string &error) {
  if (index >= extent || index < -extent)
    error = "index " + std::to_string(index) + " is out of range for an axis of extent " +
            std::to_string(extent);
  return index < 0 ? index + extent : index;
}

/// The part for the given computed offsets, each checked.
template <typename OpT>
static Part partOf(OpT op, ArrayRef<int64_t> whole, ArrayRef<Tensor> computed, std::string &error) {
  Part part{Position(op.getOffsets()), op.getSizes(), op.getStrides()};
  for (size_t axis = 0; axis < whole.size(); ++axis) {
    if (part.first[axis] != ShapedType::kDynamic)
      continue;
    part.first[axis] = placeOn(whole[axis], computed.front().integer(0), error);
    if (!error.empty())
      return part;
    computed = computed.drop_front();
  }
  return part;
}

static Tensor extract(num::ExtractOp op, Inputs &inputs) {
  const Tensor &from = inputs[0];
  Tensor result = resultOf(op);
  Part part = partOf(op, from.shape(), inputs.operands.drop_front(1), inputs.error);
  if (!inputs.error.empty())
    return result;
  for (int64_t i = 0; i < result.size(); ++i)
    result.copy(i, from, elementAt(part.place(i), from.shape()));
  return result;
}

static Tensor insert(num::InsertOp op, Inputs &inputs) {
  const Tensor &source = inputs[0];
  Tensor result = inputs[1];
  Part part = partOf(op, result.shape(), inputs.operands.drop_front(2), inputs.error);
  if (!inputs.error.empty())
    return result;
  for (int64_t i = 0; i < source.size(); ++i)
    result.copy(elementAt(part.place(i), result.shape()), source, i);
  return result;
}

/// All indices are checked before the first element is picked, also if none is.
static Tensor gather(num::GatherOp op, Inputs &inputs) {
  const Tensor &from = inputs[0], &indices = inputs[1];
  Tensor result = resultOf(op);
  size_t axis = op.getAxis(), rank = indices.rank();
  std::vector<int64_t> places;
  for (int64_t i = 0; i < indices.size() && inputs.error.empty(); ++i)
    places.push_back(placeOn(from.shape()[axis], indices.integer(i), inputs.error));
  for (int64_t i = 0; i < result.size() && inputs.error.empty(); ++i) {
    Position position = positionOf(i, result.shape());
    Position index(ArrayRef<int64_t>(position).slice(axis, rank));
    position.erase(position.begin() + axis, position.begin() + axis + rank);
    position.insert(position.begin() + axis, places[elementAt(index, indices.shape())]);
    result.copy(i, from, elementAt(position, from.shape()));
  }
  return result;
}

std::optional<Tensor> evaluateShapes(Operation *op, Inputs &inputs) {
  if (isa<num::ReshapeOp, num::ItemOp, num::FromScalarOp>(op))
    return copyAll(op, inputs[0]);
  if (auto broadcastOp = dyn_cast<num::BroadcastOp>(op))
    return broadcast(broadcastOp, inputs[0]);
  if (auto transposeOp = dyn_cast<num::TransposeOp>(op))
    return transpose(transposeOp, inputs[0]);
  if (auto extractOp = dyn_cast<num::ExtractOp>(op))
    return extract(extractOp, inputs);
  if (auto insertOp = dyn_cast<num::InsertOp>(op))
    return insert(insertOp, inputs);
  if (auto gatherOp = dyn_cast<num::GatherOp>(op))
    return gather(gatherOp, inputs);
  return std::nullopt;
}

} // namespace basalt::interp
