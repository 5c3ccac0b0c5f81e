// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowering of what the run-time library does: printing, recording, assertions.
#include "compiler/lower/Lowering.h"

#include "dialect/rt/Rt.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace basalt::lower {

/// What `value` was before it was widened, which prints the same.
static Value beforeWidening(Value value) {
  auto extend = value.getDefiningOp<arith::ExtSIOp>();
  if (!extend)
    return value;
  Type narrow = getElementTypeOrSelf(extend.getIn());
  return narrow.isInteger(1) ? value : extend.getIn();
}

/// Of one element a scalar, or the state that still holds it; else memory.
Value Lowering::printed(Value value, Operation *print) {
  Location loc = print->getLoc();
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getRank() == 0)
    return scalarOf(value);
  Value narrow = beforeWidening(value);
  if (isArray(type))
    return memoryOf(accesses.isFused(value.getDefiningOp()) ? narrow : value);
  if (auto get = narrow.getDefiningOp<step::GetOp>(); get && accesses.isUnchanged(get, print))
    return memory.get(builder, loc, get.getState());
  return scalarOf(value);
}

void Lowering::lowerPrint(proc::PrintOp op) {
  SmallVector<Value> values;
  SmallVector<Attribute> shapes;
  for (Value value : op.getValues()) {
    values.push_back(printed(value, op));
    ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
    shapes.push_back(builder.getDenseI64ArrayAttr(shape));
  }
  rtop::PrintOp::create(builder, op.getLoc(), op.getFormat(), values, builder.getArrayAttr(shapes));
}

void Lowering::lowerAssert(proc::AssertOp op) {
  rtop::AssertOp::create(builder, op.getLoc(), scalarOf(op.getCondition()), op.getMessage(),
                         instance);
}

void Lowering::lowerProbe(step::ProbeOp op) {
  Location loc = op.getLoc();
  if (!op.getValue()) {
    rtop::RecordStateOp::create(builder, loc, op.getTarget());
    return;
  }
  Value value = op.getValue();
  Value buffer;
  if (isArray(value.getType())) {
    buffer = memoryOf(value);
  } else {
    buffer = newScratch(loc, value.getType());
    memref::StoreOp::create(builder, loc, scalarOf(value), buffer, constantIndex(loc, 0));
  }
  rtop::RecordPortOp::create(builder, loc, op.getTarget(), buffer);
}

} // namespace basalt::lower
