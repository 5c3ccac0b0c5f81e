// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowering of num.random_bits to memory that the run-time library fills.
#include "compiler/lower/Lowering.h"

#include "dialect/rt/Rt.h"

using namespace mlir;

namespace basalt::lower {

void Lowering::lowerRandomBits(num::RandomBitsOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> keys;
  for (Value key : op.getKeys())
    keys.push_back(scalarOf(key));
  Value target = isArray(op.getType()) ? targetFor(op, op) : newScratch(loc, op.getType());
  rtop::FillRandomOp::create(builder, loc, target, op.getStream(), keys);
  if (isArray(op.getType()))
    arrays[op] = target;
  else
    scalars[op] = memref::LoadOp::create(builder, loc, target, constantIndex(loc, 0));
}

} // namespace basalt::lower
