// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Neurons that do the same: what each of them has, and its code as a kernel of scalars.
#ifndef BASALT_COMPILER_NEUROCORE_FORM_POPULATION_H
#define BASALT_COMPILER_NEUROCORE_FORM_POPULATION_H

#include "compiler/neurocore/form/Buffers.h"

namespace basalt::neurocore {

/// raw = (value * scale + offset) * 2^shift.
struct Affine {
  int64_t scale = 1, offset = 0, shift = 0;

  int64_t rawOf(int64_t value) const { return (value * scale + offset) * (int64_t(1) << shift); }
  bool operator==(const Affine &other) const {
    return scale == other.scale && offset == other.offset && shift == other.shift;
  }
};

/// What an argument of a kernel is.
enum class Role : uint8_t { Slot, Parameter, Constant, Accumulator, Step, Timer, Site };

struct Argument {
  Role role;
  unsigned index = 0;
};

/// A number that each neuron has.
struct PerNeuron {
  std::string name;
  mlir::StringAttr state;     ///< null: `message` or `values`
  mlir::Value message;        ///< of an embedded process
  std::vector<int64_t> map;   ///< of messages: the element of each neuron, or -1
  mlir::ElementsAttr initial; ///< of states and constants
  mlir::IntegerType type;     ///< with its sign
  bool scalar = false;        ///< a state of one element, which each neuron has a copy of
};

struct SharedNumber {
  std::string name;
  mlir::StringAttr state; ///< null: a number of the code
  Affine affine;
  int64_t value = 0; ///< as the program sees it
};

/// Input from a buffer: neuron i gets element map[i], or nothing (-1).
struct Input {
  const Buffer *buffer;
  std::vector<int64_t> map;
  unsigned bits = 32; ///< 64 if more of the sum is needed
  /// The largest amount that it can be set to, since neurons go by that; nothing: any.
  std::optional<int64_t> settable = std::nullopt;
};

/// Another buffer that is added up in accumulator `input`.
struct SharedInput {
  const Buffer *buffer;
  std::vector<int64_t> map;
  unsigned input;
};

struct Timer {
  int64_t interval, offset;
  bool operator==(const Timer &other) const {
    return interval == other.interval && offset == other.offset;
  }
};

struct Site {
  int64_t stream, key;
  mlir::StringAttr state; ///< that the key is in
};

/// Something that neurons send: `value` in the graph, one element for each neuron.
struct Sent {
  std::string name;
  mlir::Value value;
  mlir::IntegerType type;
  bool optional = false; ///< nobody needs it: it can be recorded, if there is room
};

struct Population {
  std::string name, process;
  std::vector<std::string> instances; ///< whose neurons they are, in order
  int64_t count = 0;
  mlir::Location loc;

  std::vector<PerNeuron> slots, parameters;
  std::vector<SharedNumber> constants;
  std::vector<Input> inputs;
  std::vector<SharedInput> sharedInputs;
  std::vector<Timer> timers;
  std::vector<Site> sites;
  std::vector<Sent> outputs;
  /// Yields the new values of the slots, then those of the outputs. Null values: as it was.
  step::KernelOp kernel;
  llvm::SmallVector<Argument> arguments; ///< of the kernel
  /// They are fixed compartments: slots are current and voltage, constants du, dv, vth, bias and
  /// its exponent, parameters the bias of each neuron, if any, and its exponent.
  bool isFixed = false;
  bool wrapsUp = false; ///< of fixed ones: -2^23 is +2^23
  /// Its inputs can be set to numbers of so many bits, with a sign, if that is more than weights
  /// can bring; kOpen: to anything that they have bits for.
  unsigned settableBits = 0;
  static constexpr unsigned kOpen = 64;

  explicit Population(mlir::Location loc) : loc(loc) {}
};

struct Neurons {
  Buffers buffers;
  std::vector<std::unique_ptr<Population>> populations;
  /// Of values that neurons send: who, and as which output.
  llvm::MapVector<mlir::Value, std::pair<unsigned, unsigned>> outputOf;
};

/// Forms populations, without their kernels, out of all that must be stored or sent.
llvm::LogicalResult formPopulations(const Flat &flat, Neurons &neurons);

/// Builds the kernel of a population; adds all that it needs but slots and outputs, which are
/// there.
llvm::LogicalResult buildKernel(const Flat &flat, const Buffers &buffers, Population &population,
                                mlir::OpBuilder &builder);

/// Lets buffers that the kernel only adds up share accumulators, so that there are no more than
/// `most`, if it can.
void shareInputs(Population &population, size_t most);

/// What `value`, a scalar, is of one state of one element, if it is that.
struct AffineState {
  mlir::StringAttr state;
  Affine affine;
};
std::optional<AffineState> affineOf(const Flat &flat, mlir::Value value);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_FORM_POPULATION_H
