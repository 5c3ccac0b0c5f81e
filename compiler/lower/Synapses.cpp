// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowering of operations on matrices of which only some entries are stored: loops over the entries
// of a source, which lie side by side.
#include "compiler/lower/Lowering.h"
#include "compiler/lower/Scalars.h"
#include "dialect/rt/Rt.h"

using namespace mlir;

namespace basalt::lower {

Value Lowering::indexElement(Location loc, Value value, Value at) {
  return builder.createOrFold<arith::IndexCastOp>(loc, builder.getIndexType(),
                                                  element(value, {{at}, at}));
}

void Lowering::forEntries(Location loc, Value offsets, Value targets, Value source,
                          llvm::function_ref<void(Value, Value)> body) {
  OpBuilder::InsertionGuard guard(builder);
  Value next = builder.createOrFold<arith::AddIOp>(loc, source, constantIndex(loc, 1));
  Value first = indexElement(loc, offsets, source), end = indexElement(loc, offsets, next);
  auto loop = scf::ForOp::create(builder, loc, first, end, constantIndex(loc, 1));
  builder.setInsertionPointToStart(loop.getBody());
  Value entry = loop.getInductionVar();
  body(entry, indexElement(loc, targets, entry));
}

void Lowering::lowerSparseMatVec(num::SparseMatVecOp op) {
  if (lowerToRows(op))
    return;
  Location loc = op.getLoc();
  Value target = startSums(op);
  forSpikes(loc, op.getVector(), [&](Value source, Value factor) {
    forEntries(loc, op.getOffsets(), op.getTargets(), source, [&](Value entry, Value row) {
      Value weight = element(op.getValues(), {{entry}, entry});
      addAt(loc, target, row, product(builder, loc, weight, factor));
    });
  });
  endSums(op, target);
}

void Lowering::lowerSparseDeliver(num::SparseDeliverOp op) {
  Location loc = op.getLoc();
  ArrayRef<int64_t> shape = shapeOf(op.getResult());
  Value target = startSums(op, op.getOnto());
  forSpikes(loc, op.getVector(), [&](Value source, Value factor) {
    forEntries(loc, op.getOffsets(), op.getTargets(), source, [&](Value entry, Value row) {
      ifSlot(loc, element(op.getDelays(), {{entry}, entry}), shape[1], [&](Value slot) {
        Value weight = element(op.getValues(), {{entry}, entry});
        Value place = linear(loc, {{row, slot}, Value()}, shape);
        addAt(loc, target, place, product(builder, loc, weight, factor));
      });
    });
  });
  endSums(op, target);
}

void Lowering::lowerAtSynapses(num::AtSynapsesOp op) {
  Location loc = op.getLoc();
  Value target = isArray(op.getType()) ? targetFor(op, op) : newScratch(loc, op.getType());
  forEach(loc, {shapeOf(op.getMatrix())[1]}, true, [&](const Index &source) {
    forEntries(loc, op.getOffsets(), op.getTargets(), source.axes[0], [&](Value entry, Value row) {
      Value picked = element(op.getMatrix(), {{row, source.axes[0]}, Value()});
      memref::StoreOp::create(builder, loc, picked, target, entry);
    });
  });
  endSums(op, target);
}

void Lowering::lowerToDense(num::ToDenseOp op) {
  Location loc = op.getLoc();
  ArrayRef<int64_t> shape = shapeOf(op.getResult());
  Value target = startSums(op);
  forEach(loc, {shape[1]}, true, [&](const Index &source) {
    forEntries(loc, op.getOffsets(), op.getTargets(), source.axes[0], [&](Value entry, Value row) {
      Value place = linear(loc, {{row, source.axes[0]}, Value()}, shape);
      Value value = element(op.getValues(), {{entry}, entry});
      Value old = memref::LoadOp::create(builder, loc, target, place);
      Value both = value.getType().isInteger(1)
                       ? Value(arith::OrIOp::create(builder, loc, old, value))
                       : sum(builder, loc, old, value);
      memref::StoreOp::create(builder, loc, both, target, place);
    });
  });
  endSums(op, target);
}

//===--- Projections ---===//

void Lowering::lowerDue(step::DueOp op) {
  // A single sum is in memory too, as those of products are.
  Value target = isArray(op.getType()) ? targetFor(op, op) : newScratch(op.getLoc(), op.getType());
  rtop::DueOp::create(builder, op.getLoc(), op.getProjectionAttr(), target);
  endSums(op, target);
}

void Lowering::lowerAdvance(step::AdvanceOp op) {
  rtop::AdvanceOp::create(builder, op.getLoc(), op.getProjectionAttr(),
                          memoryOfAny(op.getSpikes()));
}

} // namespace basalt::lower
