// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The transforms of virtual ports as value operations.
#include "compiler/schedule/Connections.h"

#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt {

using Shape = SmallVector<int64_t>;

static Shape permuted(ArrayRef<int64_t> shape, ArrayRef<int64_t> permutation) {
  return llvm::map_to_vector(permutation, [&](int64_t axis) { return shape[axis]; });
}

static Shape inverse(ArrayRef<int64_t> permutation) {
  Shape result(permutation.size());
  for (auto [axis, from] : llvm::enumerate(permutation))
    result[from] = axis;
  return result;
}

/// The shape that a transform makes of `shape`. After resolve nothing in it is left to find out.
static Shape resultShape(Attribute transform, ArrayRef<int64_t> shape) {
  return llvm::TypeSwitch<Attribute, Shape>(transform)
      .Case([](proc::ReshapeAttr reshape) { return Shape(reshape.getShape()); })
      .Case([](proc::SliceAttr slice) { return Shape(slice.getSizes()); })
      .Case([](proc::PlaceAttr place) { return Shape(place.getShape()); })
      .Case([&](proc::TransposeAttr transpose) {
        return permuted(shape, transpose.getPermutation());
      });
}

static Shape shapeOf(Value value) {
  return Shape(cast<RankedTensorType>(value.getType()).getShape());
}

static Type withShape(Value value, ArrayRef<int64_t> shape) {
  return cast<RankedTensorType>(value.getType()).clone(shape);
}

/// `value` in the midst of zeros.
static Value place(OpBuilder &builder, Location loc, Value value, proc::PlaceAttr place) {
  auto type = cast<RankedTensorType>(withShape(value, place.getShape()));
  Value zeros = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
  Shape sizes = shapeOf(value), strides(sizes.size(), 1);
  return num::InsertOp::create(builder, loc, type, value, zeros, ValueRange(), place.getOffsets(),
                               sizes, strides, ArrayRef<int64_t>());
}

static Value apply(OpBuilder &builder, Location loc, Value value, Attribute transform) {
  Type type = withShape(value, resultShape(transform, shapeOf(value)));
  return llvm::TypeSwitch<Attribute, Value>(transform)
      .Case([&](proc::ReshapeAttr) { return num::ReshapeOp::create(builder, loc, type, value); })
      .Case([&](proc::TransposeAttr transpose) {
        return num::TransposeOp::create(builder, loc, type, value, transpose.getPermutation());
      })
      .Case([&](proc::SliceAttr slice) {
        return num::ExtractOp::create(builder, loc, type, value, ValueRange(), slice.getOffsets(),
                                      slice.getSizes(), slice.getStrides(), ArrayRef<int64_t>());
      })
      .Case([&](proc::PlaceAttr attr) { return place(builder, loc, value, attr); });
}

Value applyForward(OpBuilder &builder, Location loc, Value value, proc::ConnectOp connect) {
  if (ArrayAttr via = connect.getViaAttr())
    for (Attribute transform : via)
      value = apply(builder, loc, value, transform);
  return value;
}

FailureOr<Value> applyBackward(OpBuilder &builder, Location loc, Value value,
                               proc::ConnectOp connect, ArrayRef<int64_t> shape) {
  ArrayAttr via = connect.getViaAttr();
  if (!via)
    return value;
  SmallVector<Shape> before; // of each transform
  Shape current(shape);
  for (Attribute transform : via) {
    // A part of a Var has no inverse: what would a write to the rest be?
    if (!isa<proc::ReshapeAttr, proc::TransposeAttr>(transform))
      return connect.emitError("expected a resolved network, found the transform ")
             << transform << " of a RefPort";
    before.push_back(current);
    current = resultShape(transform, current);
  }
  for (auto [transform, shape] : llvm::reverse(llvm::zip_equal(via, before))) {
    Type type = withShape(value, shape);
    if (auto transpose = dyn_cast<proc::TransposeAttr>(transform))
      value =
          num::TransposeOp::create(builder, loc, type, value, inverse(transpose.getPermutation()));
    else
      value = num::ReshapeOp::create(builder, loc, type, value);
  }
  return value;
}

} // namespace basalt
