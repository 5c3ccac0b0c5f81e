// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A node becomes an instance of its process, an edge a connection; where messages wait for the next
// step, or do not fit in type or shape, something stands in between.
#include "compiler/import/NirConvert.h"

#include "compiler/import/NirLayers.h"
#include "compiler/support/Suggest.h"

#include "llvm/Support/Path.h"

#include <algorithm>
#include <map>
#include <set>

namespace basalt::import {

namespace {
/// Types of messages, as far as they matter.
enum class Messages : uint8_t { Spikes, Integers, Floats };

class Converter {
public:
  Converter(const std::string &path, const ImportOptions &options, Report &report)
      : path(path), options(options), report(report) {}

  Network run(const Hdf5Node &root);

private:
  void addChoices();
  void addInput(size_t index);
  void addLayer(size_t index);
  void connect(size_t index);
  void checkUse(size_t index);
  std::string previousOf(size_t source);
  std::string sumOf(const std::string &ends, const std::string &name, const Shape &shape);
  void addRun();
  const InputFile *inputFileOf(const NirLayer &layer);
  void checkInputFiles();

  const std::string &path;
  const ImportOptions &options;
  Report &report;
  NirGraph graph;
  NirChoices choices;
  NirLayers all;
  Network network;
  Names names;
  std::vector<std::string> instances; ///< of each layer
  std::vector<Messages> messages;     ///< that each layer sends
  std::map<size_t, std::string> previous;
  std::vector<bool> isUsed, inputUsed;
  int64_t steps = 0;
};
} // namespace

//===--- Inputs ---===//

/// The file given for this input, or null.
const InputFile *Converter::inputFileOf(const NirLayer &layer) {
  for (size_t i = 0; i < options.inputs.size(); ++i) {
    const InputFile &file = options.inputs[i];
    if (!file.name.empty() && file.name != layer.node->name)
      continue;
    inputUsed[i] = true;
    return &file;
  }
  return nullptr;
}

/// Files without an Input, or without saying for which.
void Converter::checkInputFiles() {
  std::vector<llvm::StringRef> inputs;
  std::string list;
  for (const NirLayer &layer : all.layers)
    if (layer.kind == NirLayer::Kind::Input) {
      inputs.push_back(layer.node->name);
      list += (list.empty() ? "'" : ", '") + layer.node->name + "'";
    }
  for (const InputFile &file : options.inputs) {
    if (file.name.empty() && inputs.size() != 1)
      report.error("the graph has " + std::to_string(inputs.size()) +
                   " Inputs; say which of them '" + file.path + "' is for, as in NAME=" +
                   file.path + (inputs.empty() ? "" : ": they are " + list));
    else if (!file.name.empty() && !llvm::is_contained(inputs, llvm::StringRef(file.name)))
      report.error("the graph has no Input '" + file.name + "'" +
                   (inputs.empty() ? "" : "; it has " + list) + didYouMean(file.name, inputs));
  }
}

void Converter::addInput(size_t index) {
  const NirLayer &layer = all.layers[index];
  rt::NpyArray data;
  if (const InputFile *file = inputFileOf(layer)) {
    data = readInput(file->path, layer.node->name, *layer.output, choices.dt, report);
    steps = std::max(steps, data.shape.front());
  } else {
    Shape shape = *layer.output;
    shape.insert(shape.begin(), 1);
    data = makeArray(shape, std::vector<int64_t>(size_t(elementsOf(shape))));
  }
  messages[index] = data.kind == 'f' ? Messages::Floats : Messages::Integers;
  std::string name = names.add("data_" + instances[index]);
  network.params.push_back(
      {name, std::move(data), "a row for each time step of '" + oneLine(layer.node->name) + "'"});
  network.instances.push_back({instances[index], "NIR_Input", {{"data", "$" + name}}, ""});
}

//===--- Layers ---===//

/// Whether a layer sends messages of the type that it gets.
static bool passesOn(const NirLayer &layer) {
  return layer.kind == NirLayer::Kind::Output || layer.kind == NirLayer::Kind::Flatten ||
         layer.node->type == "Delay";
}

void Converter::addLayer(size_t index) {
  const NirLayer &layer = all.layers[index];
  std::vector<Setting> values;
  bool isWindow = layer.kind == NirLayer::Kind::Window;
  if (layer.kind != NirLayer::Kind::Weights)
    values.push_back(
        {isWindow ? "input_shape" : "shape", spell(isWindow ? *layer.input : *layer.output)});
  values.insert(values.end(), layer.values.begin(), layer.values.end());
  bool isRenamed = instances[index] != layer.node->name;
  network.instances.push_back(
      {instances[index], "NIR_" + layer.node->type + (layer.isStack ? "Stack" : ""),
       std::move(values), isRenamed ? "'" + oneLine(layer.node->name) + "' of the graph" : ""});
}

/// The instance that has what `source` sent in the step before.
std::string Converter::previousOf(size_t source) {
  std::string &name = previous[source];
  if (!name.empty())
    return name;
  name = names.add(instances[source] + "_before");
  network.instances.push_back(
      {name, "NIR_Previous", {{"shape", spell(*all.layers[source].output)}}, ""});
  network.connections.push_back(instances[source] + ".y -> " + name + ".x");
  return name;
}

/// The message of an instance that adds up `ends`, in floats.
std::string Converter::sumOf(const std::string &ends, const std::string &name, const Shape &shape) {
  std::string sum = names.add(name);
  network.instances.push_back({sum, "NIR_Sum", {{"shape", spell(shape)}}, ""});
  if (!ends.empty())
    network.connections.push_back(ends + " -> " + sum + ".x");
  return sum + ".y";
}

/// Connects the sources of a layer to it.
void Converter::connect(size_t index) {
  const NirLayer &layer = all.layers[index];
  const std::vector<NirLink> &links = all.sources[index];
  // A port of floats is 0 without a source; one of any type would have none.
  if (links.empty() && (!layer.takesAnyType || layer.kind == NirLayer::Kind::Input))
    return;
  const Shape wanted = layer.kind == NirLayer::Kind::Flatten ? *layer.output : *layer.input;
  std::string ends;
  std::set<std::string> known;
  bool areFloats = true;
  for (const NirLink &link : links) {
    const NirLayer &source = all.layers[link.source];
    std::string end = (link.isLate ? previousOf(link.source) : instances[link.source]) + ".y";
    // One connection leads from port to port.
    if (!known.insert(end).second)
      end = sumOf(end, instances[link.source] + "_again", *source.output);
    if (*source.output != wanted) {
      end += ".reshape(";
      for (size_t axis = 0; axis < wanted.size(); ++axis)
        end += (axis ? ", " : "") + std::to_string(wanted[axis]);
      end += ")";
    }
    ends += (ends.empty() ? "" : ", ") + end;
    areFloats &= messages[link.source] == Messages::Floats;
    isUsed[link.source] = true;
  }
  std::string target = instances[index];
  Messages arriving = links.size() == 1 ? messages[links.front().source] : Messages::Floats;
  // A port of any type would take that of the first source.
  if (links.empty() || (links.size() > 1 && layer.takesAnyType && !areFloats))
    ends = sumOf(ends, target + "_sum", wanted);
  network.connections.push_back(ends + " -> " + target + ".x");
  if (passesOn(layer))
    messages[index] = arriving;
}

void Converter::checkUse(size_t index) {
  const NirLayer &layer = all.layers[index];
  if (all.sources[index].empty() && layer.kind != NirLayer::Kind::Input)
    report.warning("nothing leads to '" + layer.path() + "'; its input is 0");
  if (!isUsed[index] && layer.kind != NirLayer::Kind::Output)
    report.warning("nothing takes what '" + layer.path() + "' sends");
}

//===--- The network ---===//

void Converter::addChoices() {
  network.params = {
      {"dt", spell(choices.dt), "of a time step, in seconds"},
      {"integrator", choices.integrator, "euler, exp or exp_unnormalised"},
      {"reset", choices.reset, "to_value, subtract or subtract_late"},
      {"cuba_order", choices.cubaOrder, "i_first or v_first"},
      {"drive", choices.drive, "of I and IF: impulse or current"},
  };
  // The names of instances and parameters live apart, but who reads the file need not know.
  for (const Parameter &param : network.params)
    names.add(param.name);
}

void Converter::addRun() {
  network.run.push_back("steps: " + std::to_string(std::max<int64_t>(steps, 1)));
  std::string probes;
  for (size_t index = 0; index < all.layers.size(); ++index)
    if (all.layers[index].kind == NirLayer::Kind::Output)
      probes += (probes.empty() ? "" : ", ") + instances[index] + ".y";
  if (!probes.empty())
    network.run.push_back("probes: [" + probes + "]");
}

Network Converter::run(const Hdf5Node &root) {
  graph = readNirGraph(root, report);
  choices = chooseNir(options.nir, graph.metadata);
  report.remark("NIR leaves open how a graph is run; " + choices.statement +
                "; options --nir-... choose otherwise");
  if (report.hasErrors())
    return {};
  all = readNirLayers(graph, choices, report);
  if (!report.hasErrors())
    inferShapes(all, report);
  if (!report.hasErrors())
    checkInputFiles();
  if (report.hasErrors())
    return {};
  network.header = {"Made by basalt import of " + oneLine(llvm::sys::path::filename(path).str()) +
                        (graph.version.empty() ? "." : ", NIR " + oneLine(graph.version) + "."),
                    "NIR leaves open how a graph is run. This is " + choices.statement + "."};
  network.imports = {"nir"};
  addChoices();
  size_t count = all.layers.size();
  messages.resize(count);
  isUsed.resize(count);
  inputUsed.resize(options.inputs.size());
  for (size_t index = 0; index < count; ++index) {
    const NirLayer &layer = all.layers[index];
    instances.push_back(names.add(layer.node->name));
    messages[index] = layer.isSpiking   ? Messages::Spikes
                      : passesOn(layer) ? Messages::Integers // until more is known
                                        : Messages::Floats;
  }
  for (size_t index = 0; index < count; ++index) {
    if (all.layers[index].kind == NirLayer::Kind::Input)
      addInput(index);
    else
      addLayer(index);
    connect(index);
  }
  for (size_t index = 0; index < count; ++index)
    checkUse(index);
  addRun();
  return std::move(network);
}

Network convertNir(const Hdf5Node &root, const std::string &path, const ImportOptions &options,
                   Report &report) {
  return Converter(path, options, report).run(root);
}

} // namespace basalt::import
