// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The steps of an image: neurons, spikes, and the phases of embedded processes between them.
#include "runtime/neurocore/Emulator.h"

#include "runtime/native/Error.h"
#include "runtime/native/Generated.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Recorder.h"
#include "runtime/neurocore/EmulatorEnvironment.h"
#include "runtime/neurocore/Workers.h"

#include <algorithm>
#include <cstdlib>

using namespace basalt;
using namespace basalt::nc;

namespace {
struct Free {
  void operator()(void *memory) const { std::free(memory); }
};
} // namespace

class Emulator::Impl {
public:
  Impl(const Image &image, unsigned threads);

  void init(rt::Context &ctx) { callPhase(ctx, EntryPhase::Init); }
  void step(rt::Context &ctx);
  void host(rt::Context &ctx) { callPhase(ctx, EntryPhase::Host); }
  void refresh(size_t state);
  void written(size_t state);

  Machine machine;
  Shared shared;
  std::vector<rt::StateInfo> states;
  std::vector<rt::PortInfo> ports;
  std::vector<rt::AliasInfo> aliases;

private:
  void makeCores();
  void connect(const OutAxon &axon, const std::vector<Spike> &spikes, uint32_t source,
               std::vector<Incoming> CoreState::*list);
  void makeTables();
  void findListeners(rt::Context &ctx);
  void listen(const std::vector<Fragment> &fragments);
  void runNeurons(rt::Context &ctx);
  void deliver(std::vector<Incoming> CoreState::*list, int64_t step);
  void manage(rt::Context &ctx);
  int64_t call(rt::Context &ctx, const EmbeddedCall &call);
  void callPhase(rt::Context &ctx, EntryPhase phase);
  void askGuards(rt::Context &ctx, EntryPhase phase, uint32_t bit);
  void callGuarded(rt::Context &ctx, EntryPhase phase, uint32_t bit);
  void postManagement(rt::Context &ctx);
  void recordStates(rt::Context &ctx, uint32_t call);
  void recordPorts(rt::Context &ctx);
  std::pair<size_t, size_t> callsOf(EntryPhase phase) const;

  const Image &image;
  Workers workers;
  std::vector<ScratchPointer> scratch;
  std::vector<std::vector<size_t>> coresOf; // of each worker
  std::vector<VarAccess> portValues;
  std::vector<std::vector<int64_t>> shapes;
  std::vector<rt::Limits> limits;
  std::vector<std::unique_ptr<char, Free>> mirrors; // what StateInfo::data shows
  std::vector<uint8_t> watched;                     // of each port, whether it is recorded
  bool hasListeners = false;                        // findListeners has been asked
  std::vector<uint32_t> guards;                     // what holds in this step, of each process
  std::vector<int64_t> values;
  std::vector<char> row;
};

//===-- Making it
//--------------------------------------------------------------------------------===//

Emulator::Impl::Impl(const Image &image, unsigned threads)
    : machine{image, {}, {}, {}, 1}, shared(machine), image(image),
      workers(unsigned(std::max<size_t>(1, std::min<size_t>(threads, image.cores.size())))),
      guards(image.processes.size()) {
  makeCores();
  for (const EmbeddedProgram &program : image.embedded)
    machine.cpus.push_back(makeEmbeddedCpu(program));
  makeTables();
}

void Emulator::Impl::connect(const OutAxon &axon, const std::vector<Spike> &spikes, uint32_t source,
                             std::vector<Incoming> CoreState::*list) {
  (*machine.cores[axon.core].*list)
      .push_back({&spikes, axon.first, axon.count, axon.axon, source, 0});
}

void Emulator::Impl::makeCores() {
  machine.injectors.resize(image.injectors.size());
  for (const Core &core : image.cores)
    machine.cores.push_back(std::make_unique<CoreState>(image, core));
  for (size_t i = 0; i < image.cores.size(); ++i)
    for (const OutAxon &axon : image.cores[i].outAxons)
      connect(axon, machine.cores[i]->groups[axon.group].spikes[axon.output], uint32_t(i),
              &CoreState::incoming);
  for (size_t i = 0; i < image.injectors.size(); ++i)
    for (const OutAxon &axon : image.injectors[i].axons)
      connect(axon, machine.injectors[i], kNone, &CoreState::injected);
  coresOf.resize(workers.count());
  for (size_t i = 0; i < image.cores.size(); ++i)
    coresOf[i * workers.count() / image.cores.size()].push_back(i);
  for (unsigned i = 0; i < workers.count(); ++i)
    scratch.push_back(makeScratch());
}

void Emulator::Impl::makeTables() {
  shapes.reserve(image.vars.size() + image.ports.size());
  limits.reserve(image.vars.size());
  for (const Var &var : image.vars) {
    shared.vars.emplace_back(machine, var.kind, var.bits, var.shape, var.fragments, var.summed);
    shapes.emplace_back(var.shape.begin(), var.shape.end());
    rt::Element element = {var.kind, var.bits};
    size_t bytes = size_t(shared.vars.back().elements()) * rt::storageSize(element);
    // Pages that nobody asks for are never there.
    mirrors.emplace_back(static_cast<char *>(std::calloc(std::max<size_t>(bytes, 1), 1)));
    if (!mirrors.back())
      throw std::bad_alloc();
    rt::StateInfo info = {var.name.c_str(),          element,
                          uint8_t(var.shape.size()), shapes.back().data(),
                          mirrors.back().get(),      true};
    if (var.limited) {
      limits.push_back({var.low, var.high, 0, 0});
      info.limits = &limits.back();
    }
    states.push_back(info);
  }
  for (const Port &port : image.ports) {
    portValues.emplace_back(machine, port.kind, port.bits, port.shape, port.fragments);
    shapes.emplace_back(port.shape.begin(), port.shape.end());
    ports.push_back({port.name.c_str(),
                     {port.kind, port.bits},
                     uint8_t(port.shape.size()),
                     shapes.back().data()});
  }
  watched.resize(ports.size());
  for (const Alias &alias : image.aliases)
    aliases.push_back({alias.alias.c_str(), alias.target.c_str()});
}

//===-- Vars from outside
//------------------------------------------------------------------------===//

void Emulator::Impl::refresh(size_t state) {
  if (const Var &var = image.vars[state]; !var.readable)
    throw rt::InputError("cannot read '" + var.name + "': " + var.reason);
  values.resize(size_t(shared.vars[state].elements()));
  shared.vars[state].readAll(values.data());
  for (size_t i = 0; i < values.size(); ++i)
    rt::storeInt(states[state].element, states[state].data, i, values[i]);
}

void Emulator::Impl::written(size_t state) {
  const Var &var = image.vars[state];
  auto refuse = [&](const std::string &reason) {
    throw rt::InputError("cannot set '" + var.name + "': " + reason);
  };
  if (!var.writable)
    refuse(var.reason);
  if (var.settled && machine.nextStep == 1)
    refuse("its init block ran when the image was made and would not see it; give the value to the "
           "network, or set it after a step");
  values.resize(size_t(shared.vars[state].elements()));
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = rt::loadInt(states[state].element, states[state].data, i);
  if (!shared.vars[state].writeAll(values.data()))
    refuse(shared.vars[state].reason());
}

//===-- Neurons and spikes
//-----------------------------------------------------------------------===//

void Emulator::Impl::listen(const std::vector<Fragment> &fragments) {
  for (const Fragment &fragment : fragments)
    if (fragment.space == Space::Output && fragment.core != kNone)
      machine.cores[fragment.core]->groups[fragment.group].heard[fragment.index] = 1;
}

/// Outputs that no axon, no Var and no recorded port has need not be sent.
void Emulator::Impl::findListeners(rt::Context &ctx) {
  bool changed = !hasListeners;
  hasListeners = true;
  for (size_t i = 0; i < ports.size(); ++i) {
    uint8_t isWatched = ctx.recording && ctx.recorder->watchesPort(i);
    changed |= watched[i] != isWatched;
    watched[i] = isWatched;
  }
  if (!changed)
    return;
  for (size_t i = 0; i < image.cores.size(); ++i) {
    for (GroupState &group : machine.cores[i]->groups) {
      std::fill(group.heard.begin(), group.heard.end(), uint8_t(0));
      group.wake();
    }
    for (const OutAxon &axon : image.cores[i].outAxons)
      machine.cores[i]->groups[axon.group].heard[axon.output] = 1;
  }
  for (const Var &var : image.vars)
    listen(var.fragments);
  for (size_t i = 0; i < ports.size(); ++i)
    if (watched[i])
      listen(image.ports[i].fragments);
}

void Emulator::Impl::runNeurons(rt::Context &ctx) {
  StepInfo info = {ctx.timeStep, ctx.seed};
  workers.run([&](unsigned worker) {
    for (size_t core : coresOf[worker])
      for (GroupState &group : machine.cores[core]->groups)
        group.run(info, *scratch[worker], machine.cores[core]->counters);
  });
  machine.nextStep = ctx.timeStep + 1;
}

void Emulator::Impl::deliver(std::vector<Incoming> CoreState::*list, int64_t step) {
  workers.run([&](unsigned worker) {
    for (size_t i : coresOf[worker]) {
      CoreState &core = *machine.cores[i];
      for (Incoming &incoming : core.*list)
        core.synapses.deliver(incoming, step, core.counters);
    }
  });
}

void Emulator::Impl::step(rt::Context &ctx) {
  for (std::vector<Spike> &spikes : machine.injectors)
    spikes.clear();
  findListeners(ctx);
  callPhase(ctx, EntryPhase::SpkBefore);
  runNeurons(ctx);
  deliver(&CoreState::incoming, ctx.timeStep);
  callPhase(ctx, EntryPhase::SpkAfter);
  bool injected = false;
  for (const std::vector<Spike> &spikes : machine.injectors)
    injected |= !spikes.empty();
  if (injected)
    deliver(&CoreState::injected, ctx.timeStep);
  if (ctx.recording)
    recordPorts(ctx);
  rt::phaseEnded(ctx, rt::Phase::Spk);
  manage(ctx);
}

//===-- Embedded processes
//-----------------------------------------------------------------------===//

int64_t Emulator::Impl::call(rt::Context &ctx, const EmbeddedCall &call) {
  EmulatorEnvironment environment(shared, ctx, call);
  return machine.cpus[call.program]->call(call.address, environment);
}

std::pair<size_t, size_t> Emulator::Impl::callsOf(EntryPhase phase) const {
  auto range = std::equal_range(
      image.calls.begin(), image.calls.end(), EmbeddedCall{phase, 0, 0, 0},
      [](const EmbeddedCall &a, const EmbeddedCall &b) { return a.phase < b.phase; });
  return {size_t(range.first - image.calls.begin()), size_t(range.second - image.calls.begin())};
}

void Emulator::Impl::callPhase(rt::Context &ctx, EntryPhase phase) {
  auto [first, end] = callsOf(phase);
  for (size_t i = first; i < end; ++i)
    call(ctx, image.calls[i]);
}

/// Guards with code decide anew, the others are what they always are.
void Emulator::Impl::askGuards(rt::Context &ctx, EntryPhase phase, uint32_t bit) {
  for (size_t i = 0; i < guards.size(); ++i)
    guards[i] = (guards[i] & ~bit) | (image.processes[i].guards & bit);
  auto [first, end] = callsOf(phase);
  for (size_t i = first; i < end; ++i) {
    const EmbeddedCall &guard = image.calls[i];
    guards[guard.process] &= ~bit;
    guards[guard.process] |= call(ctx, guard) != 0 ? bit : 0;
  }
}

void Emulator::Impl::callGuarded(rt::Context &ctx, EntryPhase phase, uint32_t bit) {
  auto [first, end] = callsOf(phase);
  for (size_t i = first; i < end; ++i)
    if (guards[image.calls[i].process] & bit)
      call(ctx, image.calls[i]);
}

/// As the scheduler of native programs does it (runtime/native/Simulation.cpp).
void Emulator::Impl::manage(rt::Context &ctx) {
  askGuards(ctx, EntryPhase::LearnGuard, rt::kLearn);
  askGuards(ctx, EntryPhase::PreGuard, rt::kPreManagement);
  constexpr uint32_t kBoth = rt::kLearn | rt::kPreManagement;
  if (std::any_of(guards.begin(), guards.end(),
                  [](uint32_t guard) { return (guard & kBoth) == kBoth; }))
    callGuarded(ctx, EntryPhase::PreManagement, rt::kPreManagement);
  rt::phaseEnded(ctx, rt::Phase::PreManagement);
  callGuarded(ctx, EntryPhase::Learn, rt::kLearn);
  rt::phaseEnded(ctx, rt::Phase::Learn);
  askGuards(ctx, EntryPhase::PostGuard, rt::kPostManagement);
  postManagement(ctx);
  rt::phaseEnded(ctx, rt::Phase::PostManagement);
}

void Emulator::Impl::postManagement(rt::Context &ctx) {
  recordStates(ctx, kNone);
  auto [first, end] = callsOf(EntryPhase::PostManagement);
  for (size_t i = first; i < end; ++i) {
    if (guards[image.calls[i].process] & rt::kPostManagement)
      call(ctx, image.calls[i]);
    recordStates(ctx, uint32_t(i));
  }
}

//===-- Recording
//--------------------------------------------------------------------------------===//

void Emulator::Impl::recordStates(rt::Context &ctx, uint32_t call) {
  if (!ctx.recording)
    return;
  for (size_t i = 0; i < image.vars.size(); ++i)
    if (image.vars[i].probe.call == call)
      rt::recordState(ctx, i);
}

void Emulator::Impl::recordPorts(rt::Context &ctx) {
  for (size_t i = 0; i < ports.size(); ++i) {
    if (!ctx.recorder->watchesPort(i))
      continue;
    values.resize(size_t(portValues[i].elements()));
    portValues[i].readAll(values.data());
    row.resize(values.size() * rt::storageSize(ports[i].element));
    for (size_t k = 0; k < values.size(); ++k)
      rt::storeInt(ports[i].element, row.data(), k, values[k]);
    rt::recordPort(ctx, i, row.data());
  }
}

//===-- The simulation
//---------------------------------------------------------------------------===//

Emulator::Emulator(const Image &image, unsigned threads)
    : impl(std::make_unique<Impl>(image, threads)) {}
Emulator::~Emulator() = default;

rt::Table<rt::StateInfo> Emulator::states() { return {impl->states.data(), impl->states.size()}; }
rt::Table<rt::PortInfo> Emulator::ports() { return {impl->ports.data(), impl->ports.size()}; }
rt::Table<rt::AliasInfo> Emulator::aliases() {
  return {impl->aliases.data(), impl->aliases.size()};
}

void Emulator::init(rt::Context &ctx) { impl->init(ctx); }
void Emulator::step(rt::Context &ctx) { impl->step(ctx); }
void Emulator::host(rt::Context &ctx) { impl->host(ctx); }
void Emulator::refresh(size_t state) { impl->refresh(state); }
void Emulator::written(size_t state) { impl->written(state); }

Counters Emulator::countersOf(size_t core) const { return impl->machine.cores[core]->counters; }

std::vector<Emulator::Messages> Emulator::messages() const {
  std::vector<Messages> result;
  for (uint32_t i = 0; i < impl->machine.cores.size(); ++i)
    for (const auto *list : {&impl->machine.cores[i]->incoming, &impl->machine.cores[i]->injected})
      for (const Incoming &incoming : *list)
        result.push_back({incoming.source, i, incoming.arrived});
  return result;
}

Counters Emulator::embeddedCounters() const {
  Counters counters = impl->shared.counters;
  for (const auto &cpu : impl->machine.cpus)
    counters.instructions += cpu->executed();
  return counters;
}
