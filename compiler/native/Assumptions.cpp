// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Assumptions.h. A value from outside, initial or set, has been checked against its limits by
// whoever gives it; a behaviour may leave them.
#include "compiler/native/Assumptions.h"

#include "dialect/proc/Limits.h"
#include "dialect/rt/Rt.h"

using namespace mlir;

namespace basalt::native {

bool isWritten(Value memory) {
  return llvm::any_of(memory.getUses(), [&](OpOperand &use) {
    auto store = dyn_cast<memref::StoreOp>(use.getOwner());
    return store && store.getMemRef() == memory;
  });
}

/// Whether all that happens to the memory is that it is read, also in the kernels that it goes to.
bool Assumptions::isOnlyRead(Value memory) {
  auto [it, isNew] = onlyRead.try_emplace(memory, true);
  if (!isNew)
    return it->second;
  bool result = llvm::all_of(memory.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (isa<memref::LoadOp>(user))
      return true;
    if (auto cast = dyn_cast<memref::CastOp>(user))
      return isOnlyRead(cast.getResult());
    auto call = dyn_cast<func::CallOp>(user);
    auto callee = call ? symbols.lookup<func::FuncOp>(call.getCallee()) : func::FuncOp();
    return callee && !callee.isExternal() && isOnlyRead(callee.getArgument(use.getOperandNumber()));
  });
  return onlyRead[memory] = result; // the map may have grown
}

Assumptions::Assumptions(ModuleOp module) : symbols(module) {
  for (auto program : module.getOps<step::ProgramOp>())
    for (auto state : program.getBody().getOps<step::StateOp>()) {
      if (!state.getLimits() || isa<FloatType>(getElementTypeOrSelf(state.getType())))
        continue;
      proc::Bounds bounds = proc::boundsOf(*state.getLimits());
      limits[state.getSymName()] = {bounds.low, bounds.high};
    }
  module.walk([&](Operation *op) {
    if (auto global = dyn_cast<memref::GetGlobalOp>(op)) {
      if (limits.contains(global.getName()) && !isOnlyRead(global.getResult()))
        limits.erase(global.getName());
    } else if (auto call = dyn_cast<func::CallOp>(op)) {
      calls[symbols.lookup(call.getCallee())].push_back(call);
    } else if (auto update = dyn_cast<rtop::UpdateEntriesOp>(op)) {
      ++callsByLibrary[symbols.lookup(update.getCallee())];
    }
  });
}

/// What is known in a function of the states that it loads.
Widths &Assumptions::inside(func::FuncOp function) {
  auto [it, isNew] = known.try_emplace(function);
  if (!isNew)
    return it->second;
  Widths &widths = it->second;
  function.walk([&](memref::LoadOp load) {
    auto global = load.getMemRef().getDefiningOp<memref::GetGlobalOp>();
    auto limit = global ? limits.find(global.getName()) : limits.end();
    if (limit == limits.end())
      return;
    Range type = widths.range(load.getResult());
    widths.assume(load.getResult(),
                  {std::max(type.low, limit->second.low), std::min(type.high, limit->second.high)});
  });
  return widths;
}

ArrayRef<func::CallOp> Assumptions::callsOf(func::FuncOp function) const {
  auto it = calls.find(function);
  return it == calls.end() ? ArrayRef<func::CallOp>() : ArrayRef<func::CallOp>(it->second);
}

size_t Assumptions::callCount(func::FuncOp function) const {
  return callsOf(function).size() + callsByLibrary.lookup(function);
}

Widths Assumptions::of(func::FuncOp function) {
  if (isCalledByLibrary(function))
    return inside(function);
  SmallVector<std::optional<Range>> passed(function.getNumArguments());
  for (func::CallOp call : callsOf(function))
    for (auto [operand, all] : llvm::zip(call.getOperands(), passed))
      if (operand.getType().isSignlessInteger()) {
        Range range = inside(call->getParentOfType<func::FuncOp>()).range(operand);
        all = all ? Range{std::min(all->low, range.low), std::max(all->high, range.high)} : range;
      }
  Widths widths = inside(function);
  for (auto [arg, all] : llvm::zip(function.getArguments(), passed))
    if (all)
      widths.assume(arg, *all);
  return widths;
}

} // namespace basalt::native
