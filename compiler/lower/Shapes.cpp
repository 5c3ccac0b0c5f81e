// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowering of value operations that are not elementwise: parts of tensors, reductions.
#include "compiler/lower/Lowering.h"
#include "compiler/lower/Scalars.h"

#include "dialect/rt/Rt.h"

using namespace mlir;

namespace basalt::lower {

//===--- Parts ---===//

template <typename OpT> SmallVector<Value> Lowering::offsetsOf(OpT op, ArrayRef<int64_t> shape) {
  SmallVector<Value> result;
  auto dynamic = op.getDynamic().begin();
  for (auto [offset, extent] : llvm::zip(op.getOffsets(), shape)) {
    if (offset != ShapedType::kDynamic)
      result.push_back(constantIndex(op.getLoc(), offset));
    else
      result.push_back(rtop::IndexOp::create(builder, op.getLoc(), builder.getIndexType(),
                                             scalarOf(*dynamic++), uint64_t(extent), instance));
  }
  return result;
}

template <typename OpT>
Index Lowering::wholeIndex(OpT op, ArrayRef<Value> offsets, const Index &part) {
  Index whole;
  auto next = part.axes.begin();
  for (auto [axis, offset] : llvm::enumerate(offsets)) {
    if (llvm::is_contained(op.getDropped(), axis)) {
      whole.axes.push_back(offset);
      continue;
    }
    Value stride = constantIndex(op.getLoc(), op.getStrides()[axis]);
    Value moved = builder.createOrFold<arith::MulIOp>(op.getLoc(), *next++, stride);
    whole.axes.push_back(builder.createOrFold<arith::AddIOp>(op.getLoc(), moved, offset));
  }
  return whole;
}

template SmallVector<Value> Lowering::offsetsOf(num::ExtractOp, ArrayRef<int64_t>);
template Index Lowering::wholeIndex(num::ExtractOp, ArrayRef<Value>, const Index &);

void Lowering::lowerExtract(num::ExtractOp op) {
  SmallVector<Value> offsets = offsetsOf(op, shapeOf(op.getOperand()));
  if (!isArray(op.getType())) {
    Index first;
    first.axes.assign(shapeOf(op.getResult()).size(), constantIndex(op.getLoc(), 0));
    scalars[op] = element(op.getOperand(), wholeIndex(op, offsets, first));
    return;
  }
  Value target = targetFor(op, op);
  forEach(op.getLoc(), shapeOf(op.getResult()), true, [&](const Index &part) {
    Value value = element(op.getOperand(), wholeIndex(op, offsets, part));
    memref::StoreOp::create(builder, op.getLoc(), value, target,
                            linear(op.getLoc(), part, shapeOf(op.getResult())));
  });
  arrays[op] = target;
}

/// Where an insert puts its result: into the state that will hold it, into the memory of its
/// destination if that is not needed any more, or into a buffer.
Value Lowering::insertTarget(num::InsertOp op) {
  Value dest = op.getDest();
  if (step::SetOp set = accesses.directSet(op, op, /*mayRead=*/true)) {
    Value state = memory.get(builder, op.getLoc(), set.getState());
    if (!readsElsewhere(dest, state))
      return state;
  }
  Value array = arrays.lookup(dest);
  // Other values that are the same memory have uses of their own.
  bool shared = isa_and_nonnull<num::ReshapeOp, step::TaskOp>(dest.getDefiningOp());
  if (array && memory.isScratch(array) && !shared && accesses.isLastUse(dest, op))
    return array;
  return newScratch(op.getLoc(), op.getType());
}

void Lowering::lowerInsert(num::InsertOp op) {
  Location loc = op.getLoc();
  Value source = op.getSource();
  SmallVector<Value> offsets = offsetsOf(op, shapeOf(op.getDest()));
  if (!isArray(op.getType())) {
    scalars[op] = scalarOf(source);
    return;
  }
  Value target = insertTarget(op);
  if (readsElsewhere(source, target, /*moved=*/true)) {
    Value saved = newScratch(loc, source.getType());
    storeInto(loc, source, saved);
    arrays[source] = saved;
  }
  storeInto(loc, op.getDest(), target);
  forEach(loc, shapeOf(source), true, [&](const Index &part) {
    Value at = linear(loc, wholeIndex(op, offsets, part), shapeOf(op.getDest()));
    memref::StoreOp::create(builder, loc, element(source, part), target, at);
  });
  arrays[op] = target;
}

//===--- Reductions ---===//

static Value combine(OpBuilder &builder, num::ReduceOp op, Value a, Value b) {
  Location loc = op.getLoc();
  bool isFloat = isa<FloatType>(a.getType());
  switch (op.getKind()) {
  case num::ReduceKind::Sum:
    return sum(builder, loc, a, b);
  case num::ReduceKind::Prod:
    return product(builder, loc, a, b);
  case num::ReduceKind::Min:
    return isFloat ? Value(arith::MinimumFOp::create(builder, loc, a, b))
                   : Value(arith::MinSIOp::create(builder, loc, a, b));
  case num::ReduceKind::Max:
    return isFloat ? Value(arith::MaximumFOp::create(builder, loc, a, b))
                   : Value(arith::MaxSIOp::create(builder, loc, a, b));
  case num::ReduceKind::Any:
    return arith::OrIOp::create(builder, loc, a, b);
  case num::ReduceKind::All:
    return arith::AndIOp::create(builder, loc, a, b);
  }
  llvm_unreachable("covered switch");
}

/// The index that has `kept` on the axes that stay and `reduced` on the others.
static Index mergeAxes(num::ReduceOp op, ArrayRef<Value> kept, ArrayRef<Value> reduced) {
  Index index;
  for (int64_t axis = 0, rank = shapeOf(op.getOperand()).size(); axis < rank; ++axis) {
    ArrayRef<Value> &from = llvm::is_contained(op.getAxes(), axis) ? reduced : kept;
    index.axes.push_back(from.front());
    from = from.drop_front();
  }
  return index;
}

/// `value` if there is a first element, else the reduction of none.
Value Lowering::orOfNone(num::ReduceOp op, Value value) {
  Location loc = op.getLoc();
  num::ReduceKind kind = op.getKind();
  bool isOne = kind == num::ReduceKind::Prod || kind == num::ReduceKind::All;
  Value none = number(builder, loc, value.getType(), isOne ? 1 : 0);
  Value zero = number(builder, loc, builder.getI64Type(), 0);
  Value any =
      arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sgt, scalarOf(op.getFirst()), zero);
  return arith::SelectOp::create(builder, loc, any, value, none);
}

Value Lowering::reduceAt(num::ReduceOp op, const Index &kept) {
  OpBuilder::InsertionGuard guard(builder);
  Location loc = op.getLoc();
  ArrayRef<int64_t> shape = shapeOf(op.getOperand());
  // A full reduction goes through memory as it lies.
  bool flat = op.getAxes().size() == shape.size() && !needsAxes(op.getOperand());
  SmallVector<int64_t> extents;
  for (int64_t axis : op.getAxes())
    extents.push_back(shape[axis]);
  if (flat)
    extents = {ShapedType::getNumElements(shape)};
  auto at = [&](ArrayRef<Value> reduced) {
    return flat ? Index{{}, reduced.front()} : mergeAxes(op, kept.axes, reduced);
  };

  Type type = getElementTypeOrSelf(op.getType());
  num::ReduceKind kind = op.getKind();
  SmallVector<Value> ends;
  for (int64_t extent : extents)
    ends.push_back(constantIndex(loc, extent));
  if (op.getFirst())
    ends.front() =
        arith::IndexCastOp::create(builder, loc, builder.getIndexType(), scalarOf(op.getFirst()));
  Value start;
  if (kind == num::ReduceKind::Min || kind == num::ReduceKind::Max)
    start = element(op.getOperand(), at(SmallVector<Value>(extents.size(), constantIndex(loc, 0))));
  else if (kind == num::ReduceKind::Sum && isa<FloatType>(type) && !llvm::is_contained(shape, 0))
    // 0.0 would change a -0.0.
    start = arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type, -0.0));
  else
    start = number(builder, loc, type,
                   kind == num::ReduceKind::Prod || kind == num::ReduceKind::All ? 1 : 0);
  if (op.getFirst())
    start = orOfNone(op, start);

  SmallVector<Value> reduced;
  SmallVector<scf::ForOp> loops;
  Value accumulated = start;
  for (Value end : ends) {
    auto loop = scf::ForOp::create(builder, loc, constantIndex(loc, 0), end, constantIndex(loc, 1),
                                   accumulated);
    loops.push_back(loop);
    reduced.push_back(loop.getInductionVar());
    accumulated = loop.getRegionIterArg(0);
    builder.setInsertionPointToStart(loop.getBody());
  }
  accumulated = combine(builder, op, accumulated, element(op.getOperand(), at(reduced)));
  for (scf::ForOp loop : llvm::reverse(loops)) {
    builder.setInsertionPointToEnd(loop.getBody());
    scf::YieldOp::create(builder, loc, accumulated);
    accumulated = loop.getResult(0);
  }
  return accumulated;
}

void Lowering::lowerReduce(num::ReduceOp op) {
  if (!isArray(op.getOperand().getType())) {
    Value one = scalarOf(op.getOperand());
    scalars[op] = op.getFirst() ? orOfNone(op, one) : one;
    return;
  }
  if (!isArray(op.getType())) {
    SmallVector<Value> zeros(shapeOf(op.getResult()).size(), constantIndex(op.getLoc(), 0));
    scalars[op] = reduceAt(op, {zeros, Value()});
    return;
  }
  Value target = targetFor(op, op);
  forEach(op.getLoc(), shapeOf(op.getResult()), true, [&](const Index &kept) {
    Value result = reduceAt(op, kept);
    memref::StoreOp::create(builder, op.getLoc(), result, target,
                            linear(op.getLoc(), kept, shapeOf(op.getResult())));
  });
  arrays[op] = target;
}

} // namespace basalt::lower
