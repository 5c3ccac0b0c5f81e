// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A neurocore image in memory: everything that a chip holds before the first time step, and the
// names by which people reach it. A compiler fills these structs; ImageFile.h writes and reads
// them; verifyImage (Verify.h) says what is wrong with them; Emulator.h runs them. docs/image.md
// describes the file. Whatever refers to something does so by its index in the table it stands in.
//
// A time step t, of which 1 is the first:
//  1. embedded processes run their `spk` of before the neurons;
//  2. each group runs its program on slot t of its accumulators, which are then zero;
//  3. what groups have sent goes through axons and lists into the accumulators, for step t + 1 +
//     delay;
//  4. embedded processes run their `spk` of after the neurons; what they have injected in this step
//     goes the same way;
//  5. guards, pre_mgmt, lrn, post_mgmt, as docs/semantics.md says.
// All sums wrap, so the order within a point of this list is of no importance.
#ifndef BASALT_RUNTIME_NEUROCORE_IMAGE_H
#define BASALT_RUNTIME_NEUROCORE_IMAGE_H

#include "runtime/native/Contract.h"

#include <cstdint>
#include <string>
#include <vector>

namespace basalt::nc {

inline constexpr uint16_t kFormatMajor = 1, kFormatMinor = 0;
/// The index that refers to nothing.
inline constexpr uint32_t kNone = 0xffffffff;

//===-- Limits of the format
//---------------------------------------------------------------------===//
// What no image exceeds, whatever its target says; the target's own limits come on top.

inline constexpr uint32_t kMostCores = 1u << 18, kMostNeurons = 1u << 20; // of a core
inline constexpr uint32_t kMostGroups = 1u << 14;                         // of a core
inline constexpr uint32_t kMostFormats = 16;                              // of a core
inline constexpr uint32_t kMostSlots = 16, kMostConstants = 16, kMostParameters = 8, kMostPorts = 4,
                          kMostTimers = 32; // of a group
inline constexpr uint32_t kMostRing = 64;   // slots of an accumulator
inline constexpr uint32_t kMostProgramWords = 1u << 12;

//===-- Values
//-----------------------------------------------------------------------------------===//

/// Initial values of something that each neuron of a group has: one for all, or one for each.
struct Values {
  std::vector<int64_t> all = {0}; ///< 1 or `count` elements; each fits the width of what it is for

  bool operator==(const Values &other) const { return all == other.all; }
};

//===-- Programs
//---------------------------------------------------------------------------------===//

/// Where a word of a program comes from.
struct SourceLocation {
  uint32_t file = kNone; ///< in Image::files
  uint32_t line = 0, column = 0;
};

/// Microcode (Microcode.h). Each core that uses it has a copy of the words.
struct Program {
  std::string name;                      ///< of the process, for people
  std::vector<uint32_t> words;           ///< 1 to kMostProgramWords
  std::vector<SourceLocation> locations; ///< none, or one a word
};

/// What becomes of a value that is wider than what it is stored in.
enum class StoreMode : uint8_t {
  Wrap,              ///< the low bits
  Saturate,          ///< to -2^(n-1) .. 2^(n-1) - 1, or 0 .. 2^n - 1
  SaturateSymmetric, ///< to -(2^(n-1) - 1) .. 2^(n-1) - 1; of signed ones only
  WrapUp,            ///< the low bits, which as -2^(n-1) are 2^(n-1); of signed ones only
};

/// One state variable of a neuron.
struct Slot {
  std::string name;
  uint8_t bits = 32; ///< 1 to 64; more than 32 are a pair, for the `.d` instructions
  bool isSigned = true;
  StoreMode store = StoreMode::Wrap;
};

/// The state of one neuron: slots one behind the other, without gaps. At most kMostSlots.
struct StateLayout {
  std::string name;
  std::vector<Slot> slots;
};

//===-- Groups of neurons
//------------------------------------------------------------------------===//

/// A sum of weighted input, held for the steps to come: slot (t mod slots) is what step t consumes.
struct Accumulator {
  std::string name;  ///< of the InPort
  uint8_t bits = 32; ///< 1 to 64, signed, wraps; more than 32 is a pair
  uint8_t slots = 1; ///< a power of two up to kMostRing; more than the longest delay
  /// Contents at the start, in the order in which steps consume them; at most `slots` entries.
  std::vector<Values> initial;
};

/// A value that all neurons of a group share.
struct Constant {
  std::string name;
  int32_t value = 0;
};

/// A value that each neuron of a group has, and that its program only reads.
struct Parameter {
  std::string name;
  uint8_t bits = 32; ///< 1 to 32
  bool isSigned = true;
  Values initial;
};

/// Flag j of special operand 63 is 1 in the steps t with t mod interval == offset, both floor.
struct Timer {
  std::string name;
  int64_t interval = 1, offset = 0; ///< interval >= 1; an offset outside 0..interval-1 never comes
};

/// What a group sends: a spike of one neuron has a payload of this type.
struct Output {
  std::string name; ///< of the OutPort
  uint8_t bits = 1; ///< of the payload, 1 to 32; it wraps
  bool isSigned = false;
};

/// A random draw of a program: bits of element e are those of num.random_bits with this stream and
/// the keys seed, `key`, time step.
struct RandomSite {
  int64_t stream = 0, key = 0;
};

/// A fixed compartment in the place of a program: with d decay bits and threshold shift h,
///   u' = tz(u * (2^d - du - 1), d) + (a << h)
///   v' = tz(v * (2^d - dv), d) + u' + (bias << biasExponent)
/// a spike where v' > vth << h, and v' is then 0. The layout has the slots u (wraps) and v
/// (saturates symmetrically), the group one accumulator, one output, no constants, and parameters:
/// none, the bias of each neuron, or that and its exponent. For fragments the five numbers are the
/// constants of the group, in this order. The widths are those of the target.
struct CubaConfig {
  uint16_t du = 0, dv = 0; ///< of decayBits
  uint32_t vth = 0;        ///< of thresholdBits
  int32_t bias = 0;        ///< of biasBits, signed; of all neurons, unless a parameter says it
  uint8_t biasExponent = 0;
  uint8_t decayBits = 12, thresholdBits = 17, thresholdShift = 6, biasBits = 13;
  uint8_t biasExponentMost = 7;
};
/// Numbers of a CubaConfig that a Var can be.
inline constexpr size_t kCubaNumbers = 5;

/// Neurons of one core that run the same program on their own state, in lock step. The neurons of a
/// core are those of its groups, in order.
struct Group {
  std::string name;          ///< path of the instance, for people
  uint32_t count = 0;        ///< of neurons, at least 1
  uint32_t population = 0;   ///< groups that are parts of one population have the same number
  uint32_t firstElement = 0; ///< which of the population's neurons is the first of this group
  uint32_t program = kNone;  ///< in Image::programs; kNone: `cuba` is there
  uint32_t layout = 0;       ///< in Image::layouts
  std::vector<Values> state; ///< initial, one entry a slot
  std::vector<Accumulator> accumulators; ///< a0, a1, ...
  std::vector<Constant> constants;       ///< k0, k1, ...
  std::vector<Parameter> parameters;     ///< p0, p1, ...
  std::vector<Timer> timers;
  std::vector<Output> outputs; ///< ports of SPK
  std::vector<RandomSite> sites;
  std::vector<CubaConfig> cuba; ///< none, or one in the place of a program
  /// Which of the population's neurons each one is; empty: firstElement, firstElement + 1, ...
  std::vector<int64_t> elements;

  /// Which of the population's neurons `neuron` of the group is.
  uint64_t elementOf(uint64_t neuron) const {
    return elements.empty() ? firstElement + neuron : uint64_t(elements[size_t(neuron)]);
  }
};

//===-- Synapses and axons
//-----------------------------------------------------------------------===//

enum class SynapseKind : uint8_t { Sparse, RunLength, Dense };
enum class SignMode : uint8_t { Mixed, Excitatory, Inhibitory };

/// How the synapses of a list are packed (Synapses.h). A weight counts as weight << exponent; with
/// SignMode::Mixed it is a number of `weightBits` bits in two's complement, else an amount.
struct SynapseFormat {
  SynapseKind kind = SynapseKind::Sparse;
  SignMode sign = SignMode::Mixed;
  uint8_t weightBits = 8; ///< 0 (weight 1 for each synapse) to 32
  uint8_t exponent = 0;   ///< 0 to 31
  uint8_t delayBits = 0;  ///< 0 to 6
  uint8_t indexBits = 0;  ///< 1 to 20
  uint8_t skipBits = 0;   ///< of run-length lists, 1 to 8
  bool graded = false;    ///< the payload multiplies the weight; else a spike counts once
};

/// Which list a spike at this axon goes through, and into what. 16 bytes in the file.
struct InAxon {
  uint32_t word = 0, words = 0; ///< of the list, in the synapse memory of the core
  uint32_t base = 0;            ///< is added to the indices of the list
  uint16_t group = 0;           ///< of the core
  uint8_t accumulator = 0;      ///< of the group
  uint8_t continued = 0;        ///< 1: an atom of the population axon before; no entry of its own

  bool operator==(const InAxon &other) const {
    return word == other.word && words == other.words && base == other.base &&
           group == other.group && accumulator == other.accumulator && continued == other.continued;
  }
};

enum class AxonKind : uint8_t { Discrete, Pop16, Pop32, Graded };

/// Where spikes go: those of source neuron first + i, i < count, to axon + i of a core. 20 bytes in
/// the file. Of a population axon, the atom of neuron first + i is i.
struct OutAxon {
  uint16_t group = 0; ///< of the core; of injectors 0
  uint8_t output = 0; ///< of the group; of injectors 0
  AxonKind kind = AxonKind::Discrete;
  uint32_t first = 0, count = 0;
  uint32_t core = 0; ///< in Image::cores
  uint32_t axon = 0; ///< of that core

  bool operator==(const OutAxon &other) const {
    return group == other.group && output == other.output && kind == other.kind &&
           first == other.first && count == other.count && core == other.core && axon == other.axon;
  }
};

struct Core {
  uint16_t chip = 0, core = 0; ///< the place; each at most once, in ascending order
  std::vector<Group> groups;
  std::vector<SynapseFormat> formats; ///< at most kMostFormats; lists name them by index
  std::vector<uint64_t> synapses;     ///< the memory, as Synapses.h packs it
  std::vector<InAxon> inAxons;
  std::vector<OutAxon> outAxons; ///< ascending in (group, output)
};

/// A source of spikes that is not a neuron: embedded programs send through it.
struct Injector {
  std::string name; ///< of the port
  uint32_t count = 0;
  uint8_t bits = 1; ///< of the payload, 1 to 32
  bool isSigned = false;
  std::vector<OutAxon> axons;
};

//===-- Vars and ports
//---------------------------------------------------------------------------===//

/// The memory that a fragment is in, and what `group`, `index` and `first` mean there.
enum class Space : uint8_t {
  State,       ///< slot `index` of neuron `first`
  Parameter,   ///< parameter `index` of neuron `first`
  Constant,    ///< constant `index` of the group; one place for all elements
  Accumulator, ///< accumulator `index` of neuron `first`, what the next step but `slot` consumes
  Interval,    ///< of timer `index` of the group
  Offset,      ///< of timer `index` of the group
  Weight,      ///< synapse `first` of the list at word `index`
  Delay,       ///< the delays of the same
  Output,      ///< what neuron `first` has sent at output `index` in this step, or, if `core` is
               ///< kNone, source `first` of injector `index`; read only
  Embedded,    ///< the byte at address `first` in the memory of embedded program `index`
  Nothing,     ///< no memory, for elements without another place, as there is no such synapse: 0,
               ///< and no other value can be written
};

/// raw = (value * scale + offset) * 2^shift, rounded to minus infinity; value is what this makes of
/// raw the other way round.
struct Transform {
  int8_t scale = 1; ///< 1 or -1
  int8_t shift = 0; ///< -63 to 63
  int64_t offset = 0;

  bool isIdentity() const { return scale == 1 && shift == 0 && offset == 0; }
};

/// Elements start, start + stride, ... of a Var, and where the chip has them. An element may be in
/// several fragments (a scalar that each core has): a write goes to all, a read takes the first.
struct Fragment {
  uint32_t start = 0, count = 1;
  uint32_t stride = 1;
  Space space = Space::State;
  uint8_t slot = 0; ///< of accumulators: 0 is the next step
  bool byTarget =
      false;          ///< of synapses: the element is start + stride * (index in the list - first)
  uint32_t core = 0;  ///< in Image::cores; not for embedded memory
  uint32_t group = 0; ///< of the core; not for synapses and embedded memory
  uint32_t index = 0, first = 0;
  uint32_t step = 1; ///< from the place of an element to that of the next: neurons, bytes
  uint32_t copies = 1, copyStep = 0; ///< further places of the same element
  uint8_t bits = 0;                  ///< of embedded memory: 8, 16, 32 or 64, little-endian; else 0
  Transform transform;
  /// The elements are start + stride * (the number in its population of neuron first + i * step of
  /// `group`): of neurons, and of synapses `byTarget`.
  bool byElement = false;
};

/// When a default probe sees a Var: after the lrn phase, or after a call of the post_mgmt phase.
struct ProbeMoment {
  uint32_t call = kNone; ///< in Embedded::calls of PostManagement; kNone: before all of them
};

/// A Var as the user knows it: `instance.var`. Every element is in at least one fragment, unless
/// the Var can be neither read nor written.
struct Var {
  std::string name;
  rt::Kind kind = rt::Kind::Signed; ///< no floats
  uint8_t bits = 32;
  std::vector<uint32_t> shape; ///< row-major; at most 2^31 elements
  bool readable = true, writable = true;
  std::string reason; ///< why not, if one of them is false
  bool limited = false;
  int64_t low = 0, high = 0; ///< inclusive, if limited: checked at every set
  ProbeMoment probe;
  std::vector<Fragment> fragments;
  /// The init block of its process has used it when the image was made: a set before the first step
  /// would come too late.
  bool settled = false;
  /// An element is the sum of its places, as of weights that are several synapses; read only.
  bool summed = false;
};

/// An OutPort that can be probed: fragments are of Space::Output, elements without one are zero.
struct Port {
  std::string name;
  rt::Kind kind = rt::Kind::Signed;
  uint8_t bits = 32;
  std::vector<uint32_t> shape;
  std::vector<Fragment> fragments;
};

/// Another name of a Var.
struct Alias {
  std::string alias, target;
};

//===-- Embedded programs
//------------------------------------------------------------------------===//

/// The points of a step at which an embedded process can have code; guards return a truth value.
enum class EntryPhase : uint8_t {
  Init,          ///< before the first step
  SpkBefore,     ///< before the neurons of the step
  SpkAfter,      ///< when they have sent
  LearnGuard,    ///< after spk; absent: EmbeddedProcess::guards
  PreGuard,      ///< after spk
  PreManagement, ///< if the guard of the process held and some process has both guards
  Learn,
  PostGuard, ///< before any post_mgmt
  PostManagement,
  Host, ///< after each stage
};
inline constexpr unsigned kEntryPhases = 10;

/// A process on an embedded processor.
struct EmbeddedProcess {
  std::string name; ///< path of the instance
  uint32_t guards =
      0; ///< of those without code: rt::kLearn, rt::kPreManagement, rt::kPostManagement
};

/// Code of a process: where it begins in the memory of its program.
struct EmbeddedCall {
  EntryPhase phase = EntryPhase::Init;
  uint32_t process = 0; ///< in Image::processes
  uint32_t program = 0; ///< in Image::embedded
  uint32_t address = 0;
};

/// A program for one embedded processor: RV64IM code in an object of its own (docs/image.md).
struct EmbeddedProgram {
  std::string name;
  uint16_t chip = 0, cpu = 0;
  std::vector<uint8_t> object;         ///< linked, statically, with all addresses below memoryBytes
  uint32_t memoryBytes = 0;            ///< code, data and stack
  uint64_t fuel = 0;                   ///< instructions that one call may take
  std::vector<uint32_t> reads, writes; ///< the Vars it may access, ascending
  std::vector<uint32_t> injectors;     ///< ascending
  std::vector<uint32_t> channels;      ///< ascending
};

/// A queue of messages from one embedded program to another.
struct Channel {
  std::string name;
  uint32_t depth = 1; ///< messages that fit
  /// Of a message: elements wrap to this type.
  rt::Kind kind = rt::Kind::Signed; ///< no floats
  uint8_t bits = 32;
  std::vector<uint32_t> shape;
  uint32_t source = 0, target = 0; ///< who sends and who receives, in Image::embedded
};

/// A place in the user's files that an embedded program can name in an error.
struct ErrorSite {
  SourceLocation location;
  uint32_t process = 0; ///< in Image::processes
};

//===-- The whole
//--------------------------------------------------------------------------------===//

/// What an image tells about how it was made; nothing that runs depends on it.
struct Remark {
  std::string key, value;
};

struct Image {
  std::string name;                 ///< of the network
  std::string target;               ///< canonical text of the target (Target.h)
  uint64_t seed = 0;                ///< of random draws, if the run gives none
  std::vector<std::string> options; ///< of a run, as arguments: what the network asks for
  std::vector<std::string> files;   ///< names of sources, for locations
  std::vector<Program> programs;
  std::vector<StateLayout> layouts;
  std::vector<Core> cores;
  std::vector<Injector> injectors;
  std::vector<Var> vars;
  std::vector<Port> ports;
  std::vector<Alias> aliases;
  std::vector<EmbeddedProcess> processes; ///< in the order of the file
  std::vector<EmbeddedProgram> embedded;
  std::vector<EmbeddedCall> calls; ///< in the order in which a phase makes them, phases ascending
  std::vector<Channel> channels;
  std::vector<ErrorSite> sites;
  std::vector<Remark> remarks; ///< provenance: the compiler's version, sources' digests, what is
                               ///< unproven
};

/// The element of the Var whose place is number i of the fragment.
inline uint64_t elementOf(const Image &image, const Fragment &fragment, uint32_t i) {
  if (!fragment.byElement)
    return fragment.start + uint64_t(i) * fragment.stride;
  const Group &group = image.cores[fragment.core].groups[fragment.group];
  return fragment.start +
         fragment.stride * group.elementOf(fragment.first + uint64_t(i) * fragment.step);
}

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_IMAGE_H
