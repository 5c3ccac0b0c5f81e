// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The effects that the ops of step declare, by state.
#include "compiler/schedule/StateAccesses.h"

using namespace mlir;

namespace basalt {

std::optional<proc::PhaseKind> StateAccess::phase() const {
  if (auto phase = op->getParentOfType<step::PhaseOp>())
    return phase.getKind();
  return std::nullopt;
}

bool StateAccess::isRemote() const {
  if (auto get = dyn_cast<step::GetOp>(op))
    return get.getVia().has_value();
  auto set = dyn_cast<step::SetOp>(op);
  return set && set.getVia();
}

void visitStates(Operation *op, llvm::function_ref<void(SymbolRefAttr, bool)> visit) {
  auto interface = dyn_cast<MemoryEffectOpInterface>(op);
  if (!interface)
    return;
  SmallVector<MemoryEffects::EffectInstance> effects;
  interface.getEffects(effects);
  for (const MemoryEffects::EffectInstance &effect : effects)
    if (SymbolRefAttr state = effect.getSymbolRef())
      visit(state, isa<MemoryEffects::Write>(effect.getEffect()));
}

StateAccesses::StateAccesses(Operation *root) {
  root->walk([&](Operation *op) {
    visitStates(op, [&](SymbolRefAttr state, bool isWrite) {
      SmallVector<StateAccess, 2> &list = accesses[state.getRootReference()];
      if (list.empty() || list.back().op != op)
        list.push_back({op});
      (isWrite ? list.back().writes : list.back().reads) = true;
    });
  });
}

ArrayRef<StateAccess> StateAccesses::of(StringAttr state) const {
  auto found = accesses.find(state);
  return found == accesses.end() ? ArrayRef<StateAccess>() : ArrayRef(found->second);
}

bool StateAccesses::isConstant(StringAttr state) const {
  return llvm::none_of(of(state), [](const StateAccess &access) {
    return access.writes && access.phase() != proc::PhaseKind::Init;
  });
}

bool StateAccesses::isWrittenRemotely(StringAttr state) const {
  return llvm::any_of(of(state),
                      [](const StateAccess &access) { return access.writes && access.isRemote(); });
}

} // namespace basalt
