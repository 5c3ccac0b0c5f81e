// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names of edges become nodes here; nested graphs are opened on the way.
#include "compiler/import/NirGraph.h"

#include "compiler/support/Suggest.h"

#include <algorithm>
#include <map>
#include <set>

namespace basalt::import {

/// More edges than any network has; nested graphs with many of them in a row would make even more.
static constexpr size_t maxEdges = 1'000'000;

namespace {
/// What a name of a graph stands for: a node, or a graph with its doors.
struct Entry {
  size_t node = 0;
  bool isGraph = false;
  std::map<std::string, size_t> inputs, outputs;
};

using Entries = std::map<std::string, Entry>;

class GraphReader {
public:
  explicit GraphReader(Report &report) : report(report) {}

  Entries readGraph(const Hdf5Node &group, const std::string &prefix);
  NirGraph finish();

  NirGraph graph;

private:
  void readNode(const Hdf5Node &group, const std::string &prefix, Entries &entries);
  void readEdges(const Hdf5Node &group, const Entries &entries);
  bool findEnd(const Entries &entries, const std::string &name, bool isTarget,
               const std::string &edges, std::optional<size_t> &node);
  bool isWrongWay(const Entries &entries, const std::string &name, bool isTarget) const;
  std::string repairName(const Hdf5Node &edges, const Entries &entries);
  void addEdge(size_t source, size_t target, size_t ways);
  void openDoor(size_t node);

  /// Nodes, each with the number of ways to it: there are several if edges lead through several
  /// Inputs or Outputs of nested graphs.
  using Ways = std::map<size_t, size_t>;

  Report &report;
  std::vector<Ways> sources, targets; // of each node
  size_t edgeCount = 0;
  bool hasTooMany = false;
  std::set<size_t> doors; // Inputs and Outputs of nested graphs
};
} // namespace

static std::string quote(const std::string &text) { return "'" + text + "'"; }

std::optional<std::string> readWord(const Hdf5Node &group, const std::string &name,
                                    Report &report) {
  const Hdf5Node *node = group.find(name);
  if (!node) {
    report.error(quote(group.path) + " has no '" + name + "'");
    return std::nullopt;
  }
  if (node->kind != Hdf5Node::Kind::Strings || node->strings.size() != 1) {
    report.error(quote(node->path) + " must be a string");
    return std::nullopt;
  }
  return node->strings.front();
}

//===--- Nodes ---===//

void GraphReader::readNode(const Hdf5Node &group, const std::string &prefix, Entries &entries) {
  if (!group.isGroup())
    return report.error(quote(group.path) + " must be a group, that of a node");
  std::optional<std::string> type = readWord(group, "type", report);
  Entry &entry = entries[group.name];
  if (type && *type == "NIRGraph") {
    entry.isGraph = true;
    for (const auto &[name, inner] : readGraph(group, prefix + group.name + ".")) {
      if (inner.isGraph)
        continue;
      const NirNode &node = graph.nodes[inner.node];
      if (node.type != "Input" && node.type != "Output")
        continue;
      (node.type == "Input" ? entry.inputs : entry.outputs)[name] = inner.node;
      doors.insert(inner.node);
    }
    return;
  }
  entry.node = graph.nodes.size();
  graph.nodes.push_back({prefix + group.name, type.value_or(""), &group});
  sources.emplace_back();
  targets.emplace_back();
}

Entries GraphReader::readGraph(const Hdf5Node &group, const std::string &prefix) {
  Entries entries;
  const Hdf5Node *nodes = group.find("nodes");
  if (!nodes || !nodes->isGroup()) {
    report.error(quote(group.path) + " has no group 'nodes', which a graph needs");
    return entries;
  }
  for (const Hdf5Node &child : group.children)
    if (child.name != "nodes" && child.name != "edges" && child.name != "type" &&
        child.name != "metadata")
      report.warning(quote(child.path) + " is nothing that a graph of NIR has; it is ignored");
  for (const Hdf5Node &child : nodes->children)
    readNode(child, prefix, entries);
  readEdges(group, entries);
  return entries;
}

//===--- Edges ---===//

static std::string list(const std::map<std::string, size_t> &names, const std::string &prefix) {
  std::string result;
  for (const auto &[name, node] : names)
    result += (result.empty() ? "'" : ", '") + prefix + name + "'";
  return result;
}

/// What `graph.port` can mean, the longest name of a graph first: names may have dots.
static std::vector<std::pair<const Entries::value_type *, std::string>>
readPort(const Entries &entries, const std::string &name) {
  std::vector<std::pair<const Entries::value_type *, std::string>> result;
  for (size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0;
       dot = name.rfind('.', dot - 1))
    if (auto it = entries.find(name.substr(0, dot)); it != entries.end() && it->second.isGraph)
      result.emplace_back(&*it, name.substr(dot + 1));
  return result;
}

/// The node that an end of an edge names; false if there is none of that name.
bool GraphReader::findEnd(const Entries &entries, const std::string &name, bool isTarget,
                          const std::string &path, std::optional<size_t> &node) {
  if (auto it = entries.find(name); it != entries.end()) {
    const Entry &entry = it->second;
    const auto &ways = isTarget ? entry.inputs : entry.outputs;
    if (!entry.isGraph)
      node = entry.node;
    else if (ways.size() == 1)
      node = ways.begin()->second;
    else
      report.error(quote(path) + " names the graph '" + name + "', which has " +
                   (ways.empty() ? "no " : "several ") + (isTarget ? "Inputs" : "Outputs") +
                   (ways.empty() ? "" : "; an edge can name " + list(ways, name + ".")));
    return true;
  }
  for (const auto &[graph, port] : readPort(entries, name)) {
    const auto &ways = isTarget ? graph->second.inputs : graph->second.outputs;
    if (auto way = ways.find(port); way != ways.end()) {
      node = way->second;
      return true;
    }
  }
  return false;
}

/// Whether an edge leads to an Input of its own graph, or away from an Output.
bool GraphReader::isWrongWay(const Entries &entries, const std::string &name, bool isTarget) const {
  auto it = entries.find(name);
  return it != entries.end() && !it->second.isGraph &&
         graph.nodes[it->second.node].type == (isTarget ? "Input" : "Output");
}

/// What an end of an edge is that is no node, and what could be meant.
static std::string explainUnknown(const Entries &entries, const std::string &name, bool isTarget) {
  if (auto ports = readPort(entries, name); !ports.empty()) {
    const auto &[graph, entry] = *ports.front().first;
    const auto &ways = isTarget ? entry.inputs : entry.outputs;
    return std::string("which is no ") + (isTarget ? "Input" : "Output") + " of the graph '" +
           graph + "'" + (ways.empty() ? "" : "; an edge can name " + list(ways, graph + "."));
  }
  std::vector<llvm::StringRef> names;
  for (const auto &[known, entry] : entries)
    names.push_back(known);
  return "which is no node of the graph" + didYouMean(name, names);
}

/// A file whose edges call one node by another name is common enough: if one name has no node and
/// one node no edge, they belong together. The result is the name of that node; empty: there is
/// none.
std::string GraphReader::repairName(const Hdf5Node &data, const Entries &entries) {
  std::set<std::string> unknown, unused;
  for (const auto &[name, entry] : entries)
    unused.insert(name);
  for (size_t i = 0; i < data.strings.size(); ++i) {
    std::optional<size_t> node;
    Report silent;
    GraphReader probe(silent);
    if (!probe.findEnd(entries, data.strings[i], i % 2, data.path, node))
      unknown.insert(data.strings[i]);
    unused.erase(data.strings[i]);
  }
  if (unknown.size() != 1 || unused.size() != 1)
    return "";
  report.warning(quote(data.path) + " names '" + *unknown.begin() +
                 "', which is no node; taken as '" + *unused.begin() +
                 "', the only node without an edge");
  return *unused.begin();
}

void GraphReader::readEdges(const Hdf5Node &group, const Entries &entries) {
  const Hdf5Node *data = group.find("edges");
  if (!data)
    return report.error(quote(group.path) + " has no 'edges'");
  if (data->kind == Hdf5Node::Kind::Numbers && data->numbers.size() == 0)
    return; // no edges at all have no type either
  if (data->kind != Hdf5Node::Kind::Strings || data->numbers.shape.size() != 2 ||
      data->numbers.shape[1] != 2)
    return report.error(quote(data->path) + " must have two columns of names, source and target");
  if (data->strings.size() / 2 > maxEdges)
    return report.error(quote(data->path) + " has more than " + std::to_string(maxEdges) +
                        " edges");
  std::string repaired = repairName(*data, entries);
  std::set<std::string> reported;
  for (size_t i = 0; i + 1 < data->strings.size(); i += 2) {
    auto spellEdge = [&] {
      return "the edge " + quote(data->strings[i]) + " -> " + quote(data->strings[i + 1]) + " of " +
             quote(data->path);
    };
    std::optional<size_t> ends[2];
    for (size_t k : {0, 1}) {
      std::string name = data->strings[i + k];
      bool isKnown = findEnd(entries, name, k, data->path, ends[k]);
      if (!isKnown && !repaired.empty()) {
        name = repaired;
        findEnd(entries, name, k, data->path, ends[k]);
      } else if (!isKnown && reported.insert(name).second) {
        report.error(spellEdge() + " names '" + name + "', " + explainUnknown(entries, name, k));
      }
      if (isWrongWay(entries, name, k)) {
        report.error(spellEdge() + " leads " + (k ? "to an Input" : "away from an Output"));
        ends[k].reset();
      }
    }
    // The edges of a graph are a set; some writers repeat them.
    if (ends[0] && ends[1] && !targets[*ends[0]].count(*ends[1]))
      addEdge(*ends[0], *ends[1], 1);
  }
}

//===--- Nested graphs ---===//

void GraphReader::addEdge(size_t source, size_t target, size_t ways) {
  hasTooMany |= ways > maxEdges - edgeCount;
  if (hasTooMany)
    return;
  targets[source][target] += ways;
  sources[target][source] += ways;
  edgeCount += ways;
}

/// Leads the edges of an Input or Output of a nested graph through it.
void GraphReader::openDoor(size_t node) {
  if (targets[node].count(node))
    report.error("a circle at '" + graph.nodes[node].name +
                 "' has no node with a state, so it has no order");
  edgeCount -= targets[node].count(node) ? targets[node][node] : 0;
  targets[node].erase(node);
  sources[node].erase(node);
  Ways before = std::move(sources[node]), behind = std::move(targets[node]);
  for (auto [source, ways] : before) {
    targets[source].erase(node);
    edgeCount -= ways;
  }
  for (auto [target, ways] : behind) {
    sources[target].erase(node);
    edgeCount -= ways;
  }
  for (auto [source, waysTo] : before)
    for (auto [target, waysFrom] : behind)
      addEdge(source, target, waysTo * waysFrom);
}

/// The edges that the metadata name; they are in order, as those of the graph.
static void findFeedback(NirGraph &graph, Report &report) {
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    places.emplace(graph.nodes[i].name, i);
  const std::vector<std::string> &names = graph.metadata.feedback;
  for (size_t i = 0; i + 1 < names.size(); i += 2) {
    auto source = places.find(names[i]), target = places.find(names[i + 1]);
    bool isKnown = source != places.end() && target != places.end();
    if (isKnown && std::binary_search(graph.edges.begin(), graph.edges.end(),
                                      std::pair(source->second, target->second)))
      graph.feedback.emplace_back(source->second, target->second);
    else
      report.warning("'/node/metadata/feedback' names the edge '" + names[i] + "' -> '" +
                     names[i + 1] + "', which the graph does not have; it is ignored");
  }
  std::sort(graph.feedback.begin(), graph.feedback.end());
}

NirGraph GraphReader::finish() {
  for (size_t door : doors)
    openDoor(door);
  if (hasTooMany)
    report.error("the graph has more than " + std::to_string(maxEdges) + " edges");
  std::vector<size_t> places(graph.nodes.size());
  NirGraph result = std::move(graph);
  std::vector<NirNode> nodes;
  for (size_t i = 0; i < result.nodes.size(); ++i) {
    places[i] = nodes.size();
    if (!doors.count(i))
      nodes.push_back(std::move(result.nodes[i]));
  }
  result.nodes = std::move(nodes);
  for (size_t source = 0; source < targets.size(); ++source)
    for (auto [target, ways] : targets[source])
      result.edges.insert(result.edges.end(), ways, {places[source], places[target]});
  findFeedback(result, report);
  return result;
}

//===--- The file ---===//

NirGraph readNirGraph(const Hdf5Node &root, Report &report) {
  GraphReader reader(report);
  const Hdf5Node *top = root.find("node");
  if (!top || !top->isGroup()) {
    report.error("the file has no group '/node', so it holds no graph of NIR");
    return {};
  }
  if (const Hdf5Node *version = root.find("version");
      version && version->kind == Hdf5Node::Kind::Strings && version->strings.size() == 1)
    reader.graph.version = version->strings.front();
  std::optional<std::string> type = readWord(*top, "type", report);
  if (type && *type != "NIRGraph")
    report.error("'/node/type' must be 'NIRGraph', found '" + *type + "'");
  if (report.hasErrors())
    return {};
  reader.graph.metadata = readNirMetadata(*top, report);
  reader.readGraph(*top, "");
  if (reader.graph.nodes.empty() && !report.hasErrors())
    report.error("the graph '/node' has no nodes");
  return reader.finish();
}

} // namespace basalt::import
