// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The contract between the compiler and the run-time library: what a program consists of. Generated
// code, the reference interpreter and the compiler include this header. Whoever changes it changes
// kContractVersion and the emission in compiler/native with it; the runtime refuses other versions.
#ifndef BASALT_RUNTIME_NATIVE_CONTRACT_H
#define BASALT_RUNTIME_NATIVE_CONTRACT_H

#include "runtime/native/Partition.h"

#include <cstddef>
#include <cstdint>

namespace basalt::rt {

inline constexpr uint32_t kContractVersion = 7;

/// How the bits of an element are read.
enum class Kind : uint8_t { Bool, Signed, Unsigned, Float };

/// An element type: `bits` is the exact width (1 to 64; 32 or 64 for Float).
/// In memory an integer of more than one bit is held sign-extended in the smallest of int8_t,
/// int16_t, int32_t, int64_t that holds it, whatever its kind (a read of an unsigned one masks);
/// one bit is a uint8_t of 0 or 1.
struct Element {
  Kind kind;
  uint8_t bits;
};

/// The inclusive limits that a process declares for a Var; checked at every `set`. The pair that
/// belongs to the kind of the Var counts; an open end is the least or greatest number (infinity for
/// floats).
struct Limits {
  int64_t low, high;
  double lowFloat, highFloat;
};

/// Which entries of a matrix of targets and sources a state stores; outside it is that matrix.
/// Entry `e` belongs to the source `j` with `offsets[j] <= e < offsets[j + 1]` and to the target
/// `targets[e]`; there may be several at one place.
struct Synapses {
  int64_t shape[2];        // targets, sources
  size_t offsets, targets; // indices of states, whose values are constant
};

/// The rules of connectivity, with NEST's names (docs/semantics.md defines each).
enum class RuleKind : uint8_t {
  AllToAll,
  OneToOne,
  PairwiseBernoulli, // each place with `probability`
  FixedTotalNumber,  // `number` synapses in all
  FixedIndegree,     // `number` at each target
  FixedOutdegree,    // `number` from each source
  Blocks             // each of `number` parts of the matrix has a rule of its own
};
struct RuleBlock;

/// Which synapses a matrix of targets and sources has. The compiler has checked that the rule can
/// be met: no number is negative, extents are below 2^31, without autapses the matrix is square,
/// and without multapses there are places enough.
struct Rule {
  RuleKind kind;
  bool autapses, multapses; // may be at (i, i); several may be at one place
  int64_t targets, sources;
  int64_t number = 0;
  double probability = 0;
  const RuleBlock *blocks = nullptr; // of Blocks
};

/// A part of a matrix, from a target and a source on, and its rule, which is none of Blocks. Parts
/// may overlap: then there are the synapses of each.
struct RuleBlock {
  int64_t target, source;
  Rule rule;
};

/// From what numbers of synapses are drawn. `first` and `second` are low and high of Uniform (high
/// excluded), mean and standard deviation of Normal, those of the logarithm of Lognormal, the mean
/// (first) of Exponential and Poisson. A real number that is not from `min` to `max`, or a whole
/// one that is not from `least` to `greatest`, is drawn again; a real one for an integer is rounded
/// after that, to even.
enum class DistributionKind : uint8_t {
  Constant, // `first`, or `low` for integers
  Uniform,
  Normal,
  Lognormal,
  Exponential,
  Integers, // whole numbers from `low` to `high`, which is excluded
  Poisson,  // whole numbers
  PerBlock  // for the synapses of each block of a rule another distribution
};
struct Distribution {
  DistributionKind kind;
  double first = 0, second = 0;
  int64_t low = 0, high = 0;
  double min = -__builtin_inf(), max = __builtin_inf();
  int64_t least = INT64_MIN, greatest = INT64_MAX;
  const Distribution *blocks = nullptr; // of PerBlock, which are none of PerBlock
  int64_t blockCount = 0;
};

/// A Var of an instance: `name` is `instance.var` as the user knows it.
struct StateInfo {
  const char *name;
  Element element;
  uint8_t rank;
  const int64_t *shape; // rank extents
  void *data;           // in the layout of `element`, row-major
  bool probedInPhase;   // its default probe is taken by the program itself (`recordState`), because
                      // other processes write it in post_mgmt; else the runtime takes it after the
                      // step
  const Limits *limits = nullptr;     // null: the type is the limit
  const Synapses *synapses = nullptr; // null: outside it is what lies in memory
  bool bySource = false;              // outside, the last axis in memory is the first
  // Of values that are made when a run starts (Realise.h); from the initial data, not from
  // generated code. The states that say where entries are have the rule, those of entries a
  // distribution or none. Draws are keyed by `key`, a hash of the name.
  const Rule *rule = nullptr;
  const Distribution *distribution = nullptr;
  int64_t key = 0;
};

/// Stands for a state that there is not.
inline constexpr size_t kNoState = SIZE_MAX;

/// The spikes of the last steps of one population, which projections deliver. `field` is where in
/// the object the pointer to its SpikeHistory belongs.
struct HistoryInfo {
  int64_t sources;
  int64_t columns; // the most that a line of its projections has
  size_t field;
};

/// Stands for an axis that there is not.
inline constexpr size_t kNoAxis = SIZE_MAX;

/// Synapses whose delay line is not in memory: `line`, `weights` and `delays` (or kNoState) are
/// indices of states, and a synapse with the delay d delivers into the column d - first. `field` is
/// where in the object the pointer to its Projection belongs. If it is `alone`, no generated code
/// looks at the states of its synapses. Threads ask for their ranges of the targets on `axis`, or,
/// if that is kNoAxis, one thread for all.
struct ProjectionInfo {
  size_t line, weights, delays;
  int64_t first;
  size_t history;
  bool alone;
  size_t field;
  size_t axis = kNoAxis;
};

/// An index of entries by target (TargetIndex), which generated code reads: of those that `state`
/// stores. `field` is where in the object the pointer to it belongs.
struct TargetIndexInfo {
  size_t state;
  size_t field;
};

/// An OutPort that a program can record; its row is what was sent in the step (zeros if nothing),
/// given to `recordPort` in the layout of `element`, row-major.
struct PortInfo {
  const char *name;
  Element element;
  uint8_t rank;
  const int64_t *shape;
};

/// A piece of the code of a phase whose time a profile tells: of a program that was compiled for
/// profiles.
struct PartInfo {
  const char *phase;    // as users write it
  const char *instance; // whose code it is; empty: that of nobody alone
  const char *what;     // a kernel, or what the run-time library does for it
};

/// Another name of a state, e.g. of a Var of a hierarchical process.
struct AliasInfo {
  const char *alias;
  const char *target;
};

/// Where in the user's files something stands that can fail at run time.
struct Site {
  const char *file;
  uint32_t line;
  uint32_t column;
  const char *instance;
};

/// The phases of a time step in their order, as bits of a mask.
enum class Phase : uint32_t { Spk = 1, PreManagement = 2, Learn = 4, PostManagement = 8 };

/// What a run hands to the program: written by the scheduler, read by generated code (and, for the
/// requests, the other way round).
struct Context {
  int64_t timeStep = 0;
  bool printing = true;   // `print` has an effect
  bool recording = false; // some state or port is recorded by the program itself in this run
  bool pauseRequested = false;
  bool stopRequested = false;
  uint32_t watchedPhases = 0; // phases (bits of Phase) at whose end somebody looks at states
  uint64_t seed = 0;
  class Recorder *recorder = nullptr;       // set if anything is recorded
  class Output *output = nullptr;           // where `print` goes; null: nowhere
  class Shares *shares = nullptr;           // who does what of parallel regions; null: one thread
  class FiniteCheck *finiteCheck = nullptr; // looks at states at the end of watched phases
  class Profile *profile = nullptr;         // of this run, if one was asked for
  class Track *track = nullptr; // its account of the first thread, in steps that are measured
};

/// What the guards of a step admit (bits of a mask).
inline constexpr uint32_t kLearn = 1, kPreManagement = 2, kPostManagement = 4;

/// A generated program. A null function is a phase that has no code.
/// `guardsAfterSpk` evaluates lrn_guard and pre_guard of all processes and returns kLearn if any
/// lrn_guard holds, kPreManagement if any process has both; `guardsBeforePost` returns
/// kPostManagement if any post_guard holds. A null guard function means: `constantGuards` is the
/// answer.
struct Program {
  uint32_t contractVersion;
  const char *name;
  void *(*create)(); // a new object with all memory zero
  void (*destroy)(void *);
  size_t size;                                  // of an object, in bytes
  size_t (*states)(void *, const StateInfo **); // tables live as long as the object
  size_t (*ports)(void *, const PortInfo **);
  const AliasInfo *aliases;
  size_t aliasCount;
  uint32_t constantGuards;
  void (*init)(void *, Context &);
  void (*spk)(void *, Context &);
  uint32_t (*guardsAfterSpk)(void *, Context &);
  void (*preManagement)(void *, Context &);
  void (*learn)(void *, Context &);
  uint32_t (*guardsBeforePost)(void *, Context &);
  void (*postManagement)(void *, Context &);
  void (*host)(void *, Context &);
  const HistoryInfo *histories = nullptr;
  size_t historyCount = 0;
  const ProjectionInfo *projections = nullptr;
  size_t projectionCount = 0;
  const Axis *axes = nullptr; // that threads can share
  size_t axisCount = 0;
  const TargetIndexInfo *targetIndexes = nullptr;
  size_t targetIndexCount = 0;
  const PartInfo *parts = nullptr; // by the numbers that code gives to `mark`
  size_t partCount = 0;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_CONTRACT_H
