// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowering of num.gather: a loop over the axes before the one that is picked along, the indices,
// and the axes behind it.
#include "compiler/lower/Lowering.h"

#include "dialect/rt/Rt.h"

using namespace mlir;

namespace basalt::lower {

static Index concat(const Index &a, const Index &b, const Index &c) {
  Index result;
  for (const Index *part : {&a, &b, &c})
    llvm::append_range(result.axes, part->axes);
  return result;
}

void Lowering::lowerGather(num::GatherOp op) {
  Location loc = op.getLoc();
  ArrayRef<int64_t> shape = shapeOf(op.getOperand()), picked = shapeOf(op.getIndices());
  ArrayRef<int64_t> before = shape.take_front(op.getAxis()),
                    behind = shape.drop_front(op.getAxis() + 1);
  auto place = [&](const Index &at) -> Value {
    Value index = element(op.getIndices(), at);
    return rtop::IndexOp::create(builder, loc, builder.getIndexType(), index,
                                 uint64_t(shape[op.getAxis()]), instance);
  };
  // An index out of range stops the run, also where nothing is picked.
  if (llvm::is_contained(before, 0))
    forEach(loc, picked, true, [&](const Index &at) { place(at); });

  Value target = isArray(op.getType()) ? targetFor(op, op) : Value();
  forEach(loc, before, true, [&](const Index &first) {
    forEach(loc, picked, true, [&](const Index &at) {
      Index axis{{place(at)}, Value()};
      forEach(loc, behind, true, [&](const Index &last) {
        Value value = element(op.getOperand(), concat(first, axis, last));
        if (!target) {
          scalars[op] = value;
          return;
        }
        Value to = linear(loc, concat(first, at, last), shapeOf(op.getResult()));
        memref::StoreOp::create(builder, loc, value, target, to);
      });
    });
  });
  if (target)
    arrays[op] = target;
}

} // namespace basalt::lower
