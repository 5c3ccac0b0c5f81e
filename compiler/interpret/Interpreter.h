// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The reference interpreter: runs a resolved network of proc as it stands, processes that block on
// messages and take turns. Slow and obvious: generated simulators are compared with it.
#ifndef BASALT_COMPILER_INTERPRET_INTERPRETER_H
#define BASALT_COMPILER_INTERPRET_INTERPRETER_H

#include "compiler/interpret/Activation.h"
#include "compiler/interpret/Actors.h"
#include "compiler/interpret/Drawn.h"

#include "runtime/native/Simulation.h"

#include <deque>
#include <memory>
#include <vector>

namespace basalt::interp {

/// A simulation that interprets. Its errors at run time are RunErrors. The module must outlive it
/// and stay as it is.
class Interpreter final : public rt::Simulation {
public:
  /// Reports an error at an operation of the module if it is not resolved.
  static mlir::FailureOr<std::unique_ptr<Interpreter>> create(mlir::ModuleOp module);

  rt::Table<rt::StateInfo> states() override { return {stateInfos.data(), stateInfos.size()}; }
  rt::Table<rt::PortInfo> ports() override { return {portInfos.data(), portInfos.size()}; }
  rt::Table<rt::AliasInfo> aliases() override { return {aliasInfos.data(), aliasInfos.size()}; }

  void init(rt::Context &ctx) override;
  void step(rt::Context &ctx) override;
  void host(rt::Context &ctx) override;

private:
  /// One truth value for each actor.
  using PerActor = std::vector<bool>;

  explicit Interpreter(std::unique_ptr<Actors> network);

  void describe();
  void describeSynapses();
  void runSpiking(rt::Context &ctx);
  /// Runs the code of the actors that are admitted, owners before those that access their Vars.
  void runPhase(rt::Context &ctx, proc::PhaseKind phase, const PerActor &admitted);
  /// Takes the default probes of the actor's states that others may write after it.
  void recordStates(rt::Context &ctx, const Actor &actor);
  /// What the guard says, or whether there is code if there is no guard.
  PerActor evaluateGuards(rt::Context &ctx, proc::GuardKind guard, proc::PhaseKind phase);

  std::unique_ptr<Actors> network;
  std::deque<rt::Limits> limitInfos; // that states point to
  std::deque<rt::Synapses> synapseInfos;
  DrawnInfos drawnInfos;
  std::vector<rt::StateInfo> stateInfos;
  std::vector<rt::PortInfo> portInfos;
  std::vector<rt::AliasInfo> aliasInfos;
};

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_INTERPRETER_H
