// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layers stand in a row: what each takes is what the one before it sends. Images have the axes of
// Lava, x, y and channel; in the file they are the other way round.
#include "compiler/import/NetConvert.h"

#include "compiler/import/NetImage.h"
#include "compiler/import/NetLayer.h"
#include "compiler/import/NetOptions.h"
#include "compiler/import/NetWeights.h"

#include "llvm/Support/Path.h"

#include <algorithm>
#include <map>
#include <utility>

namespace basalt::import {

using Shape = std::vector<int64_t>;

namespace {
class NetConverter {
public:
  NetConverter(const std::string &path, const ImportOptions &options, Report &report)
      : path(path), options(options), report(report) {}

  Network run(const Hdf5Node &root);

private:
  std::vector<const Hdf5Node *> layersOf(const Hdf5Node &root);
  void addLayer(const Hdf5Node &group);
  void skipLayer(const NetReader &layer, const std::string &type);
  void flatten(const NetReader &layer);
  void addInputLayer(const NetReader &layer);
  void addDense(const NetReader &layer, bool isRecurrent);
  void addImage(const NetReader &layer, const std::string &type);
  std::optional<NetNeuron> addNeuron(const NetReader &layer, const Shape &shape, bool isInput);
  void addSynapse(const std::string &name, const std::string &className,
                  std::vector<Setting> values, const std::string &target);
  void checkShape(const NetReader &layer, const Shape &shape);
  Shape fileShape(const NetReader &layer);
  void connectInput(const std::string &port);
  void addInput();

  const std::string &path;
  const ImportOptions &options;
  Report &report;
  Network network;
  /// What comes next takes: from a port (empty: the network's input), as a shape, as numbers or
  /// spikes.
  std::string source;
  std::optional<Shape> shape;
  int64_t messageBits = 0;
  int64_t count = 0; ///< of layers that were built
  std::optional<Shape> inputShape;
  std::vector<std::string> inputPorts;
  bool hasInputLayer = false;
  std::string last;
};
} // namespace

//===--- The row of layers ---===//

/// In the order of their numbers: HDF5 has 10 before 2.
std::vector<const Hdf5Node *> NetConverter::layersOf(const Hdf5Node &root) {
  std::map<int64_t, const Hdf5Node *> layers;
  for (const Hdf5Node &child : root.find("layer")->children) {
    bool isNumber = !child.name.empty() && child.name.size() <= 6 &&
                    std::all_of(child.name.begin(), child.name.end(),
                                [](char c) { return c >= '0' && c <= '9'; });
    if (isNumber && child.isGroup())
      layers[std::stoll(child.name)] = &child;
    else
      report.error("'" + child.path + "' is no layer: layers are groups with numbers as names");
  }
  std::vector<const Hdf5Node *> result;
  for (const auto &[number, layer] : layers) {
    if (number != int64_t(result.size())) {
      report.error("'/layer' has no layer " + std::to_string(result.size()));
      break;
    }
    result.push_back(layer);
  }
  if (layers.empty())
    report.error("'/layer' has no layers");
  return result;
}

/// The shape in the file, x first.
Shape NetConverter::fileShape(const NetReader &layer) {
  std::optional<rt::NpyArray> array = layer.integers("shape");
  Shape result;
  for (size_t i = array ? array->size() : 0; i-- > 0;)
    result.push_back(array->intAt(i));
  if (array && std::any_of(result.begin(), result.end(), [](int64_t extent) { return extent < 1; }))
    layer.error("shape", "must hold integers from 1 on");
  else if (isTooLarge(result))
    layer.error("shape", "is " + spell(result) + ", which is too large");
  return result;
}

/// Old files have further axes of one element.
void NetConverter::checkShape(const NetReader &layer, const Shape &shape) {
  if (!layer.has("shape"))
    return;
  Shape said = fileShape(layer);
  auto withoutOnes = [](Shape shape) {
    shape.erase(std::remove(shape.begin(), shape.end(), 1), shape.end());
    return shape;
  };
  if (!said.empty() && withoutOnes(said) != withoutOnes(shape))
    layer.error("shape",
                "says (x, y, channels) " + spell(said) + ", but the layer has " + spell(shape));
}

void NetConverter::connectInput(const std::string &port) {
  if (!source.empty()) {
    network.connections.push_back(source + " -> " + port);
    return;
  }
  inputPorts.push_back(port);
  inputShape = shape;
}

std::optional<NetNeuron> NetConverter::addNeuron(const NetReader &layer, const Shape &shape,
                                                 bool isInput) {
  std::optional<NetNeuron> neuron = readNetNeuron(layer, isInput, count, options.net, report);
  last = "layer" + std::to_string(count);
  if (!neuron)
    return std::nullopt;
  std::vector<Setting> values{{"shape", spell(shape)}};
  values.insert(values.end(), neuron->values.begin(), neuron->values.end());
  network.instances.push_back({last, neuron->className, std::move(values), layer.path()});
  return neuron;
}

void NetConverter::addSynapse(const std::string &name, const std::string &className,
                              std::vector<Setting> values, const std::string &target) {
  network.instances.push_back({name, className, std::move(values), ""});
  connectInput(name + ".s_in");
  network.connections.push_back(name + ".a_out -> " + target);
}

//===--- Kinds of layers ---===//

void NetConverter::addInputLayer(const NetReader &layer) {
  Shape own = fileShape(layer);
  if (report.hasErrors())
    return;
  if (!source.empty() || own.empty())
    return layer.error("type", "is 'input', but it is not the first layer, or has no shape");
  std::optional<NetNeuron> neuron = addNeuron(layer, own, true);
  shape = own;
  if (neuron && neuron->isComplex)
    return layer.error("neuron", "is a resonator, which cannot take an input without weights");
  connectInput(last + ".a_in");
  hasInputLayer = true;
  messageBits = neuron && neuron->isGraded ? 16 : 0;
}

/// Only here channels come first again.
void NetConverter::flatten(const NetReader &layer) {
  if (!shape)
    return layer.error("type",
                       "is 'flatten', but nothing says what shape comes; --net-input-shape can");
  if (!source.empty())
    source += shape->size() == 3 ? ".transpose(2, 1, 0).flatten()" : ".flatten()";
  else if (shape->size() > 1)
    return layer.error("type", "is 'flatten', in the first layer that is built; leave it out by "
                               "--net-skip-layers");
  shape = Shape{elementsOf(*shape)};
}

void NetConverter::addDense(const NetReader &layer, bool isRecurrent) {
  std::vector<std::string> names{"weight"};
  bool isComplex = layer.has("weight") && layer.inner("weight").has("real");
  if (isComplex)
    names = {"weight/real", "weight/imag"};
  else if (isRecurrent)
    names = {"weight", "weight_rec"};
  std::vector<rt::NpyArray> matrices;
  for (const std::string &name : names) {
    std::optional<rt::NpyArray> matrix =
        isComplex ? readMatrix(layer.inner("weight"), name.substr(7)) : readMatrix(layer, name);
    if (!matrix)
      return;
    matrices.push_back(std::move(*matrix));
  }
  Shape form = matrices.front().shape, own{form[0]};
  if (shape && *shape != Shape{form[1]})
    return layer.error("weight",
                       "has the shape " + spell(form) + ", but what comes has the shape " +
                           spell(*shape) +
                           (shape->size() > 1 ? "; a flatten layer must stand between" : ""));
  Shape expected = isRecurrent ? Shape{form[0], form[0]} : form;
  if (matrices.size() > 1 && matrices[1].shape != expected)
    return layer.error(names[1], "has the shape " + spell(matrices[1].shape) + ", expected " +
                                     spell(expected));
  shape = Shape{form[1]};
  checkShape(layer, own);
  std::optional<NetNeuron> neuron = addNeuron(layer, own, false);
  if (!neuron)
    return;
  if (neuron->isComplex != isComplex)
    return layer.error("weight", isComplex ? "is complex, but the neurons are not"
                                           : "is not complex, but the neurons are resonators");
  DenseWeights dense = exactWeights(matrices, layer.path() + "/weight", report);
  std::optional<Value> delays;
  if (layer.has("delay") && !(delays = readDelays(layer, form, report)))
    return;
  for (size_t i = 0; i < dense.matrices.size(); ++i) {
    std::vector<Setting> values{{"weights", dense.matrices[i]}};
    if (delays)
      values.push_back({"delays", *delays});
    values.insert(values.end(), dense.values.begin(), dense.values.end());
    bool isBack = isRecurrent && i == 1;
    if (messageBits && !isBack)
      values.push_back({"num_message_bits", std::to_string(messageBits)});
    std::string port = isComplex ? (i == 0 ? ".a_real_in" : ".a_imag_in") : ".a_in";
    std::string name = last + (isComplex ? (i == 0 ? "_real" : "_imag")
                               : isBack  ? "_rec"
                                         : "_synapse");
    std::string before = isBack ? std::exchange(source, last + ".s_out") : source;
    addSynapse(name, delays ? "DelayDense" : "Dense", std::move(values), last + port);
    source = before;
  }
  source = last + ".s_out";
  shape = own;
  messageBits = neuron->isGraded ? 16 : 0;
  ++count;
}

void NetConverter::addImage(const NetReader &layer, const std::string &type) {
  if (layer.has("delay"))
    return layer.error("delay", "is of a convolution, which is not supported yet");
  if (!shape)
    return layer.error("type", "is '" + type +
                                   "', but nothing says what shape comes; --net-input-shape can");
  std::optional<NetSynapse> synapse = readNetImage(layer, type, *shape);
  if (!synapse)
    return;
  checkShape(layer, synapse->output);
  std::optional<NetNeuron> neuron = addNeuron(layer, synapse->output, false);
  if (!neuron)
    return;
  if (neuron->isComplex)
    return layer.error("weight", "is not complex, but the neurons are resonators");
  if (messageBits)
    synapse->values.push_back({"num_message_bits", std::to_string(messageBits)});
  addSynapse(last + "_synapse", synapse->className, std::move(synapse->values), last + ".a_in");
  source = last + ".s_out";
  shape = synapse->output;
  messageBits = neuron->isGraded ? 16 : 0;
  ++count;
}

/// A layer that is left out still says what the next one takes.
void NetConverter::skipLayer(const NetReader &layer, const std::string &type) {
  shape = fileShape(layer);
  if (report.hasErrors())
    return;
  if (type == "dense" || type == "flatten" || type == "dense_rec")
    shape = Shape{elementsOf(*shape)};
  if (type != "flatten" && layer.has("neuron"))
    messageBits = layer.inner("neuron").word("type").value_or("") == "SDNN" ? 16 : 0;
}

/// Some have no meaning in integers that anybody has written down.
static void refuseType(const NetReader &layer, const std::string &type) {
  if (type == "average")
    return layer.error("type",
                       "is 'average': a mean of spikes for the loss in training, which is no "
                       "integer; leave it out by --net-layers");
  if (type == "concat" || type == "dense_comp")
    return layer.error("type", "is '" + type +
                                   "'; netx names this type, but lava-dl neither writes it nor "
                                   "says what it is");
  layer.error("type", "is '" + type + "', which is no layer of lava-dl that is known");
}

void NetConverter::addLayer(const Hdf5Node &group) {
  NetReader layer(group, report);
  std::optional<std::string> type = layer.word("type");
  if (!type)
    return;
  if (std::stoll(group.name) < options.net.skipLayers.value_or(0))
    return skipLayer(layer, *type);
  layer.checkNames();
  if (*type == "input") {
    addInputLayer(layer);
    source = last + ".s_out";
    ++count;
  } else if (*type == "flatten") {
    flatten(layer);
  } else if (*type == "dense" || *type == "dense_rec") {
    addDense(layer, *type == "dense_rec");
  } else if (isImageType(*type)) {
    addImage(layer, *type);
  } else {
    refuseType(layer, *type);
  }
}

//===--- The network ---===//

/// The network's input: time comes last, as Lava's RingBuffer has it. Without a file there is none
/// for an `input` layer, whose neurons have a bias, and a silent one for synapses.
void NetConverter::addInput() {
  if (options.inputs.size() > 1 || (!options.inputs.empty() && !inputShape))
    return report.error("a .net file has one input, so one --input");
  if (options.inputs.empty() && (!inputShape || hasInputLayer))
    return;
  rt::NpyArray rows;
  if (options.inputs.empty()) {
    Shape silence = *inputShape;
    silence.insert(silence.begin(), 1);
    rows = makeArray(silence, std::vector<int64_t>(size_t(elementsOf(silence))));
  } else {
    rows = readInput(options.inputs.front().path, "input", *inputShape, 1, report);
  }
  int64_t steps = rows.shape.front();
  size_t elements = size_t(elementsOf(*inputShape));
  bool isFloat = rows.kind == 'f';
  std::vector<int64_t> values(rows.size());
  for (size_t step = 0; step < size_t(steps); ++step)
    for (size_t i = 0; i < elements; ++i) {
      double value = numberAt(rows, step * elements + i);
      values[i * size_t(steps) + step] = int64_t(value);
      if (isFloat && double(int64_t(value)) != value)
        return report.error("'" + options.inputs.front().path +
                            "' holds other numbers than integers, at element " +
                            std::to_string(step * elements + i));
    }
  Shape whole = *inputShape;
  whole.push_back(steps);
  network.instances.insert(network.instances.begin(),
                           {"input", "RingBufferSource", {{"data", makeArray(whole, values)}}, ""});
  for (const std::string &port : inputPorts)
    network.connections.push_back("input.s_out -> " + port);
  network.run.front() = "steps: " + std::to_string(steps);
}

Network NetConverter::run(const Hdf5Node &root) {
  std::vector<const Hdf5Node *> layers = layersOf(root);
  messageBits = options.net.messageBits.value_or(0);
  if (!options.net.inputShape.empty())
    shape = options.net.inputShape;
  size_t end = std::min(layers.size(), size_t(options.net.layers.value_or(INT32_MAX)));
  for (size_t i = 0; i < end && !report.hasErrors(); ++i)
    addLayer(*layers[i]);
  if (!report.hasErrors() && count == 0)
    report.error("none of the " + std::to_string(layers.size()) + " layers is built");
  if (report.hasErrors())
    return {};
  network.header = {"Made by basalt import of " + oneLine(llvm::sys::path::filename(path).str()) +
                    ", a file of lava-dl."};
  network.run = {"steps: 1", "select_tag: fixed_pt", "probes: [" + last + ".s_out]"};
  addInput();
  return std::move(network);
}

Network convertNet(const Hdf5Node &root, const std::string &path, const ImportOptions &options,
                   Report &report) {
  return NetConverter(path, options, report).run(root);
}

} // namespace basalt::import
