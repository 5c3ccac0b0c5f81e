// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowering of what is done for the rows of sources, or the columns of targets, that spike: the
// run-time library finds them and hands over pieces.
#include "compiler/lower/KernelNames.h"
#include "compiler/lower/Lowering.h"
#include "dialect/rt/Rt.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt::lower {

Value Lowering::memoryOfAny(Value value) {
  if (isArray(value.getType()))
    return memoryOf(value);
  Location loc = value.getLoc();
  Value buffer = newScratch(loc, value.getType());
  memref::StoreOp::create(builder, loc, scalarOf(value), buffer, constantIndex(loc, 0));
  return buffer;
}

/// Whether an input is the same for all entries of one row or column.
static bool isSame(step::EntryRole role, step::EntryRole by) {
  return role == step::EntryRole::Every || role == by;
}

void Lowering::lowerUpdateEntries(step::UpdateEntriesOp op) {
  Location loc = op.getLoc();
  auto program = op->getParentOfType<step::ProgramOp>();
  auto state = cast<step::StateOp>(SymbolTable::lookupSymbolIn(program, op.getStateAttr()));
  KernelUse use{kernels.of(op), 1, {}, {localName(op.getState())}};
  SmallVector<Value> arrays, numbers;
  SmallVector<int32_t> rolesOfArrays, roles;
  for (auto [i, input] : llvm::enumerate(op.getInputs())) {
    step::EntryRole role = op.roleOf(i);
    bool isScalar = isSame(role, op.getBy());
    use.scalarInputs.push_back(isScalar);
    use.names.push_back(inputName(input, i));
    Value given = role == step::EntryRole::Every ? scalarOf(input) : memoryOfAny(input);
    (isScalar ? numbers : arrays).push_back(given);
    (isScalar ? roles : rolesOfArrays).push_back(static_cast<int32_t>(role));
  }
  llvm::append_range(arrays, numbers); // the order of the function's arguments
  llvm::append_range(rolesOfArrays, roles);
  auto memoryOfState = [&](FlatSymbolRefAttr name) {
    return memory.get(builder, loc, name.getValue());
  };
  rtop::UpdateEntriesOp::create(
      builder, loc, SymbolRefAttr::get(kernels.get(use)), op.getStateAttr(), op.getByAttr(),
      memoryOfAny(op.getMask()), memoryOfState(op.getStateAttr()),
      memoryOfState(state.getSparse()->getOffsets()),
      memoryOfState(state.getSparse()->getTargets()), arrays, /*range=*/ValueRange(),
      builder.getDenseI32ArrayAttr(rolesOfArrays));
}

/// The memory of the numbers that are added, or that of which they are widened: null if they are
/// not in memory.
Value Lowering::entriesToAdd(num::SparseMatVecOp op) {
  Value values = op.getValues();
  if (auto extend = values.getDefiningOp<arith::ExtSIOp>(); extend && accesses.isFused(extend)) {
    // Truth values would be 0 and -1.
    if (getElementTypeOrSelf(extend.getIn()).isInteger(1))
      return {};
    values = extend.getIn();
  }
  return arrays.lookup(values);
}

bool Lowering::lowerToRows(num::SparseMatVecOp op) {
  Value truth = truthBehind(op.getVector());
  Value entries = entriesToAdd(op), offsets = arrays.lookup(op.getOffsets()),
        targets = arrays.lookup(op.getTargets());
  auto hasElements = [](Value memory, unsigned width) {
    return memory && cast<MemRefType>(memory.getType()).getElementType().isInteger(width);
  };
  if (!hasLibrary || !truth || !entries || !hasElements(offsets, 64) || !hasElements(targets, 32))
    return false;
  Value spikes = memoryOfAny(truth), sums = startSums(op);
  rtop::AddRowsOp::create(builder, op.getLoc(), sums, entries, offsets, targets, spikes);
  endSums(op, sums);
  return true;
}

} // namespace basalt::lower
