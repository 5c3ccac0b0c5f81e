// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The synapses that a projection is laid out from: what states store, or what a rule makes, without
// ever being stored in any other form.
#ifndef BASALT_RUNTIME_NATIVE_PROJECTIONENTRIES_H
#define BASALT_RUNTIME_NATIVE_PROJECTIONENTRIES_H

#include "runtime/native/Connectivity.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Partition.h"
#include "runtime/native/Realise.h"

#include <optional>

namespace basalt::rt {

/// What a synapse weighs: the member that belongs to the kind of its Var.
union Weight {
  int64_t integer;
  double real;
};

/// Columns from `low` to `high`, both included.
struct ColumnRange {
  int64_t low, high;
};

class ProjectionEntries {
public:
  /// Those that the states store.
  ProjectionEntries(const ProjectionInfo &info, Table<StateInfo> states)
      : info(info), states(states) {
    const StateInfo &line = states[info.line];
    columnCount = line.rank == 2 ? line.shape[1] : 1;
    hasFloats = states[info.weights].element.kind == Kind::Float;
  }

  /// Whether the states have a rule, and distributions for all values.
  bool haveRule() const;
  /// Those that the rule of the states makes with that seed, without storing them there, if they
  /// have one. Returns whether it is so.
  bool makeByRule(uint64_t withSeed);
  /// Those that the states store, from now on.
  void takeStored() { seed.reset(); }

  int64_t targets() const { return pattern().shape[0]; }
  int64_t sources() const { return pattern().shape[1]; }
  int64_t columns() const { return columnCount; }
  Element weightElement() const { return states[info.weights].element; }

  /// Columns outside of which there is no synapse, without a look at each; an empty range if there
  /// can be none.
  ColumnRange possibleColumns() const;
  /// The weight of all synapses, if that is known without a look at each.
  std::optional<Weight> commonWeight() const;
  /// Whether a look at all synapses is no more than reading them.
  bool areStored() const { return !seed; }

  /// Calls `sink(int64_t source, size_t target, int64_t column, Weight)` for the synapses of some
  /// targets; those of each source in the order of its entries. Weights are 0 unless asked for.
  template <typename Sink> void forEach(Range range, bool withWeights, Sink sink) const {
    if (seed)
      forEachMade(range, withWeights, sink);
    else
      forEachStored(range, withWeights, sink);
  }

private:
  static constexpr size_t kBatch = 256;
  /// Synapses that have been made, until there are enough to draw their numbers together.
  struct Batch {
    int64_t block = kNoBlock;
    size_t count = 0;
    int64_t sources[kBatch], targets[kBatch], columns[kBatch];
    uint64_t ids[kBatch];
    Weight weights[kBatch];
  };

  const Synapses &pattern() const { return *states[info.weights].synapses; }
  RandomKey keyOf(const StateInfo &state) const { return valueKey(*seed, state.key); }
  ColumnRange columnsOf(const Distribution &delays) const;
  void drawNumbers(Batch &batch, bool withWeights) const;
  template <typename Sink> void forEachStored(Range range, bool withWeights, Sink &sink) const;
  template <typename Sink> void forEachMade(Range range, bool withWeights, Sink &sink) const;

  const ProjectionInfo &info;
  Table<StateInfo> states;
  std::optional<uint64_t> seed; // of the rule
  int64_t columnCount;
  bool hasFloats;
};

template <typename Sink>
void ProjectionEntries::forEachStored(Range range, bool withWeights, Sink &sink) const {
  const StateInfo &offsets = states[pattern().offsets], &weights = states[info.weights];
  const StateInfo *delays = info.delays == kNoState ? nullptr : &states[info.delays];
  const auto *target = static_cast<const int32_t *>(states[pattern().targets].data);
  int64_t sourceCount = sources();
  for (int64_t source = 0; source < sourceCount; ++source) {
    auto entry = size_t(loadInt(offsets.element, offsets.data, size_t(source)));
    auto end = size_t(loadInt(offsets.element, offsets.data, size_t(source) + 1));
    for (; entry < end; ++entry) {
      auto place = size_t(target[entry]);
      if (place < range.low || place >= range.high)
        continue;
      int64_t column = delays ? sub(loadInt(delays->element, delays->data, entry), info.first) : 0;
      if (column < 0 || column >= columnCount)
        continue;
      Weight weight{0};
      if (withWeights && hasFloats)
        weight.real = loadFloat(weights.element, weights.data, entry);
      else if (withWeights)
        weight.integer = loadInt(weights.element, weights.data, entry);
      sink(source, place, column, weight);
    }
  }
}

template <typename Sink>
void ProjectionEntries::forEachMade(Range range, bool withWeights, Sink &sink) const {
  Batch batch;
  auto flush = [&] {
    drawNumbers(batch, withWeights);
    for (size_t i = 0; i < batch.count; ++i)
      if (batch.columns[i] >= 0 && batch.columns[i] < columnCount)
        sink(batch.sources[i], size_t(batch.targets[i]), batch.columns[i], batch.weights[i]);
    batch.count = 0;
  };
  auto begin = [&](int64_t block) {
    flush();
    batch.block = block;
  };
  const StateInfo &offsets = states[pattern().offsets];
  forEachSynapse(*offsets.rule, ruleKey(*seed, offsets.key), int64_t(range.low),
                 int64_t(range.high), begin, [&](int64_t source, int64_t target, uint64_t id) {
                   batch.sources[batch.count] = source;
                   batch.targets[batch.count] = target;
                   batch.ids[batch.count] = id;
                   if (++batch.count == kBatch)
                     flush();
                 });
  flush();
}

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_PROJECTIONENTRIES_H
