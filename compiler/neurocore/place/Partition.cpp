// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Heavy-edge matching, greedy growing, and moves of single vertices after Fiduccia and Mattheyses.
// All ties go by numbers of vertices.
#include "compiler/neurocore/place/Partition.h"

#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <numeric>
#include <queue>

namespace basalt::neurocore {

/// A graph with so few vertices is cut as it is.
static constexpr unsigned kFewVertices = 64;
/// Where the first side begins to grow: so many tries.
static constexpr unsigned kStarts = 8;
static constexpr unsigned kMostPasses = 6;
/// How much heavier than its share a part may be: one in so many.
static constexpr int64_t kSlack = 100;

//===-- Merging
//----------------------------------------------------------------------------------===//

/// For each vertex the one that it becomes; those with the most between them become one, if that is
/// no heavier than `most`.
static std::vector<unsigned> match(const Graph &graph, int64_t most, unsigned &merged) {
  constexpr unsigned kNone = ~0u;
  std::vector<unsigned> order(graph.size()), result(graph.size(), kNone);
  std::iota(order.begin(), order.end(), 0u);
  // Those with few edges have the least choice.
  llvm::stable_sort(order, [&](unsigned a, unsigned b) {
    return graph.edgesOf(a).size() < graph.edgesOf(b).size();
  });
  merged = 0;
  for (unsigned vertex : order) {
    if (result[vertex] != kNone)
      continue;
    unsigned best = kNone;
    int64_t heaviest = 0;
    for (const Graph::Edge &edge : graph.edgesOf(vertex))
      if (edge.to != vertex && result[edge.to] == kNone && edge.weight > heaviest &&
          graph.weights[vertex] + graph.weights[edge.to] <= most) {
        best = edge.to;
        heaviest = edge.weight;
      }
    result[vertex] = merged;
    if (best != kNone)
      result[best] = merged;
    ++merged;
  }
  return result;
}

static Graph merge(const Graph &graph, llvm::ArrayRef<unsigned> into, unsigned size) {
  std::vector<unsigned> members(graph.size()), begins(size + 1, 0);
  for (unsigned vertex : into)
    ++begins[vertex + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<unsigned> next(begins.begin(), begins.end() - 1);
  for (unsigned vertex = 0; vertex < graph.size(); ++vertex)
    members[next[into[vertex]]++] = vertex;
  Graph result;
  constexpr size_t kNone = ~size_t(0);
  std::vector<size_t> placeOf(size, kNone);
  for (unsigned made = 0; made < size; ++made) {
    int64_t weight = 0;
    size_t begin = result.edges.size();
    for (unsigned i = begins[made]; i < begins[made + 1]; ++i) {
      weight += graph.weights[members[i]];
      for (const Graph::Edge &edge : graph.edgesOf(members[i])) {
        unsigned to = into[edge.to];
        if (to == made)
          continue;
        if (placeOf[to] == kNone) {
          placeOf[to] = result.edges.size();
          result.edges.push_back({to, 0});
        }
        result.edges[placeOf[to]].weight += edge.weight;
      }
    }
    for (size_t i = begin; i < result.edges.size(); ++i)
      placeOf[result.edges[i].to] = kNone;
    result.weights.push_back(weight);
    result.begins.push_back(result.edges.size());
  }
  return result;
}

//===-- Two sides
//--------------------------------------------------------------------------------===//

namespace {
/// Vertices on two sides, of which neither should be heavier than its limit.
class Bisection {
public:
  Bisection(const Graph &graph, std::array<int64_t, 2> limits)
      : graph(graph), limits(limits), side(graph.size(), 1) {
    heavy[1] = std::accumulate(graph.weights.begin(), graph.weights.end(), int64_t(0));
  }

  /// Takes the sides of a smaller graph.
  void take(const Bisection &smaller, llvm::ArrayRef<unsigned> into) {
    for (unsigned vertex = 0; vertex < graph.size(); ++vertex)
      side[vertex] = smaller.side[into[vertex]];
    heavy = smaller.heavy;
  }
  void grow(unsigned start, int64_t weight);
  void refine();
  /// What is beyond the limits, and what is cut: less is better.
  std::pair<int64_t, int64_t> cost() const;

  const Graph &graph;
  std::array<int64_t, 2> limits;
  std::vector<uint8_t> side;
  std::array<int64_t, 2> heavy = {0, 0};

private:
  using Queue = std::priority_queue<std::tuple<int64_t, unsigned>>;

  int64_t beyond() const {
    return std::max<int64_t>(0, heavy[0] - limits[0]) + std::max<int64_t>(0, heavy[1] - limits[1]);
  }
  int64_t gainOf(unsigned vertex) const;
  bool pass();
  bool next(unsigned &vertex);
  void move(unsigned vertex) {
    heavy[side[vertex]] -= graph.weights[vertex];
    side[vertex] ^= 1;
    heavy[side[vertex]] += graph.weights[vertex];
  }

  std::vector<int64_t> gains;
  std::vector<uint8_t> moved;
  std::array<Queue, 2> queues; ///< by side: gains as they were; only those that still hold count
};
} // namespace

std::pair<int64_t, int64_t> Bisection::cost() const {
  int64_t cut = 0;
  for (unsigned vertex = 0; vertex < graph.size(); ++vertex)
    for (const Graph::Edge &edge : graph.edgesOf(vertex))
      cut += side[edge.to] != side[vertex] ? edge.weight : 0;
  return {beyond(), cut / 2};
}

/// From one vertex on, whoever has the most to those that are there, until side 0 is so heavy.
void Bisection::grow(unsigned start, int64_t weight) {
  std::vector<int64_t> pull(graph.size(), 0);
  Queue queue;
  queue.emplace(0, start);
  unsigned unseen = 0;
  while (heavy[0] < weight) {
    if (queue.empty()) { // another component
      while (unseen < graph.size() && side[unseen] == 0)
        ++unseen;
      if (unseen == graph.size())
        return;
      queue.emplace(pull[unseen], unseen);
    }
    auto [gain, vertex] = queue.top();
    queue.pop();
    if (side[vertex] == 0 || gain != pull[vertex])
      continue;
    move(vertex);
    for (const Graph::Edge &edge : graph.edgesOf(vertex))
      if (side[edge.to] == 1) {
        pull[edge.to] += edge.weight;
        queue.emplace(pull[edge.to], edge.to);
      }
  }
}

/// What is cut less if the vertex changes sides.
int64_t Bisection::gainOf(unsigned vertex) const {
  int64_t gain = 0;
  for (const Graph::Edge &edge : graph.edgesOf(vertex))
    if (edge.to != vertex)
      gain += side[edge.to] != side[vertex] ? edge.weight : -edge.weight;
  return gain;
}

/// The vertex to move next; false if none may.
bool Bisection::next(unsigned &vertex) {
  std::optional<int64_t> best;
  unsigned from = 0;
  for (unsigned which : {0u, 1u}) {
    Queue &queue = queues[which];
    while (!queue.empty()) {
      auto [gain, top] = queue.top();
      bool holds = !moved[top] && side[top] == which && gains[top] == gain;
      // A side that is too heavy gives whatever it has.
      bool fits = heavy[which ^ 1] + graph.weights[top] <= limits[which ^ 1] ||
                  heavy[which] > limits[which];
      if (holds && fits)
        break;
      queue.pop();
    }
    if (queue.empty() || (best && heavy[from] > limits[from]))
      continue;
    int64_t gain = std::get<0>(queue.top());
    if (!best || gain > *best || heavy[which] > limits[which]) {
      best = gain;
      from = which;
    }
  }
  if (!best)
    return false;
  vertex = std::get<1>(queues[from].top());
  queues[from].pop();
  return true;
}

/// Moves each vertex once at most, as long as there is hope, and goes back to the best state there
/// was; whether that is better than the one before.
bool Bisection::pass() {
  gains.assign(graph.size(), 0);
  moved.assign(graph.size(), 0);
  queues = {};
  bool isHeavy = beyond() > 0;
  for (unsigned vertex = 0; vertex < graph.size(); ++vertex) {
    gains[vertex] = gainOf(vertex);
    bool isInside = llvm::all_of(graph.edgesOf(vertex), [&](const Graph::Edge &edge) {
      return side[edge.to] == side[vertex];
    });
    if (!isInside || isHeavy)
      queues[side[vertex]].emplace(gains[vertex], vertex);
  }
  std::pair<int64_t, int64_t> now = {beyond(), 0}, best = now;
  std::vector<unsigned> moves;
  size_t kept = 0, patience = std::max<size_t>(100, graph.size() / 50);
  for (unsigned vertex; moves.size() < kept + patience && next(vertex);) {
    now.second -= gains[vertex];
    move(vertex);
    moved[vertex] = 1;
    moves.push_back(vertex);
    for (const Graph::Edge &edge : graph.edgesOf(vertex)) {
      if (moved[edge.to])
        continue;
      gains[edge.to] += (side[edge.to] != side[vertex] ? 2 : -2) * edge.weight;
      queues[side[edge.to]].emplace(gains[edge.to], edge.to);
    }
    now.first = beyond();
    if (now < best) {
      best = now;
      kept = moves.size();
    }
  }
  for (size_t i = moves.size(); i-- > kept;)
    move(moves[i]);
  return kept > 0;
}

void Bisection::refine() {
  for (unsigned i = 0; i < kMostPasses && pass(); ++i) {
  }
}

static std::vector<uint8_t> bisect(const Graph &graph, std::array<int64_t, 2> limits,
                                   int64_t first) {
  unsigned merged = 0;
  int64_t all = std::accumulate(graph.weights.begin(), graph.weights.end(), int64_t(0));
  if (graph.size() > kFewVertices) {
    std::vector<unsigned> into = match(graph, all / 20 + 1, merged);
    if (merged < graph.size() - graph.size() / 20) {
      Graph smaller = merge(graph, into, merged);
      Bisection inner(smaller, limits), outer(graph, limits);
      inner.side = bisect(smaller, limits, first);
      inner.heavy = {0, 0};
      for (unsigned vertex = 0; vertex < smaller.size(); ++vertex)
        inner.heavy[inner.side[vertex]] += smaller.weights[vertex];
      outer.take(inner, into);
      outer.refine();
      return std::move(outer.side);
    }
  }
  std::optional<std::pair<int64_t, int64_t>> least;
  std::vector<uint8_t> best;
  for (unsigned i = 0; i < kStarts && graph.size() > 0; ++i) {
    Bisection tried(graph, limits);
    tried.grow(unsigned(uint64_t(graph.size()) * i / kStarts), first);
    tried.refine();
    if (std::pair<int64_t, int64_t> cost = tried.cost(); !least || cost < *least) {
      least = cost;
      best = std::move(tried.side);
    }
  }
  return best;
}

//===-- Parts
//------------------------------------------------------------------------------------===//

namespace {
struct Partitioner {
  int64_t share; ///< the weight of a part
  std::vector<unsigned> result;

  void run(const Graph &graph, llvm::ArrayRef<unsigned> numbers, unsigned first, unsigned parts);
  int64_t limitOf(unsigned parts) const {
    return share * parts + std::max<int64_t>(1, share * parts / kSlack);
  }
};
} // namespace

/// The vertices of one side, and what is between them.
static Graph sideOf(const Graph &graph, llvm::ArrayRef<uint8_t> side, uint8_t which,
                    std::vector<unsigned> &members) {
  std::vector<unsigned> numberOf(graph.size());
  for (unsigned vertex = 0; vertex < graph.size(); ++vertex)
    if (side[vertex] == which) {
      numberOf[vertex] = unsigned(members.size());
      members.push_back(vertex);
    }
  Graph result;
  for (unsigned vertex : members) {
    result.weights.push_back(graph.weights[vertex]);
    for (const Graph::Edge &edge : graph.edgesOf(vertex))
      if (side[edge.to] == which)
        result.edges.push_back({numberOf[edge.to], edge.weight});
    result.begins.push_back(result.edges.size());
  }
  return result;
}

/// Gives the vertices, `numbers` of which the result has, parts `first` to first + parts - 1.
void Partitioner::run(const Graph &graph, llvm::ArrayRef<unsigned> numbers, unsigned first,
                      unsigned parts) {
  if (parts <= 1) {
    for (unsigned number : numbers)
      result[number] = first;
    return;
  }
  unsigned half = parts / 2;
  int64_t all = std::accumulate(graph.weights.begin(), graph.weights.end(), int64_t(0));
  std::vector<uint8_t> side =
      bisect(graph, {limitOf(half), limitOf(parts - half)}, all / parts * half);
  for (uint8_t which : {0, 1}) {
    std::vector<unsigned> members;
    Graph inner = sideOf(graph, side, which, members);
    for (unsigned &member : members)
      member = numbers[member];
    run(inner, members, which == 0 ? first : first + half, which == 0 ? half : parts - half);
  }
}

std::vector<unsigned> partition(const Graph &graph, unsigned parts) {
  int64_t all = std::accumulate(graph.weights.begin(), graph.weights.end(), int64_t(0));
  Partitioner partitioner{(all + parts - 1) / parts, std::vector<unsigned>(graph.size(), 0)};
  std::vector<unsigned> numbers(graph.size());
  std::iota(numbers.begin(), numbers.end(), 0u);
  partitioner.run(graph, numbers, 0, parts);
  return std::move(partitioner.result);
}

} // namespace basalt::neurocore
