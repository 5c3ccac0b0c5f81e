// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// NIR has one edge at most from node to node, adds up what comes in floats, and knows no shapes but
// those of nodes.
#include "compiler/export/NirEdges.h"

#include "compiler/import/NirLayers.h"

#include "dialect/proc/Transforms.h"
#include "dialect/proc/Types.h"

#include <set>

namespace basalt::exporter {

namespace {
class Edges {
public:
  Edges(std::vector<Node> &nodes, const NodesOf &nodesOf) : nodes(nodes), nodesOf(nodesOf) {}

  mlir::LogicalResult run(proc::NetworkOp network);

private:
  void connect(proc::ConnectOp connect, proc::NetworkOp network);
  std::vector<Link *> linksFrom(size_t source);
  void inlineSum(size_t sum);
  void inlinePrevious(size_t previous);
  bool canInlinePrevious(size_t previous);
  void fitShape(size_t target, Link &link);
  void readFlatten(size_t flatten);
  void separate(size_t target);
  void checkMessages(const Node &node);
  size_t addFlatten(const std::string &name, const Link &source, const Shape &input,
                    const Shape &output, std::pair<size_t, size_t> axes);
  void error(mlir::Location loc, const std::string &text) {
    mlir::emitError(loc) << text;
    result = mlir::failure();
  }

  std::vector<Node> &nodes;
  const NodesOf &nodesOf;
  std::set<std::string> names;
  mlir::LogicalResult result = mlir::success();
};
} // namespace

//===--- Connections ---===//

void Edges::connect(proc::ConnectOp connect, proc::NetworkOp network) {
  proc::End source = proc::lookupEnd(network, connect.getSource()),
            target = proc::lookupEnd(network, connect.getTarget());
  auto from = nodesOf.find(source.instance), to = nodesOf.find(target.instance);
  if (from == nodesOf.end() || to == nodesOf.end())
    return; // reported there
  if (std::optional<mlir::ArrayAttr> via = connect.getVia())
    for (mlir::Attribute transform : *via)
      if (!llvm::isa<proc::ReshapeAttr>(transform))
        return error(connect.getLoc(), "'" + proc::spell(connect.getSource()) + "' arrives as " +
                                           proc::spellTransform(transform) +
                                           ", which no node of NIR does");
  nodes[to->second].sources.push_back({from->second, nodes[from->second].isLate, connect.getLoc()});
}

std::vector<Link *> Edges::linksFrom(size_t source) {
  std::vector<Link *> links;
  for (Node &node : nodes)
    for (Link &link : node.sources)
      if (link.source == source)
        links.push_back(&link);
  return links;
}

//===--- What stands between nodes ---===//

/// Leads the sources of a NIR_Sum to its targets, if these have no others: then the same numbers
/// are added in the same order.
void Edges::inlineSum(size_t sum) {
  std::vector<Node *> targets;
  bool canGo = true;
  for (Node &node : nodes)
    for (const Link &link : node.sources)
      if (link.source == sum) {
        targets.push_back(&node);
        canGo &= node.sources.size() == 1 && node.input == nodes[sum].output;
      }
  if (!canGo) {
    // 1 * x is x, as a float.
    Node &node = nodes[sum];
    std::vector<double> ones(size_t(import::elementsOf(node.output)), 1);
    node.type = "Scale";
    node.data.emplace_back("scale", import::makeArray(node.output, ones));
    node.role = Node::Role::Plain;
    return;
  }
  for (Node *target : targets)
    target->sources = nodes[sum].sources;
  nodes[sum].sources.clear();
  nodes[sum].role = Node::Role::Gone;
}

/// Whether edges from its source that are late can stand for a NIR_Previous.
bool Edges::canInlinePrevious(size_t previous) {
  const Node &node = nodes[previous];
  if (node.sources.size() != 1 || node.sources.front().isLate)
    return false;
  size_t source = node.sources.front().source;
  if (nodes[source].output != node.input)
    return false;
  for (const Node &target : nodes) {
    size_t count = 0;
    for (const Link &link : target.sources) {
      if (link.source == previous && link.isLate)
        return false; // one step late is all that an edge can be
      count += link.source == previous || (link.source == source && &target != &node);
    }
    // One edge leads from node to node.
    if (count > 1)
      return false;
  }
  return true;
}

void Edges::inlinePrevious(size_t previous) {
  Node &node = nodes[previous];
  if (!canInlinePrevious(previous)) {
    // A Flatten that joins nothing hands on what comes.
    node.type = "Flatten";
    node.role = Node::Role::Plain;
    node.isLate = true;
    for (Link *link : linksFrom(previous))
      link->isLate = true;
    return;
  }
  for (Link *link : linksFrom(previous)) {
    link->source = node.sources.front().source;
    link->isLate = true;
  }
  node.sources.clear();
  node.role = Node::Role::Gone;
}

//===--- Shapes ---===//

/// The first and the last of those axes of `input` that are one axis of `output`.
static std::optional<std::pair<size_t, size_t>> joinedAxes(const Shape &input,
                                                           const Shape &output) {
  if (output.empty() || output.size() > input.size())
    return std::nullopt;
  size_t more = input.size() - output.size();
  for (size_t first = 0; first < output.size(); ++first) {
    Shape joined(input.begin(), input.begin() + long(first));
    auto last = input.begin() + long(first + more);
    joined.push_back(import::elementsOf({input.begin() + long(first), last + 1}));
    joined.insert(joined.end(), last + 1, input.end());
    if (joined == output)
      return std::pair(first, first + more);
  }
  return std::nullopt;
}

static void describeFlatten(Node &node, const Shape &input, std::pair<size_t, size_t> axes) {
  auto number = [](size_t value) {
    return import::makeArray({}, std::vector<int64_t>{int64_t(value)});
  };
  node.data = {{"start_dim", number(axes.first)},
               {"end_dim", number(axes.second)},
               {"input_type", import::makeArray({int64_t(input.size())}, input)}};
}

size_t Edges::addFlatten(const std::string &name, const Link &source, const Shape &input,
                         const Shape &output, std::pair<size_t, size_t> axes) {
  Node node(name, "Flatten", source.loc);
  for (int k = 2; !names.insert(node.name).second; ++k)
    node.name = name + "_" + std::to_string(k);
  node.input = node.output = output;
  node.inputElement = node.outputElement = nodes[source.source].outputElement;
  node.sources = {source};
  describeFlatten(node, input, axes);
  nodes.push_back(std::move(node));
  return nodes.size() - 1;
}

void Edges::readFlatten(size_t flatten) {
  Node &node = nodes[flatten];
  if (!node.data.empty())
    return; // one that was added
  Shape input = node.sources.empty() ? node.input : nodes[node.sources.front().source].output;
  for (const Link &link : node.sources)
    if (nodes[link.source].output != input)
      return error(link.loc, "'" + node.name + "' gets several shapes; a Flatten of NIR has one");
  std::optional<std::pair<size_t, size_t>> axes = joinedAxes(input, node.output);
  if (!axes)
    return error(node.sources.front().loc,
                 "what leads to '" + node.name + "' has the shape " + import::spell(input) +
                     ", of which no axes joined are " + import::spell(node.output));
  describeFlatten(node, input, *axes);
}

/// Axes are joined by a Flatten; readers add axes of one element in front by themselves.
void Edges::fitShape(size_t target, Link &link) {
  const Shape wanted = nodes[target].input, given = nodes[link.source].output;
  if (given == wanted)
    return;
  std::optional<std::pair<size_t, size_t>> axes = joinedAxes(given, wanted);
  if (!axes && import::isSameButForOnes(given, wanted))
    return;
  if (!axes)
    return error(link.loc, "what leads to '" + nodes[target].name + "' is reshaped from " +
                               import::spell(given) + " to " + import::spell(wanted) +
                               ", which no node of NIR does");
  link = {addFlatten(nodes[link.source].name + "_flat", link, given, wanted, *axes), false,
          link.loc};
}

//===--- Edges ---===//

/// A second edge from the same source goes by a node of its own.
void Edges::separate(size_t target) {
  std::set<size_t> known;
  for (size_t k = 0; k < nodes[target].sources.size(); ++k) {
    Link link = nodes[target].sources[k];
    if (known.insert(link.source).second)
      continue;
    const Shape shape = nodes[link.source].output;
    size_t again = addFlatten(nodes[link.source].name + "_again", {link.source, false, link.loc},
                              shape, shape, {0, 0});
    nodes[target].sources[k].source = again;
  }
}

void Edges::checkMessages(const Node &node) {
  if (node.sources.size() > 1 && !node.inputElement.isF64())
    error(node.loc, "'" + node.name + "' adds up what comes as " +
                        proc::spellElement(node.inputElement) +
                        ", and NIR as floats; a NIR_Sum before it does so, too");
  for (const Link &link : node.sources)
    if (node.wantsSpikes && !nodes[link.source].outputElement.isInteger(1))
      error(link.loc,
            "'" + node.name + "' takes what '" + nodes[link.source].name +
                "' sends for spikes (`num_message_bits: 0`), but it is no port of spikes");
}

mlir::LogicalResult Edges::run(proc::NetworkOp network) {
  for (const Node &node : nodes)
    names.insert(node.name);
  for (auto connection : network.getOps<proc::ConnectOp>())
    connect(connection, network);
  for (const Node &node : nodes)
    checkMessages(node);
  size_t count = nodes.size(); // of those that are not added on the way
  for (size_t index = 0; index < count; ++index)
    if (nodes[index].role == Node::Role::Sum)
      inlineSum(index);
  for (size_t index = 0; index < count; ++index)
    if (nodes[index].role == Node::Role::Previous)
      inlinePrevious(index);
  for (size_t index = 0; index < count; ++index) {
    if (nodes[index].type == "Flatten") {
      readFlatten(index);
      continue;
    }
    for (size_t k = 0; k < nodes[index].sources.size(); ++k) {
      Link link = nodes[index].sources[k];
      fitShape(index, link);
      nodes[index].sources[k] = link;
    }
  }
  for (size_t index = 0; index < count; ++index)
    separate(index);
  return result;
}

mlir::LogicalResult connectNodes(std::vector<Node> &nodes, const NodesOf &nodesOf,
                                 proc::NetworkOp network) {
  return Edges(nodes, nodesOf).run(network);
}

} // namespace basalt::exporter
