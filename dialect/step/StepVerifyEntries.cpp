// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of updates of entries.
#include "dialect/proc/Types.h"
#include "dialect/step/Step.h"

using namespace mlir;

namespace basalt::step {

LogicalResult UpdateEntriesOp::verify() {
  if (getBy() != EntryRole::Source && getBy() != EntryRole::Target)
    return emitOpError("is by source or by target");
  return verifyRoles(*this, getInputs(), getRoles());
}

/// The shape that an input of a role has.
static SmallVector<int64_t> shapeOf(EntryRole role, StateOp state) {
  ArrayRef<int64_t> matrix = state.getSparse()->getShape(); // targets, sources
  switch (role) {
  case EntryRole::Entry:
    return SmallVector<int64_t>(cast<RankedTensorType>(state.getType()).getShape());
  case EntryRole::Source:
    return {matrix[1]};
  case EntryRole::Target:
    return {matrix[0]};
  case EntryRole::Every:
    return {};
  }
  llvm_unreachable("verified before");
}

LogicalResult UpdateEntriesOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto program = (*this)->getParentOfType<ProgramOp>();
  auto lookup = [&](FlatSymbolRefAttr name) {
    return program ? tables.lookupSymbolIn(program, name.getAttr()) : nullptr;
  };
  auto kernel = dyn_cast_or_null<KernelOp>(lookup(getKernelAttr()));
  auto state = dyn_cast_or_null<StateOp>(lookup(getStateAttr()));
  if (!kernel)
    return emitOpError("refers to an unknown kernel '") << getKernel() << "'";
  if (!state || !state.getSparse())
    return emitOpError("expects a sparse state, found '") << getState() << "'";

  SmallVector<Type> in{getElementTypeOrSelf(proc::valueType(state.getType()))};
  auto verifyShape = [&](Value value, EntryRole role, StringRef what) -> LogicalResult {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> expected = shapeOf(role, state);
    if (type.getShape() != ArrayRef(expected))
      return emitOpError("has ") << what << " of shape " << proc::spellShape(type.getShape())
                                 << ", expected " << proc::spellShape(expected);
    return success();
  };
  if (failed(verifyShape(getMask(), getBy(), "a mask")))
    return failure();
  for (auto [i, input] : llvm::enumerate(getInputs())) {
    std::string what = ("an input '" + stringifyEntryRole(roleOf(i)) + "'").str();
    if (failed(verifyShape(input, roleOf(i), what)))
      return failure();
    in.push_back(getElementTypeOrSelf(input.getType()));
  }
  if (TypeRange(kernel.getBody().getArgumentTypes()) != TypeRange(in) ||
      TypeRange(kernel.getBody().front().getTerminator()->getOperandTypes()) !=
          TypeRange(in.front()))
    return emitOpError("does not fit the arguments or results of the kernel '")
           << getKernel() << "'";
  return success();
}

} // namespace basalt::step
