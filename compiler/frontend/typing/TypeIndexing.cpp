// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Indexing as in NumPy: masks, and basic indices (integers, slices, ellipsis, newaxis). Those with
// a tensor of integers among them go on in TypeGather.cpp.
#include "compiler/frontend/typing/Typer.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

/// The values of the items that are expressions. Each is typed once: it may receive from a port.
FailureOr<SmallVector<std::optional<Typed>>> Typer::typeItemValues(ArrayRef<IndexItem> items) {
  SmallVector<std::optional<Typed>> values(items.size());
  for (auto [item, value] : llvm::zip(items, values)) {
    if (item.kind != IndexItemKind::Expr)
      continue;
    FailureOr<Typed> typed = typeValue(*item.expr);
    if (failed(typed))
      return failure();
    if (typed->sparse && !typed->isBool())
      return emitError(item.loc) << "an index must be an integer, found " << describe(*typed);
    value = *typed;
  }
  return values;
}

FailureOr<Typed> Typer::fitMask(Location loc, const Typed &mask, const Typed &whole) {
  ArrayRef<int64_t> shape = whole.seenShape();
  std::optional<SmallVector<int64_t>> joint = broadcastShapes(mask.seenShape(), shape);
  if (!joint || ArrayRef(*joint) != shape)
    return emitError(loc) << "a mask of shape " << proc::spellShape(mask.seenShape())
                          << " does not fit the shape " << proc::spellShape(shape);
  FailureOr<Typed> fitted = fitEntries(loc, mask, whole.sparse, "what the mask chooses from");
  if (failed(fitted))
    return failure();
  fitted->value = emit.broadcast(loc, fitted->value, whole.shape());
  return fitted;
}

FailureOr<Typer::Index> Typer::typeItems(ArrayRef<IndexItem> items, const Typed &whole,
                                         Location loc) {
  FailureOr<SmallVector<std::optional<Typed>>> values = typeItemValues(items);
  if (failed(values))
    return failure();
  Index index;
  if (items.size() == 1 && values->front() && values->front()->isBool()) {
    FailureOr<Typed> mask = fitMask(items.front().loc, *values->front(), whole);
    if (failed(mask))
      return failure();
    index.mask = *mask;
    return index;
  }
  if (whole.sparse)
    return emitError(loc) << "a sparse value has no positions: " << describe(whole)
                          << " is used with all its stored entries, or where a mask is true";
  FailureOr<BasicIndex> basic = basicIndex(items, *values, whole.shape(), loc);
  if (failed(basic))
    return failure();
  index.basic = std::move(*basic);
  return index;
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

LogicalResult Typer::indexAxis(const IndexItem &item, const Typed &position, int64_t extent,
                               BasicIndex &index) {
  if (!position.isInt())
    return emitError(item.loc) << "an index must be an integer, found " << describe(position);
  if (!position.shape().empty())
    return pickAlong(item, position, extent, index);
  index.dropped.push_back(index.offsets.size());
  index.sizes.push_back(1);
  index.strides.push_back(1);
  std::optional<int64_t> constant = frontend::constantInt(position);
  if (!constant) {
    index.offsets.push_back(ShapedType::kDynamic);
    index.dynamic.push_back(position.value);
    return success();
  }
  if (*constant < -extent || *constant >= extent)
    return emitError(item.loc) << "index " << *constant << " is out of range for an axis of extent "
                               << extent;
  index.offsets.push_back(*constant < 0 ? *constant + extent : *constant);
  return success();
}

/// Whether something else stands between two indices that are integers or tensors of integers.
static bool areApart(ArrayRef<IndexItem> items) {
  auto isExpr = [](const IndexItem &item) { return item.kind == IndexItemKind::Expr; };
  const IndexItem *first = llvm::find_if(items, isExpr);
  const IndexItem *end = std::find_if_not(first, items.end(), isExpr);
  return std::any_of(end, items.end(), isExpr);
}

FailureOr<Typer::BasicIndex> Typer::basicIndex(ArrayRef<IndexItem> items,
                                               ArrayRef<std::optional<Typed>> values,
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
  for (auto [item, value] : llvm::zip(items, values)) {
    if (item.kind == IndexItemKind::Ellipsis) {
      takeAll(shape.size() - axes);
      continue;
    }
    if (item.kind == IndexItemKind::NewAxis) {
      index.resultShape.push_back(1);
      continue;
    }
    int64_t extent = shape[index.offsets.size()];
    if (failed(value ? indexAxis(item, *value, extent, index) : sliceAxis(item, extent, index)))
      return failure();
  }
  takeAll(shape.size() - index.offsets.size());
  index.picksFirst = index.picks && areApart(items);
  return index;
}

/// The elements of `base` that the index names.
Typed Typer::takePart(Location loc, const Typed &base, const BasicIndex &index) {
  if (index.picks)
    return gatherPart(loc, base, index);
  Value part = emit.make<num::ExtractOp>(loc, emit.tensor(index.partShape, base.element()),
                                         base.value, index.dynamic, index.offsets, index.sizes,
                                         index.strides, index.dropped);
  return {emit.reshape(loc, part, index.resultShape), {}, base.isWeak};
}

FailureOr<Typed> Typer::typeIndex(const IndexExpr &expr) {
  FailureOr<Typed> base = typeValue(*expr.getBase());
  if (failed(base))
    return failure();
  Location loc = expr.getLoc();
  FailureOr<Index> typed = typeItems(expr.getItems(), *base, loc);
  if (failed(typed))
    return failure();
  if (typed->mask)
    return emitError(
        loc,
        "a masked value has no shape that is known at compile time; use 'where(mask, value, 0)'");
  return takePart(loc, *base, typed->basic);
}

/// What `v[i] = e` or `v[i] op= e` puts in the place of `part`.
FailureOr<Typed> Typer::replacement(const AssignStmt &stmt, const Typed &part, const Twine &what,
                                    Type declared) {
  FailureOr<Typed> value = typeValue(*stmt.getValue());
  if (succeeded(value) && stmt.getOp())
    value = binary(stmt.getOpLoc(), *stmt.getOp(), part, *value);
  if (failed(value))
    return failure();
  return likeOld(stmt.getValue()->getLoc(), *value, part, what, declared);
}

FailureOr<Typed> Typer::replacePart(const AssignStmt &stmt, const Typed &old, Type declared) {
  Location loc = stmt.getLoc();
  StringRef name = stmt.getVariable()->getName();
  FailureOr<Index> typed = typeItems(stmt.getIndex()->getItems(), old, loc);
  if (failed(typed))
    return failure();
  if (typed->mask) {
    FailureOr<Typed> next = replacement(stmt, old, "'" + name + "'", declared);
    if (failed(next))
      return failure();
    return Typed{emit.make<arith::SelectOp>(loc, typed->mask->value, next->value, old.value),
                 {},
                 false,
                 old.sparse};
  }
  const BasicIndex &index = typed->basic;
  size_t picked = index.picks ? index.picks->shape().size() : 1;
  if (index.resultShape.size() + 1 != index.partShape.size() + picked)
    return emitError(loc, "'newaxis' cannot stand on the left of an assignment");
  // Indices are checked where they are used, so once is enough.
  Typed part = index.picks && !stmt.getOp() ? likePart(loc, old, index) : takePart(loc, old, index);
  part.isWeak = false;
  FailureOr<Typed> next = replacement(stmt, part, "this part of '" + name + "'", declared);
  if (failed(next))
    return failure();
  if (index.picks)
    return scatterPart(loc, old, *next, index);
  return Typed{emit.make<num::InsertOp>(loc, old.type(), next->value, old.value, index.dynamic,
                                        index.offsets, index.sizes, index.strides, index.dropped),
               {},
               false};
}

} // namespace basalt::frontend
