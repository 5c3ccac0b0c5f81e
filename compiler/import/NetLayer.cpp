// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers of .net files are often floats that hold integers, and scalars lists of one.
#include "compiler/import/NetLayer.h"

#include "compiler/import/NetOptions.h"
#include "compiler/support/Suggest.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>

namespace basalt::import {

//===--- Values ---===//

std::optional<std::string> NetReader::word(const std::string &name) const {
  const Hdf5Node *data = group.find(name);
  if (data && data->kind == Hdf5Node::Kind::Strings && data->strings.size() == 1)
    return data->strings.front();
  if (data)
    error(name, "must be a string");
  else
    report.error("'" + path() + "' has no '" + name + "'");
  return std::nullopt;
}

std::optional<rt::NpyArray> NetReader::integers(const std::string &name) const {
  const Hdf5Node *data = group.find(name);
  if (!data) {
    report.error("'" + path() + "' has no '" + name + "'");
    return std::nullopt;
  }
  if (data->kind == Hdf5Node::Kind::Unreadable) {
    report.error(data->problem);
    return std::nullopt;
  }
  if (data->kind != Hdf5Node::Kind::Numbers || data->numbers.size() == 0) {
    error(name, "must hold numbers");
    return std::nullopt;
  }
  std::vector<int64_t> values(data->numbers.size());
  bool isRounded = false;
  for (size_t i = 0; i < values.size(); ++i) {
    double value = numberAt(data->numbers, i);
    if (!(std::abs(value) < 1e9)) {
      error(name, "holds " + spell(value) + ", which no integer of 32 bits can be");
      return std::nullopt;
    }
    values[i] = int64_t(value);
    isRounded |= double(values[i]) != value;
  }
  if (isRounded)
    report.warning("'" + path() + "/" + name +
                   "' holds other numbers than integers; what is behind the point is dropped");
  return makeArray(data->numbers.shape, values);
}

std::optional<int64_t> NetReader::integer(const std::string &name, int64_t least,
                                          int64_t most) const {
  std::optional<rt::NpyArray> array = integers(name);
  if (!array)
    return std::nullopt;
  if (array->size() != 1 || array->intAt(0) < least || array->intAt(0) > most) {
    error(name, "must be one integer from " + std::to_string(least) + " to " +
                    std::to_string(most) +
                    (array->size() == 1 ? ", found " + std::to_string(array->intAt(0)) : ""));
    return std::nullopt;
  }
  return array->intAt(0);
}

std::vector<int64_t> NetReader::pair(const std::string &name, int64_t least,
                                     int64_t otherwise) const {
  if (!has(name))
    return {otherwise, otherwise};
  std::optional<rt::NpyArray> array = integers(name);
  if (!array)
    return {least, least};
  bool isOne = array->size() == 1;
  std::vector<int64_t> result{array->intAt(isOne ? 0 : 1), array->intAt(0)};
  constexpr int64_t most = 1 << 20;
  if (array->size() <= 2 && std::all_of(result.begin(), result.end(), [&](int64_t value) {
        return value >= least && value <= most;
      }))
    return result;
  error(name, "must hold one or two integers from " + std::to_string(least) + " on");
  return {least, least};
}

void NetReader::checkNames() const {
  // Of layers and of neurons; no name is that of both but with another meaning.
  static const std::vector<llvm::StringRef> known = {
      "type",        "shape",        "inFeatures", "outFeatures", "inChannels", "outChannels",
      "groups",      "stride",       "kernelSize", "padding",     "dilation",   "weight",
      "bias",        "delay",        "weight_rec", "neuron",      "iDecay",     "vDecay",
      "refDelay",    "vThMant",      "wgtExp",     "tauRho",      "scaleRho",   "theta",
      "sinDecay",    "cosDecay",     "thDecay",    "refDecay",    "vThStep",    "activation",
      "gradedSpike", "sigma_output", "messageBits"};
  for (const Hdf5Node &child : group.children)
    if (!llvm::is_contained(known, child.name))
      report.warning("'" + child.path + "' is nothing that layers of lava-dl have; it is ignored" +
                     didYouMean(child.name, known));
}

//===--- Neurons ---===//

static void addBias(const NetReader &layer, NetNeuron &neuron, const char *name) {
  std::optional<rt::NpyArray> bias = layer.integers("bias");
  if (!bias)
    return;
  bias->shape = {int64_t(bias->size())};
  if (isUniform(*bias) && bias->intAt(0) == 0)
    return;
  neuron.values.push_back(
      {name, isUniform(*bias) ? Value(std::to_string(bias->intAt(0))) : Value(*bias)});
}

namespace {
/// What is in the range that the process LIF has for it.
struct LifRanges {
  bool isUsual = true;

  void check(int64_t value, int64_t least, int64_t most) {
    isUsual &= value >= least && value <= most;
  }
};
} // namespace

/// The bias, and when state is cleared.
static void addMembrane(const NetReader &layer, NetNeuron &neuron, bool isInput, int64_t count,
                        const NetOptions &options) {
  if (!isInput && layer.has("bias"))
    addBias(layer, neuron, "bias_mant");
  if (!options.resetInterval)
    return;
  neuron.values.push_back({"reset_interval", std::to_string(*options.resetInterval)});
  neuron.values.push_back(
      {"reset_offset", std::to_string(options.resetOffset.value_or(0) + 1 + count)});
}

/// LIF if its limits allow that, else a process without them.
static void makeLif(const NetReader &layer, NetNeuron &neuron, int64_t du, int64_t dv, int64_t vth,
                    bool isInput, int64_t count, const NetOptions &options) {
  LifRanges ranges;
  ranges.check(du, 0, 4095);
  ranges.check(dv, 0, 4095);
  ranges.check(vth, 0, 131071);
  bool resets = options.resetInterval.has_value();
  neuron.className = !ranges.isUsual ? "NetxLIF" : resets ? "LIFReset" : "LIF";
  neuron.values = {{"du", std::to_string(du)},
                   {"dv", std::to_string(dv)},
                   {"vth", std::to_string(vth)},
                   {"bias_exp", "6"}};
  addMembrane(layer, neuron, isInput, count, options);
}

static std::optional<NetNeuron> readCuba(const NetReader &layer, const NetReader &group,
                                         bool isInput, int64_t count, const NetOptions &options) {
  constexpr int64_t one = 4096, mostThreshold = int64_t(1) << 24;
  auto current = group.integer("iDecay", 0, one), voltage = group.integer("vDecay", 0, one),
       threshold = group.integer("vThMant", 0, mostThreshold);
  if (!current || !voltage || !threshold)
    return std::nullopt;
  NetNeuron neuron;
  makeLif(layer, neuron, *current - 1, *voltage, *threshold, isInput, count, options);
  return neuron;
}

/// What adaptive neurons have beside others.
static bool addAdaptation(const NetReader &group, NetNeuron &neuron) {
  constexpr int64_t one = 4096, mostThreshold = 131071;
  auto threshold = group.integer("thDecay", 0, one), refractory = group.integer("refDecay", 0, one),
       rest = group.integer("vThMant", 0, mostThreshold),
       step = group.integer("vThStep", 0, mostThreshold);
  if (!threshold || !refractory || !rest || !step)
    return false;
  neuron.values.insert(neuron.values.end(), {{"vth", std::to_string(*rest)},
                                             {"vth_step", std::to_string(*step)},
                                             {"dth", std::to_string(*threshold)},
                                             {"dref", std::to_string(*refractory)}});
  return true;
}

static std::optional<NetNeuron> readAlif(const NetReader &layer, const NetReader &group,
                                         bool isInput, int64_t count, const NetOptions &options) {
  auto current = group.integer("iDecay", 0, 4096), voltage = group.integer("vDecay", 0, 4096);
  NetNeuron neuron;
  if (!current || !voltage)
    return std::nullopt;
  neuron.className = "NetxALIF";
  neuron.values = {
      {"du", std::to_string(*current - 1)}, {"dv", std::to_string(*voltage)}, {"bias_exp", "6"}};
  if (!addAdaptation(group, neuron))
    return std::nullopt;
  addMembrane(layer, neuron, isInput, count, options);
  return neuron;
}

static std::optional<NetNeuron> readAdaptiveResonator(const NetReader &group, bool isIzhikevich) {
  auto sine = group.integer("sinDecay", -4096, 4096),
       cosine = group.integer("cosDecay", -4096, 4096);
  NetNeuron neuron;
  if (!sine || !cosine)
    return std::nullopt;
  neuron.className = isIzhikevich ? "NetxADRF_IZ" : "NetxADRF";
  neuron.isComplex = true;
  neuron.values = {{"sin_decay", std::to_string(*sine)}, {"cos_decay", std::to_string(*cosine)}};
  return addAdaptation(group, neuron) ? std::optional(std::move(neuron)) : std::nullopt;
}

static std::optional<NetNeuron> readSdnn(const NetReader &layer, const NetReader &group,
                                         bool isInput, const NetOptions &options, Report &report) {
  auto threshold = group.integer("vThMant", 0, int64_t(1) << 24);
  if (!threshold)
    return std::nullopt;
  NetNeuron neuron;
  neuron.isGraded = true;
  if (group.has("activation"))
    if (std::optional<std::string> activation = group.word("activation");
        activation && *activation != "relu")
      report.warning("'" + group.path() + "/activation' is '" + *activation +
                     "'; netx takes any as relu, and so is this");
  if (!isInput && group.has("sigma_output")) {
    neuron.className = "Sigma";
    if (layer.has("bias"))
      layer.error("bias", "is of a layer with sigma_output, which has no bias");
    return neuron;
  }
  neuron.className = isInput ? "Delta" : "SigmaDelta";
  neuron.values = {{"vth", std::to_string(*threshold)},
                   {"spike_exp", std::to_string(options.spikeExp.value_or(6))},
                   {"state_exp", "6"}};
  if (!isInput && layer.has("bias"))
    addBias(layer, neuron, "bias");
  return neuron;
}

/// The factors are taken as they are. (netx makes period and decay of them and factors of these, in
/// floats; by the last bit of a function of the machine's NumPy a unit is lost or not.)
static std::optional<NetNeuron> readResonator(const NetReader &group, bool isIzhikevich) {
  constexpr double one = 4096, pi = 3.141592653589793;
  auto sine = group.integer("sinDecay", 0, 4096), cosine = group.integer("cosDecay", -4096, 4096),
       threshold = group.integer("vThMant", 0, int64_t(1) << 17);
  if (!sine || !cosine || !threshold)
    return std::nullopt;
  double s = double(*sine) / one, c = double(*cosine) / one;
  double alpha = 1 - std::sqrt(s * s + c * c), period = 2 * pi / std::atan2(s, c);
  if (*sine == 0 || alpha < 0) {
    group.error("sinDecay", "and cosDecay do not turn, or grow: " + std::to_string(*sine) +
                                " and " + std::to_string(*cosine) + " of 4096");
    return std::nullopt;
  }
  NetNeuron neuron;
  neuron.className = isIzhikevich ? "RF_IZ" : "RF";
  neuron.isComplex = true;
  neuron.values = {{"period", spell(period)},
                   {"alpha", spell(alpha)},
                   {"sin_decay", std::to_string(*sine)},
                   {"cos_decay", std::to_string(*cosine)},
                   {"vth", std::to_string(*threshold)},
                   {"state_exp", "6"},
                   {"decay_bits", "12"}};
  return neuron;
}

std::optional<NetNeuron> readNetNeuron(const NetReader &layer, bool isInput, int64_t count,
                                       const NetOptions &options, Report &report) {
  if (!layer.has("neuron")) {
    NetNeuron neuron; // adds up, and never spikes
    makeLif(layer, neuron, -1, 4096, int64_t(1) << 17, isInput, count, options);
    return neuron;
  }
  NetReader group = layer.inner("neuron");
  group.checkNames();
  std::optional<std::string> type = group.word("type");
  if (!type)
    return std::nullopt;
  if (*type == "CUBA" || *type == "LOIHI")
    return readCuba(layer, group, isInput, count, options);
  if (*type == "SDNN")
    return readSdnn(layer, group, isInput, options, report);
  if (*type == "RF_PHASE" || *type == "RF_IZHIKEVICH")
    return readResonator(group, *type == "RF_IZHIKEVICH");
  if (*type == "ALIF")
    return readAlif(layer, group, isInput, count, options);
  if (*type == "ADRF_PHASE" || *type == "ADRF_IZHIKEVICH")
    return readAdaptiveResonator(group, *type == "ADRF_IZHIKEVICH");
  group.error("type", "is '" + *type + "', which are no neurons of lava-dl that are known");
  return std::nullopt;
}

} // namespace basalt::import
