// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parts of populations, and what they need of a core: counted by runtime/neurocore/Resources.h
// alone.
#ifndef BASALT_COMPILER_NEUROCORE_PLACE_SLICES_H
#define BASALT_COMPILER_NEUROCORE_PLACE_SLICES_H

#include "compiler/neurocore/place/Arrange.h"
#include "compiler/neurocore/place/Axons.h"
#include "compiler/neurocore/place/Placement.h"

#include "runtime/neurocore/Resources.h"
#include <map>
#include <set>

namespace basalt::neurocore {

/// What placement knows of a population.
struct Member {
  PopulationOp op;
  PinOp pin; ///< null: it may stand anywhere
  nc::GroupUse use;
  std::string program; ///< empty: they are fixed compartments
  nc::ProgramUse programUse;
  std::vector<unsigned> incoming, outgoing; ///< projections
};

/// Neurons of a population, and what they need.
struct Slice {
  unsigned member = 0;
  int64_t first = 0;
  nc::GroupUse group;
  std::vector<int64_t> lists; ///< words of each
  int64_t words = 0;          ///< of all
  int64_t inAxons = 0;        ///< entries, which may have lists in common
  std::vector<std::vector<int64_t>> formats;
  bool hasFormats = true;
  nc::OutAxonUse outAxons;
};

/// A core while it fills up.
struct OpenCore {
  Home home; ///< what is pinned decides of it
  nc::CoreUse use;
  std::vector<unsigned> members; ///< populations of its groups
  std::vector<PlacedGroup> groups;
  std::set<std::string> programs;
  std::set<std::vector<int64_t>> formats;
  int64_t neurons = 0, words = 0;
};

/// Where the parts of each population begin, the first at 0.
using Borders = std::vector<std::vector<int64_t>>;

/// What is assumed of axons while it is not known where they lead.
struct Caution {
  double leaving = 0;      ///< the share of them that lead to another chip, if there are several
  bool sharesNone = false; ///< whether each source has its own
  bool isBlind = false;    ///< whether they are not looked at
};

/// What is known of axons, from where populations are cut.
struct AxonCounts {
  std::vector<SourceAxons> ofSources; ///< of each projection
  std::vector<int64_t> cuts;          ///< of each population: how often it is cut
};

/// The populations of a network, cut.
class Slicer {
public:
  Slicer(NetworkOp network, const nc::Target &target, int64_t neuronsPerCore)
      : target(target), neuronsPerCore(neuronsPerCore > 0 ? neuronsPerCore : INT64_MAX),
        network(network) {}

  /// The same network with another limit.
  Slicer withNeuronsPerCore(int64_t limit) const {
    Slicer result(network, target, limit);
    result.caution = caution;
    result.members = members;
    result.projections = projections;
    result.targets = targets;
    result.sources = sources;
    result.forget();
    return result;
  }

  /// One population and the synapses that lead to it, as if all else were of no importance;
  /// nothing if no format can hold them.
  std::optional<Slicer> only(unsigned member) const;

  /// Reports synapses that no format can hold.
  llvm::LogicalResult read();

  /// What neurons first to first + count - 1 bring to whatever core they stand on.
  Slice sliceOf(unsigned member, int64_t first, int64_t count) const;
  /// The core with these neurons, too.
  OpenCore with(const OpenCore &core, const Slice &slice) const;
  bool fits(const OpenCore &core, const Slice &slice) const;
  /// False if so many neurons or synapses cannot be on any core, which is known without counting
  /// lists.
  bool canFit(unsigned member, int64_t first, int64_t count) const;
  /// The largest slice from `first` on, with less than `most` neurons, that fits the core; one
  /// without neurons if none does.
  Slice largestSlice(unsigned member, int64_t first, int64_t most,
                     const OpenCore &core = OpenCore()) const;
  nc::Usage usageOf(const OpenCore &core) const { return nc::usageOf(core.use, target); }
  /// How full the core is: 1 is as full as it can be.
  double loadOf(const OpenCore &core) const { return nc::loadOf(usageOf(core), target).share; }
  unsigned numberOf(PopulationOp op) const;
  int64_t neuronsOf(unsigned member) const {
    return int64_t(PopulationOp(members[member].op).getCount());
  }
  /// What each neuron takes of a core, roughly: its place, and the bits of its synapses.
  std::vector<double> weightsOf(unsigned member) const;
  /// The population that a projection leads to.
  unsigned targetOf(unsigned projection) const { return targets[projection]; }
  /// The population that a projection begins at; nothing if it is an injector.
  std::optional<unsigned> sourceOf(unsigned projection) const { return sources[projection]; }

  /// Counts axons for these parts.
  void countAxons(const Borders &borders);
  /// Counts an axon for each synapse, of which no source has more.
  void countMostAxons();
  /// Lets no source have fewer axons than it had, nor a part fewer of its sources.
  void keepAxons(const AxonCounts &before);
  /// Begins again with populations in one part each, on one chip.
  void forget();

  const nc::Target &target;
  const int64_t neuronsPerCore;
  std::vector<Member> members;
  std::vector<Projection> projections;
  AxonCounts axons;
  /// Where parts of populations should begin if there are as many, since little is between them.
  Borders wanted;
  Caution caution;
  /// Whether there is more than one chip.
  bool manyChips = false;
  /// Whether this is about a remedy, for which no others are looked for.
  bool isTrial = false;

private:
  bool isBeyond(const OpenCore &core, const Slice &slice) const;

  NetworkOp network;
  std::vector<unsigned> targets;
  std::vector<std::optional<unsigned>> sources;
};

/// What cores hold at their places.
struct Held {
  bool all = true;    ///< each of them what stands on it
  double leaving = 0; ///< of those that do not, the largest share of axons to other chips
};
/// If cores are at their places of `numbers` (chip times cores of a chip, plus core), with axons
/// counted as images have them.
Held holdAt(const Slicer &slicer, llvm::ArrayRef<OpenCore> cores, llvm::ArrayRef<int64_t> numbers);

/// Messages between the neurons of cores, one along each axon of a source.
CoreTraffic trafficOf(const Slicer &slicer, llvm::ArrayRef<OpenCore> cores);

Borders bordersOf(const Slicer &slicer, llvm::ArrayRef<OpenCore> cores);

/// The cores of first fit, or what does not fit, reported.
llvm::FailureOr<std::vector<OpenCore>> placeFirstFit(Slicer &slicer);

/// Neurons of a population from `first` on find no core that is left, or not even one of them fits
/// an empty one: the error, with the limit that there is too little of and what has been found to
/// help. Both return failure.
llvm::LogicalResult reportNoRoom(const Slicer &slicer, unsigned member, int64_t first);
llvm::LogicalResult reportTooLarge(const Slicer &slicer, unsigned member, int64_t first);
/// Notes that such errors have: what there is too little of, and what helps.
void addExcesses(const Slicer &slicer, unsigned member, int64_t first,
                 llvm::ArrayRef<nc::Excess> excesses, mlir::InFlightDiagnostic &diagnostic);
void addRemedies(const Slicer &slicer, unsigned member, llvm::ArrayRef<nc::Excess> excesses,
                 mlir::InFlightDiagnostic &diagnostic);

/// As many cores as `firstFit` has, or fewer, with less on the fullest or fewer axons between them;
/// `firstFit` itself if that cannot be done.
std::vector<OpenCore> balance(Slicer &slicer, std::vector<OpenCore> firstFit);

/// Populations in as many parts as `borders` has, evenly on cores with these homes, or some of
/// them; nothing if that cannot be done.
std::optional<std::vector<OpenCore>> balanceOn(Slicer &slicer, const Borders &borders,
                                               std::vector<Home> homes);

/// Synapses of the core that has most.
int64_t mostSynapses(const Slicer &slicer, llvm::ArrayRef<OpenCore> cores);
double largestLoad(const Slicer &slicer, llvm::ArrayRef<OpenCore> cores);
int64_t axonsBetween(const Slicer &slicer, llvm::ArrayRef<OpenCore> cores);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_PLACE_SLICES_H
