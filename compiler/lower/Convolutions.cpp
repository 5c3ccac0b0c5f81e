// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowering of convolutions: each element of the input that is not zero is added to the outputs that
// it reaches. In order of the input, the sum of each output goes in order of the kernel; an element
// counts for an output with one tap at most, so the order of its taps is free.
#include "compiler/lower/Lowering.h"
#include "compiler/lower/Scalars.h"

using namespace mlir;

namespace basalt::lower {

/// Which outputs an element of the input reaches along one axis, and by which tap. With `padded` =
/// its place + padding, output o and tap i belong together if padded = o * stride + i * dilation.
struct Lowering::Reach {
  int64_t outputs, taps, stride, dilation;
  Value padded;
  /// A loop over outputs, or over taps, where the other one follows: whichever has steps of its
  /// own.
  bool overOutputs;
  Value low, high;
  /// With both stride and dilation it is a loop over all taps, and whether one counts is tested.
  bool isTested;
};

/// The larger one of two places, or with `smaller` the other one.
static Value choose(OpBuilder &builder, Location loc, Value a, Value b, bool smaller = false) {
  auto predicate = smaller ? arith::CmpIPredicate::ult : arith::CmpIPredicate::ugt;
  Value first = builder.createOrFold<arith::CmpIOp>(loc, predicate, a, b);
  return builder.createOrFold<arith::SelectOp>(loc, first, a, b);
}

/// The first and the one after the last of those places p, of `extent`, with
/// 0 <= padded - p * step < reach.
static std::pair<Value, Value> range(OpBuilder &builder, Location loc, Value padded, int64_t step,
                                     int64_t reach, int64_t extent) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  // From ceil((padded - (reach - 1)) / step), or 0.
  Value low = choose(builder, loc, padded, constant(reach - 1));
  low = step < reach ? builder.createOrFold<arith::SubIOp>(loc, low, constant(reach - step))
                     : builder.createOrFold<arith::AddIOp>(loc, low, constant(step - reach));
  low = builder.createOrFold<arith::DivUIOp>(loc, low, constant(step));
  Value last = builder.createOrFold<arith::DivUIOp>(loc, padded, constant(step));
  Value end = builder.createOrFold<arith::AddIOp>(loc, last, constant(1));
  return {low, choose(builder, loc, end, constant(extent), /*smaller=*/true)};
}

Lowering::Reach Lowering::reachOf(num::Conv2DOp op, unsigned axis, Value from) {
  Location loc = op.getLoc();
  Reach reach;
  reach.outputs = shapeOf(op.getResult())[axis];
  reach.taps = shapeOf(op.getKernel())[axis + 1];
  reach.stride = op.getStride()[axis];
  reach.dilation = op.getDilation()[axis];
  reach.padded =
      builder.createOrFold<arith::AddIOp>(loc, from, constantIndex(loc, op.getPadding()[axis]));
  reach.overOutputs = reach.dilation == 1;
  reach.isTested = reach.dilation != 1 && reach.stride != 1;
  if (reach.overOutputs)
    std::tie(reach.low, reach.high) =
        range(builder, loc, reach.padded, reach.stride, reach.taps, reach.outputs);
  else if (!reach.isTested)
    std::tie(reach.low, reach.high) =
        range(builder, loc, reach.padded, reach.dilation, reach.outputs, reach.taps);
  return reach;
}

void Lowering::forReached(Location loc, const Reach &reach,
                          llvm::function_ref<void(Value, Value)> body) {
  auto other = [&](Value place, int64_t step) {
    Value back = builder.createOrFold<arith::MulIOp>(loc, place, constantIndex(loc, step));
    return builder.createOrFold<arith::SubIOp>(loc, reach.padded, back);
  };
  if (reach.isTested) {
    forEach(loc, {reach.taps}, true, [&](const Index &tap) {
      Value place = other(tap.axes[0], reach.dilation), stride = constantIndex(loc, reach.stride);
      // Compared without sign, what is before the output is beyond it.
      Value end = constantIndex(loc, reach.outputs * reach.stride);
      Value isInside = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, place, end);
      Value rest = arith::RemUIOp::create(builder, loc, place, stride);
      Value isWhole = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, rest,
                                            constantIndex(loc, 0));
      Value counts = arith::AndIOp::create(builder, loc, isInside, isWhole);
      ifHolds(loc, counts,
              [&] { body(arith::DivUIOp::create(builder, loc, place, stride), tap.axes[0]); });
    });
    return;
  }
  OpBuilder::InsertionGuard guard(builder);
  auto loop = scf::ForOp::create(builder, loc, reach.low, reach.high, constantIndex(loc, 1));
  builder.setInsertionPointToStart(loop.getBody());
  Value place = loop.getInductionVar();
  if (reach.overOutputs)
    body(place, other(place, reach.stride));
  else
    body(other(place, reach.dilation), place);
}

/// Adds what the element `factor` of the input in channel `channel` of `group` contributes to each
/// output.
void Lowering::addTaps(num::Conv2DOp op, const Reach &x, const Reach &y, Value group, Value channel,
                       Value factor, Value target) {
  Location loc = op.getLoc();
  int64_t perGroup = shapeOf(op.getKernel())[0] / int64_t(op.getGroups());
  Value firstOut = builder.createOrFold<arith::MulIOp>(loc, group, constantIndex(loc, perGroup));
  forReached(loc, x, [&](Value toX, Value tapX) {
    forReached(loc, y, [&](Value toY, Value tapY) {
      forEach(loc, {perGroup}, true, [&](const Index &o) {
        Value out = builder.createOrFold<arith::AddIOp>(loc, firstOut, o.axes[0]);
        Value weight = element(op.getKernel(), {{out, tapX, tapY, channel}, Value()});
        Value place = linear(loc, {{toX, toY, out}, Value()}, shapeOf(op.getResult()));
        addAt(loc, target, place, product(builder, loc, weight, factor));
      });
    });
  });
}

void Lowering::lowerConv2D(num::Conv2DOp op) {
  Location loc = op.getLoc();
  ArrayRef<int64_t> input = shapeOf(op.getInput());
  int64_t groups = int64_t(op.getGroups()), perGroup = shapeOf(op.getKernel())[3];
  Value target = startSums(op);
  forEach(loc, {input[0]}, true, [&](const Index &atX) {
    Value fromX = atX.axes[0];
    Reach x = reachOf(op, 0, fromX);
    forEach(loc, {input[1]}, true, [&](const Index &atY) {
      Value fromY = atY.axes[0];
      Reach y = reachOf(op, 1, fromY);
      forEach(loc, {groups, perGroup}, true, [&](const Index &in) {
        Value group = in.axes[0], channel = in.axes[1];
        Value first = builder.createOrFold<arith::MulIOp>(loc, group, constantIndex(loc, perGroup));
        Value from = builder.createOrFold<arith::AddIOp>(loc, first, channel);
        forFactor(loc, op.getInput(), {{fromX, fromY, from}, Value()},
                  [&](Value factor) { addTaps(op, x, y, group, channel, factor, target); });
      });
    });
  });
  endSums(op, target);
}

} // namespace basalt::lower
