// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What can be run: a generated program, or the compiler's reference interpreter. Everything above
// (stages, sets, probes, options) sees only this interface, so both are watched and compared alike.
#ifndef BASALT_RUNTIME_NATIVE_SIMULATION_H
#define BASALT_RUNTIME_NATIVE_SIMULATION_H

#include "runtime/native/Contract.h"
#include "runtime/native/Distribution.h"
#include "runtime/native/Rule.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace basalt::rt {

/// A read-only array that someone else owns.
template <typename T> class Table {
public:
  Table() = default;
  Table(const T *first, size_t count) : first(first), count(count) {}

  const T *begin() const { return first; }
  const T *end() const { return first + count; }
  size_t size() const { return count; }
  bool empty() const { return count == 0; }
  const T &operator[](size_t i) const { return first[i]; }

private:
  const T *first = nullptr;
  size_t count = 0;
};

class Team;

/// Something that takes memory.
struct MemoryPart {
  std::string owner; // an instance; empty: the whole network
  std::string what;
  uint64_t bytes;
  bool isMapped = false; // in memory that has its addresses already
};

/// What has been sent so far by those whose messages are delivered synapse by synapse.
struct Activity {
  uint64_t spikes = 0, events = 0;
};

/// A simulation with its state. The tables live as long as it does and never change.
class Simulation {
public:
  Simulation() = default;
  Simulation(const Simulation &) = delete;
  Simulation &operator=(const Simulation &) = delete;
  virtual ~Simulation();

  virtual Table<StateInfo> states() = 0;
  virtual Table<PortInfo> ports() = 0;
  virtual Table<AliasInfo> aliases() = 0;
  /// What threads can share; empty: there is nothing for a second one to do.
  virtual Table<Axis> axes() { return {}; }
  /// What profiles tell, if they can be made at all.
  virtual const char *name() const { return ""; }
  virtual bool canProfile() const { return false; }
  virtual Table<PartInfo> parts() const { return {}; }
  virtual Activity activity() const { return {}; }

  /// What takes memory, or will, in a run on `threads` in which the states that are `wanted` (one
  /// truth value each) are looked at or set from outside. Before it is known, no less than that.
  virtual std::vector<MemoryPart> memory(const std::vector<bool> &wanted, unsigned threads);

  /// Runs all `init` blocks; called once, before the first step, with time step 0.
  virtual void init(Context &ctx) = 0;
  /// Runs one time step, whose number is ctx.timeStep. Calls `phaseEnded` where each phase ends,
  /// `recordState` and `recordPort` where the contract says.
  virtual void step(Context &ctx) = 0;
  /// Counts and runs `count` time steps, fewer if one asks for a pause or a stop.
  virtual void steps(Context &ctx, int64_t count);
  /// Runs the `host` phase; called after the last step of each stage.
  virtual void host(Context &ctx) = 0;

  /// Makes what the values of states that have a rule or a distribution are (Realise.h), if that
  /// has not been done. Called before anybody looks at values, and before `init`. Throws
  /// InputError. The threads of `team` share the work, if there is one.
  void realise(uint64_t seed, Team *team = nullptr);

  /// The phases (bits of Phase) in which something can happen.
  virtual uint32_t phases() const { return 15; }

  /// Called before the memory of a state is looked at, and after it was set, from outside: for
  /// those that have the values elsewhere.
  virtual void refresh(size_t state) {}
  virtual void written(size_t state) {}
  /// Whether the memory of a state has its present values also without that.
  virtual bool isCurrent(size_t state) const { return true; }

protected:
  /// Whether the synapses of a rule are made elsewhere and need not be in the states.
  virtual bool takesRule(size_t offsets, uint64_t seed) { return false; }
  /// Makes those of one rule after all, which `realise` has left out.
  void realiseOnly(size_t offsets);

private:
  bool isRealised = false;
  uint64_t realisedSeed = 0;
};

class InitialData;
class Projections;
class TargetIndexes;

/// A generated program as a simulation: the LoihiProtocol scheduler.
class NativeSimulation final : public Simulation {
public:
  /// Throws InputError if `program` was made for another contract.
  explicit NativeSimulation(const Program &program);
  ~NativeSimulation() override;

  /// Says by what values are made that are not among the initial ones. Throws InputError if they
  /// are of another program.
  void declare(const InitialData &data);
  /// Gives the states their initial values; once, before all else, declared or not. Throws
  /// InputError.
  void initialise(const InitialData &data);

  Table<StateInfo> states() override { return {stateInfos.data(), stateInfos.size()}; }
  Table<PortInfo> ports() override { return portTable; }
  Table<AliasInfo> aliases() override { return {program.aliases, program.aliasCount}; }
  Table<Axis> axes() override { return {program.axes, program.axisCount}; }
  const char *name() const override { return program.name; }
  bool canProfile() const override { return true; }
  Table<PartInfo> parts() const override { return {program.parts, program.partCount}; }
  Activity activity() const override;
  std::vector<MemoryPart> memory(const std::vector<bool> &wanted, unsigned threads) override;

  void init(Context &ctx) override;
  void step(Context &ctx) override;
  void steps(Context &ctx, int64_t count) override;
  void host(Context &ctx) override;
  void refresh(size_t state) override;
  void written(size_t state) override;
  bool isCurrent(size_t state) const override;
  uint32_t phases() const override;

protected:
  bool takesRule(size_t offsets, uint64_t seed) override;

private:
  using PhaseFunction = void (*)(void *, Context &);

  void findConstantPhases();
  void prepare(Context &ctx);
  void plainSteps(Context &ctx, int64_t count);
  void profiledSteps(Context &ctx, int64_t count);

  bool isDeclared = false;
  Program program; // a copy: its function pointers are then one load away
  void *object;
  std::vector<StateInfo> stateInfos; // the program's, with rules and distributions
  std::deque<OwnedRule> rules;       // which they point to
  std::deque<OwnedDistribution> distributions;
  Table<PortInfo> portTable;
  std::unique_ptr<Projections> projections; // null if there are none
  std::unique_ptr<TargetIndexes> targetIndexes;
  /// If no guard has to be asked: the phases that run in every step.
  bool phasesAreConstant = false;
  PhaseFunction constantPhases[4] = {};
  unsigned constantPhaseCount = 0;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_SIMULATION_H
