// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Synapses of a step.projection, laid out for delivery: the targets are cut into parts, and in each
// the synapses of one source and one column of the delay line (a *piece*) lie side by side. In each
// step the pieces of the spikes of the steps before that are due are added up, oldest spikes first,
// then in order of sources and entries, into sums that stay in a cache. That is the order in which
// a delay line in memory would have got them.
//
// A synapse takes the bytes of its target within the part (2 if there are at most 65,536) and of
// its weight, in the narrowest type that holds all; none if all weights are the same.
#ifndef BASALT_RUNTIME_NATIVE_PROJECTION_H
#define BASALT_RUNTIME_NATIVE_PROJECTION_H

#include "runtime/native/Pages.h"
#include "runtime/native/ProjectionEntries.h"
#include "runtime/native/Shares.h"
#include "runtime/native/Spikes.h"

#include <memory>
#include <vector>

namespace basalt::rt {

class Projection {
public:
  /// `states` is the table of the program, in which `info` has its places. Nothing is built yet.
  Projection(const ProjectionInfo &info, Table<StateInfo> states, SpikeHistory &history);

  /// Where its synapses come from: to be decided before it is built.
  ProjectionEntries &source() { return entries; }

  /// Lays the synapses out anew: a part for what each thread has of the targets, or one.
  void build(Shares *shares);

  size_t targets() const { return size_t(entries.targets()); }
  /// Columns of the line.
  size_t columns() const { return size_t(entries.columns()); }
  size_t partCount() const { return parts.size(); }
  Range targetsOf(unsigned part) const { return parts[part].targets; }

  /// What is due in `step`, of the targets of a part: `into` has a sum for each target of all
  /// parts. Parts may be asked for at the same time.
  void due(int64_t step, unsigned part, void *into);

  /// The line as a delay line in memory would be, into the state's memory; and the other way round.
  void readLine();
  void writeLine();

  /// Synapses and bytes of all parts; deliveries so far.
  uint64_t synapses() const;
  size_t bytes() const;
  /// The bytes that it will not take more than, and those beside while it is built.
  struct Estimate {
    uint64_t bytes, whileBuilding;
  };
  Estimate estimate(unsigned threads) const;
  uint64_t events() const;

private:
  /// Entries from `first` to before `last`, counted in the part.
  struct Piece {
    uint32_t first, last;
  };
  struct alignas(64) Part {
    Range targets;
    Pages starts;   // uint32_t, sources * used columns + 1
    Pages synapses; // of each piece: the targets, then the weights
    uint64_t count = 0, events = 0;
    std::vector<Piece> pieces; // scratch of due
  };
  using Deliver = void (*)(const Projection &, const Part &, char *sums);

  void findColumns();
  void findWeights();
  void countPieces(Part &part);
  void fillPieces(Part &part);
  void chooseDelivery();
  void gather(Part &part, int64_t step);
  void gatherFrom(Part &part, SpikeList list, int64_t step);
  void start(int64_t step, Range targets, char *sums) const;
  template <typename Sum, typename Weight, typename Target>
  static void deliver(const Projection &self, const Part &part, char *sums);

  ProjectionInfo info;
  Table<StateInfo> states;
  SpikeHistory &history;
  ProjectionEntries entries;
  Element sum;                             // of the line
  std::vector<int64_t> used;               // columns that have synapses, in decreasing order
  std::vector<int32_t> placeOf;            // of each column in `used`
  size_t targetBytes = 4, weightBytes = 0; // without weights, `constant` is that of all
  Weight constant{0};
  Deliver delivery = nullptr;
  std::vector<Part> parts;
  std::vector<char> residue; // of a line that was set: its columns, due from residueStep + 1 on
  int64_t residueStep = 0;   // spikes up to this step are in the residue
};

/// The histories and projections of a program.
class Projections {
public:
  Projections(const Program &program, void *object, Table<StateInfo> states);

  /// Whether the values of these states need not be made, because a projection makes its synapses
  /// by their rule with that seed; `offsets` is the one that has the rule.
  bool takeRule(size_t offsets, uint64_t seed);
  /// If the values of a state have been left out by that, and are not there: the state that has the
  /// rule. They are to be made now, and are there from now on.
  std::optional<size_t> takeMissing(size_t state);
  /// Lays out what has changed; before steps are run by the threads of `shares`, or by one.
  void prepare(Shares *shares);
  /// As in Simulation.
  void refresh(size_t state);
  void written(size_t state);
  bool isCurrent(size_t state) const;
  Activity activity() const;
  /// What takes memory, and what the memory of a state need not hold unless it is wanted.
  void addMemory(std::vector<MemoryPart> &parts, unsigned threads) const;
  bool isElsewhere(size_t state, const std::vector<bool> &wanted) const;

private:
  /// Whether the state is of the entries of that projection.
  bool isOfEntries(size_t projection, size_t state) const;
  size_t offsetsOf(size_t projection) const {
    return states[infos[projection].weights].synapses->offsets;
  }

  Table<ProjectionInfo> infos;
  Table<StateInfo> states;
  std::vector<std::unique_ptr<SpikeHistory>> histories;
  std::vector<std::unique_ptr<Projection>> all;
  std::vector<bool> isStale;
  std::vector<bool> isMissing; // its synapses are made by rule, and not in the states
  bool anyStale = false;
  unsigned builtFor = 0; // threads
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_PROJECTION_H
