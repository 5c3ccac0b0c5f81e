// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads nodes by the table of their types, and what is special about some.
#include "compiler/import/NirParameters.h"
#include "compiler/import/NirTypes.h"

#include "compiler/support/Suggest.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace basalt::import {

using Kind = NirLayer::Kind;

namespace {
/// Reads one node.
class LayerReader : NirParameters {
public:
  LayerReader(const NirNode &node, const NirChoices &choices, Report &report)
      : NirParameters(node, report), choices(choices) {
    layer.node = &node;
  }

  NirLayer read();

private:
  void checkNames(const NirType &type);
  void readElementwise(const NirType &type);
  void checkField(const NirField &field, const rt::NpyArray &array);
  void readWeights();
  void readConvolution(size_t axes);
  void readBias(const Shape &targets);
  void readPadding(size_t axes);
  void readPool();
  void readFlatten();

  const NirChoices &choices;
  NirLayer layer;
};
} // namespace

void LayerReader::checkNames(const NirType &type) {
  std::set<std::string> known{"type", "metadata"};
  for (const NirField &field : type.fields)
    known.insert(field.name);
  known.insert(type.others.begin(), type.others.end());
  std::vector<llvm::StringRef> names(known.begin(), known.end());
  for (const Hdf5Node &child : node.group->children)
    if (!known.count(child.name))
      report.warning("'" + child.path + "' is no parameter of " + node.type +
                     " that is known; it is ignored" + didYouMean(child.name, names));
}

//===--- Neurons and the like ---===//

void LayerReader::checkField(const NirField &field, const rt::NpyArray &array) {
  bool isDelay = node.type == "Delay";
  for (size_t i = 0; i < array.size(); ++i) {
    double value = numberAt(array, i);
    if (field.isTime && !(value > 0 && std::isfinite(value)))
      return error(field.name, "must be positive, found " + spell(value));
    constexpr double mostSteps = 65535;
    if (isDelay && !(value >= 0 && std::round(value / choices.dt) <= mostSteps))
      return error(field.name,
                   "must be a time of 0 to 65535 time steps, found " + spell(value) + " s");
    if (field.isTime && choices.integrator != "exp" && value * 2 < choices.dt)
      return report.warning("'" + path(field.name) +
                            "' is less than half a time step, for which '" + choices.integrator +
                            "' grows without bounds");
  }
}

/// The shape is that of the parameters, of which some may be one number for all.
void LayerReader::readElementwise(const NirType &type) {
  std::string owner;
  for (const NirField &field : type.fields) {
    const rt::NpyArray *array = numbers(field.name, field.isOptional);
    if (!array)
      continue;
    checkField(field, *array);
    if (array->size() > 1 && !layer.output) {
      layer.output = array->shape;
      owner = field.name;
    } else if (array->size() > 1 && *layer.output != array->shape) {
      error(field.name, "has the shape " + spell(array->shape) + ", but '" + owner + "' has " +
                            spell(*layer.output));
    }
    rt::NpyArray first = makeArray({}, std::vector<double>{numberAt(*array, 0)});
    layer.values.push_back(
        {field.name, isUniform(*array) ? Value(spell(first.floatAt(0))) : Value(*array)});
  }
  for (const char *choice : type.choices) {
    auto own = layer.metadata.words.find(choice);
    bool isOwn = own != layer.metadata.words.end() && !choices.given.count(choice);
    layer.values.push_back({choice, isOwn ? own->second : "$" + std::string(choice)});
  }
}

//===--- Weights ---===//

/// One for each target, or one for all.
void LayerReader::readBias(const Shape &targets) {
  if (!node.group->find("bias"))
    return;
  const rt::NpyArray *bias = numbers("bias");
  if (!bias)
    return;
  int64_t count = elementsOf(targets);
  if (int64_t(bias->size()) != count && bias->size() != 1)
    return error("bias", "has the shape " + spell(bias->shape) + ", but there are " +
                             std::to_string(count) + " targets in '" + path("weight") + "'");
  bool isUnused = isUniform(*bias) && numberAt(*bias, 0) == 0;
  if (isUnused && node.type != "Affine")
    return;
  rt::NpyArray shaped = *bias;
  shaped.shape = targets;
  layer.values.push_back(
      {"bias", isUniform(*bias) ? Value(spell(numberAt(*bias, 0))) : Value(std::move(shaped))});
}

void LayerReader::readWeights() {
  const rt::NpyArray *weight = numbers("weight");
  if (node.type == "Affine" && !node.group->find("bias"))
    numbers("bias"); // says so
  if (!weight)
    return;
  if (weight->shape.size() < 2)
    return error("weight", "has the shape " + spell(weight->shape) +
                               ", expected targets and sources, perhaps behind further axes");
  layer.isStack = weight->shape.size() > 2;
  layer.output = layer.input = Shape(weight->shape.begin(), weight->shape.end() - 2);
  layer.output->push_back(weight->shape[weight->shape.size() - 2]);
  layer.input->push_back(weight->shape.back());
  layer.values.push_back({"weight", *weight});
  readBias(*layer.output);
}

void LayerReader::readPadding(size_t axes) {
  const Hdf5Node *padding = node.group->find("padding");
  Window &window = layer.window;
  if (!padding || padding->kind != Hdf5Node::Kind::Strings) {
    window.padding = ints("padding", axes, 0, 0).value_or(Shape(axes, 0));
    return;
  }
  std::string word = padding->strings.empty() ? "" : padding->strings.front();
  if (word != "same" && word != "valid")
    error("padding", "must be integers, 'same' or 'valid', found '" + word + "'");
  window.padding.assign(axes, 0);
  window.isSame = word == "same";
  if (window.isSame && std::any_of(window.stride.begin(), window.stride.end(),
                                   [](int64_t stride) { return stride != 1; }))
    error("padding", "is 'same', which has no meaning for a stride of more than 1");
}

void LayerReader::readConvolution(size_t axes) {
  const rt::NpyArray *weight = numbers("weight");
  Window &window = layer.window;
  window.stride = ints("stride", axes, 1, 1).value_or(Shape(axes, 1));
  window.dilation = ints("dilation", axes, 1, 1).value_or(Shape(axes, 1));
  int64_t groups = ints("groups", 1, 1, 1).value_or(Shape{1}).front();
  readPadding(axes);
  if (!weight)
    return;
  if (weight->shape.size() != axes + 2)
    return error("weight", "has the shape " + spell(weight->shape) + ", expected " +
                               std::to_string(axes + 2) +
                               " axes: targets, sources of a group, kernel");
  window.kernel.assign(weight->shape.begin() + 2, weight->shape.end());
  window.outChannels = weight->shape[0];
  window.channels = weight->shape[1] * groups;
  if (window.outChannels % groups != 0)
    return error("groups", "is " + std::to_string(groups) + ", which does not divide the " +
                               std::to_string(window.outChannels) + " targets");
  layer.values.push_back({"weight", *weight});
  readBias({window.outChannels});
  Shape skip(axes, 0);
  for (size_t axis = 0; window.isSame && axis < axes; ++axis) {
    // Where the padding is not even, the side at the beginning is one too wide.
    int64_t total = window.dilation[axis] * (window.kernel[axis] - 1);
    window.padding[axis] = (total + 1) / 2;
    skip[axis] = total % 2;
  }
  auto add = [&](const char *name, const Shape &value, int64_t usual) {
    if (value != Shape(value.size(), usual))
      layer.values.push_back({name, axes == 1 ? std::to_string(value[0]) : spell(value)});
  };
  add("stride", window.stride, 1);
  add("padding", window.padding, 0);
  add("dilation", window.dilation, 1);
  add("skip", skip, 0);
  if (groups != 1)
    layer.values.push_back({"groups", std::to_string(groups)});
  if (!node.group->find("input_shape"))
    return;
  if (std::optional<Shape> image = ints("input_shape", axes, 1)) {
    layer.input = Shape{window.channels};
    layer.input->insert(layer.input->end(), image->begin(), image->end());
  }
}

void LayerReader::readPool() {
  constexpr size_t axes = 2;
  Window &window = layer.window;
  window.dilation.assign(axes, 1);
  window.kernel = ints("kernel_size", axes, 1).value_or(Shape(axes, 1));
  window.stride = ints("stride", axes, 1).value_or(Shape(axes, 1));
  window.padding = ints("padding", axes, 0, 0).value_or(Shape(axes, 0));
  for (auto [name, value] :
       {std::pair("kernel_size", &window.kernel), std::pair("stride", &window.stride),
        std::pair("padding", &window.padding)})
    if (name != std::string("padding") || *value != Shape(axes, 0))
      layer.values.push_back({name, spell(*value)});
}

void LayerReader::readFlatten() {
  auto axis = [&](const char *name, int64_t otherwise) {
    return ints(name, 1, -32, otherwise).value_or(Shape{otherwise}).front();
  };
  layer.startAxis = axis("start_dim", 0);
  layer.endAxis = axis("end_dim", -1);
  const Hdf5Node *type = node.group->find("input_type");
  if (!type || type->kind != Hdf5Node::Kind::Numbers)
    return;
  // Some exporters fill it with zeros.
  std::optional<Shape> shape = ints("input_type", type->numbers.size(), INT32_MIN);
  if (shape && std::all_of(shape->begin(), shape->end(), [](int64_t extent) { return extent > 0; }))
    layer.input = shape;
}

NirLayer LayerReader::read() {
  auto it = nirTypes().find(node.type);
  if (it == nirTypes().end()) {
    std::vector<llvm::StringRef> names;
    for (const auto &[name, type] : nirTypes())
      names.push_back(name);
    error("type", "is '" + node.type + "', which is no node of NIR that is known" +
                      didYouMean(node.type, names));
    return layer;
  }
  const NirType &type = it->second;
  layer.metadata = readNirMetadata(*node.group, report);
  layer.kind = type.kind;
  layer.hasState = type.hasState;
  layer.isSpiking = type.isSpiking;
  checkNames(type);
  switch (type.kind) {
  case Kind::Input:
  case Kind::Output:
    if (const rt::NpyArray *shape = numbers("shape"))
      if (std::optional<Shape> extents = ints("shape", shape->size(), 1))
        layer.output = extents;
    break;
  case Kind::Elementwise:
    layer.takesAnyType = node.type == "Scale" || node.type == "Delay";
    readElementwise(type);
    break;
  case Kind::Weights:
    readWeights();
    break;
  case Kind::Window:
    if (node.type == "Conv1d" || node.type == "Conv2d")
      readConvolution(node.type == "Conv1d" ? 1 : 2);
    else
      readPool();
    layer.takesAnyType = node.type[0] == 'C';
    break;
  case Kind::Flatten:
    readFlatten();
    break;
  }
  return layer;
}

NirLayer readNirLayer(const NirNode &node, const NirChoices &choices, Report &report) {
  return LayerReader(node, choices, report).read();
}

} // namespace basalt::import
