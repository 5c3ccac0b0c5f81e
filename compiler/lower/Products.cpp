// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowering of products with dense matrices. Sources are outside, so that those that are
// zero cost one test; each target still adds in order of the sources.
#include "compiler/lower/Lowering.h"
#include "compiler/lower/Scalars.h"

using namespace mlir;

namespace basalt::lower {

//===--- Sums in memory ---===//

Value Lowering::startSums(Operation *op, Value onto) {
  Location loc = op->getLoc();
  Value result = op->getResult(0);
  // A single sum is in memory too: then there is one form.
  Value target =
      isArray(result.getType()) ? targetFor(result, op) : newScratch(loc, result.getType());
  if (onto && isArray(result.getType())) {
    storeInto(loc, onto, target);
    return target;
  }
  Value zero =
      onto ? scalarOf(onto) : number(builder, loc, getElementTypeOrSelf(result.getType()), 0);
  forEach(loc, {ShapedType::getNumElements(shapeOf(result))}, true, [&](const Index &at) {
    memref::StoreOp::create(builder, loc, zero, target, at.axes[0]);
  });
  return target;
}

void Lowering::endSums(Operation *op, Value target) {
  Location loc = op->getLoc();
  Value result = op->getResult(0);
  if (isArray(result.getType()))
    arrays[result] = target;
  else
    scalars[result] = memref::LoadOp::create(builder, loc, target, constantIndex(loc, 0));
}

void Lowering::addAt(Location loc, Value target, Value place, Value term) {
  Value old = memref::LoadOp::create(builder, loc, target, place);
  memref::StoreOp::create(builder, loc, sum(builder, loc, old, term), target, place);
}

void Lowering::ifHolds(Location loc, Value condition, llvm::function_ref<void()> body) {
  OpBuilder::InsertionGuard guard(builder);
  auto conditional = scf::IfOp::create(builder, loc, condition, /*withElseRegion=*/false);
  builder.setInsertionPoint(conditional.thenYield());
  body();
}

Value Lowering::truthBehind(Value vector) {
  Operation *def = vector.getDefiningOp();
  if (!def || !accesses.isFused(def))
    return {};
  if (auto extend = dyn_cast<arith::ExtUIOp>(def))
    return getElementTypeOrSelf(extend.getIn()).isInteger(1) ? extend.getIn() : Value();
  return isa<arith::SIToFPOp>(def) ? truthBehind(def->getOperand(0)) : Value();
}

void Lowering::forFactor(Location loc, Value vector, const Index &at,
                         llvm::function_ref<void(Value)> body) {
  // Where a truth value holds, the number is known.
  if (Value truth = truthBehind(vector))
    return ifHolds(loc, element(truth, at),
                   [&] { body(number(builder, loc, getElementTypeOrSelf(vector.getType()), 1)); });
  Value factor = element(vector, at);
  ifHolds(loc, isNotZero(builder, loc, factor), [&] { body(factor); });
}

void Lowering::forSpikes(Location loc, Value vector, llvm::function_ref<void(Value, Value)> body) {
  forEach(loc, shapeOf(vector), true, [&](const Index &source) {
    forFactor(loc, vector, {source.axes, source.axes[0]},
              [&](Value factor) { body(source.axes[0], factor); });
  });
}

//===--- Matrices ---===//

void Lowering::lowerMatVec(num::MatVecOp op) {
  Location loc = op.getLoc();
  Value target = startSums(op);
  forSpikes(loc, op.getVector(), [&](Value source, Value factor) {
    forEach(loc, shapeOf(op.getResult()), true, [&](const Index &row) {
      Value weight = element(op.getMatrix(), {{row.axes[0], source}, Value()});
      addAt(loc, target, row.axes[0], product(builder, loc, weight, factor));
    });
  });
  endSums(op, target);
}

void Lowering::ifSlot(Location loc, Value delay, int64_t slots,
                      llvm::function_ref<void(Value)> body) {
  // Compared without sign, a negative delay is beyond them all.
  Value isSlot = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, delay,
                                       number(builder, loc, delay.getType(), slots));
  ifHolds(loc, isSlot,
          [&] { body(arith::IndexCastOp::create(builder, loc, builder.getIndexType(), delay)); });
}

void Lowering::lowerDeliver(num::DeliverOp op) {
  Location loc = op.getLoc();
  ArrayRef<int64_t> shape = shapeOf(op.getResult());
  Value target = startSums(op, op.getOnto());
  forSpikes(loc, op.getVector(), [&](Value source, Value factor) {
    forEach(loc, {shape[0]}, true, [&](const Index &row) {
      Index synapse{{row.axes[0], source}, Value()};
      ifSlot(loc, element(op.getDelays(), synapse), shape[1], [&](Value slot) {
        Value weight = element(op.getMatrix(), synapse);
        Value place = linear(loc, {{row.axes[0], slot}, Value()}, shape);
        addAt(loc, target, place, product(builder, loc, weight, factor));
      });
    });
  });
  endSums(op, target);
}

} // namespace basalt::lower
