// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Following elements back.
#include "compiler/neurocore/form/Moves.h"

#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

#include <numeric>

using namespace mlir;

namespace basalt::neurocore {

Value Origins::identity() const {
  if (bases.size() != 1 ||
      cast<ShapedType>(bases[0].getType()).getNumElements() != int64_t(index.size()))
    return {};
  for (size_t i = 0; i < index.size(); ++i)
    if (base[i] != 0 || index[i] != int64_t(i))
      return {};
  return bases[0];
}

namespace {
class Tracer {
public:
  Tracer(const Flat &flat, Through through, bool *binary)
      : flat(flat), through(through), binary(binary) {}

  Origins trace(Value value);

private:
  Origins leaf(Value value);
  Origins constant(Value value, DenseElementsAttr elements);
  Origins transpose(num::TransposeOp op);
  Origins extract(num::ExtractOp op);
  Origins insert(num::InsertOp op);
  Origins broadcast(num::BroadcastOp op);
  Value through1(Value value);

  const Flat &flat;
  Through through;
  bool *binary;
};
} // namespace

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}

static SmallVector<int64_t> stridesOf(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;)
    strides[i - 1] = strides[i] * shape[i];
  return strides;
}

/// Calls `body` with the coordinates of each element, row-major.
static void forEach(ArrayRef<int64_t> shape, llvm::function_ref<void(ArrayRef<int64_t>)> body) {
  SmallVector<int64_t> at(shape.size(), 0);
  for (int64_t n = ShapedType::getNumElements(shape); n > 0; --n) {
    body(at);
    for (size_t axis = shape.size(); axis-- > 0;) {
      if (++at[axis] < shape[axis])
        break;
      at[axis] = 0;
    }
  }
}

static Origins pick(Origins from, const std::vector<int64_t> &places) {
  Origins result;
  result.bases = std::move(from.bases);
  result.base.reserve(places.size());
  result.index.reserve(places.size());
  for (int64_t place : places) {
    result.base.push_back(from.base[place]);
    result.index.push_back(from.index[place]);
  }
  return result;
}

Origins Tracer::leaf(Value value) {
  Origins result;
  result.bases.push_back(value);
  auto count = size_t(ShapedType::getNumElements(shapeOf(value)));
  result.base.assign(count, 0);
  result.index.resize(count);
  std::iota(result.index.begin(), result.index.end(), 0);
  return result;
}

Origins Tracer::constant(Value value, DenseElementsAttr elements) {
  bool zero = elements.isSplat() && elements.getElementType().isInteger() &&
              elements.getSplatValue<APInt>().isZero();
  Origins result = leaf(value);
  if (!zero)
    return result;
  result.bases.clear();
  result.base.assign(result.base.size(), Origins::kZero);
  return result;
}

Origins Tracer::transpose(num::TransposeOp op) {
  SmallVector<int64_t> strides = stridesOf(shapeOf(op.getOperand()));
  std::vector<int64_t> places;
  forEach(shapeOf(op.getResult()), [&](ArrayRef<int64_t> at) {
    int64_t place = 0;
    for (auto [i, axis] : llvm::enumerate(op.getPermutation()))
      place += at[i] * strides[axis];
    places.push_back(place);
  });
  return pick(trace(op.getOperand()), places);
}

/// Row-major places in `shape` of the part with these offsets, sizes and strides.
static std::vector<int64_t> placesOf(ArrayRef<int64_t> shape, ArrayRef<int64_t> offsets,
                                     ArrayRef<int64_t> sizes, ArrayRef<int64_t> steps) {
  SmallVector<int64_t> strides = stridesOf(shape);
  std::vector<int64_t> places;
  forEach(sizes, [&](ArrayRef<int64_t> at) {
    int64_t place = 0;
    for (size_t i = 0; i < at.size(); ++i)
      place += (offsets[i] + at[i] * steps[i]) * strides[i];
    places.push_back(place);
  });
  return places;
}

Origins Tracer::extract(num::ExtractOp op) {
  if (!op.getDynamic().empty())
    return leaf(op.getResult());
  return pick(trace(op.getOperand()),
              placesOf(shapeOf(op.getOperand()), op.getOffsets(), op.getSizes(), op.getStrides()));
}

Origins Tracer::insert(num::InsertOp op) {
  if (!op.getDynamic().empty())
    return leaf(op.getResult());
  Origins dest = trace(op.getDest()), source = trace(op.getSource());
  std::vector<int64_t> places =
      placesOf(shapeOf(op.getDest()), op.getOffsets(), op.getSizes(), op.getStrides());
  SmallVector<int32_t> renumbered;
  for (Value value : source.bases) {
    auto *it = llvm::find(dest.bases, value);
    renumbered.push_back(int32_t(it - dest.bases.begin()));
    if (it == dest.bases.end())
      dest.bases.push_back(value);
  }
  for (size_t i = 0; i < places.size(); ++i) {
    int32_t base = source.base[i];
    dest.base[places[i]] = base == Origins::kZero ? base : renumbered[base];
    dest.index[places[i]] = source.index[i];
  }
  return dest;
}

Origins Tracer::broadcast(num::BroadcastOp op) {
  ArrayRef<int64_t> from = shapeOf(op.getOperand()), to = shapeOf(op.getResult());
  SmallVector<int64_t> strides = stridesOf(from);
  size_t missing = to.size() - from.size();
  std::vector<int64_t> places;
  forEach(to, [&](ArrayRef<int64_t> at) {
    int64_t place = 0;
    for (size_t i = 0; i < from.size(); ++i)
      place += from[i] == 1 ? 0 : at[i + missing] * strides[i];
    places.push_back(place);
  });
  return pick(trace(op.getOperand()), places);
}

/// What `value` is but for a conversion that may be looked through; null if there is none.
static Value convertedFrom(Operation *op, Through through, bool &spikes) {
  if (isa<arith::ExtSIOp, arith::ExtUIOp>(op) ||
      (through == Through::Wraps && isa<arith::TruncIOp>(op)))
    return op->getOperand(0);
  if (auto compare = dyn_cast<arith::CmpIOp>(op);
      compare && through == Through::Spikes && compare.getPredicate() == arith::CmpIPredicate::ne) {
    DenseElementsAttr splat;
    bool zero = matchPattern(compare.getRhs(), m_Zero()) ||
                (matchPattern(compare.getRhs(), m_Constant(&splat)) && splat.isSplat() &&
                 splat.getSplatValue<APInt>().isZero());
    if (zero) {
      spikes = true;
      return compare.getLhs();
    }
  }
  return {};
}

/// The value that a result of an update, or of an op, is but for conversions; null if none.
Value Tracer::through1(Value value) {
  bool spikes = false;
  Operation *op = value.getDefiningOp();
  if (through == Through::Moves)
    return {};
  Value from;
  if (auto update = dyn_cast<step::UpdateOp>(op)) {
    step::KernelOp kernel = flat.kernelOf(update);
    Value inner = kernel.getBody().front().getTerminator()->getOperand(
        cast<OpResult>(value).getResultNumber());
    while (inner && !isa<BlockArgument>(inner))
      inner = convertedFrom(inner.getDefiningOp(), through, spikes);
    if (!inner)
      return {};
    from = update->getOperand(cast<BlockArgument>(inner).getArgNumber());
    if (shapeOf(from) != shapeOf(value))
      return {};
  } else {
    from = convertedFrom(op, through, spikes);
  }
  if (from && spikes && binary)
    *binary = true;
  return from;
}

Origins Tracer::trace(Value value) {
  Operation *op = value.getDefiningOp();
  DenseElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements)))
    return constant(value, elements);
  if (Value from = through1(value))
    return trace(from);
  return llvm::TypeSwitch<Operation *, Origins>(op)
      .Case<num::ReshapeOp>([&](auto reshape) { return trace(reshape.getOperand()); })
      .Case<num::TransposeOp>([&](auto op) { return transpose(op); })
      .Case<num::ExtractOp>([&](auto op) { return extract(op); })
      .Case<num::InsertOp>([&](auto op) { return insert(op); })
      .Case<num::BroadcastOp>([&](auto op) { return broadcast(op); })
      .Default([&](Operation *) { return leaf(value); });
}

Origins originsOf(const Flat &flat, Value value, Through through, bool *binary) {
  return Tracer(flat, through, binary).trace(value);
}

} // namespace basalt::neurocore
