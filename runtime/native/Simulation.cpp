// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The scheduler of a generated program: which phases a time step has, after Lava's LoihiProtocol.
#include "runtime/native/Simulation.h"

#include "runtime/native/Error.h"
#include "runtime/native/Generated.h"
#include "runtime/native/InitialData.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Memory.h"
#include "runtime/native/Profile.h"
#include "runtime/native/Projection.h"
#include "runtime/native/Realise.h"
#include "runtime/native/TargetIndex.h"

#include <algorithm>

using namespace basalt::rt;

Simulation::~Simulation() = default;

void Simulation::realise(uint64_t seed, Team *team) {
  if (isRealised)
    return;
  isRealised = true;
  realisedSeed = seed;
  auto leavesOut = [&](size_t offsets) { return takesRule(offsets, seed); };
  for (size_t state : realiseStates(states(), seed, team, leavesOut))
    written(state);
}

void Simulation::realiseOnly(size_t wanted) {
  realiseStates(states(), realisedSeed, nullptr, [&](size_t offsets) { return offsets != wanted; });
}

static bool interrupted(const Context &ctx) { return ctx.pauseRequested | ctx.stopRequested; }

void Simulation::steps(Context &ctx, int64_t count) {
  for (int64_t i = 0; i < count && !interrupted(ctx); ++i) {
    ++ctx.timeStep;
    step(ctx);
  }
}

NativeSimulation::NativeSimulation(const Program &given) : program(given), object(nullptr) {
  if (program.contractVersion != kContractVersion)
    throw InputError("the program was generated for version " +
                     std::to_string(program.contractVersion) +
                     " of the run-time contract, but the run-time library has version " +
                     std::to_string(kContractVersion));
  object = program.create();
  if (program.states) {
    const StateInfo *infos = nullptr;
    size_t count = program.states(object, &infos);
    stateInfos.assign(infos, infos + count);
  }
  if (program.ports) {
    const PortInfo *infos = nullptr;
    size_t count = program.ports(object, &infos);
    portTable = {infos, count};
  }
  if (program.projectionCount != 0)
    projections = std::make_unique<Projections>(program, object, states());
  if (program.targetIndexCount != 0)
    targetIndexes = std::make_unique<TargetIndexes>(program, object);
  findConstantPhases();
}

void NativeSimulation::declare(const InitialData &data) {
  data.check(states());
  isDeclared = true;
  for (auto &[state, value] : data.drawnValues()) {
    StateInfo &info = stateInfos[state];
    info.key = value.key;
    if (value.rule)
      info.rule = &rules.emplace_back(std::move(*value.rule)).rule;
    if (value.distribution)
      info.distribution = &distributions.emplace_back(std::move(*value.distribution)).distribution;
  }
  if (const char *name = findBadDrawn(states()))
    throw InputError("the initial data are of another program: the rule of '" + std::string(name) +
                     "' does not belong to it");
}

void NativeSimulation::initialise(const InitialData &data) {
  if (!isDeclared)
    declare(data);
  data.apply(states());
}

void NativeSimulation::findConstantPhases() {
  phasesAreConstant = !program.guardsAfterSpk && !program.guardsBeforePost;
  uint32_t guards = program.constantGuards;
  auto add = [&](bool runs, PhaseFunction phase) {
    if (runs && phase)
      constantPhases[constantPhaseCount++] = phase;
  };
  add(true, program.spk);
  add(guards & kPreManagement, program.preManagement);
  add(guards & (kLearn | kPreManagement), program.learn);
  add(guards & kPostManagement, program.postManagement);
}

NativeSimulation::~NativeSimulation() { program.destroy(object); }

void NativeSimulation::init(Context &ctx) {
  if (program.init)
    program.init(object, ctx);
}

bool NativeSimulation::takesRule(size_t offsets, uint64_t seed) {
  return projections && projections->takeRule(offsets, seed);
}

void NativeSimulation::refresh(size_t state) {
  if (!projections)
    return;
  projections->refresh(state);
  if (std::optional<size_t> offsets = projections->takeMissing(state))
    realiseOnly(*offsets);
}

void NativeSimulation::written(size_t state) {
  if (projections)
    projections->written(state);
}

bool NativeSimulation::isCurrent(size_t state) const {
  return !projections || projections->isCurrent(state);
}

uint32_t NativeSimulation::phases() const {
  uint32_t result = 0;
  auto add = [&](PhaseFunction function, Phase phase) {
    if (function)
      result |= uint32_t(phase);
  };
  add(program.spk, Phase::Spk);
  add(program.preManagement, Phase::PreManagement);
  add(program.learn, Phase::Learn);
  add(program.postManagement, Phase::PostManagement);
  return result;
}

Activity NativeSimulation::activity() const {
  return projections ? projections->activity() : Activity{};
}

std::vector<MemoryPart> NativeSimulation::memory(const std::vector<bool> &wanted,
                                                 unsigned threads) {
  std::vector<MemoryPart> parts;
  uint64_t inStates = 0;
  for (size_t i = 0; i < stateInfos.size(); ++i) {
    const StateInfo &state = stateInfos[i];
    uint64_t bytes = stateBytes(state);
    inStates += bytes;
    // A page of the object that nobody touches takes no memory.
    if (!projections || !projections->isElsewhere(i, wanted))
      parts.push_back({ownerOf(states(), i), "states", bytes, true});
  }
  parts.push_back({"", "messages and other working memory",
                   program.size > inStates ? program.size - inStates : 0, true});
  if (projections)
    projections->addMemory(parts, threads);
  for (size_t i = 0; i < program.targetIndexCount; ++i) {
    size_t state = program.targetIndexes[i].state;
    parts.push_back({ownerOf(states(), state), "synapses by target",
                     StoredTargetIndex::estimate(*stateInfos[state].synapses, states())});
  }
  return parts;
}

void NativeSimulation::host(Context &ctx) {
  if (program.host)
    program.host(object, ctx);
}

/// In steps that are measured: a phase begins, or all that belongs to phases has ended.
static void enter(Context &ctx, CommonPart part) {
  if (__builtin_expect(ctx.track != nullptr, 0))
    ctx.track->switchTo(ctx.profile->numberOf(part));
}

void NativeSimulation::step(Context &ctx) {
  enter(ctx, CommonPart::Spk);
  if (program.spk)
    program.spk(object, ctx);
  enter(ctx, CommonPart::Between);
  phaseEnded(ctx, Phase::Spk);

  uint32_t guards =
      program.guardsAfterSpk ? program.guardsAfterSpk(object, ctx) : program.constantGuards;
  if ((guards & kPreManagement) && program.preManagement) {
    enter(ctx, CommonPart::PreManagement);
    program.preManagement(object, ctx);
    enter(ctx, CommonPart::Between);
  }
  phaseEnded(ctx, Phase::PreManagement);

  // All processes answer pre-management with a request for learning, so the one implies the other.
  if ((guards & (kLearn | kPreManagement)) && program.learn) {
    enter(ctx, CommonPart::Learn);
    program.learn(object, ctx);
    enter(ctx, CommonPart::Between);
  }
  phaseEnded(ctx, Phase::Learn);

  guards =
      program.guardsBeforePost ? program.guardsBeforePost(object, ctx) : program.constantGuards;
  // The program takes its own probes there, behind the guards of its processes.
  if (((guards & kPostManagement) || ctx.recording) && program.postManagement) {
    enter(ctx, CommonPart::PostManagement);
    program.postManagement(object, ctx);
    enter(ctx, CommonPart::Between);
  }
  phaseEnded(ctx, Phase::PostManagement);
}

void NativeSimulation::prepare(Context &ctx) {
  if (projections)
    projections->prepare(ctx.shares);
  if (targetIndexes)
    targetIndexes->prepare(states());
}

void NativeSimulation::steps(Context &ctx, int64_t count) {
  if (ctx.profile)
    return profiledSteps(ctx, count);
  prepare(ctx);
  plainSteps(ctx, count);
}

void NativeSimulation::profiledSteps(Context &ctx, int64_t count) {
  Profile &profile = *ctx.profile;
  Stopwatch preparing;
  prepare(ctx);
  profile.add("laying out synapses", preparing.seconds());
  Stopwatch stepping;
  int64_t end = ctx.timeStep + count;
  while (ctx.timeStep < end && !interrupted(ctx)) {
    if (int64_t skipped = std::min(profile.stepsToSkip(), end - ctx.timeStep)) {
      int64_t before = ctx.timeStep;
      plainSteps(ctx, skipped);
      profile.skip(ctx.timeStep - before);
      continue;
    }
    ++ctx.timeStep;
    profile.beginStep(ctx);
    step(ctx);
    profile.endStep(ctx);
  }
  profile.addSteps(stepping.seconds());
}

// Small networks need a few nanoseconds a step, so what is the same in all steps is decided before.
void NativeSimulation::plainSteps(Context &ctx, int64_t count) {
  if (!phasesAreConstant || ctx.recording || ctx.watchedPhases)
    return Simulation::steps(ctx, count);
  const PhaseFunction *end = constantPhases + constantPhaseCount;
  void *self = object;
  for (int64_t i = 0; i < count && !interrupted(ctx); ++i) {
    ++ctx.timeStep;
    for (const PhaseFunction *phase = constantPhases; phase != end; ++phase)
      (*phase)(self, ctx);
  }
}
