// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Time steps: Lava's LoihiProtocol, and who goes on when.
#include "compiler/interpret/Interpreter.h"

#include "dialect/proc/Limits.h"
#include "runtime/native/Generated.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace basalt::interp {

FailureOr<std::unique_ptr<Interpreter>> Interpreter::create(ModuleOp module) {
  FailureOr<std::unique_ptr<Actors>> network = Actors::build(module);
  if (failed(network))
    return failure();
  return std::unique_ptr<Interpreter>(new Interpreter(std::move(*network)));
}

Interpreter::Interpreter(std::unique_ptr<Actors> given) : network(std::move(given)) { describe(); }

void Interpreter::describe() {
  for (State &state : network->states) {
    RankedTensorType type = state.memory.declared();
    const rt::Limits *limits = nullptr;
    if (state.limits) {
      proc::Bounds bounds = proc::boundsOf(state.limits);
      limits = &limitInfos.emplace_back(
          rt::Limits{bounds.low, bounds.high, bounds.lowFloat, bounds.highFloat});
    }
    stateInfos.push_back({state.name.c_str(), storageElement(type.getElementType()),
                          static_cast<uint8_t>(type.getRank()), type.getShape().data(),
                          state.memory.data(), state.writtenRemotely, limits});
    drawnInfos.describe(stateInfos.back(), state.rule, state.distribution);
  }
  describeSynapses();
  for (Channel &channel : network->channels) {
    RankedTensorType type = channel.memory.declared();
    portInfos.push_back({channel.name.c_str(), storageElement(type.getElementType()),
                         static_cast<uint8_t>(type.getRank()), type.getShape().data()});
  }
  for (const auto &[alias, target] : network->aliases)
    aliasInfos.push_back({alias.c_str(), target.c_str()});
}

/// Which entries states store, by the numbers of the states that say where they are.
void Interpreter::describeSynapses() {
  llvm::DenseMap<State *, size_t> numbers;
  for (State &state : network->states)
    numbers.try_emplace(&state, numbers.size());
  for (auto [state, info] : llvm::zip(network->states, stateInfos)) {
    proc::SparseAttr sparse = state.sparse;
    if (!sparse)
      continue;
    llvm::StringMap<State *> &own = state.owner->states;
    synapseInfos.push_back({{sparse.getShape()[0], sparse.getShape()[1]},
                            numbers[own.lookup(sparse.getOffsets().getValue())],
                            numbers[own.lookup(sparse.getTargets().getValue())]});
    info.synapses = &synapseInfos.back();
  }
}

void Interpreter::init(rt::Context &ctx) {
  for (Actor &actor : network->actors)
    if (Block *code = actor.code(proc::PhaseKind::Init))
      Activation(actor, *code, ctx).runAll();
}

void Interpreter::host(rt::Context &ctx) {
  runPhase(ctx, proc::PhaseKind::Host, PerActor(network->actors.size(), true));
}

void Interpreter::step(rt::Context &ctx) {
  runSpiking(ctx);
  rt::phaseEnded(ctx, rt::Phase::Spk);

  PerActor learn = evaluateGuards(ctx, proc::GuardKind::Lrn, proc::PhaseKind::Lrn);
  PerActor pre = evaluateGuards(ctx, proc::GuardKind::Pre, proc::PhaseKind::PreMgmt);
  // Some process must ask for pre-management, and it asks only if it also wants to learn.
  bool preAsked = false;
  for (size_t i = 0; i < pre.size(); ++i)
    preAsked |= pre[i] && learn[i];
  if (preAsked)
    runPhase(ctx, proc::PhaseKind::PreMgmt, pre);
  rt::phaseEnded(ctx, rt::Phase::PreManagement);

  if (llvm::is_contained(learn, true))
    runPhase(ctx, proc::PhaseKind::Lrn, learn);
  rt::phaseEnded(ctx, rt::Phase::Learn);

  PerActor post = evaluateGuards(ctx, proc::GuardKind::Post, proc::PhaseKind::PostMgmt);
  if (llvm::is_contained(post, true) || ctx.recording)
    runPhase(ctx, proc::PhaseKind::PostMgmt, post);
  rt::phaseEnded(ctx, rt::Phase::PostManagement);
}

Interpreter::PerActor Interpreter::evaluateGuards(rt::Context &ctx, proc::GuardKind guard,
                                                  proc::PhaseKind phase) {
  PerActor result;
  for (Actor &actor : network->actors) {
    Block *code = actor.code(guard);
    if (!code) {
      result.push_back(actor.code(phase) != nullptr);
      continue;
    }
    Activation activation(actor, *code, ctx);
    activation.runAll();
    result.push_back(activation.guardValue());
  }
  return result;
}

void Interpreter::recordStates(rt::Context &ctx, const Actor &actor) {
  for (auto [number, state] : llvm::enumerate(network->states))
    if (state.owner == &actor && state.writtenRemotely)
      rt::recordState(ctx, number);
}

//===--- Taking turns in spk ---===//

namespace {
/// An actor in the middle of its spk code.
struct Spiking {
  Actor *actor;
  Activation activation;

  bool isDone() const { return activation.isDone(); }
  bool canGoOn() const { return !isDone() && !activation.waitsFor(); }
};
} // namespace

/// The error that those who are not done all wait.
static rt::RunError deadlock(const rt::Context &ctx, ArrayRef<Spiking> all) {
  std::string message;
  const Spiking *blamed = nullptr;
  for (const Spiking &waiting : all) {
    if (waiting.isDone())
      continue;
    message += (blamed ? ", '" : "'") + waiting.actor->name + "' waits for a message from '" +
               waiting.activation.waitsFor()->name + "'";
    blamed = blamed ? blamed : &waiting;
  }
  return runError(ctx, blamed->actor->name, blamed->activation.nextOp(),
                  "no process can go on in spk: " + message);
}

void Interpreter::runSpiking(rt::Context &ctx) {
  for (Channel &channel : network->channels)
    channel.isSent = false;
  std::vector<Spiking> all;
  for (Actor &actor : network->actors)
    if (Block *code = actor.code(proc::PhaseKind::Spk))
      all.push_back({&actor, Activation(actor, *code, ctx)});
  while (!llvm::all_of(all, [](const Spiking &one) { return one.isDone(); })) {
    auto first = llvm::find_if(all, [](const Spiking &one) { return one.canGoOn(); });
    if (first == all.end())
      throw deadlock(ctx, all);
    first->activation.runFragment();
  }
}

//===--- Taking turns in the other phases ---===//

/// The first owner of a Var that the actor's code can access remotely, whatever branches it takes,
/// who is not done; null if there is none.
static Actor *waitsFor(Actor &actor, proc::PhaseKind phase, const std::vector<bool> &done) {
  Actor *found = nullptr;
  Block *code = actor.code(phase);
  if (!code)
    return found;
  code->walk([&](Operation *op) {
    if (!isa<proc::ReadOp, proc::WriteOp>(op))
      return;
    StringRef port = op->getAttrOfType<FlatSymbolRefAttr>("port").getValue();
    Actor *owner = actor.references[port].state->owner;
    if (!found && owner != &actor && !done[owner->number])
      found = owner;
  });
  return found;
}

/// The error that those who are not done all wait.
static rt::RunError deadlock(const rt::Context &ctx, Actors &network, proc::PhaseKind phase,
                             const std::vector<bool> &done) {
  std::string message;
  Actor *blamed = nullptr;
  for (Actor &actor : network.actors) {
    if (done[actor.number])
      continue;
    message += (blamed ? ", '" : "'") + actor.name + "' waits for '" +
               waitsFor(actor, phase, done)->name + "'";
    blamed = blamed ? blamed : &actor;
  }
  return runError(ctx, blamed->name, blamed->code(phase)->getParentOp(),
                  "no process can go on in " + stringifyEnum(phase).str() + ": " + message);
}

void Interpreter::runPhase(rt::Context &ctx, proc::PhaseKind phase, const PerActor &admitted) {
  PerActor done(network->actors.size(), false);
  auto finish = [&](Actor &actor) {
    done[actor.number] = true;
    if (phase == proc::PhaseKind::PostMgmt)
      recordStates(ctx, actor);
  };
  for (Actor &actor : network->actors)
    if (!actor.code(phase))
      finish(actor);
  while (llvm::is_contained(done, false)) {
    auto first = llvm::find_if(network->actors, [&](Actor &actor) {
      return !done[actor.number] && !waitsFor(actor, phase, done);
    });
    if (first == network->actors.end())
      throw deadlock(ctx, *network, phase, done);
    // Also those that are not admitted take their turn, so that guards do not change who comes
    // before whom.
    if (admitted[first->number])
      Activation(*first, *first->code(phase), ctx).runAll();
    finish(*first);
  }
}

} // namespace basalt::interp
