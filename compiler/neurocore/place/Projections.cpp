// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Choice of formats.
#include "compiler/neurocore/place/Projections.h"

#include "runtime/neurocore/Image.h"
#include "llvm/ADT/bit.h"
#include <numeric>

using namespace mlir;

namespace basalt::neurocore {

std::pair<int64_t, int64_t> Projection::range(int64_t source, int64_t first, int64_t count) const {
  // Entries are sorted by target within a source.
  auto lower = [&](int64_t neuron) {
    int64_t low = begins[size_t(source)], high = begins[size_t(source) + 1];
    // Where a source leads to all neurons, entries are where they should be.
    if (int64_t guess = low + neuron; guess < high && at(guess, Target) == neuron &&
                                      (guess == low || at(guess - 1, Target) < neuron))
      return guess;
    while (low < high) {
      int64_t middle = (low + high) / 2;
      if (at(middle, Target) < neuron)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  };
  return {lower(first), lower(first + count)};
}

void Projection::indexTargets(int64_t neurons) {
  ofTarget.assign(size_t(neurons) + 1, 0);
  for (int64_t entry = 0; entry < entryCount(); ++entry)
    ++ofTarget[size_t(at(entry, Target)) + 1];
  for (size_t i = 1; i < ofTarget.size(); ++i)
    ofTarget[i] += ofTarget[i - 1];
  std::vector<int64_t> next = ofTarget;
  sources.resize(size_t(entryCount()));
  for (int64_t entry = 0; entry < entryCount(); ++entry)
    sources[size_t(next[size_t(at(entry, Target))]++)] = at(entry, Source);
}

void Projection::visitParts(int64_t source, ArrayRef<unsigned> partOf,
                            function_ref<void(unsigned)> visit) const {
  // Entries are sorted by target.
  int64_t last = -1;
  for (int64_t entry = begins[size_t(source)]; entry < begins[size_t(source) + 1]; ++entry) {
    unsigned part = partOf[size_t(at(entry, Target))];
    if (int64_t(part) != last)
      visit(part);
    last = part;
  }
}

std::vector<nc::Synapse> Projection::listOf(int64_t begin, int64_t end, int64_t first) const {
  std::vector<nc::Synapse> list;
  list.reserve(size_t(end - begin));
  for (int64_t entry = begin; entry < end; ++entry)
    list.push_back({uint32_t(at(entry, Target) - first),
                    at(entry, Weight) / (int32_t(1) << format.exponent),
                    uint8_t(at(entry, Delay))});
  return list;
}

/// Entries without a synapse that a list has between two neighbours: as nc::entriesOf puts them.
static uint64_t fillingBetween(const nc::SynapseFormat &format, int64_t before, int64_t index) {
  if (format.kind == nc::SynapseKind::Sparse || index <= before)
    return 0;
  int64_t reach = format.kind == nc::SynapseKind::Dense ? 1 : int64_t(1) << format.skipBits;
  return uint64_t((index - before - 1) / reach);
}

uint64_t Projection::wordsOf(const nc::SynapseFormat &exact, int64_t begin, int64_t end) const {
  uint64_t count = uint64_t(end - begin);
  for (int64_t entry = begin + 1; entry < end && exact.kind != nc::SynapseKind::Sparse; ++entry)
    count += fillingBetween(exact, at(entry - 1, Target), at(entry, Target));
  return nc::wordsOf(exact, count);
}

void Projection::addWords(const nc::SynapseFormat &exact, int64_t first, int64_t count,
                          std::vector<int64_t> &lists) const {
  struct List {
    uint64_t entries = 0;
    int64_t last = 0;
  };
  auto add = [&](List &list, int64_t target) {
    list.entries += 1 + (list.entries ? fillingBetween(exact, list.last, target) : 0);
    list.last = target;
  };
  auto finish = [&](const List &list) {
    if (list.entries > 0)
      lists.push_back(int64_t(nc::wordsOf(exact, list.entries)));
  };
  if (entriesTo(first, count) < sourceCount() / 8) {
    // Few synapses: not even a look at each source.
    std::vector<std::pair<int32_t, int64_t>> synapses;
    for (int64_t target = first; target < first + count; ++target)
      for (int32_t source : sourcesAt(target))
        synapses.emplace_back(source, target);
    llvm::sort(synapses);
    List list;
    for (size_t i = 0; i < synapses.size(); ++i) {
      if (i > 0 && synapses[i].first != synapses[i - 1].first) {
        finish(list);
        list = List();
      }
      add(list, synapses[i].second);
    }
    return finish(list);
  }
  std::vector<List> growing(static_cast<size_t>(sourceCount()));
  for (int64_t target = first; target < first + count; ++target)
    for (int32_t source : sourcesAt(target))
      add(growing[size_t(source)], target);
  llvm::for_each(growing, finish);
}

/// The least of `values` that is at least `needed`; 0 if none is.
static int64_t atLeast(const std::vector<int64_t> &values, int64_t needed) {
  int64_t best = 0;
  for (int64_t value : values)
    if (value >= needed && (best == 0 || value < best))
      best = value;
  return best;
}

std::optional<nc::SynapseFormat> Projection::formatFor(int64_t neurons,
                                                       const nc::Target &target) const {
  nc::SynapseFormat result = format;
  int64_t bits = std::max<int64_t>(1, llvm::bit_width(uint64_t(neurons - 1)));
  result.indexBits = uint8_t(atLeast(target.synapses.indexBits, bits));
  if (result.indexBits == 0)
    return std::nullopt;
  return result;
}

LogicalResult Projection::chooseWeights(const nc::Target &target) {
  int32_t low = 0, high = 0, all = 0, longest = 0;
  size_t count = entries.size() / kSynapseFields;
  for (size_t i = 0; i < count; ++i) {
    int32_t weight = at(int64_t(i), Weight);
    low = std::min(low, weight);
    high = std::max(high, weight);
    all |= weight;
    longest = std::max(longest, at(int64_t(i), Delay));
  }
  format.graded = op.getGraded();
  format.delayBits = uint8_t(llvm::bit_width(uint32_t(longest)));
  if (longest > target.accumulators.delayMost)
    return op.emitError("'") << op.getName() << "' has a delay of " << longest
                             << ", and delays of '" << target.name << "' go to "
                             << target.accumulators.delayMost;
  bool isExcitatory = low >= 0 && (target.weights.signModes & nc::SignExcitatory);
  bool isInhibitory = !isExcitatory && high <= 0 && (target.weights.signModes & nc::SignInhibitory);
  format.sign = isExcitatory   ? nc::SignMode::Excitatory
                : isInhibitory ? nc::SignMode::Inhibitory
                               : nc::SignMode::Mixed;
  int64_t zeros = all == 0 ? 0 : llvm::countr_zero(uint32_t(all));
  auto bitsFor = [&](int64_t exponent) -> int64_t {
    auto most = uint32_t(std::max<int64_t>(int64_t(high), isInhibitory ? -int64_t(low) : 0));
    int64_t up = llvm::bit_width(most >> exponent);
    if (format.sign != nc::SignMode::Mixed)
      return std::max<int64_t>(up, 1);
    return std::max<int64_t>(up, llvm::bit_width(uint32_t(~(low >> exponent)))) + 1;
  };
  // Low zeros go into the exponent only where the bits would not do.
  int64_t exponent = 0, widest = target.largestWeightBits();
  while (bitsFor(exponent) > widest && exponent < zeros && exponent < target.weights.exponent.high)
    ++exponent;
  format.exponent = uint8_t(exponent);
  int64_t bits = atLeast(target.weights.bits, bitsFor(exponent));
  if (bits == 0)
    return op.emitError("'") << (op.getWeights() ? *op.getWeights() : op.getName())
                             << "' has weights from " << low << " to " << high << ", which need "
                             << bitsFor(exponent) << " bits, and weights of '" << target.name
                             << "' have " << widest;
  format.weightBits = uint8_t(bits);
  return success();
}

/// The kind of lists that makes all of them shortest.
LogicalResult Projection::chooseKind(const nc::Target &target, int64_t neurons) {
  struct Kind {
    nc::SynapseKind kind;
    uint32_t flag;
    int64_t skip;
  };
  SmallVector<Kind> kinds = {{nc::SynapseKind::Dense, nc::KindDense, 0},
                             {nc::SynapseKind::Sparse, nc::KindSparse, 0}};
  for (int64_t skip : target.synapses.skipBits)
    kinds.push_back({nc::SynapseKind::RunLength, nc::KindRunLength, skip});
  // Several synapses of one source at one neuron have a place only in sparse lists.
  bool repeated = false;
  for (int64_t i = 0, end = int64_t(entries.size() / kSynapseFields); i + 1 < end; ++i)
    repeated |= at(i, Source) == at(i + 1, Source) && at(i, Target) == at(i + 1, Target);
  std::optional<uint64_t> best;
  nc::SynapseFormat chosen = format;
  for (const Kind &kind : kinds) {
    if (!(target.synapses.kinds & kind.flag) || (repeated && kind.kind != nc::SynapseKind::Sparse))
      continue;
    nc::SynapseFormat tried = format;
    tried.kind = kind.kind;
    tried.skipBits = uint8_t(kind.skip);
    tried.indexBits = uint8_t(std::max<int64_t>(
        1, atLeast(target.synapses.indexBits, llvm::bit_width(uint64_t(neurons - 1)))));
    uint64_t words = 0;
    for (int64_t source = 0; source < sourceCount(); ++source)
      words += wordsOf(tried, begins[size_t(source)], begins[size_t(source) + 1]);
    if (!best || words < *best) {
      best = words;
      chosen = tried;
    }
  }
  if (!best)
    return op.emitError("'") << op.getName() << "' has synapses"
                             << (repeated ? ", several of a source at one neuron" : "") << ", and '"
                             << target.name << "' has no " << (repeated ? "sparse " : "")
                             << "lists that hold them";
  format = chosen;
  return success();
}

/// For each neuron of a population the number of its place; empty: they stand in order.
static std::vector<int32_t> placesIn(PopulationOp population) {
  std::vector<int32_t> places;
  if (population && population.getOrder()) {
    places.resize(size_t(population.getCount()));
    for (auto [place, neuron] : llvm::enumerate(*population.getOrder()))
      places[size_t(neuron)] = int32_t(place);
  }
  return places;
}

/// Numbers sources and targets as they stand, and sorts the entries by that.
void Projection::reorder(PopulationOp source, PopulationOp target) {
  std::vector<int32_t> sourcePlaces = placesIn(source), targetPlaces = placesIn(target);
  if (sourcePlaces.empty() && targetPlaces.empty())
    return;
  using Entry = std::array<int32_t, kSynapseFields>;
  auto sourceOf = [&](int64_t entry) {
    int32_t source = at(entry, Source);
    return size_t(sourcePlaces.empty() ? source : sourcePlaces[size_t(source)]);
  };
  // By source, then those of each by target.
  int64_t count = entryCount();
  std::vector<size_t> next(begins.size(), 0);
  for (int64_t entry = 0; entry < count; ++entry)
    ++next[sourceOf(entry) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<Entry> sorted(static_cast<size_t>(count));
  for (int64_t entry = 0; entry < count; ++entry) {
    Entry &place = sorted[next[sourceOf(entry)]++];
    std::copy_n(entries.begin() + entry * kSynapseFields, kSynapseFields, place.begin());
    place[Source] = int32_t(sourceOf(entry));
    if (!targetPlaces.empty())
      place[Target] = targetPlaces[size_t(place[Target])];
  }
  for (auto begin = sorted.begin(); begin != sorted.end();) {
    auto end = std::find_if(begin, sorted.end(),
                            [&](const Entry &entry) { return entry[Source] != (*begin)[Source]; });
    std::stable_sort(begin, end,
                     [](const Entry &a, const Entry &b) { return a[Target] < b[Target]; });
    begin = end;
  }
  owned.resize(sorted.size() * kSynapseFields);
  for (size_t i = 0; i < sorted.size(); ++i)
    llvm::copy(sorted[i], owned.begin() + i * kSynapseFields);
  entries = owned;
}

FailureOr<Projection> Projection::make(SynapsesOp op, const nc::Target &target, int64_t neurons) {
  Projection result;
  result.op = op;
  DenseIntElementsAttr entries = op.getEntries();
  if (entries.isSplat()) {
    result.owned.assign(size_t(entries.getNumElements()),
                        entries.empty() ? 0 : entries.getSplatValue<int32_t>());
    result.entries = result.owned;
  } else {
    ArrayRef<char> raw = entries.getRawData();
    result.entries = ArrayRef<int32_t>(reinterpret_cast<const int32_t *>(raw.data()),
                                       size_t(entries.getNumElements()));
  }
  Operation *source = SymbolTable::lookupNearestSymbolFrom(op, op.getSourceAttr());
  auto population = dyn_cast<PopulationOp>(source);
  auto sources = int64_t(population ? population.getCount() : cast<InjectorOp>(source).getCount());
  result.begins.assign(size_t(sources) + 1, 0);
  result.reorder(population,
                 SymbolTable::lookupNearestSymbolFrom<PopulationOp>(op, op.getTargetAttr()));
  auto count = int64_t(result.entries.size() / kSynapseFields);
  for (int64_t i = 0; i < count; ++i)
    ++result.begins[size_t(result.at(i, Source)) + 1];
  for (size_t i = 1; i < result.begins.size(); ++i)
    result.begins[i] += result.begins[i - 1];
  result.indexTargets(neurons);
  if (failed(result.chooseWeights(target)) || failed(result.chooseKind(target, neurons)))
    return failure();
  return std::move(result);
}

} // namespace basalt::neurocore
