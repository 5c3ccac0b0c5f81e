// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a chip of the neurocore kind holds: every limit and width that the compiler, the verifier of
// images and the emulator go by. Numbers come from a file (targets/*.yaml, docs/targets.md), each
// with where it is from; an image carries them as canonical text, so its loader needs no YAML.
#ifndef BASALT_RUNTIME_NEUROCORE_TARGET_H
#define BASALT_RUNTIME_NEUROCORE_TARGET_H

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basalt::nc {

/// How well a number is known, best first.
enum class Status : uint8_t { Published, SecondHand, Code, Fitted, Derived, Assumed };

/// Where a number comes from: tags of Target::sources with commas between them, or nothing.
struct Provenance {
  Status status = Status::Assumed;
  std::string source;
};

/// Inclusive.
struct IntRange {
  int64_t low = 0, high = 0;
};

// Members of sets are bits.
enum SignModes : uint32_t { SignMixed = 1, SignExcitatory = 2, SignInhibitory = 4 };
enum SynapseKinds : uint32_t {
  KindSparse = 1,
  KindRunLength = 2,
  KindDense = 4,
  KindConvolution = 8,
  KindSeeded = 16
};
enum NeuronKinds : uint32_t { NeuronCuba = 1, NeuronProgram = 2 };
enum ProgramFeatures : uint32_t { FeatureWide = 1, FeatureRandom = 2, FeatureTable = 4 };
enum PhaseSet : uint32_t {
  PhaseSpk = 1,
  PhasePreMgmt = 2,
  PhaseLrn = 4,
  PhasePostMgmt = 8,
  PhaseHost = 16
};
/// What a right shift of weighted input can be: of each weight, of an accumulator by the program of
/// the neuron, or nothing.
enum class NegativeExponent : uint8_t { None, PerWeight, PerPort };

/// What operations cost, by the names of costQuantities(); several tables are several opinions.
struct CostTable {
  std::string name;
  struct Cost {
    double value = 0;
    Provenance provenance;
  };
  std::map<std::string, Cost> costs;
};

/// The numbers of a target. Limits are inclusive; 0 means that there is none of it, and in
/// `core.poolBytes` that each memory has its own, fixed size. The fields are described in the table
/// behind fields().
struct Target {
  std::string name, doc;
  struct {
    int64_t chipsX = 0, chipsY = 0, chipsZ = 0;
  } board;
  struct {
    int64_t gridX = 0, gridY = 0, coresPerRouter = 0, cores = 0;
    uint32_t phases = 0;
  } chip;
  struct {
    int64_t count = 0, codeBytes = 0, dataBytes = 0, stackBytes = 0, fuel = 0, channels = 0;
  } embedded;
  struct {
    int64_t neurons = 0, poolBytes = 0, stateBytes = 0, synapseWords = 0, formats = 0;
    int64_t inAxons = 0, inAxonBytes = 0, outAxons = 0, outAxonBytes = 0;
  } core;
  struct {
    int64_t discreteSlots = 0, pop16Slots = 0, pop32Slots = 0, gradedSlots = 0, otherChipSlots = 0;
    int64_t pop16Atoms = 0, pop32Atoms = 0, baseMost = 0, learningEntries = 0;
  } axons;
  struct {
    uint32_t kinds = 0;
    std::vector<int64_t> indexBits, skipBits;
    int64_t listWords = 0, chunk = 0, chunkHeaderBits = 0;
  } synapses;
  struct {
    std::vector<int64_t> bits;
    uint32_t signModes = 0;
    IntRange exponent;
    NegativeExponent negativeExponent = NegativeExponent::None;
    bool chained = false;
  } weights;
  struct {
    int64_t ports = 0, width = 0, slotsTotal = 0, slotsLeast = 0, slotsMost = 0, slotsSpare = 0;
    int64_t delayMost = 0;
  } accumulators;
  struct {
    int64_t payloadBits = 0;
    bool isSigned = false;
  } spikes;
  struct {
    uint32_t kinds = 0;
    int64_t uBits = 0, vBits = 0, decayBits = 0, thresholdBits = 0, thresholdShift = 0;
    int64_t biasBits = 0, biasExponentMost = 0, refractoryMost = 0, profiles = 0;
  } neuron;
  struct {
    int64_t words = 0, path = 0, registers = 0, stateSlots = 0, constants = 0, parameters = 0;
    uint32_t features = 0;
  } program;
  struct {
    int64_t epochMost = 0, traceBits = 0, weightBits = 0;
  } learning;

  std::vector<CostTable> costs;
  /// Of each field, by its path; of one without an entry nothing is known.
  std::map<std::string, Provenance> provenance;
  /// What the tags in provenances stand for.
  std::map<std::string, std::string> sources;

  int64_t chipCount() const { return board.chipsX * board.chipsY * board.chipsZ; }
  int64_t coreCount() const { return chipCount() * chip.cores; }
  int64_t largestWeightBits() const;
  /// The number of slots that an accumulator needs for delays of up to `longest` steps; 0 if the
  /// target has no such delays.
  int64_t slotsFor(int64_t longest) const;
};

/// One number, list or choice of a target: what the file, the canonical text and reports go
/// through.
struct Field {
  enum Kind : uint8_t { Integer, Flag, Range, Integers, Choice, Choices };
  const char *path; ///< section.key
  const char *doc;
  Kind kind;
  int64_t least = 0, most = 0; ///< of integers
  const char *const *choices = nullptr;
  /// The value as text: `5`, `true`, `[1, 2]`, `[mixed, excitatory]`.
  std::string (*get)(const Target &) = nullptr;
  /// Sets the value, of which kind and limits hold: one number or name for each item.
  void (*set)(Target &, const std::vector<int64_t> &) = nullptr;
};

/// What `item` (a number, `true`, the name of a choice) is in `set`; nothing if it is none of them.
std::optional<int64_t> numberOf(const Field &field, std::string_view item);
/// What may stand in a field: "an integer from 1 to 16".
std::string describeValues(const Field &field);
/// Whether `values`, for the kind of `field`, can be set.
bool isAllowed(const Field &field, const std::vector<int64_t> &values);

/// All fields in the order of the documentation.
const std::vector<Field> &fields();
const Field *findField(std::string_view path);

/// A quantity that a cost table may have.
struct CostQuantity {
  const char *name, *doc;
};
const std::vector<CostQuantity> &costQuantities();

const char *statusName(Status status);
std::optional<Status> statusNamed(std::string_view name);

/// A number that contradicts others: the path of its field, what is wrong, as a sentence's end, and
/// the fields of the others.
struct Contradiction {
  std::string path, message;
  std::vector<std::string> others;
};
std::vector<Contradiction> contradictions(const Target &target);

/// The one text of a target: equal targets have equal texts. Its hash is the identity of a target.
std::string canonicalText(const Target &target);
/// Reads what canonicalText wrote and refuses anything else, contradictions too. Safe for text of
/// unknown origin.
std::optional<Target> parseCanonicalText(std::string_view text, std::string *error);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_TARGET_H
