// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An index that is a tensor of integers, along one axis: read it picks, assigned to it spreads.
#include "compiler/frontend/typing/Typer.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

LogicalResult Typer::pickAlong(const IndexItem &item, const Typed &places, int64_t extent,
                               BasicIndex &index) {
  if (index.picks)
    return emitError(item.loc, "only one index can be a tensor of integers");
  if (std::optional<DenseElementsAttr> constant = constantOf(places.value))
    for (const llvm::APInt &place : constant->getValues<llvm::APInt>())
      if (place.getSExtValue() < -extent || place.getSExtValue() >= extent)
        return emitError(item.loc) << "index " << place.getSExtValue()
                                   << " is out of range for an axis of extent " << extent;
  index.picks = places;
  index.pickedWhole = index.offsets.size();
  index.pickedAxis = index.partShape.size();
  index.firstPick = index.resultShape.size();
  index.offsets.push_back(0);
  index.sizes.push_back(extent);
  index.strides.push_back(1);
  index.partShape.push_back(extent);
  llvm::append_range(index.resultShape, places.shape());
  return success();
}

/// The axes of what an index names, those of the tensor of indices first.
static SmallVector<int64_t> picksFirst(size_t rank, size_t firstPick, size_t picks) {
  auto axes = llvm::seq<int64_t>(firstPick, firstPick + picks);
  SmallVector<int64_t> result(axes.begin(), axes.end());
  for (int64_t axis = 0, end = rank; axis < end; ++axis)
    if (!llvm::is_contained(axes, axis))
      result.push_back(axis);
  return result;
}

/// `value` with its axes in another order.
static Value permute(Emitter &emit, Location loc, Value value, ArrayRef<int64_t> permutation) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape;
  for (int64_t axis : permutation)
    shape.push_back(type.getDimSize(axis));
  return emit.make<num::TransposeOp>(loc, type.clone(shape), value, permutation);
}

//===--- Reading ---===//

/// A Var is widened when it is read; what is picked from it is widened behind instead, so that the
/// whole of it need not be.
static Operation *wideningOf(Value value) {
  Operation *op = value.getDefiningOp();
  return isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp, arith::ExtFOp>(op) ? op : nullptr;
}

Typed Typer::gatherPart(Location loc, const Typed &base, const BasicIndex &index) {
  Operation *widening = wideningOf(base.value);
  Value value = widening ? widening->getOperand(0) : base.value;
  Type element = getElementTypeOrSelf(value.getType());
  value =
      emit.make<num::ExtractOp>(loc, emit.tensor(index.partShape, element), value, index.dynamic,
                                index.offsets, index.sizes, index.strides, index.dropped);
  ArrayRef<int64_t> part = index.partShape, picked = index.picks->shape();
  SmallVector<int64_t> shape(part.take_front(index.pickedAxis));
  llvm::append_range(shape, picked);
  llvm::append_range(shape, part.drop_front(index.pickedAxis + 1));
  value = emit.make<num::GatherOp>(loc, emit.tensor(shape, element), value, index.picks->value,
                                   static_cast<int64_t>(index.pickedAxis));
  value = emit.reshape(loc, value, index.resultShape);
  if (index.picksFirst && index.firstPick > 0)
    value = permute(emit, loc, value,
                    picksFirst(index.resultShape.size(), index.firstPick, picked.size()));
  if (widening) {
    OperationState state(loc, widening->getName(), value,
                         cast<ShapedType>(value.getType()).clone(base.element()),
                         widening->getAttrs());
    value = emit.builder.create(state)->getResult(0);
  }
  return {value, {}, base.isWeak};
}

//===--- Assigning ---===//

/// Something of the type and shape of what the index names.
Typed Typer::likePart(Location loc, const Typed &base, const BasicIndex &index) {
  SmallVector<int64_t> shape(index.resultShape);
  if (index.picksFirst) {
    shape.clear();
    for (int64_t axis :
         picksFirst(index.resultShape.size(), index.firstPick, index.picks->shape().size()))
      shape.push_back(index.resultShape[axis]);
  }
  auto type = emit.tensor(shape, base.element());
  auto zeros = DenseElementsAttr::get(type, emit.builder.getZeroAttr(base.element()));
  return {emit.constant(loc, zeros), {}, false};
}

/// `old` with the pieces of `value` at the places that the indices name, one after the other: where
/// an index comes twice the last one counts, as in NumPy.
Typed Typer::scatterPart(Location loc, const Typed &old, const Typed &value,
                         const BasicIndex &index) {
  size_t axes = index.picks->shape().size(), first = index.picksFirst ? 0 : index.firstPick;
  int64_t count = index.picks->type().getNumElements();
  Value pieces = permute(emit, loc, value.value, picksFirst(value.shape().size(), first, axes));
  auto rest = cast<ShapedType>(pieces.getType()).getShape().drop_front(axes);
  SmallVector<int64_t> piece(rest), all{count};
  llvm::append_range(all, rest);
  pieces = emit.reshape(loc, pieces, all);
  Value places = emit.reshape(loc, index.picks->value, {count});

  auto scalar = [&](int64_t number) -> Value {
    return arith::ConstantOp::create(emit.builder, loc, emit.builder.getI64IntegerAttr(number));
  };
  auto loop = scf::ForOp::create(emit.builder, loc, scalar(0), scalar(count), scalar(1), old.value);
  OpBuilder::InsertionGuard guard(emit.builder);
  emit.builder.setInsertionPointToEnd(loop.getBody());
  Value counter = num::FromScalarOp::create(emit.builder, loc, emit.tensor({}, emit.intType()),
                                            loop.getInductionVar());
  // Number `counter` along the first axis.
  auto take = [&](Value from, ArrayRef<int64_t> shape) {
    SmallVector<int64_t> offsets(shape.size() + 1, 0), sizes{1}, strides(shape.size() + 1, 1);
    offsets[0] = ShapedType::kDynamic;
    llvm::append_range(sizes, shape);
    Type element = getElementTypeOrSelf(from.getType());
    return emit.make<num::ExtractOp>(loc, emit.tensor(shape, element), from, counter, offsets,
                                     sizes, strides, ArrayRef<int64_t>{0});
  };
  BasicIndex at = index;
  size_t axis = index.pickedWhole;
  at.offsets[axis] = ShapedType::kDynamic;
  at.sizes[axis] = 1;
  at.dropped.insert(llvm::lower_bound(at.dropped, static_cast<int64_t>(axis)), axis);
  auto before = llvm::count(ArrayRef(index.offsets).take_front(axis), ShapedType::kDynamic);
  at.dynamic.insert(at.dynamic.begin() + before, take(places, {}));
  Value next = num::InsertOp::create(emit.builder, loc, old.type(), take(pieces, piece),
                                     loop.getRegionIterArg(0), at.dynamic, at.offsets, at.sizes,
                                     at.strides, at.dropped);
  scf::YieldOp::create(emit.builder, loc, next);
  return {loop.getResult(0), {}, false};
}

} // namespace basalt::frontend
