// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Assumptions.h. A value from outside, initial or set, has been checked against its limits by
// whoever gives it; a behaviour may leave them.
#include "compiler/native/Assumptions.h"

#include "dialect/proc/Limits.h"

using namespace mlir;

namespace basalt::native {

bool isWritten(Value memory) {
  return llvm::any_of(memory.getUses(), [&](OpOperand &use) {
    auto store = dyn_cast<memref::StoreOp>(use.getOwner());
    return store && store.getMemRef() == memory;
  });
}

/// Whether all that happens to the memory is that it is read, also in the kernels that it goes to.
static bool isOnlyRead(Value memory, ModuleOp module) {
  return llvm::all_of(memory.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (isa<memref::LoadOp>(user))
      return true;
    if (auto cast = dyn_cast<memref::CastOp>(user))
      return isOnlyRead(cast.getResult(), module);
    auto call = dyn_cast<func::CallOp>(user);
    auto callee = call ? module.lookupSymbol<func::FuncOp>(call.getCallee()) : func::FuncOp();
    return callee && !callee.isExternal() &&
           isOnlyRead(callee.getArgument(use.getOperandNumber()), module);
  });
}

Assumptions::Assumptions(ModuleOp module) {
  for (auto program : module.getOps<step::ProgramOp>())
    for (auto state : program.getBody().getOps<step::StateOp>()) {
      if (!state.getLimits() || isa<FloatType>(getElementTypeOrSelf(state.getType())))
        continue;
      proc::Bounds bounds = proc::boundsOf(*state.getLimits());
      limits[state.getSymName()] = {bounds.low, bounds.high};
    }
  module.walk([&](memref::GetGlobalOp op) {
    if (!isOnlyRead(op.getResult(), module))
      limits.erase(op.getName());
  });
}

void Assumptions::assumeLoads(func::FuncOp function, Widths &widths) {
  function.walk([&](memref::LoadOp load) {
    auto global = load.getMemRef().getDefiningOp<memref::GetGlobalOp>();
    auto it = global ? limits.find(global.getName()) : limits.end();
    if (it == limits.end())
      return;
    Range type = widths.range(load.getResult());
    widths.assume(load.getResult(),
                  {std::max(type.low, it->second.low), std::min(type.high, it->second.high)});
  });
}

void Assumptions::apply(func::FuncOp function, Widths &widths) {
  assumeLoads(function, widths);
  auto uses = function.isPrivate() ? SymbolTable::getSymbolUses(function, function->getParentOp())
                                   : std::nullopt;
  if (!uses || uses->empty())
    return;
  SmallVector<std::optional<Range>> all(function.getNumArguments());
  for (const SymbolTable::SymbolUse &use : *uses) {
    auto call = cast<func::CallOp>(use.getUser());
    Widths inCaller;
    assumeLoads(call->getParentOfType<func::FuncOp>(), inCaller);
    for (auto [passed, known] : llvm::zip(call.getOperands(), all))
      if (passed.getType().isSignlessInteger()) {
        Range range = inCaller.range(passed);
        known = known ? Range{std::min(known->low, range.low), std::max(known->high, range.high)}
                      : range;
      }
  }
  for (auto [arg, known] : llvm::zip(function.getArguments(), all))
    if (known)
      widths.assume(arg, *known);
}

} // namespace basalt::native
