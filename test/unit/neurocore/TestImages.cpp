// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A small compiler of one kind of network.
#include "TestImages.h"

#include "runtime/neurocore/Microcode.h"
#include "runtime/neurocore/Synapses.h"

#include <algorithm>
#include <random>

using namespace basalt;
using namespace basalt::nc;
using namespace basalt::nc::test;

Target basalt::nc::test::largeTarget() {
  Target target;
  target.name = "test";
  for (const Field &field : fields()) {
    bool isLow = field.kind == Field::Integer;
    // The largest of each number, every choice.
    if (isLow)
      field.set(target, {std::min<int64_t>(field.most, 1 << 20)});
  }
  target.board = {4, 1, 1};
  target.chip.cores = 4;
  target.chip.gridX = target.chip.gridY = 2;
  target.chip.coresPerRouter = 1;
  target.chip.phases = 31;
  target.core.neurons = 8192;
  target.core.poolBytes = 0;
  target.synapses.kinds = KindSparse | KindRunLength | KindDense;
  target.synapses.indexBits = {4, 6, 8, 13};
  target.synapses.skipBits = {2, 3};
  target.synapses.chunk = 64;
  target.synapses.chunkHeaderBits = 10;
  target.weights.bits = {1, 4, 8, 9, 16};
  target.weights.signModes = 7;
  target.weights.exponent = {0, 7};
  target.accumulators.ports = 4;
  target.accumulators.width = 64;
  target.accumulators.slotsLeast = 1;
  target.accumulators.slotsMost = 64;
  target.accumulators.slotsSpare = 1;
  target.accumulators.delayMost = 63;
  target.spikes = {32, true};
  target.neuron.kinds = NeuronCuba | NeuronProgram;
  target.neuron.uBits = target.neuron.vBits = 24;
  target.neuron.decayBits = 12;
  target.neuron.thresholdBits = 17;
  target.neuron.thresholdShift = 6;
  target.neuron.biasBits = 13;
  target.neuron.biasExponentMost = 7;
  target.program.features = 7;
  target.program.registers = 16;
  return target;
}

namespace {
/// Part of a layer on a core.
struct Slice {
  unsigned layer;
  uint32_t first, count;
  uint32_t core, group;
};

class NetBuilder {
public:
  NetBuilder(const LifNet &net, unsigned cores) : net(net), cores(cores) {}
  Image build();

private:
  void addSlices(unsigned layer);
  void addConnection(const LifNet::Connection &connection, unsigned index);
  void addVars();
  Var stateVar(unsigned layer, unsigned slot, const char *name);

  const LifNet &net;
  unsigned cores;
  Image image;
  std::vector<Slice> slices;
};
} // namespace

static Values slice(const std::vector<int64_t> &values, uint32_t first, uint32_t count) {
  Values result;
  if (values.size() == 1)
    result.all = values;
  else if (!values.empty())
    result.all.assign(values.begin() + first, values.begin() + first + count);
  return result;
}

void NetBuilder::addSlices(unsigned index) {
  const LifNet::Layer &layer = net.layers[index];
  uint8_t slots = 1;
  for (const LifNet::Connection &connection : net.connections)
    for (uint8_t delay : connection.delays)
      while (slots < delay + 1)
        slots = uint8_t(slots * 2);
  for (uint32_t part = 0; part < cores; ++part) {
    uint32_t first = layer.count * part / cores, end = layer.count * (part + 1) / cores;
    if (first == end)
      continue;
    Group group;
    group.name = layer.name;
    group.count = end - first;
    group.population = index;
    group.firstElement = first;
    group.program = 0;
    group.state = {slice(layer.u, first, group.count), slice(layer.v, first, group.count)};
    group.accumulators.push_back({"a_in", 32, slots, {}});
    group.constants = {
        {"du", 4096 - (layer.du + 1)}, {"dv", 4096 - layer.dv}, {"vth", layer.vth << 6}};
    group.parameters.push_back({"bias", 24, true, slice(layer.bias, first, group.count)});
    group.outputs.push_back({"s_out", 1, false});
    slices.push_back({index, first, group.count, part, uint32_t(image.cores[part].groups.size())});
    image.cores[part].groups.push_back(group);
  }
}

/// The column of each source, cut by target slices; equal lists are not shared.
void NetBuilder::addConnection(const LifNet::Connection &connection, unsigned index) {
  uint32_t sources = net.layers[connection.from].count;
  Var weights;
  weights.name = connection.name + ".weights";
  weights.shape = {net.layers[connection.to].count, sources};
  for (const Slice &target : slices) {
    if (target.layer != connection.to)
      continue;
    Core &core = image.cores[target.core];
    unsigned number = unsigned(core.formats.size());
    core.formats.push_back(connection.format);
    uint32_t firstAxon = uint32_t(core.inAxons.size());
    for (uint32_t source = 0; source < sources; ++source) {
      std::vector<Synapse> synapses;
      for (uint32_t i = 0; i < target.count; ++i) {
        size_t at = size_t(target.first + i) * sources + source;
        synapses.push_back({i, connection.weights[at],
                            connection.delays.empty() ? uint8_t(0) : connection.delays[at]});
      }
      ListPlace place = packList(connection.format, number, entriesOf(connection.format, synapses),
                                 core.synapses);
      core.inAxons.push_back({place.word, place.words, 0, uint16_t(target.group), 0, 0});
      Fragment fragment;
      fragment.space = Space::Weight;
      fragment.start = target.first * sources + source;
      fragment.stride = sources;
      fragment.count = target.count;
      fragment.core = target.core;
      fragment.index = place.word;
      weights.fragments.push_back(fragment);
    }
    for (const Slice &source : slices)
      if (source.layer == connection.from)
        image.cores[source.core].outAxons.push_back({uint16_t(source.group), 0, AxonKind::Discrete,
                                                     0, source.count, target.core,
                                                     firstAxon + source.first});
  }
  image.vars.push_back(weights);
  (void)index;
}

Var NetBuilder::stateVar(unsigned layer, unsigned slot, const char *name) {
  Var var;
  var.name = net.layers[layer].name + "." + name;
  var.shape = {net.layers[layer].count};
  for (const Slice &part : slices) {
    if (part.layer != layer)
      continue;
    Fragment fragment;
    fragment.start = part.first;
    fragment.count = part.count;
    fragment.core = part.core;
    fragment.group = part.group;
    fragment.index = slot;
    var.fragments.push_back(fragment);
  }
  return var;
}

void NetBuilder::addVars() {
  for (unsigned layer = 0; layer < net.layers.size(); ++layer) {
    image.vars.push_back(stateVar(layer, 0, "u"));
    image.vars.push_back(stateVar(layer, 1, "v"));
    Var next = stateVar(layer, 0, "a_in");
    for (Fragment &fragment : next.fragments)
      fragment.space = Space::Accumulator;
    image.vars.push_back(next);
    Var threshold = stateVar(layer, 2, "vth"), decay = stateVar(layer, 0, "du");
    for (Var *var : {&threshold, &decay}) {
      var->shape = {};
      var->limited = true;
      var->high = 131071;
      for (Fragment &fragment : var->fragments) {
        fragment.start = 0;
        fragment.count = 1;
        fragment.space = Space::Constant;
        // vth << 6, and 4096 - (du + 1)
        fragment.transform = var == &threshold ? Transform{1, 6, 0} : Transform{-1, 0, 4095};
      }
      image.vars.push_back(*var);
    }
    Var out = stateVar(layer, 0, "s_out");
    Port port{out.name, rt::Kind::Unsigned, 1, out.shape, out.fragments};
    for (Fragment &fragment : port.fragments)
      fragment.space = Space::Output;
    image.ports.push_back(port);
  }
}

Image NetBuilder::build() {
  image.name = "test";
  image.target = canonicalText(largeTarget());
  Program program;
  program.name = "LIF";
  program.words = *assemble("MULS s0, s0, k0, 12, tz; SHL r0, a0, 6; ADD s0, s0, r0;"
                            "MULS r1, s1, k1, 12, tz; ADD r1, r1, s0; ADD s1, r1, p0;"
                            "GT r2, s1, k2; SEL s1, 0, s1; SPK 0, r2",
                            nullptr);
  image.programs.push_back(program);
  image.layouts.push_back(
      {"LIF", {{"u", 24, true, StoreMode::Wrap}, {"v", 24, true, StoreMode::SaturateSymmetric}}});
  image.cores.resize(cores);
  for (unsigned i = 0; i < cores; ++i) {
    image.cores[i].chip = uint16_t(i / 4);
    image.cores[i].core = uint16_t(i % 4);
  }
  for (unsigned layer = 0; layer < net.layers.size(); ++layer)
    addSlices(layer);
  for (unsigned i = 0; i < net.connections.size(); ++i)
    addConnection(net.connections[i], i);
  for (Core &core : image.cores)
    std::stable_sort(core.outAxons.begin(), core.outAxons.end(),
                     [](const OutAxon &a, const OutAxon &b) { return a.group < b.group; });
  addVars();
  image.options = {"--steps=10"};
  image.remarks = {{"made by", "a test"}};
  return std::move(image);
}

Image LifNet::build(unsigned cores) const { return NetBuilder(*this, cores).build(); }

LifNet basalt::nc::test::randomNet(uint32_t first, uint32_t second, bool delays, uint32_t seed) {
  std::mt19937 random(seed);
  LifNet net;
  for (uint32_t count : {first, second}) {
    LifNet::Layer layer;
    layer.name = net.layers.empty() ? "one" : "two";
    layer.count = count;
    layer.du = 1000;
    layer.dv = 500;
    layer.vth = 20;
    for (uint32_t i = 0; i < count; ++i) {
      layer.bias.push_back(int64_t(random() % 400));
      layer.u.push_back(int64_t(random() % 2000) - 1000);
      layer.v.push_back(int64_t(random() % 2000) - 1000);
    }
    net.layers.push_back(layer);
  }
  for (unsigned from : {0u, 1u}) {
    LifNet::Connection connection;
    connection.name = from == 0 ? "forth" : "back";
    connection.from = from;
    connection.to = 1 - from;
    for (uint32_t i = 0; i < first * second; ++i) {
      connection.weights.push_back(int32_t(random() % 21) - 11);
      if (delays)
        connection.delays.push_back(uint8_t(random() % 6));
    }
    connection.format.kind = from == 0 && !delays ? SynapseKind::Dense : SynapseKind::Sparse;
    connection.format.indexBits = 13;
    connection.format.delayBits = delays ? 3 : 0;
    net.connections.push_back(connection);
  }
  return net;
}
