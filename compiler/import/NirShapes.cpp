// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shapes go along the edges until none is new; circles have layers that know theirs.
#include "compiler/import/NirLayers.h"

#include <algorithm>

namespace basalt::import {

using Kind = NirLayer::Kind;

static Shape withoutLeadingOnes(const Shape &shape) {
  auto first = std::find_if(shape.begin(), shape.end(), [](int64_t extent) { return extent != 1; });
  return {first, shape.end()};
}

bool isSameButForOnes(const Shape &a, const Shape &b) {
  return withoutLeadingOnes(a) == withoutLeadingOnes(b);
}

//===--- One layer ---===//

static std::optional<Shape> flatten(const NirLayer &layer, const Shape &input, Report &report) {
  auto rank = int64_t(input.size());
  int64_t start = layer.startAxis + (layer.startAxis < 0 ? rank : 0),
          end = layer.endAxis + (layer.endAxis < 0 ? rank : 0);
  if (start < 0 || end >= rank || start > end) {
    report.error("'" + layer.path() + "' joins axes " + std::to_string(layer.startAxis) + " to " +
                 std::to_string(layer.endAxis) + " of an input of the shape " + spell(input));
    return std::nullopt;
  }
  Shape output(input.begin(), input.begin() + start);
  output.push_back(elementsOf({input.begin() + start, input.begin() + end + 1}));
  output.insert(output.end(), input.begin() + end + 1, input.end());
  return output;
}

static std::optional<Shape> slide(const NirLayer &layer, const Shape &input, Report &report) {
  const Window &window = layer.window;
  size_t axes = window.kernel.size();
  if (axes == 0)
    return std::nullopt; // its kernel has been reported
  if (input.size() != axes + 1 || (window.channels && input[0] != window.channels)) {
    std::string expected = window.channels ? std::to_string(window.channels) : "any number of";
    report.error("'" + layer.path() + "' takes " + expected + " channels with " +
                 std::to_string(axes) + (axes == 1 ? " axis" : " axes") +
                 ", but its input has the shape " + spell(input));
    return std::nullopt;
  }
  Shape output{window.outChannels ? window.outChannels : input[0]};
  for (size_t axis = 0; axis < axes; ++axis) {
    int64_t room = input[axis + 1] + 2 * window.padding[axis] -
                   window.dilation[axis] * (window.kernel[axis] - 1) - 1;
    int64_t extent = room < 0 ? 0 : room / window.stride[axis] + 1;
    output.push_back(window.isSame ? input[axis + 1] : extent);
    if (extent <= 0) {
      report.error("the window of '" + layer.path() + "' is larger than its input of the shape " +
                   spell(input));
      return std::nullopt;
    }
  }
  return output;
}

std::optional<Shape> outputOf(const NirLayer &layer, const Shape &input, Report &report) {
  switch (layer.kind) {
  case Kind::Flatten:
    return flatten(layer, input, report);
  case Kind::Window:
    return slide(layer, input, report);
  case Kind::Output:
    return input;
  default:
    return layer.output ? layer.output : input;
  }
}

//===--- All of them ---===//

namespace {
class ShapeInference {
public:
  ShapeInference(NirLayers &all, Report &report) : all(all), report(report) {
    for (const NirLayer &layer : all.layers) {
      declared.push_back(layer.output);
      isDone.push_back(false);
    }
  }

  void run();

private:
  bool visit(size_t index);
  std::optional<Shape> inputOf(size_t index) const;
  void checkInput(size_t index);
  void checkOutputNode(size_t index);
  void reportUnknown();
  bool hasUnknownSource(size_t index) const;
  const NirLayer &sourceOf(size_t index, size_t k) const {
    return all.layers[all.sources[index][k].source];
  }

  NirLayers &all;
  Report &report;
  std::vector<std::optional<Shape>> declared; // outputs, as the file has them
  std::vector<bool> isDone;                   // its output is known
};
} // namespace

/// Of the first source whose shape is known, else what the layer itself says.
std::optional<Shape> ShapeInference::inputOf(size_t index) const {
  for (const NirLink &link : all.sources[index])
    if (isDone[link.source] && all.layers[link.source].output)
      return all.layers[link.source].output;
  return std::nullopt;
}

/// Whether something new is known.
bool ShapeInference::visit(size_t index) {
  NirLayer &layer = all.layers[index];
  if (isDone[index])
    return false;
  bool knowsOutput = layer.output && layer.kind != Kind::Output;
  std::optional<Shape> input = inputOf(index);
  if (!knowsOutput && !input && !layer.input)
    return false;
  if (!knowsOutput)
    layer.output = outputOf(layer,
                            input && layer.kind != Kind::Window ? *input
                            : layer.input                       ? *layer.input
                                                                : *input,
                            report);
  if (layer.output && isTooLarge(*layer.output)) {
    report.error("'" + layer.path() + "' has an output of the shape " + spell(*layer.output) +
                 ", which is too large");
    layer.output.reset();
  }
  isDone[index] = true;
  return true;
}

void ShapeInference::checkOutputNode(size_t index) {
  const NirLayer &layer = all.layers[index];
  const std::optional<Shape> &wanted = declared[index];
  if (wanted && layer.output && *wanted != *layer.output)
    report.warning("'" + layer.path() + "/shape' is " + spell(*wanted) +
                   ", but what comes has the shape " + spell(*layer.output) + ", which is taken");
}

/// Each source must have the shape that the layer takes.
void ShapeInference::checkInput(size_t index) {
  NirLayer &layer = all.layers[index];
  if (layer.kind == Kind::Elementwise || layer.kind == Kind::Output)
    layer.input = layer.output;
  for (const NirLink &link : all.sources[index]) {
    const NirLayer &source = all.layers[link.source];
    if (!source.output)
      continue; // reported
    if (!layer.input)
      layer.input = source.output;
    if (*source.output == *layer.input)
      continue;
    std::string text = "'" + source.path() + "' gives the shape " + spell(*source.output) +
                       ", but '" + layer.path() + "' takes " + spell(*layer.input);
    if (isSameButForOnes(*source.output, *layer.input))
      report.warning(text + "; the axes of one element are taken for a batch");
    else
      report.error(text);
  }
}

bool ShapeInference::hasUnknownSource(size_t index) const {
  const std::vector<NirLink> &links = all.sources[index];
  return std::any_of(links.begin(), links.end(),
                     [&](const NirLink &link) { return !all.layers[link.source].output; });
}

/// Where shapes are lost, not all that follows; in circles there is no such place.
void ShapeInference::reportUnknown() {
  std::vector<size_t> unknown, origins;
  for (size_t index = 0; index < all.layers.size(); ++index) {
    if (all.layers[index].output)
      continue;
    unknown.push_back(index);
    if (!hasUnknownSource(index))
      origins.push_back(index);
  }
  for (size_t index : origins.empty() ? unknown : origins)
    report.error("the shape of '" + all.layers[index].path() +
                 (all.sources[index].empty()
                      ? "' is not known from it, and nothing leads to it"
                      : "' is known neither from it nor from what leads to it"));
}

void ShapeInference::run() {
  for (bool isNew = true; isNew;) {
    isNew = false;
    for (size_t index = 0; index < all.layers.size(); ++index)
      isNew |= visit(index);
  }
  if (report.hasErrors())
    return;
  reportUnknown();
  for (size_t index = 0; index < all.layers.size(); ++index) {
    const NirLayer &layer = all.layers[index];
    if (!layer.output)
      continue;
    if (layer.kind == Kind::Output)
      checkOutputNode(index);
    checkInput(index);
  }
}

void inferShapes(NirLayers &layers, Report &report) { ShapeInference(layers, report).run(); }

} // namespace basalt::import
