// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the ops of step read and write, for MLIR's own passes: they must neither drop an access nor
// move it over another.
#include "dialect/step/Step.h"

using namespace mlir;

namespace basalt::step {

namespace {
/// The memory of states.
struct StateResource : SideEffects::Resource::Base<StateResource> {
  StringRef getName() final { return "step.state"; }
};
/// Recordings.
struct RecordResource : SideEffects::Resource::Base<RecordResource> {
  StringRef getName() final { return "step.record"; }
};
} // namespace

using Effects = SmallVectorImpl<MemoryEffects::EffectInstance>;

static void addRead(Effects &effects, SymbolRefAttr state) {
  effects.emplace_back(MemoryEffects::Read::get(), state, StateResource::get());
}
static void addWrite(Effects &effects, SymbolRefAttr state) {
  effects.emplace_back(MemoryEffects::Write::get(), state, StateResource::get());
}

void GetOp::getEffects(Effects &effects) { addRead(effects, getStateAttr()); }
void SetOp::getEffects(Effects &effects) { addWrite(effects, getStateAttr()); }

void UpdateOp::getEffects(Effects &effects) {
  for (Attribute state : getStates()) {
    addRead(effects, cast<FlatSymbolRefAttr>(state));
    addWrite(effects, cast<FlatSymbolRefAttr>(state));
  }
}

// Where the entries are never changes.
void UpdateEntriesOp::getEffects(Effects &effects) {
  addRead(effects, getStateAttr());
  addWrite(effects, getStateAttr());
}

// The projection stands for its line and all else that it reads: nothing else writes them in a
// step.
void DueOp::getEffects(Effects &effects) { addRead(effects, getProjectionAttr()); }

void AdvanceOp::getEffects(Effects &effects) {
  addRead(effects, getProjectionAttr());
  addWrite(effects, getProjectionAttr());
}

void ProbeOp::getEffects(Effects &effects) {
  if (!getValue())
    addRead(effects, getTargetAttr());
  effects.emplace_back(MemoryEffects::Write::get(), RecordResource::get());
}

} // namespace basalt::step
