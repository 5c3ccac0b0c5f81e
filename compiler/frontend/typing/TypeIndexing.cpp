// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Indexing as in NumPy: masks, and basic indices (integers, slices, ellipsis, newaxis).
#include "compiler/frontend/typing/Typer.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

// These names are also in mlir.
using behaviour::Block;
using behaviour::StringLiteral;

FailureOr<std::optional<Typed>> Typer::typeMask(ArrayRef<IndexItem> items,
                                                ArrayRef<int64_t> shape) {
  if (items.size() != 1 || items.front().kind != IndexItemKind::Expr ||
      isa<IntLiteral>(items.front().expr))
    return std::optional<Typed>();
  // Typed here to see whether it is a mask. A basic index is typed again: value code, so nothing
  // happens twice.
  FailureOr<Typed> typed = typeValue(*items.front().expr);
  if (failed(typed))
    return failure();
  if (!typed->isBool())
    return std::optional<Typed>();
  std::optional<SmallVector<int64_t>> joint = broadcastShapes(typed->shape(), shape);
  if (!joint || ArrayRef(*joint) != shape)
    return emitError(items.front().loc) << "a mask of shape " << proc::spellShape(typed->shape())
                                        << " does not fit the shape " << proc::spellShape(shape);
  typed->value = emit.broadcast(items.front().loc, typed->value, shape);
  return std::optional<Typed>(*typed);
}

/// A bound of a slice, which must be known at compile time; nothing if it is left out.
FailureOr<std::optional<int64_t>> Typer::sliceBound(const Expr *expr) {
  if (!expr)
    return std::optional<int64_t>();
  FailureOr<Typed> typed = typeValue(*expr);
  if (failed(typed))
    return failure();
  std::optional<int64_t> value = frontend::constantInt(*typed);
  if (!value)
    return emitError(expr->getLoc())
           << "a bound of a slice must be an integer that is known at compile time, found "
           << describe(*typed);
  return std::optional<int64_t>(*value);
}

/// Python's rules: bounds count from the end when negative and are clipped to the axis.
LogicalResult Typer::sliceAxis(const IndexItem &item, int64_t extent, BasicIndex &index) {
  FailureOr<std::optional<int64_t>> start = sliceBound(item.start), stop = sliceBound(item.stop),
                                    step = sliceBound(item.step);
  if (failed(start) || failed(stop) || failed(step))
    return failure();
  int64_t stride = step->value_or(1);
  if (stride == 0)
    return emitError(item.loc, "the step of a slice cannot be 0");
  int64_t low = stride > 0 ? 0 : -1, high = stride > 0 ? extent : extent - 1;
  auto place = [&](std::optional<int64_t> bound, int64_t otherwise) {
    if (!bound)
      return otherwise;
    return std::clamp(*bound < 0 && *bound >= -extent              ? *bound + extent
                      : std::max(*bound, int64_t(-1) - extent) < 0 ? low
                                                                   : *bound,
                      low, high);
  };
  int64_t first = place(*start, stride > 0 ? low : high),
          last = place(*stop, stride > 0 ? high : low);
  uint64_t distance =
      stride > 0 ? std::max<int64_t>(last - first, 0) : std::max<int64_t>(first - last, 0);
  uint64_t width = stride > 0 ? stride : 0 - static_cast<uint64_t>(stride);
  int64_t size = distance / width + (distance % width != 0);
  index.offsets.push_back(size == 0 ? 0 : first);
  index.sizes.push_back(size);
  index.strides.push_back(size <= 1 ? 1 : stride);
  index.partShape.push_back(size);
  index.resultShape.push_back(size);
  return success();
}

LogicalResult Typer::indexAxis(const IndexItem &item, int64_t extent, BasicIndex &index) {
  FailureOr<Typed> typed = typeValue(*item.expr);
  if (failed(typed))
    return failure();
  if (!typed->isInt())
    return emitError(item.loc) << "an index must be an integer, found " << describe(*typed);
  if (!typed->shape().empty())
    return emitError(item.loc) << "an index of shape " << proc::spellShape(typed->shape())
                               << " is not supported yet; expected one integer";
  index.dropped.push_back(index.offsets.size());
  index.sizes.push_back(1);
  index.strides.push_back(1);
  std::optional<int64_t> constant = frontend::constantInt(*typed);
  if (!constant) {
    index.offsets.push_back(ShapedType::kDynamic);
    index.dynamic.push_back(typed->value);
    return success();
  }
  if (*constant < -extent || *constant >= extent)
    return emitError(item.loc) << "index " << *constant << " is out of range for an axis of extent "
                               << extent;
  index.offsets.push_back(*constant < 0 ? *constant + extent : *constant);
  return success();
}

FailureOr<Typer::BasicIndex> Typer::typeBasicIndex(ArrayRef<IndexItem> items,
                                                   ArrayRef<int64_t> shape, Location loc) {
  size_t axes = llvm::count_if(items, [](const IndexItem &item) {
    return item.kind == IndexItemKind::Expr || item.kind == IndexItemKind::Slice;
  });
  if (llvm::count_if(
          items, [](const IndexItem &item) { return item.kind == IndexItemKind::Ellipsis; }) > 1)
    return emitError(loc, "an index can have only one '...'");
  if (axes > shape.size())
    return emitError(loc) << axes << " indices for a value of rank " << shape.size();
  BasicIndex index;
  auto takeAll = [&](size_t count) {
    for (; count > 0; --count) {
      int64_t extent = shape[index.offsets.size()];
      index.offsets.push_back(0);
      index.sizes.push_back(extent);
      index.strides.push_back(1);
      index.partShape.push_back(extent);
      index.resultShape.push_back(extent);
    }
  };
  for (const IndexItem &item : items) {
    if (item.kind == IndexItemKind::Ellipsis)
      takeAll(shape.size() - axes);
    else if (item.kind == IndexItemKind::NewAxis)
      index.resultShape.push_back(1);
    else if (failed(item.kind == IndexItemKind::Slice
                        ? sliceAxis(item, shape[index.offsets.size()], index)
                        : indexAxis(item, shape[index.offsets.size()], index)))
      return failure();
  }
  takeAll(shape.size() - index.offsets.size());
  return index;
}

FailureOr<Typed> Typer::typeIndex(const IndexExpr &expr) {
  FailureOr<Typed> base = typeValue(*expr.getBase());
  if (failed(base))
    return failure();
  FailureOr<std::optional<Typed>> mask = typeMask(expr.getItems(), base->shape());
  if (failed(mask))
    return failure();
  if (*mask)
    return emitError(
        expr.getLoc(),
        "a masked value has no shape that is known at compile time; use 'where(mask, value, 0)'");
  Location loc = expr.getLoc();
  FailureOr<BasicIndex> index = typeBasicIndex(expr.getItems(), base->shape(), loc);
  if (failed(index))
    return failure();
  Value part = emit.make<num::ExtractOp>(loc, emit.tensor(index->partShape, base->element()),
                                         base->value, index->dynamic, index->offsets, index->sizes,
                                         index->strides, index->dropped);
  return Typed{emit.reshape(loc, part, index->resultShape), {}, base->isWeak};
}

FailureOr<Typed> Typer::replaceMasked(const AssignStmt &stmt, const Typed &old, const Typed &mask) {
  Typed next;
  FailureOr<Typed> value = typeValue(*stmt.getValue());
  if (failed(value))
    return failure();
  next = *value;
  if (stmt.getOp()) {
    FailureOr<Typed> combined = binary(stmt.getOpLoc(), *stmt.getOp(), old, *value);
    if (failed(combined))
      return failure();
    next = *combined;
  }
  FailureOr<Typed> fitted =
      likeOld(stmt.getValue()->getLoc(), next, old, stmt.getVariable()->getName());
  if (failed(fitted))
    return failure();
  return Typed{
      emit.make<arith::SelectOp>(stmt.getLoc(), mask.value, fitted->value, old.value), {}, false};
}

FailureOr<Typed> Typer::replacePart(const AssignStmt &stmt, const Typed &old) {
  Location loc = stmt.getLoc();
  FailureOr<BasicIndex> index = typeBasicIndex(stmt.getIndex()->getItems(), old.shape(), loc);
  if (failed(index))
    return failure();
  if (index->resultShape != index->partShape)
    return emitError(loc, "'newaxis' cannot stand on the left of an assignment");
  RankedTensorType partType = emit.tensor(index->partShape, old.element());
  Typed part{{}, {}, false};
  FailureOr<Typed> value = typeValue(*stmt.getValue());
  if (failed(value))
    return failure();
  Typed next = *value;
  Value current =
      emit.make<num::ExtractOp>(loc, partType, old.value, index->dynamic, index->offsets,
                                index->sizes, index->strides, index->dropped);
  part.value = current;
  if (stmt.getOp()) {
    FailureOr<Typed> combined = binary(stmt.getOpLoc(), *stmt.getOp(), part, *value);
    if (failed(combined))
      return failure();
    next = *combined;
  }
  FailureOr<Typed> fitted =
      likeOld(stmt.getValue()->getLoc(), next, part, stmt.getVariable()->getName());
  if (failed(fitted))
    return failure();
  Value result =
      emit.make<num::InsertOp>(loc, old.type(), fitted->value, old.value, index->dynamic,
                               index->offsets, index->sizes, index->strides, index->dropped);
  return Typed{result, {}, false};
}

} // namespace basalt::frontend
