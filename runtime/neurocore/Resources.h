// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What stands on a core, counted in the resources of a target. This is the one count: the compiler
// places by it, verifiers and the loader check by it, and reports print it, so they cannot
// disagree.
#ifndef BASALT_RUNTIME_NEUROCORE_RESOURCES_H
#define BASALT_RUNTIME_NEUROCORE_RESOURCES_H

#include "runtime/neurocore/Target.h"

#include <array>

namespace basalt::nc {

/// What a core has a limited amount of. Sums over the core, except where the comment says "of one":
/// those are the largest of any.
enum class Resource : uint8_t {
  Neurons,
  StateBytes, ///< of one neuron, with its parameters
  PoolBytes,
  SynapseWords,
  ListWords, ///< of one list
  Formats,
  InAxons,   ///< entries
  OutAxons,  ///< slots
  Ports,     ///< of one neuron
  Slots,     ///< of accumulators
  PortSlots, ///< of one port of one neuron
  ProgramWords,
  ProgramPath, ///< of one program
  StateSlots,  ///< of one neuron
  Constants,   ///< of one group
  Parameters,  ///< of one neuron
  Profiles,
};
inline constexpr size_t kResourceCount = size_t(Resource::Profiles) + 1;

/// "synapse words".
const char *resourceName(Resource resource);

/// Neurons of one kind: a group, or the part of one that is on the core.
struct GroupUse {
  int64_t neurons = 0;
  int64_t stateBits = 0, parameterBits = 0; ///< of one neuron
  int64_t ports = 1, slots = 1;             ///< of one neuron; `slots` of each port
  int64_t stateSlots = 0, parameters = 0, constants = 0;
  int64_t widePorts = 0; ///< those of `ports` that have two words
};

struct ProgramUse {
  int64_t words = 0, path = 0;
};

/// Axons by kind, and how many of all these (in slots for one) lead to another chip.
struct OutAxonUse {
  int64_t discrete = 0, pop16 = 0, pop32 = 0, graded = 0;
  int64_t toOtherChips = 0;

  int64_t all() const { return discrete + pop16 + pop32 + graded; }
  OutAxonUse &operator+=(const OutAxonUse &other);
  OutAxonUse &operator-=(const OutAxonUse &other);
};
/// The slots that they take where they begin.
int64_t slotsOf(const OutAxonUse &axons, const Target &target);

/// What stands on a core. What is shared (a program of several groups, a list of several axons)
/// is there once.
struct CoreUse {
  std::vector<GroupUse> groups;
  std::vector<ProgramUse> programs; ///< and tables
  std::vector<int64_t> lists;       ///< of synapses: words of each
  int64_t formats = 0;
  int64_t inAxons = 0, learningInAxons = 0;
  OutAxonUse outAxons;
  int64_t profiles = 0; ///< of fixed neurons
};

/// An amount of each resource. Numbers beyond 2^62 stay there.
struct Usage {
  std::array<int64_t, kResourceCount> amounts = {};

  int64_t &operator[](Resource resource) { return amounts[size_t(resource)]; }
  int64_t operator[](Resource resource) const { return amounts[size_t(resource)]; }
};

Usage usageOf(const CoreUse &core, const Target &target);

/// How much of it a core has.
int64_t limitOf(const Target &target, Resource resource);
/// The field that the limit comes from, for reports: its provenance says how well it is known.
const char *fieldOf(Resource resource);

/// Whether the target bounds the resource, other than to nothing.
bool isLimited(const Target &target, Resource resource);
/// Whether amounts of several neurons, or of several cores, add up; of others the largest counts.
bool addsUp(Resource resource);

/// How full a core is: relative to the limit that it is nearest to, of resources that add up.
struct Load {
  Resource resource = Resource::Neurons;
  double share = 0;
};
Load loadOf(const Usage &usage, const Target &target);

/// A resource of which more is needed than there is.
struct Excess {
  Resource resource;
  int64_t needed, limit;
};

/// The resource that `usage` has the most of, relative to its limit, beyond it; nothing if all
/// fits.
std::optional<Excess> findExcess(const Usage &usage, const Target &target);
/// All of them, in the order of Resource.
std::vector<Excess> allExcesses(const Usage &usage, const Target &target);

/// "17000 synapse words, where 16384 are there".
std::string describe(const Excess &excess);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_RESOURCES_H
