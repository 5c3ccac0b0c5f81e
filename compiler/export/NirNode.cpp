// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Processes of lib/nir*.yaml are the nodes of their names. Others are nodes if they compute the
// same numbers to the last bit.
#include "compiler/export/NirNode.h"

#include "compiler/import/NirTypes.h"

#include "llvm/Support/Path.h"

#include <algorithm>

namespace basalt::exporter {

using Kind = import::NirLayer::Kind;

namespace {
class NodeReader {
public:
  NodeReader(proc::InstanceOp instance, const std::string &library)
      : values(instance), library(library),
        node(instance.getSymName().str(), "", instance.getLoc()) {}

  std::optional<Node> read();

private:
  bool readProcess(const std::string &name);
  bool readOwn(const import::NirType &type);
  void readElementwise(const import::NirType &type);
  void readWeights(const std::string &weight);
  void readWindow(size_t axes);
  bool readPadding(const Shape &kernel, std::vector<int64_t> &padding);
  bool readLavaNeurons();
  bool readLavaWeights();
  void readPorts();
  bool checkState();
  bool isFromLibrary();
  void addInts(const std::string &name, std::vector<int64_t> values);
  bool refuse(const std::string &reason);
  std::string quote() const { return "'" + node.name + "'"; }

  InstanceValues values;
  const std::string &library;
  Node node;
  bool hasFailed = false; ///< something has been reported
};
} // namespace

bool NodeReader::refuse(const std::string &reason) {
  values.instance.emitError() << reason;
  hasFailed = true;
  return false;
}

//===--- Processes ---===//

/// A process of the same name in a file of the user may do anything.
bool NodeReader::isFromLibrary() {
  auto place = values.process.getLoc()->findInstanceOf<mlir::FileLineColLoc>();
  return place && llvm::sys::path::parent_path(place.getFilename().getValue()) == library;
}

void NodeReader::readPorts() {
  for (auto port : values.process.getOps<proc::InPortOp>()) {
    node.inPort = port.getSymName().str();
    node.input = shapeOf(port.getType());
    node.inputElement = mlir::getElementTypeOrSelf(port.getType());
  }
  for (auto port : values.process.getOps<proc::OutPortOp>()) {
    node.outPort = port.getSymName().str();
    node.output = shapeOf(port.getType());
    node.outputElement = mlir::getElementTypeOrSelf(port.getType());
  }
}

/// NIR has no state to start with but 0.
bool NodeReader::checkState() {
  for (llvm::StringRef name : {"v", "i", "last", "line", "a_buff"})
    if (values.find(name) && !values.isAll(name, 0))
      refuse("'" + name.str() + "' of " + quote() +
             " does not start at 0, as all state of NIR does");
  return !hasFailed;
}

//===--- Nodes of NIR ---===//

void NodeReader::addInts(const std::string &name, std::vector<int64_t> numbers) {
  auto count = int64_t(numbers.size());
  node.data.emplace_back(name, import::makeArray({count}, numbers));
}

void NodeReader::readElementwise(const import::NirType &type) {
  for (const import::NirField &field : type.fields)
    if (std::optional<rt::NpyArray> array = values.floats(field.name, node.output))
      node.data.emplace_back(field.name, std::move(*array));
  for (const std::string choice : type.choices) {
    if (choice == "dt")
      node.dt = import::numberAt(*values.find("dt"), 0);
    else
      node.words[choice] = values.word(choice);
  }
}

void NodeReader::readWeights(const std::string &weight) {
  std::optional<rt::NpyArray> array = values.find(weight);
  node.data.emplace_back("weight", values.floats(weight, array->shape).value());
  if (node.type == "Linear")
    return;
  // Of a kernel one for each target, of matrices one for each of their rows.
  Shape targets{array->shape.front()};
  if (node.type == "Affine")
    targets.assign(array->shape.begin(), array->shape.end() - 1);
  if (std::optional<rt::NpyArray> bias = values.floats("bias", targets))
    node.data.emplace_back("bias", std::move(*bias));
}

/// Elements that are left out at the beginning are the padding `same` where it is not even.
bool NodeReader::readPadding(const Shape &kernel, std::vector<int64_t> &padding) {
  size_t axes = padding.size();
  std::vector<int64_t> skip = values.integers("skip", axes),
                       stride = values.integers("stride", axes),
                       dilation = values.integers("dilation", axes);
  bool isSame = true, skips = false;
  for (size_t axis = 0; axis < axes; ++axis) {
    int64_t total = dilation[axis] * (kernel[axis] - 1);
    skips |= skip[axis] != 0;
    isSame &= stride[axis] == 1 && padding[axis] == (total + 1) / 2 && skip[axis] == total % 2;
  }
  if (skips && !isSame)
    refuse(quote() + " skips rows or columns in a way that is no padding of NIR");
  return skips;
}

void NodeReader::readWindow(size_t axes) {
  auto add = [&](const char *name) {
    std::vector<int64_t> numbers = values.integers(name, axes);
    if (axes == 1)
      node.data.emplace_back(name, import::makeArray({}, numbers));
    else
      addInts(name, numbers);
  };
  bool isPool = node.type.find("Pool") != std::string::npos;
  std::vector<int64_t> padding = values.integers("padding", axes);
  if (isPool) {
    add("kernel_size");
    add("stride");
    return addInts("padding", padding);
  }
  readWeights("weight");
  const Shape weight = std::get<rt::NpyArray>(node.data.front().second).shape;
  std::vector<int64_t> image(node.input.begin() + 1, node.input.end());
  if (axes == 1)
    node.data.emplace_back("input_shape", import::makeArray({}, image));
  else
    addInts("input_shape", image);
  if (readPadding({weight.begin() + 2, weight.end()}, padding))
    node.data.emplace_back("padding", "same");
  else
    add("padding");
  add("stride");
  add("dilation");
  node.data.emplace_back("groups", import::makeArray({}, values.integers("groups", 1)));
}

bool NodeReader::readOwn(const import::NirType &type) {
  switch (type.kind) {
  case Kind::Input:
    addInts("shape", node.output);
    break;
  case Kind::Output:
    addInts("shape", node.input);
    break;
  case Kind::Elementwise:
    readElementwise(type);
    break;
  case Kind::Weights:
    readWeights("weight");
    break;
  case Kind::Window:
    readWindow(node.type == "Conv1d" ? 1 : 2);
    break;
  case Kind::Flatten:
    break; // says what it joins, which is known from what leads to it
  }
  return !hasFailed;
}

//===--- Processes of Lava ---===//

/// With a current that is gone after the step and a voltage that does not decay, LIF is IF.
bool NodeReader::readLavaNeurons() {
  if (!node.inputElement.isF64())
    return refuse(quote() + " counts in integers, and NIR in floats; models with the tag "
                            "floating_pt do so, too");
  if (!values.isAll("du", 1) || !values.isAll("dv", 0) || !values.isAll("bias_mant", 0))
    return refuse(quote() + " is a LIF whose state no node of NIR adds up in the same way, so bits "
                            "would differ; one with `du: 1`, `dv: 0` and no bias is an IF");
  node.type = "IF";
  node.words = {{"reset", "to_value"}, {"drive", "impulse"}};
  auto uniform = [&](double value) {
    std::vector<double> numbers(size_t(import::elementsOf(node.output)), value);
    return import::makeArray(node.output, numbers);
  };
  node.data = {{"r", uniform(1)}, {"v_reset", uniform(0)}};
  if (std::optional<rt::NpyArray> threshold = values.floats("vth", node.output))
    node.data.emplace_back("v_threshold", std::move(*threshold));
  return true;
}

bool NodeReader::readLavaWeights() {
  if (!node.outputElement.isF64())
    return refuse(quote() + " counts in integers or short floats, and NIR in floats of 64 bits; "
                            "models with the tags floating_pt, f64 do so, too");
  node.type = "Linear";
  node.isLate = true;
  node.wantsSpikes = values.isAll("num_message_bits", 0);
  readWeights("weights");
  return true;
}

//===--- Which is which ---===//

bool NodeReader::readProcess(const std::string &name) {
  if (isFromLibrary()) {
    llvm::StringRef type = name;
    type.consume_back("Stack"); // of the same node: its weights say so
    auto it =
        type.consume_front("NIR_") ? import::nirTypes().find(type.str()) : import::nirTypes().end();
    if (it != import::nirTypes().end()) {
      node.type = type.str();
      return readOwn(it->second);
    }
    if (name == "NIR_Sum" || name == "NIR_Previous") {
      node.role = name == "NIR_Sum" ? Node::Role::Sum : Node::Role::Previous;
      return true;
    }
    if (name == "RingBufferSource" || name == "RingBufferSink" || name == "Receiver") {
      bool isInput = name == "RingBufferSource";
      node.type = isInput ? "Input" : "Output";
      addInts("shape", isInput ? node.output : node.input);
      return true;
    }
    if (name == "LIF")
      return readLavaNeurons();
    if (name == "Dense")
      return readLavaWeights();
  }
  std::string reason = quote() + " is a '" + name + "', which NIR has no node for";
  if (!isFromLibrary() && llvm::StringRef(name).starts_with("NIR_"))
    reason += ": it is not that of the library";
  return refuse(reason);
}

std::optional<Node> NodeReader::read() {
  readPorts();
  std::string name = values.process.getSourceName().value_or(values.process.getSymName()).str();
  if (!readProcess(name) || !checkState())
    return std::nullopt;
  if (node.input.empty() && node.output.empty())
    refuse(quote() + " has no axes, and every node of NIR has some");
  return !hasFailed ? std::optional(std::move(node)) : std::nullopt;
}

std::optional<Node> readNode(proc::InstanceOp instance, const std::string &library) {
  return NodeReader(instance, library).read();
}

} // namespace basalt::exporter
