// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In which order layers run within a step, and where circles are cut.
#include "compiler/import/NirLayers.h"

#include <algorithm>
#include <map>
#include <queue>

namespace basalt::import {

namespace {
/// Orders layers so that sources come before their targets, along edges that do not wait.
class Ordering {
public:
  Ordering(const std::vector<NirLayer> &layers, std::vector<std::vector<NirLink>> &sources,
           Report &report);

  /// The order of the layers, if all circles could be cut.
  std::optional<std::vector<size_t>> run();

private:
  /// An edge on the way from an input to where the search is; `next` of its target's edges comes
  /// next.
  struct Visit {
    size_t layer, next = 0;
  };
  enum class Mark : uint8_t { New, Open, Done };

  bool search(size_t start);
  bool cut(size_t closing);
  bool isLate(size_t source, size_t target) const;
  void setLate(size_t source, size_t target);
  std::vector<size_t> starts() const;
  void open(size_t layer);
  std::vector<size_t> inReadingOrder() const;

  const std::vector<NirLayer> &layers;
  std::vector<std::vector<NirLink>> &sources;
  std::vector<std::vector<size_t>> targets;
  Report &report;
  std::vector<Mark> marks;
  std::vector<Visit> path;
  std::vector<size_t> found; ///< when the search has first come to each
  size_t count = 0;
};
} // namespace

Ordering::Ordering(const std::vector<NirLayer> &layers, std::vector<std::vector<NirLink>> &sources,
                   Report &report)
    : layers(layers), sources(sources), targets(layers.size()), report(report),
      found(layers.size(), SIZE_MAX) {
  for (size_t target = 0; target < layers.size(); ++target)
    for (const NirLink &link : sources[target])
      targets[link.source].push_back(target);
}

bool Ordering::isLate(size_t source, size_t target) const {
  for (const NirLink &link : sources[target])
    if (link.source == source)
      return link.isLate;
  return false;
}

void Ordering::setLate(size_t source, size_t target) {
  for (NirLink &link : sources[target])
    link.isLate |= link.source == source;
}

/// Inputs first, then what has no source, then the rest; by name, since the file has no order.
std::vector<size_t> Ordering::starts() const {
  std::vector<size_t> result(layers.size());
  for (size_t i = 0; i < result.size(); ++i)
    result[i] = i;
  auto rank = [&](size_t i) {
    return layers[i].kind == NirLayer::Kind::Input ? 0 : sources[i].empty() ? 1 : 2;
  };
  std::stable_sort(result.begin(), result.end(),
                   [&](size_t a, size_t b) { return rank(a) < rank(b); });
  return result;
}

/// The search has come back to the open layer `closing`: the last layer with a state on the way
/// from there sends to the next one a step later. The search goes on from there as if it had not
/// taken that way; what was finished on it stays so, since nothing finished leads to what is open.
bool Ordering::cut(size_t closing) {
  std::string circle = "'" + layers[closing].node->name + "'";
  for (size_t i = path.size(); i-- > 0;) {
    size_t source = path[i].layer, target = i + 1 < path.size() ? path[i + 1].layer : closing;
    if (layers[source].hasState) {
      setLate(source, target);
      for (size_t k = i + 1; k < path.size(); ++k)
        marks[path[k].layer] = Mark::New;
      path.resize(i + 1);
      return true;
    }
    circle = "'" + layers[source].node->name + "' -> " + circle;
    if (source == closing)
      break;
  }
  report.error("the circle " + circle + " has no node with a state, so it has no order");
  return false;
}

void Ordering::open(size_t layer) {
  path.push_back({layer});
  marks[layer] = Mark::Open;
  found[layer] = std::min(found[layer], count++);
}

/// Depth first from `start`; false if a circle cannot be cut.
bool Ordering::search(size_t start) {
  open(start);
  while (!path.empty()) {
    Visit &visit = path.back();
    const std::vector<size_t> &next = targets[visit.layer];
    if (visit.next == next.size()) {
      marks[visit.layer] = Mark::Done;
      path.pop_back();
      continue;
    }
    size_t target = next[visit.next++];
    if (marks[target] == Mark::Done || isLate(visit.layer, target))
      continue;
    if (marks[target] == Mark::Open) {
      if (!cut(target))
        return false;
      continue;
    }
    open(target);
  }
  return true;
}

std::optional<std::vector<size_t>> Ordering::run() {
  marks.assign(layers.size(), Mark::New);
  for (size_t start : starts())
    if (marks[start] == Mark::New && !search(start))
      return std::nullopt;
  return inReadingOrder();
}

/// Sources before targets, and else as the search has come to them.
std::vector<size_t> Ordering::inReadingOrder() const {
  std::vector<size_t> waiting(layers.size()), result;
  std::priority_queue<std::pair<size_t, size_t>, std::vector<std::pair<size_t, size_t>>,
                      std::greater<>>
      ready;
  for (size_t i = 0; i < layers.size(); ++i) {
    for (const NirLink &link : sources[i])
      waiting[i] += !link.isLate;
    if (waiting[i] == 0)
      ready.emplace(found[i], i);
  }
  while (!ready.empty()) {
    size_t next = ready.top().second;
    ready.pop();
    result.push_back(next);
    for (size_t target : targets[next])
      if (!isLate(next, target) && --waiting[target] == 0)
        ready.emplace(found[target], target);
  }
  return result;
}

/// By the order of the layers, unless metadata of the node say another one: floats that are added
/// up in another order give other bits.
static void sortSources(std::vector<NirLink> &links, size_t target, const NirLayers &all) {
  std::map<std::string, size_t> ranks;
  for (const std::string &name : all.layers[target].metadata.sources)
    ranks.emplace(name, ranks.size());
  auto key = [&](const NirLink &link) {
    auto rank = ranks.find(all.layers[link.source].node->name);
    return std::pair(rank == ranks.end() ? ranks.size() : rank->second, link.source);
  };
  std::sort(links.begin(), links.end(),
            [&](const NirLink &a, const NirLink &b) { return key(a) < key(b); });
}

NirLayers readNirLayers(const NirGraph &graph, const NirChoices &choices, Report &report) {
  NirLayers all;
  for (const NirNode &node : graph.nodes)
    all.layers.push_back(readNirLayer(node, choices, report));
  all.sources.resize(all.layers.size());
  for (auto [source, target] : graph.edges) {
    const NirLayer &from = all.layers[source];
    // What weights make of messages takes a step, if synapses do.
    bool isSynapse = from.kind == NirLayer::Kind::Weights || from.window.outChannels != 0;
    bool isFeedback =
        std::binary_search(graph.feedback.begin(), graph.feedback.end(), std::pair(source, target));
    all.sources[target].push_back({source, isFeedback || (isSynapse && choices.latency > 0)});
  }
  if (report.hasErrors())
    return all;
  std::optional<std::vector<size_t>> order = Ordering(all.layers, all.sources, report).run();
  if (!order)
    return all;
  NirLayers result;
  std::vector<size_t> places(order->size());
  for (size_t i = 0; i < order->size(); ++i)
    places[(*order)[i]] = i;
  for (size_t old : *order) {
    result.layers.push_back(std::move(all.layers[old]));
    std::vector<NirLink> &links = result.sources.emplace_back(std::move(all.sources[old]));
    for (NirLink &link : links)
      link.source = places[link.source];
  }
  for (size_t i = 0; i < result.layers.size(); ++i)
    sortSources(result.sources[i], i, result);
  return result;
}

} // namespace basalt::import
