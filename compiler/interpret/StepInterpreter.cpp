// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a scheduled program has, and its time steps.
#include "compiler/interpret/StepInterpreter.h"

#include "compiler/interpret/StepActivation.h"
#include "dialect/proc/Limits.h"
#include "runtime/native/Generated.h"

using namespace mlir;

namespace basalt::interp {

StepInterpreter::StepInterpreter(ModuleOp module)
    : program(*module.getOps<step::ProgramOp>().begin()) {
  for (auto state : program.getBody().getOps<step::StateOp>())
    addState(state);
  for (auto port : program.getBody().getOps<step::PortOp>())
    addPort(port);
  for (auto alias : program.getBody().getOps<step::AliasOp>())
    addAlias(alias);
  for (auto kernel : program.getBody().getOps<step::KernelOp>())
    memory.kernels[kernel.getSymName()] = kernel;
  for (auto projection : program.getBody().getOps<step::ProjectionOp>())
    memory.projections[projection.getSymName()] = projection;
  findProbed();
  describeSynapses();
}

void StepInterpreter::addState(step::StateOp op) {
  auto type = cast<RankedTensorType>(op.getType());
  auto &state = memory.states.emplace_back(StepMemory::State{Memory(type), memory.states.size()});
  state.memory.store(op.getInit());
  memory.stateOf[op.getSymName()] = &state;
  const rt::Limits *limits = nullptr;
  if (op.getLimitsAttr()) {
    proc::Bounds bounds = proc::boundsOf(op.getLimitsAttr());
    limits = &limitInfos.emplace_back(
        rt::Limits{bounds.low, bounds.high, bounds.lowFloat, bounds.highFloat});
  }
  stateInfos.push_back({names.emplace_back(op.getSymName()).c_str(),
                        storageElement(type.getElementType()), static_cast<uint8_t>(type.getRank()),
                        type.getShape().data(), state.memory.data(), false, limits});
  stateInfos.back().bySource = op.getBySource();
  drawnInfos.describe(stateInfos.back(), op.getRuleAttr(), op.getDistributionAttr());
}

void StepInterpreter::addPort(step::PortOp op) {
  auto type = cast<RankedTensorType>(op.getType());
  memory.portOf[op.getSymName()] =
      &memory.ports.emplace_back(StepMemory::Port{Memory(type), memory.ports.size()});
  portInfos.push_back({names.emplace_back(op.getSymName()).c_str(),
                       storageElement(type.getElementType()), static_cast<uint8_t>(type.getRank()),
                       type.getShape().data()});
}

void StepInterpreter::addAlias(step::AliasOp op) {
  const char *alias = names.emplace_back(op.getAlias()).c_str();
  aliasInfos.push_back({alias, names.emplace_back(op.getState()).c_str()});
}

/// States that are recorded where the program says, not after the step.
void StepInterpreter::findProbed() {
  program.walk([&](step::ProbeOp probe) {
    if (!probe.getValue())
      stateInfos[memory.stateOf[probe.getTarget()]->number].probedInPhase = true;
  });
}

void StepInterpreter::describeSynapses() {
  for (auto state : program.getBody().getOps<step::StateOp>()) {
    if (!state.getSparse())
      continue;
    proc::SparseAttr sparse = *state.getSparse();
    auto number = [&](FlatSymbolRefAttr name) { return memory.stateOf[name.getValue()]->number; };
    synapseInfos.push_back({{sparse.getShape()[0], sparse.getShape()[1]},
                            number(sparse.getOffsets()),
                            number(sparse.getTargets())});
    stateInfos[memory.stateOf[state.getSymName()]->number].synapses = &synapseInfos.back();
  }
}

void StepInterpreter::runPhase(rt::Context &ctx, proc::PhaseKind kind) {
  for (auto phase : program.getBody().getOps<step::PhaseOp>())
    if (phase.getKind() == kind)
      StepActivation(memory, ctx).runPhase(phase);
}

StepInterpreter::PerInstance
StepInterpreter::evaluateGuards(rt::Context &ctx, proc::GuardKind guard, proc::PhaseKind kind) {
  PerInstance result;
  for (auto phase : program.getBody().getOps<step::PhaseOp>())
    if (phase.getKind() == kind)
      phase.walk([&](step::TaskOp task) { result[task.getInstance()] = true; });
  for (auto op : program.getBody().getOps<step::GuardOp>()) {
    if (op.getKind() != guard)
      continue;
    bool holds = StepActivation(memory, ctx).runGuard(op);
    memory.admitted[op.getSymName()] = holds;
    result[op.getInstance()] = holds;
  }
  return result;
}

static bool anyHolds(const llvm::MapVector<StringRef, bool> &instances) {
  return llvm::any_of(instances, [](const auto &entry) { return entry.second; });
}

void StepInterpreter::step(rt::Context &ctx) {
  runPhase(ctx, proc::PhaseKind::Spk);
  rt::phaseEnded(ctx, rt::Phase::Spk);

  PerInstance learn = evaluateGuards(ctx, proc::GuardKind::Lrn, proc::PhaseKind::Lrn);
  PerInstance pre = evaluateGuards(ctx, proc::GuardKind::Pre, proc::PhaseKind::PreMgmt);
  if (llvm::any_of(pre, [&](const auto &entry) { return entry.second && learn[entry.first]; }))
    runPhase(ctx, proc::PhaseKind::PreMgmt);
  rt::phaseEnded(ctx, rt::Phase::PreManagement);

  if (anyHolds(learn))
    runPhase(ctx, proc::PhaseKind::Lrn);
  rt::phaseEnded(ctx, rt::Phase::Learn);

  PerInstance post = evaluateGuards(ctx, proc::GuardKind::Post, proc::PhaseKind::PostMgmt);
  // The program takes its own probes there, behind the guards of its processes.
  if (anyHolds(post) || ctx.recording)
    runPhase(ctx, proc::PhaseKind::PostMgmt);
  rt::phaseEnded(ctx, rt::Phase::PostManagement);
}

} // namespace basalt::interp
