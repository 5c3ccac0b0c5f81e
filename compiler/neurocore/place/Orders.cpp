// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each population is a graph: its neurons, and around them what sends to them and what they send
// to. Of a source with many targets a sample stands there, which is enough to see what belongs
// together. The parts that Partition makes of it are then made better by the number that counts:
// for each source, how many parts it reaches.
#include "compiler/neurocore/place/Orders.h"

#include "compiler/neurocore/place/Partition.h"

#include <numeric>
#include <random>

using namespace mlir;

namespace basalt::neurocore {

/// Targets of a source that its sample has.
static constexpr int64_t kSample = 24;
/// The weight of all edges of a source together.
static constexpr int64_t kSourceWeight = 5040;
/// Weights of neurons are whole numbers of this share of a core.
static constexpr double kWeightUnit = 1 << 20;
/// Counts of synapses by source and part, and steps over them, that refinement may take.
static constexpr int64_t kMostCounts = int64_t(1) << 26, kMostSteps = int64_t(1) << 31;
static constexpr unsigned kMostRounds = 4;
/// An order has to save one axon in so many.
static constexpr int64_t kWorth = 20;

namespace {
/// One population.
class Orderer {
public:
  Orderer(const Slicer &slicer, unsigned member)
      : slicer(slicer), member(member), neurons(slicer.neuronsOf(member)) {}

  /// The part of each neuron; nothing if borders are as good.
  std::optional<std::vector<unsigned>> run(ArrayRef<int64_t> borders, unsigned parts);

private:
  struct Half {
    unsigned from, to;
    int64_t weight;
  };
  void addEdges(std::vector<Half> &halves, const Projection &projection, bool isIncoming,
                unsigned base) const;
  Graph makeGraph() const;
  int64_t axonsFor(ArrayRef<unsigned> partOf, unsigned parts) const;
  void refine(std::vector<unsigned> &partOf, unsigned parts) const;

  const Slicer &slicer;
  unsigned member;
  int64_t neurons;
};
} // namespace

/// Edges between the neurons and their sources (`isIncoming`) or targets; vertices from `base` on
/// are neurons of another population, or injected.
void Orderer::addEdges(std::vector<Half> &halves, const Projection &projection, bool isIncoming,
                       unsigned base) const {
  for (int64_t source = 0; source < projection.sourceCount(); ++source) {
    EntryRange range = projection.all(source);
    int64_t count = range.size(), sampled = std::min(count, kSample);
    auto own = unsigned(source) + (isIncoming ? base : 0);
    for (int64_t i = 0; i < sampled; ++i) {
      int64_t entry = range.begin + i * count / sampled;
      auto other = unsigned(range.base + projection.at(entry, Target)) + (isIncoming ? 0 : base);
      if (other == own)
        continue;
      int64_t weight = std::max<int64_t>(1, kSourceWeight / sampled);
      halves.push_back({own, other, weight});
      halves.push_back({other, own, weight});
    }
  }
}

Graph Orderer::makeGraph() const {
  Graph graph;
  for (double weight : slicer.weightsOf(member))
    graph.weights.push_back(std::max<int64_t>(1, int64_t(weight * kWeightUnit)));
  std::vector<Half> halves;
  // A population that sends to itself is its own source.
  auto addAll = [&](ArrayRef<unsigned> projections, bool isIncoming) {
    for (unsigned number : projections) {
      const Projection &projection = slicer.projections[number];
      bool isOwn = slicer.targetOf(number) == member &&
                   llvm::is_contained(slicer.members[member].outgoing, number);
      if (isOwn && !isIncoming)
        continue;
      unsigned base = isOwn ? 0 : graph.size();
      addEdges(halves, projection, isIncoming, base);
      if (!isOwn)
        graph.weights.resize(graph.weights.size() +
                             size_t(isIncoming ? projection.sourceCount()
                                               : slicer.neuronsOf(slicer.targetOf(number))));
    }
  };
  addAll(slicer.members[member].incoming, true);
  addAll(slicer.members[member].outgoing, false);
  graph.begins.assign(graph.weights.size() + 1, 0);
  for (const Half &half : halves)
    ++graph.begins[half.from + 1];
  std::partial_sum(graph.begins.begin(), graph.begins.end(), graph.begins.begin());
  std::vector<size_t> next(graph.begins.begin(), graph.begins.end() - 1);
  graph.edges.resize(halves.size());
  for (const Half &half : halves)
    graph.edges[next[half.from]++] = {half.to, half.weight};
  return graph;
}

/// How many axons sources need to these parts.
int64_t Orderer::axonsFor(ArrayRef<unsigned> partOf, unsigned parts) const {
  int64_t axons = 0;
  std::vector<int64_t> seen(parts, -1);
  for (unsigned number : slicer.members[member].incoming) {
    const Projection &projection = slicer.projections[number];
    std::fill(seen.begin(), seen.end(), -1);
    for (int64_t source = 0; source < projection.sourceCount(); ++source)
      projection.visitParts(source, partOf, [&](unsigned part, const EntryRange &) {
        axons += seen[part] != source;
        seen[part] = source;
      });
  }
  return axons;
}

/// Moves neurons to parts that their sources reach anyway, if that does not take too long.
void Orderer::refine(std::vector<unsigned> &partOf, unsigned parts) const {
  ArrayRef<unsigned> incoming = slicer.members[member].incoming;
  int64_t sources = 0, entries = 0;
  std::vector<int64_t> begins;
  for (unsigned number : incoming) {
    begins.push_back(sources);
    sources += slicer.projections[number].sourceCount();
    entries += slicer.projections[number].entryCount();
  }
  if (sources > kMostCounts / parts || entries > kMostSteps / parts)
    return;
  // Synapses of each source to each part.
  std::vector<uint32_t> counts(size_t(sources) * parts);
  auto forSources = [&](int64_t neuron, auto f) {
    for (auto [begin, number] : llvm::zip(begins, incoming)) {
      int32_t last = -1;
      for (int32_t source : slicer.projections[number].sourcesAt(neuron)) {
        if (source != last)
          f(&counts[size_t(begin + source) * parts]);
        last = source;
      }
    }
  };
  std::vector<double> weights = slicer.weightsOf(member), heavy(parts);
  double all = 0;
  for (int64_t neuron = 0; neuron < neurons; ++neuron) {
    unsigned part = partOf[size_t(neuron)];
    forSources(neuron, [&](uint32_t *count) { ++count[part]; });
    heavy[part] += weights[size_t(neuron)];
    all += weights[size_t(neuron)];
  }
  double limit = std::max(*llvm::max_element(heavy), 1.01 * all / parts);
  std::vector<int64_t> more(parts); // axons that a part would need for the neuron
  bool changed = true;
  for (unsigned round = 0; round < kMostRounds && changed; ++round) {
    changed = false;
    for (int64_t neuron = 0; neuron < neurons; ++neuron) {
      unsigned &own = partOf[size_t(neuron)];
      double weight = weights[size_t(neuron)];
      std::fill(more.begin(), more.end(), 0);
      int64_t fewer = 0; // that its own part would need no more
      forSources(neuron, [&](const uint32_t *count) {
        fewer += count[own] == 1;
        for (unsigned part = 0; part < parts; ++part)
          more[part] += count[part] == 0;
      });
      unsigned best = own;
      int64_t saved = 0;
      for (unsigned part = 0; part < parts; ++part)
        if (part != own && fewer - more[part] > saved && heavy[part] + weight <= limit) {
          best = part;
          saved = fewer - more[part];
        }
      if (best == own)
        continue;
      forSources(neuron, [&](uint32_t *count) {
        --count[own];
        ++count[best];
      });
      heavy[own] -= weight;
      heavy[best] += weight;
      own = best;
      changed = true;
    }
  }
}

std::optional<std::vector<unsigned>> Orderer::run(ArrayRef<int64_t> borders, unsigned parts) {
  ArrayRef<unsigned> incoming = slicer.members[member].incoming;
  // Lists that sources share hold for the order of neurons as it is.
  auto isShared = [&](unsigned number) { return slicer.projections[number].isShared(); };
  if (parts < 2 || incoming.empty() || llvm::any_of(incoming, isShared))
    return std::nullopt;
  std::vector<unsigned> before(static_cast<size_t>(neurons));
  int64_t least = axonsFor(before, 1);
  for (auto [part, border] : llvm::enumerate(borders))
    std::fill(before.begin() + border, before.end(), unsigned(part));
  int64_t axons = axonsFor(before, unsigned(borders.size()));
  // If sources reach all parts, or hardly more than one, there is nothing to be found.
  if (axons - least < least / kWorth)
    return std::nullopt;
  std::vector<unsigned> partOf = partition(makeGraph(), parts);
  partOf.resize(size_t(neurons));
  refine(partOf, parts);
  std::vector<int64_t> sizes(parts);
  for (unsigned part : partOf)
    ++sizes[part];
  if (llvm::is_contained(sizes, 0) || axonsFor(partOf, parts) > axons - axons / kWorth)
    return std::nullopt;
  return partOf;
}

OrderFinder::OrderFinder(const Slicer &slicer, const Borders &borders)
    : slicer(slicer), borders(borders), blocks(borders.size()) {
  for (auto [member, of] : llvm::enumerate(borders))
    if (of.size() > 1)
      blocks[member] = findBlocks(slicer, unsigned(member));
}

Orders OrderFinder::find(const Borders &parts) const {
  Orders orders;
  orders.neurons.resize(borders.size());
  orders.borders.resize(borders.size());
  for (unsigned member = 0; member < borders.size(); ++member) {
    if (blocks[member]) {
      orders.neurons[member] = blocks[member]->order;
      orders.borders[member] = blocks[member]->borders;
      continue;
    }
    std::optional<std::vector<unsigned>> partOf =
        Orderer(slicer, member).run(borders[member], unsigned(parts[member].size()));
    if (!partOf)
      continue;
    std::vector<int32_t> &order = orders.neurons[member];
    order.resize(partOf->size());
    std::iota(order.begin(), order.end(), 0);
    // As they were within a part, so that the map of Vars stays short.
    llvm::stable_sort(
        order, [&](int32_t a, int32_t b) { return (*partOf)[size_t(a)] < (*partOf)[size_t(b)]; });
    for (size_t i = 0; i < order.size(); ++i)
      if (i == 0 || (*partOf)[size_t(order[i])] != (*partOf)[size_t(order[i - 1])])
        orders.borders[member].push_back(int64_t(i));
  }
  return orders;
}

Orders shuffledOrders(NetworkOp network, uint64_t seed) {
  Orders orders;
  // Not std::shuffle, which may differ between libraries.
  std::mt19937_64 random(seed);
  for (auto population : network.getBody().getOps<PopulationOp>()) {
    std::vector<int32_t> &order = orders.neurons.emplace_back(size_t(population.getCount()));
    std::iota(order.begin(), order.end(), 0);
    for (size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[size_t(random() % i)]);
  }
  return orders;
}

void setOrders(NetworkOp network, const Orders &orders) {
  for (auto [number, population] : llvm::enumerate(network.getBody().getOps<PopulationOp>())) {
    population.removeOrderAttr();
    if (number < orders.neurons.size() && !orders.neurons[number].empty())
      population.setOrder(orders.neurons[number]);
  }
}

} // namespace basalt::neurocore
