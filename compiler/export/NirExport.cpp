// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes and edges as groups and datasets, with what NIR leaves open as metadata.
#include "compiler/export/NirExport.h"

#include "compiler/export/Hdf5Bytes.h"
#include "compiler/export/NirEdges.h"

#include <set>

namespace basalt::exporter {

/// Of the package that reads this layout.
static constexpr const char *nirVersion = "1.0.7";

namespace {
class Exporter {
public:
  Exporter(proc::NetworkOp network, const std::string &library)
      : network(network), library(library) {}

  mlir::LogicalResult read(const frontend::RunDefaults &defaults);
  import::Hdf5Node tree();

private:
  mlir::LogicalResult refuseSets(const frontend::RunDefaults &defaults);
  mlir::LogicalResult readNodes();
  void addOutputs(const frontend::RunDefaults &defaults);
  mlir::LogicalResult chooseForAll();
  bool isWeightsLate() const;
  import::Hdf5Node nodeGroup(const Node &node) const;
  import::Hdf5Node metadata() const;

  proc::NetworkOp network;
  const std::string &library;
  std::vector<Node> nodes;
  NodesOf nodesOf;
  std::optional<double> dt;
  std::map<std::string, std::string> words; ///< of all nodes that have none of their own
};
} // namespace

//===--- Reading the network ---===//

mlir::LogicalResult Exporter::refuseSets(const frontend::RunDefaults &defaults) {
  mlir::LogicalResult result = mlir::success();
  for (const frontend::RunItem &item : defaults.items)
    if (llvm::StringRef text = item.argument; text.consume_front("--set="))
      result = mlir::emitError(item.loc)
               << "a file of NIR has no run that sets '" << text.split('=').first
               << "'; give the value to the instance";
  return result;
}

mlir::LogicalResult Exporter::readNodes() {
  mlir::LogicalResult result = mlir::success();
  for (auto instance : network.getOps<proc::InstanceOp>()) {
    if (std::optional<Node> node = readNode(instance, library)) {
      nodesOf[instance] = nodes.size();
      nodes.push_back(std::move(*node));
    } else {
      result = mlir::failure();
    }
  }
  return result;
}

/// A graph without Outputs has those that the run section wants to see.
void Exporter::addOutputs(const frontend::RunDefaults &defaults) {
  std::set<std::string> names;
  for (const Node &node : nodes) {
    if (node.type == "Output")
      return;
    names.insert(node.name);
  }
  for (const std::string &argument : defaults.arguments) {
    llvm::StringRef probe = argument;
    if (!probe.consume_front("--probe="))
      continue;
    auto [name, port] = probe.split('@').first.rsplit('.');
    for (size_t index = 0, count = nodes.size(); index < count; ++index) {
      if (nodes[index].name != name || nodes[index].outPort != port ||
          nodes[index].role == Node::Role::Gone)
        continue;
      Node output("output", "Output", nodes[index].loc);
      for (int k = 2; !names.insert(output.name).second; ++k)
        output.name = "output_" + std::to_string(k);
      output.input = nodes[index].output;
      auto rank = int64_t(output.input.size());
      output.data.emplace_back("shape", import::makeArray({rank}, output.input));
      output.sources = {{index, nodes[index].isLate, output.loc}};
      nodes.push_back(std::move(output));
    }
  }
}

/// What the first node that it matters to says; a file has one time step.
mlir::LogicalResult Exporter::chooseForAll() {
  mlir::LogicalResult result = mlir::success();
  const Node *first = nullptr;
  for (const Node &node : nodes) {
    words.insert(node.words.begin(), node.words.end());
    if (!node.dt)
      continue;
    if (!dt) {
      dt = node.dt;
      first = &node;
    }
    if (*dt != *node.dt) {
      mlir::InFlightDiagnostic diagnostic = mlir::emitError(node.loc);
      diagnostic << "'" << node.name << "' has a `dt` of " << import::spell(*node.dt) << " s, and '"
                 << first->name << "' of " << import::spell(*dt) << " s; a file of NIR has one";
      diagnostic.attachNote(first->loc) << "'" << first->name << "' is here";
      result = mlir::failure();
    }
  }
  return result;
}

mlir::LogicalResult Exporter::read(const frontend::RunDefaults &defaults) {
  bool isFine = succeeded(refuseSets(defaults));
  isFine &= succeeded(readNodes());
  isFine &= succeeded(connectNodes(nodes, nodesOf, network));
  isFine &= succeeded(chooseForAll());
  if (isFine)
    addOutputs(defaults);
  return mlir::success(isFine);
}

//===--- The tree ---===//

static bool isWeights(const Node &node) {
  return node.type == "Affine" || node.type == "Linear" || node.type == "Conv1d" ||
         node.type == "Conv2d";
}

/// Whether all that leaves weights takes a step: one word then says so.
bool Exporter::isWeightsLate() const {
  bool isOne = false;
  for (const Node &node : nodes)
    for (const Link &link : node.sources)
      if (isWeights(nodes[link.source])) {
        if (!link.isLate)
          return false;
        isOne = true;
      }
  return isOne;
}

static import::Hdf5Node makeNumber(const std::string &name, double value) {
  return makeNumbers(name, import::makeArray({}, std::vector<double>{value}));
}

import::Hdf5Node Exporter::metadata() const {
  import::Hdf5Node group = makeGroup("metadata");
  if (dt)
    group.children.push_back(makeNumber("dt", *dt));
  for (const auto &[name, word] : words)
    group.children.push_back(makeString(name, word));
  bool isLatency = isWeightsLate();
  if (!words.empty() || isLatency)
    group.children.push_back(
        makeNumbers("latency", import::makeArray({}, std::vector<int64_t>{isLatency})));
  std::vector<std::string> feedback;
  for (const Node &node : nodes)
    for (const Link &link : node.sources)
      if (link.isLate && !(isLatency && isWeights(nodes[link.source]))) {
        feedback.push_back(nodes[link.source].name);
        feedback.push_back(node.name);
      }
  auto count = int64_t(feedback.size() / 2);
  if (count > 0)
    group.children.push_back(makeStrings("feedback", {count, 2}, std::move(feedback)));
  return group;
}

import::Hdf5Node Exporter::nodeGroup(const Node &node) const {
  import::Hdf5Node group = makeGroup(node.name);
  group.children.push_back(makeString("type", node.type));
  for (const auto &[name, value] : node.data) {
    const auto *text = std::get_if<std::string>(&value);
    group.children.push_back(text ? makeString(name, *text)
                                  : makeNumbers(name, std::get<rt::NpyArray>(value)));
  }
  import::Hdf5Node own = makeGroup("metadata");
  for (const auto &[name, word] : node.words)
    if (words.at(name) != word)
      own.children.push_back(makeString(name, word));
  // Sums of two are the same either way.
  if (node.sources.size() > 2) {
    std::vector<std::string> sources;
    for (const Link &link : node.sources)
      sources.push_back(nodes[link.source].name);
    own.children.push_back(makeStrings("sources", {int64_t(sources.size())}, std::move(sources)));
  }
  if (!own.children.empty())
    group.children.push_back(std::move(own));
  return group;
}

import::Hdf5Node Exporter::tree() {
  import::Hdf5Node root, graph = makeGroup("node"), inner = makeGroup("nodes");
  std::vector<std::string> edges;
  for (const Node &node : nodes) {
    if (node.role == Node::Role::Gone)
      continue;
    inner.children.push_back(nodeGroup(node));
    for (const Link &link : node.sources) {
      edges.push_back(nodes[link.source].name);
      edges.push_back(node.name);
    }
  }
  auto count = int64_t(edges.size() / 2);
  graph.children = {makeString("type", "NIRGraph"), std::move(inner),
                    makeStrings("edges", {count, 2}, std::move(edges))};
  if (import::Hdf5Node own = metadata(); !own.children.empty())
    graph.children.push_back(std::move(own));
  root.children = {makeString("version", nirVersion), std::move(graph)};
  return root;
}

mlir::FailureOr<std::string> exportNir(mlir::ModuleOp module, const frontend::RunDefaults &defaults,
                                       const std::string &library) {
  Exporter exporter(*module.getOps<proc::NetworkOp>().begin(), library);
  if (failed(exporter.read(defaults)))
    return mlir::failure();
  return hdf5Bytes(exporter.tree());
}

} // namespace basalt::exporter
