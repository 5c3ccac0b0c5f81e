// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The neurons of a group while they run: their memory, one array for each slot, and their program,
// one instruction at a time over a chunk of neurons. A chunk that has no input and does not change
// is not run.
#ifndef BASALT_RUNTIME_NEUROCORE_MACHINE_H
#define BASALT_RUNTIME_NEUROCORE_MACHINE_H

#include "runtime/neurocore/VerifyProgram.h"

#include <memory>

namespace basalt::nc {

/// Neurons that an instruction handles at once: what they need fits the first level of cache.
inline constexpr uint32_t kChunk = 256;

/// How often things have happened, for reports.
struct Counters {
  uint64_t instructions = 0;      ///< neurons times instructions
  uint64_t updates = 0;           ///< neurons that have run
  uint64_t idle = 0;              ///< neurons that did not have to
  uint64_t spikes = 0;            ///< that somebody gets
  uint64_t axons = 0;             ///< spikes that have arrived at an axon
  uint64_t synapses = 0;          ///< weights that were added
  uint64_t shared = 0;            ///< of these, in lists that several sources have
  uint64_t dense = 0;             ///< of the others, in dense lists
  uint64_t words = 0;             ///< of lists, read for that
  uint64_t reads = 0, writes = 0; ///< elements of Vars, by embedded programs

  void add(const Counters &other);
};

/// One value of each neuron, narrow or wide. Padded to whole vectors.
class Plane {
public:
  Plane(uint32_t count, uint8_t bits, bool isSigned, StoreMode store, const Values &initial);

  bool isWide() const { return bits > 32; }
  int64_t get(uint32_t neuron) const;
  /// Stores as the mode says.
  void set(uint32_t neuron, int64_t value);

  uint8_t bits;
  bool isSigned;
  StoreMode store;
  std::vector<int32_t> narrow;
  std::vector<int64_t> wide;
};

/// An accumulator of all neurons, for the steps to come.
class Ring {
public:
  Ring(uint32_t count, const Accumulator &accumulator);

  bool isWide() const { return bits > 32; }
  uint32_t slotOf(int64_t step) const { return uint32_t(step) & (slots - 1); }
  size_t placeOf(uint32_t slot, uint32_t neuron) const { return size_t(slot) * stride + neuron; }
  int64_t get(uint32_t slot, uint32_t neuron) const;
  void set(uint32_t slot, uint32_t neuron, int64_t value);
  /// Says that neurons first to last (inclusive) of the slot may be other than zero.
  void touch(uint32_t slot, uint32_t first, uint32_t last) {
    for (uint32_t chunk = first / kChunk; chunk <= last / kChunk; ++chunk)
      touched[slot * chunks + chunk] = 1;
  }
  bool isTouched(uint32_t slot, uint32_t chunk) const { return touched[slot * chunks + chunk]; }
  void clear(uint32_t slot, uint32_t chunk);

  uint8_t bits;
  uint32_t slots, chunks, stride; ///< elements of a slot, in the arrays
  std::vector<int32_t> narrow;
  std::vector<int64_t> wide;

private:
  std::vector<uint8_t> touched;
};

/// A message of this step.
struct Spike {
  uint32_t source; ///< neuron of the group
  int32_t payload;
};

/// What a step gives to programs beyond their group.
struct StepInfo {
  int64_t step = 0;
  uint64_t seed = 0;
};

/// The memory that instructions work on; one for each thread.
class Scratch;
std::unique_ptr<Scratch, void (*)(Scratch *)> makeScratch();
using ScratchPointer = std::unique_ptr<Scratch, void (*)(Scratch *)>;

/// An instruction whose operands are words and which nothing masks, with everything decided that
/// does not depend on the chunk. Places that `moves` have a bit of begin at neuron 0 of the group.
struct PlainStep {
  enum Moves : uint8_t { D = 1, A = 2, B = 4 };
  using Kernel = void (*)(const PlainStep &step, int32_t *d, const int32_t *a, const int32_t *b,
                          int32_t *c, size_t n);

  Kernel kernel = nullptr; ///< null: the instruction is not of this kind
  Instruction instruction;
  int32_t *d = nullptr;
  const int32_t *a = nullptr, *b = nullptr;
  uint8_t moves = 0;
  const Plane *fits = nullptr; ///< what is stored must be made fit this state
};

/// A group with its state.
class GroupState {
public:
  /// `words` have been verified for `group`. If it has none, its CubaConfig becomes a program.
  GroupState(const Image &image, const Group &group);

  /// Runs the program of all neurons for a step; `spikes` are then those of this step, of each
  /// output in the order of the neurons.
  void run(const StepInfo &info, Scratch &scratch, Counters &counters);

  /// Something was written from outside: nothing is idle for now.
  void wake();

  uint32_t count;
  /// Which of the population's neurons `neuron` is: random draws go by that.
  uint64_t elementOf(uint64_t neuron) const { return given.elementOf(neuron); }
  std::vector<Plane> state, parameters;
  std::vector<Ring> accumulators;
  /// A constant, or a number of the compartment (CubaConfig).
  int64_t constant(size_t number) const;
  /// False if there is no room for the value: why, unless null, says what there is room for.
  bool setConstant(size_t number, int64_t value, std::string *why = nullptr);
  /// The constant of each neuron of a chunk.
  const int32_t *constantWords(size_t number) const {
    return constants.data() + number * constantStride;
  }
  std::vector<Timer> timers;
  std::vector<Output> outputs;
  std::vector<RandomSite> sites;
  std::vector<std::vector<Spike>> spikes; ///< by output
  /// By output: whether anybody gets what is sent. What nobody gets is in no list.
  std::vector<uint8_t> heard;
  const ProgramFacts &facts() const { return program; }

private:
  friend class ChunkRunner;
  const Group &given;
  bool hasInput(const StepInfo &info, uint32_t chunk) const;
  bool runChunk(const StepInfo &info, Scratch &scratch, uint32_t chunk, Counters &counters);

  /// Of the program, with this scratch.
  void findPlainSteps(Scratch &scratch);

  void setWord(size_t number, int32_t value);

  ProgramFacts program;
  std::vector<CubaConfig> cuba;   ///< as Group::cuba; what was written since is in constants
  std::vector<int32_t> constants; ///< each as often as a chunk has neurons
  size_t constantStride = 0;
  std::vector<PlainStep> plain; ///< one an instruction
  const Scratch *plainFor = nullptr;
  /// Of each chunk: whether it stays as it is without input, and how often it was looked at.
  std::vector<uint8_t> quiet, age;
};

/// The program that the fixed compartment of a group stands for, and a group that it runs on.
std::vector<uint32_t> cubaProgram(const Group &group);
Group cubaAsProgram(const Group &group);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_MACHINE_H
