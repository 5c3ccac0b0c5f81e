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

EntryRange Projection::all(int64_t source) const {
  if (!isShared())
    return {begins[size_t(source)], begins[size_t(source) + 1], 0};
  int32_t list = places[size_t(source) * 2];
  if (list < 0)
    return {};
  return {begins[size_t(list)], begins[size_t(list) + 1], places[size_t(source) * 2 + 1]};
}

EntryRange Projection::range(int64_t source, int64_t first, int64_t count) const {
  EntryRange whole = all(source);
  // Entries are sorted by target within a list.
  auto lower = [&](int64_t neuron) {
    int64_t low = whole.begin, high = whole.end;
    // Where a source leads to all neurons, entries are where they should be.
    if (int64_t guess = low + std::max<int64_t>(neuron, 0);
        guess < high && at(guess, Target) == neuron &&
        (guess == low || at(guess - 1, Target) < neuron))
      return guess;
    // Most lists of convolutions are in one part.
    if (low == high || at(low, Target) >= neuron)
      return low;
    if (at(high - 1, Target) < neuron)
      return high;
    while (low < high) {
      int64_t middle = (low + high) / 2;
      if (at(middle, Target) < neuron)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  };
  return {lower(first - whole.base), lower(first + count - whole.base), whole.base};
}

void Projection::indexTargets(int64_t neurons) {
  ofTarget.assign(size_t(neurons) + 1, 0);
  auto visit = [&](auto f) {
    for (int64_t source = 0; source < sourceCount(); ++source) {
      EntryRange range = all(source);
      for (int64_t entry = range.begin; entry < range.end; ++entry)
        f(source, size_t(range.base + at(entry, Target)));
    }
  };
  visit([&](int64_t, size_t target) { ++ofTarget[target + 1]; });
  std::partial_sum(ofTarget.begin(), ofTarget.end(), ofTarget.begin());
  if (isShared())
    return indexReach();
  std::vector<int64_t> next = ofTarget;
  sources.resize(size_t(ofTarget.back()));
  visit([&](int64_t source, size_t target) { sources[size_t(next[target]++)] = int32_t(source); });
}

/// Sources of a few targets are near each other in a convolution.
void Projection::indexReach() {
  lastUpTo.assign(size_t(sourceCount()), -1);
  firstFrom.assign(size_t(sourceCount()), INT32_MAX);
  for (int64_t source = 0; source < sourceCount(); ++source)
    if (EntryRange range = all(source); !range.empty()) {
      firstFrom[size_t(source)] = int32_t(range.base + at(range.begin, Target));
      lastUpTo[size_t(source)] = int32_t(range.base + at(range.end - 1, Target));
    }
  for (size_t i = 1; i < lastUpTo.size(); ++i)
    lastUpTo[i] = std::max(lastUpTo[i], lastUpTo[i - 1]);
  for (size_t i = firstFrom.size(); i-- > 1;)
    firstFrom[i - 1] = std::min(firstFrom[i], firstFrom[i - 1]);
}

std::vector<int64_t> Projection::sourcesOf(int64_t first, int64_t count) const {
  std::vector<int64_t> result;
  if (isShared()) {
    auto begin = std::lower_bound(lastUpTo.begin(), lastUpTo.end(), first) - lastUpTo.begin(),
         end = std::lower_bound(firstFrom.begin(), firstFrom.end(), first + count) -
               firstFrom.begin();
    for (int64_t source = begin; source < end; ++source)
      result.push_back(source);
    return result;
  }
  int64_t begin = ofTarget[size_t(first)], end = ofTarget[size_t(first + count)];
  result.assign(sources.begin() + begin, sources.begin() + end);
  llvm::sort(result);
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

void Projection::visitParts(int64_t source, ArrayRef<unsigned> partOf,
                            function_ref<void(unsigned, const EntryRange &)> visit) const {
  EntryRange range = all(source);
  auto partAt = [&](int64_t entry) { return partOf[size_t(range.base + at(entry, Target))]; };
  // Entries are sorted by target.
  for (int64_t entry = range.begin; entry < range.end;) {
    int64_t begin = entry;
    unsigned part = partAt(begin);
    while (++entry < range.end && partAt(entry) == part)
      continue;
    visit(part, {begin, entry, range.base});
  }
}

CoreList Projection::listOf(const EntryRange &range, int64_t first) const {
  CoreList result;
  int64_t index = range.base + at(range.begin, Target) - first;
  // Lists that one source has begin with the group; others where their targets do, as far as the
  // bases of axons go.
  result.base = isShared() ? index % bases : 0;
  result.list = {range.begin, range.end, index - result.base};
  return result;
}

std::vector<nc::Synapse> Projection::synapsesOf(const CoreList::Key &key) const {
  std::vector<nc::Synapse> list;
  list.reserve(size_t(key.end - key.begin));
  int64_t before = key.index - at(key.begin, Target);
  for (int64_t entry = key.begin; entry < key.end; ++entry)
    list.push_back({uint32_t(before + at(entry, Target)),
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

SourceList ListAddresses::place(const Projection &projection, const nc::SynapseFormat &format,
                                int64_t source, const EntryRange &range, int64_t first) {
  CoreList list = projection.listOf(range, first);
  SourceList result;
  result.source = source;
  result.word = next;
  result.words = int64_t(projection.wordsOf(format, range.begin, range.end));
  result.base = list.base;
  if (projection.isShared()) {
    auto [place, isNew] = known.try_emplace(list.list, next);
    result.word = place->second;
    result.isNew = isNew;
  }
  next += result.isNew ? result.words : 0;
  return result;
}

void Projection::visitLists(const nc::SynapseFormat &exact, int64_t first, int64_t count,
                            function_ref<void(const SourceList &)> visit) const {
  if (isShared()) {
    // Few lists: not even a look at each synapse.
    ListAddresses addresses;
    for (int64_t source : sourcesOf(first, count))
      if (EntryRange part = range(source, first, count); !part.empty())
        visit(addresses.place(*this, exact, source, part, first));
    return;
  }
  struct Growing {
    uint64_t entries = 0;
    int64_t last = 0;
  };
  auto add = [&](Growing &list, int64_t target) {
    list.entries += 1 + (list.entries ? fillingBetween(exact, list.last, target) : 0);
    list.last = target;
  };
  SourceList list;
  auto finish = [&](int64_t source, const Growing &grown) {
    if (grown.entries == 0)
      return;
    list.source = source;
    list.words = int64_t(nc::wordsOf(exact, grown.entries));
    visit(list);
    list.word += list.words;
  };
  if (entriesTo(first, count) < sourceCount() / 8) {
    // Few synapses: not even a look at each source.
    std::vector<std::pair<int32_t, int64_t>> synapses;
    for (int64_t target = first; target < first + count; ++target)
      for (int32_t source : sourcesAt(target))
        synapses.emplace_back(source, target);
    llvm::sort(synapses);
    Growing growing;
    for (size_t i = 0; i < synapses.size(); ++i) {
      add(growing, synapses[i].second);
      if (i + 1 < synapses.size() && synapses[i + 1].first == synapses[i].first)
        continue;
      finish(synapses[i].first, growing);
      growing = Growing();
    }
    return;
  }
  std::vector<Growing> growing(static_cast<size_t>(sourceCount()));
  for (int64_t target = first; target < first + count; ++target)
    for (int32_t source : sourcesAt(target))
      add(growing[size_t(source)], target);
  for (auto [source, grown] : llvm::enumerate(growing))
    finish(int64_t(source), grown);
}

/// The least of `values` that is at least `needed`; 0 if none is.
static int64_t atLeast(const std::vector<int64_t> &values, int64_t needed) {
  int64_t best = 0;
  for (int64_t value : values)
    if (value >= needed && (best == 0 || value < best))
      best = value;
  return best;
}

/// How many indices lists of a group of so many neurons have.
int64_t Projection::indicesOf(int64_t neurons) const {
  return isShared() && bases >= neurons ? std::min(span, neurons) : neurons;
}

std::optional<nc::SynapseFormat> Projection::formatFor(int64_t neurons,
                                                       const nc::Target &target) const {
  nc::SynapseFormat result = format;
  int64_t bits = std::max<int64_t>(1, llvm::bit_width(uint64_t(indicesOf(neurons) - 1)));
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
  if (format.sign == nc::SignMode::Mixed && !(target.weights.signModes & nc::SignMixed))
    return op.emitError("'") << (op.getWeights() ? *op.getWeights() : op.getName())
                             << "' has weights from " << low << " to " << high
                             << ", and those of a list of '" << target.name
                             << "' have one sign, of those in weights.sign_modes";
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
        1, atLeast(target.synapses.indexBits, llvm::bit_width(uint64_t(indicesOf(neurons) - 1)))));
    uint64_t words = 0;
    for (size_t list = 0; list + 1 < begins.size(); ++list)
      words += wordsOf(tried, begins[list], begins[list + 1]);
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

/// Gives each source a list of its own.
void Projection::expand() {
  std::vector<int32_t> expanded;
  for (int64_t source = 0; source < sourceCount(); ++source) {
    EntryRange range = all(source);
    for (int64_t entry = range.begin; entry < range.end; ++entry)
      for (unsigned field = 0; field < kSynapseFields; ++field) {
        int32_t value = at(entry, SynapseField(field));
        expanded.push_back(field == Source   ? int32_t(source)
                           : field == Target ? int32_t(value + range.base)
                                             : value);
      }
  }
  owned = std::move(expanded);
  entries = owned;
  places = {};
}

int64_t Projection::stepOfBases() const {
  int64_t step = 0;
  for (size_t source = 0; source < places.size() / 2; ++source)
    if (!all(int64_t(source)).empty())
      step = std::gcd(step, int64_t(places[source * 2 + 1]));
  return step;
}

/// Renumbers shared lists, if each of them is the same from all bases that it has: a step from base
/// to base takes all neurons equally far, as if channels of an image are cut into blocks.
bool Projection::reorderLists(ArrayRef<int32_t> sourcePlaces, ArrayRef<int32_t> targetPlaces) {
  int64_t step = stepOfBases(), distance = 0, count = int64_t(targetPlaces.size());
  if (step > 0 && step < count)
    distance = int64_t(targetPlaces[size_t(step)]) - targetPlaces[0];
  for (int64_t i = 0; step > 0 && i + step < count; ++i)
    if (int64_t(targetPlaces[size_t(i + step)]) - targetPlaces[size_t(i)] != distance)
      return false;
  std::vector<std::array<int32_t, kSynapseFields>> sorted(entries.size() / kSynapseFields);
  for (size_t i = 0; i < sorted.size(); ++i) {
    std::copy_n(entries.begin() + i * kSynapseFields, kSynapseFields, sorted[i].begin());
    sorted[i][Target] = targetPlaces[size_t(sorted[i][Target])];
  }
  llvm::stable_sort(sorted, [](const auto &a, const auto &b) {
    return std::tie(a[Source], a[Target]) < std::tie(b[Source], b[Target]);
  });
  std::vector<int32_t> moved(places.size());
  for (size_t source = 0; source < places.size() / 2; ++source) {
    size_t place = sourcePlaces.empty() ? source : size_t(sourcePlaces[source]);
    int64_t base = places[source * 2 + 1];
    moved[place * 2] = places[source * 2];
    moved[place * 2 + 1] = int32_t(step > 0 ? base / step * distance : base);
  }
  std::vector<int32_t> flat;
  flat.reserve(entries.size());
  for (const auto &entry : sorted)
    flat.insert(flat.end(), entry.begin(), entry.end());
  owned = std::move(flat);
  entries = owned;
  ownedPlaces = std::move(moved);
  places = ownedPlaces;
  return true;
}

/// Numbers sources and targets as they stand, and sorts the entries by that.
void Projection::reorder(PopulationOp source, PopulationOp target) {
  std::vector<int32_t> sourcePlaces = placesIn(source), targetPlaces = placesIn(target);
  if (sourcePlaces.empty() && targetPlaces.empty())
    return;
  if (isShared() && targetPlaces.empty()) {
    ownedPlaces.resize(places.size());
    for (size_t i = 0; i < sourcePlaces.size(); ++i)
      std::copy_n(places.begin() + 2 * i, 2, ownedPlaces.begin() + 2 * sourcePlaces[i]);
    places = ownedPlaces;
    return;
  }
  if (isShared() && reorderLists(sourcePlaces, targetPlaces))
    return;
  // What is the same for all sources is not so in any order.
  int64_t sources = sourceCount();
  if (isShared())
    expand();
  using Entry = std::array<int32_t, kSynapseFields>;
  auto sourceOf = [&](size_t entry) {
    int32_t source = at(int64_t(entry), Source);
    return size_t(sourcePlaces.empty() ? source : sourcePlaces[size_t(source)]);
  };
  // By source, then those of each by target.
  size_t count = entries.size() / kSynapseFields;
  std::vector<size_t> next(size_t(sources) + 1, 0);
  for (size_t entry = 0; entry < count; ++entry)
    ++next[sourceOf(entry) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<Entry> sorted(count);
  for (size_t entry = 0; entry < count; ++entry) {
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
  owned = {};
  inOrder = std::move(sorted);
  if (!inOrder.empty())
    entries = ArrayRef(inOrder[0].data(), count * kSynapseFields);
}

/// Where lists, or the synapses of sources, begin.
void Projection::indexLists(int64_t lists) {
  begins.assign(size_t(lists) + 1, 0);
  for (size_t i = 0; i < entries.size(); i += kSynapseFields)
    ++begins[size_t(entries[i + Source]) + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  for (size_t list = 0; list + 1 < begins.size(); ++list)
    if (begins[list] != begins[list + 1])
      span = std::max<int64_t>(span, int64_t(at(begins[list + 1] - 1, Target)) -
                                         at(begins[list], Target) + 1);
}

FailureOr<Projection> Projection::make(SynapsesOp op, const nc::Target &target, int64_t neurons) {
  Projection result;
  result.op = op;
  result.bases = target.axons.baseMost + 1;
  result.entries = neurocore::wordsOf(op.getEntries(), result.owned);
  if (op.getLists())
    result.places =
        neurocore::wordsOf(cast<DenseIntElementsAttr>(*op.getLists()), result.ownedPlaces);
  Operation *source = SymbolTable::lookupNearestSymbolFrom(op, op.getSourceAttr());
  auto population = dyn_cast<PopulationOp>(source);
  auto sources = int64_t(population ? population.getCount() : cast<InjectorOp>(source).getCount());
  auto listCount = [&] {
    bool none = result.entries.empty();
    return none ? 0 : int64_t(result.entries[result.entries.size() - kSynapseFields + Source]) + 1;
  };
  // Lists that are put into another order have to be found.
  result.indexLists(result.isShared() ? listCount() : sources);
  result.reorder(population,
                 SymbolTable::lookupNearestSymbolFrom<PopulationOp>(op, op.getTargetAttr()));
  result.indexLists(result.isShared() ? listCount() : sources);
  result.indexTargets(neurons);
  if (failed(result.chooseWeights(target)) || failed(result.chooseKind(target, neurons)))
    return failure();
  return std::move(result);
}

} // namespace basalt::neurocore
