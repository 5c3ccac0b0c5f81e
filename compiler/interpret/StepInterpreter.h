// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Interprets a scheduled program (step.program), before or after it was optimised: where a
// generated simulator is wrong, this tells whether scheduling, optimising or what follows is to
// blame.
#ifndef BASALT_COMPILER_INTERPRET_STEPINTERPRETER_H
#define BASALT_COMPILER_INTERPRET_STEPINTERPRETER_H

#include "compiler/interpret/Drawn.h"
#include "compiler/interpret/Memory.h"
#include "dialect/step/Step.h"

#include "runtime/native/Simulation.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"

#include <deque>
#include <memory>
#include <vector>

namespace basalt::interp {

/// The memory of a step.program, and where its symbols are.
struct StepMemory {
  struct State {
    Memory memory;
    size_t number; // among all states
  };
  struct Port {
    Memory memory; // of what is sent, for the recorder
    size_t number;
  };

  std::deque<State> states;
  std::deque<Port> ports;
  llvm::StringMap<State *> stateOf;
  llvm::StringMap<Port *> portOf;
  llvm::StringMap<step::KernelOp> kernels;
  llvm::StringMap<step::ProjectionOp> projections;
  /// What the guards of this step say, by name.
  llvm::StringMap<bool> admitted;
};

/// A simulation that interprets a step.program. Its errors at run time are RunErrors.
class StepInterpreter final : public rt::Simulation {
public:
  /// Of the program of a module that has been scheduled. It must outlive this and stay as it is.
  explicit StepInterpreter(mlir::ModuleOp module);

  rt::Table<rt::StateInfo> states() override { return {stateInfos.data(), stateInfos.size()}; }
  rt::Table<rt::PortInfo> ports() override { return {portInfos.data(), portInfos.size()}; }
  rt::Table<rt::AliasInfo> aliases() override { return {aliasInfos.data(), aliasInfos.size()}; }

  void init(rt::Context &ctx) override { runPhase(ctx, proc::PhaseKind::Init); }
  void step(rt::Context &ctx) override;
  void host(rt::Context &ctx) override { runPhase(ctx, proc::PhaseKind::Host); }

private:
  void addState(step::StateOp op);
  void addPort(step::PortOp op);
  void addAlias(step::AliasOp op);
  void findProbed();
  void describeSynapses();
  void runPhase(rt::Context &ctx, proc::PhaseKind kind);
  /// Instances and whether they take part: as the guard says, or because there is a task.
  using PerInstance = llvm::MapVector<llvm::StringRef, bool>;
  PerInstance evaluateGuards(rt::Context &ctx, proc::GuardKind guard, proc::PhaseKind phase);

  step::ProgramOp program;
  StepMemory memory;
  std::deque<rt::Limits> limitInfos; // that states point to
  std::deque<rt::Synapses> synapseInfos;
  DrawnInfos drawnInfos;
  std::deque<std::string> names;
  std::vector<rt::StateInfo> stateInfos;
  std::vector<rt::PortInfo> portInfos;
  std::vector<rt::AliasInfo> aliasInfos;
};

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_STEPINTERPRETER_H
