// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowering of products with dense matrices and kernels. Sources are outside, so that those that are
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
  ifReached(loc, {{condition}, Value()}, body);
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

//===--- Kernels ---===//

/// How positions of input and output belong together along one axis: an element of the input at
/// `from` counts with the tap at `tap` for the output at `(from + padding - dilation * tap) /
/// stride`, if that is a whole number inside.
static Reach reach(OpBuilder &builder, num::Conv2DOp op, unsigned axis, Value from, Value tap) {
  Location loc = op.getLoc();
  int64_t stride = op.getStride()[axis], padding = op.getPadding()[axis];
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  if (stride == 1 && padding == 0 && shapeOf(op.getKernel())[axis + 1] == 1)
    return {{}, from};
  Value padded = builder.createOrFold<arith::AddIOp>(loc, from, constant(padding));
  Value back = builder.createOrFold<arith::MulIOp>(loc, tap, constant(op.getDilation()[axis]));
  Value place = builder.createOrFold<arith::SubIOp>(loc, padded, back);
  // Compared without sign, what is before the output is beyond it.
  Value end = constant(shapeOf(op.getResult())[axis] * stride);
  Value holds = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, place, end);
  if (stride == 1)
    return {{holds}, place};
  Value rest = arith::RemUIOp::create(builder, loc, place, constant(stride));
  Value whole = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, rest, constant(0));
  return {{holds, whole}, arith::DivUIOp::create(builder, loc, place, constant(stride))};
}

void Lowering::ifReached(Location loc, const Reach &reach, llvm::function_ref<void()> body) {
  OpBuilder::InsertionGuard guard(builder);
  for (Value condition : reach.conditions) {
    auto conditional = scf::IfOp::create(builder, loc, condition, /*withElseRegion=*/false);
    builder.setInsertionPoint(conditional.thenYield());
  }
  body();
}

/// Adds what the element `factor` of the input at `from` (x, y, group, channel of the group)
/// contributes to each output.
void Lowering::addTaps(num::Conv2DOp op, ArrayRef<Value> from, Value factor, Value target) {
  Location loc = op.getLoc();
  ArrayRef<int64_t> kernel = shapeOf(op.getKernel());
  int64_t perGroup = kernel[0] / int64_t(op.getGroups());
  Value firstOut = builder.createOrFold<arith::MulIOp>(loc, from[2], constantIndex(loc, perGroup));
  forEach(loc, {kernel[1]}, true, [&](const Index &i) {
    Reach x = reach(builder, op, 0, from[0], i.axes[0]);
    ifReached(loc, x, [&] {
      forEach(loc, {kernel[2]}, true, [&](const Index &j) {
        Reach y = reach(builder, op, 1, from[1], j.axes[0]);
        ifReached(loc, y, [&] {
          forEach(loc, {perGroup}, true, [&](const Index &o) {
            Value out = builder.createOrFold<arith::AddIOp>(loc, firstOut, o.axes[0]);
            Value weight = element(op.getKernel(), {{out, i.axes[0], j.axes[0], from[3]}, Value()});
            Value place = linear(loc, {{x.place, y.place, out}, Value()}, shapeOf(op.getResult()));
            addAt(loc, target, place, product(builder, loc, weight, factor));
          });
        });
      });
    });
  });
}

void Lowering::lowerConv2D(num::Conv2DOp op) {
  Location loc = op.getLoc();
  ArrayRef<int64_t> input = shapeOf(op.getInput());
  int64_t groups = int64_t(op.getGroups()), perGroup = shapeOf(op.getKernel())[3];
  Value target = startSums(op);
  // In order of the input, the sum of each output goes in order of the kernel.
  forEach(loc, {input[0], input[1], groups, perGroup}, true, [&](const Index &from) {
    Value first =
        builder.createOrFold<arith::MulIOp>(loc, from.axes[2], constantIndex(loc, perGroup));
    Value channel = builder.createOrFold<arith::AddIOp>(loc, first, from.axes[3]);
    forFactor(loc, op.getInput(), {{from.axes[0], from.axes[1], channel}, Value()},
              [&](Value factor) { addTaps(op, from.axes, factor, target); });
  });
  endSums(op, target);
}

} // namespace basalt::lower
