// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Transforms of connections, forward and back.
#include "compiler/interpret/Messages.h"

#include "compiler/interpret/Positions.h"
#include "dialect/proc/Proc.h"

using namespace mlir;

namespace basalt::interp {

static Tensor reshaped(const Tensor &from, ArrayRef<int64_t> shape) {
  Tensor result(from.elementType(), shape);
  for (int64_t i = 0; i < result.size(); ++i)
    result.copy(i, from, i);
  return result;
}

/// Axis i of the result is axis order[i] of `from`.
static Tensor transposed(const Tensor &from, ArrayRef<int64_t> order) {
  SmallVector<int64_t> shape;
  for (int64_t axis : order)
    shape.push_back(from.shape()[axis]);
  Tensor result(from.elementType(), shape);
  for (int64_t i = 0; i < from.size(); ++i) {
    Position source = positionOf(i, from.shape()), place;
    for (int64_t axis : order)
      place.push_back(source[axis]);
    result.copy(elementAt(place, shape), from, i);
  }
  return result;
}

static Tensor sliced(const Tensor &from, proc::SliceAttr slice) {
  Tensor result(from.elementType(), slice.getSizes());
  for (int64_t i = 0; i < result.size(); ++i) {
    Position place = positionOf(i, result.shape());
    for (auto [axis, index] : llvm::enumerate(place))
      index = slice.getOffsets()[axis] + index * slice.getStrides()[axis];
    result.copy(i, from, elementAt(place, from.shape()));
  }
  return result;
}

static Tensor placed(const Tensor &from, proc::PlaceAttr placement) {
  Tensor result(from.elementType(), placement.getShape());
  for (int64_t i = 0; i < from.size(); ++i) {
    Position place = positionOf(i, from.shape());
    for (auto [axis, index] : llvm::enumerate(place))
      index += placement.getOffsets()[axis];
    result.copy(elementAt(place, result.shape()), from, i);
  }
  return result;
}

static Tensor apply(Attribute transform, const Tensor &value) {
  if (auto reshape = dyn_cast<proc::ReshapeAttr>(transform))
    return reshaped(value, reshape.getShape());
  if (auto transpose = dyn_cast<proc::TransposeAttr>(transform))
    return transposed(value, transpose.getPermutation());
  if (auto slice = dyn_cast<proc::SliceAttr>(transform))
    return sliced(value, slice);
  return placed(value, cast<proc::PlaceAttr>(transform));
}

static Tensor undo(Attribute transform, const Tensor &value, ArrayRef<int64_t> shape) {
  auto transpose = dyn_cast<proc::TransposeAttr>(transform);
  if (!transpose)
    return reshaped(value, shape);
  SmallVector<int64_t> inverse(shape.size());
  for (auto [axis, source] : llvm::enumerate(transpose.getPermutation()))
    inverse[source] = static_cast<int64_t>(axis);
  return transposed(value, inverse);
}

Tensor applyTransforms(ArrayAttr via, Tensor value) {
  for (Attribute transform : via ? via.getValue() : ArrayRef<Attribute>())
    value = apply(transform, value);
  return value;
}

Tensor undoTransforms(ArrayAttr via, Tensor value, ArrayRef<int64_t> shape) {
  if (!via || via.empty())
    return value;
  // The shape before each transform, as seen from the RefPort.
  std::vector<Tensor> before = {Tensor(value.elementType(), shape)};
  for (Attribute transform : via.getValue().drop_back())
    before.push_back(apply(transform, before.back()));
  for (size_t i = via.size(); i-- > 0;)
    value = undo(via[i], value, before[i].shape());
  return value;
}

} // namespace basalt::interp
