// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of a target's fields: their names, what may stand in them, and what they mean. A new
// limit is a member of Target and a line here. The bounds keep sums of products in 64 bits.
#include "runtime/neurocore/Target.h"

#include <algorithm>
#include <charconv>

namespace basalt::nc {

static const char *const kSynapseKinds[] = {"sparse",      "run_length", "dense",
                                            "convolution", "seeded",     nullptr};
static const char *const kSignModes[] = {"mixed", "excitatory", "inhibitory", nullptr};
static const char *const kNeuronKinds[] = {"cuba", "program", nullptr};
static const char *const kFeatures[] = {"wide", "random", "table", nullptr};
static const char *const kPhases[] = {"spk", "pre_mgmt", "lrn", "post_mgmt", "host", nullptr};
static const char *const kNegativeExponents[] = {"none", "per_weight", "per_port", nullptr};

static std::string list(const std::vector<std::string> &items) {
  std::string result = "[";
  for (const std::string &item : items)
    result += (result.size() > 1 ? ", " : "") + item;
  return result + "]";
}

static std::string list(const std::vector<int64_t> &values) {
  std::vector<std::string> items;
  for (int64_t value : values)
    items.push_back(std::to_string(value));
  return list(items);
}

static std::string list(uint32_t set, const char *const *choices) {
  std::vector<std::string> items;
  for (unsigned i = 0; choices[i]; ++i)
    if (set >> i & 1)
      items.emplace_back(choices[i]);
  return list(items);
}

static uint32_t setOf(const std::vector<int64_t> &values) {
  uint32_t result = 0;
  for (int64_t value : values)
    result |= uint32_t(1) << value;
  return result;
}

static std::vector<int64_t> sorted(std::vector<int64_t> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

using Values = std::vector<int64_t>;

#define BASALT_INTEGER(PATH, MEMBER, LEAST, MOST, DOC)                                             \
  {PATH,                                                                                           \
   DOC,                                                                                            \
   Field::Integer,                                                                                 \
   LEAST,                                                                                          \
   MOST,                                                                                           \
   nullptr,                                                                                        \
   [](const Target &target) { return std::to_string(target.MEMBER); },                             \
   [](Target &target, const Values &values) { target.MEMBER = values[0]; }}
#define BASALT_FLAG(PATH, MEMBER, DOC)                                                             \
  {PATH,                                                                                           \
   DOC,                                                                                            \
   Field::Flag,                                                                                    \
   0,                                                                                              \
   1,                                                                                              \
   nullptr,                                                                                        \
   [](const Target &target) { return std::string(target.MEMBER ? "true" : "false"); },             \
   [](Target &target, const Values &values) { target.MEMBER = values[0] != 0; }}
#define BASALT_RANGE(PATH, MEMBER, LEAST, MOST, DOC)                                               \
  {PATH,                                                                                           \
   DOC,                                                                                            \
   Field::Range,                                                                                   \
   LEAST,                                                                                          \
   MOST,                                                                                           \
   nullptr,                                                                                        \
   [](const Target &target) { return list(Values{target.MEMBER.low, target.MEMBER.high}); },       \
   [](Target &target, const Values &values) { target.MEMBER = {values[0], values[1]}; }}
#define BASALT_INTEGERS(PATH, MEMBER, LEAST, MOST, DOC)                                            \
  {PATH,                                                                                           \
   DOC,                                                                                            \
   Field::Integers,                                                                                \
   LEAST,                                                                                          \
   MOST,                                                                                           \
   nullptr,                                                                                        \
   [](const Target &target) { return list(target.MEMBER); },                                       \
   [](Target &target, const Values &values) { target.MEMBER = sorted(values); }}
#define BASALT_CHOICES(PATH, MEMBER, NAMES, DOC)                                                   \
  {PATH,                                                                                           \
   DOC,                                                                                            \
   Field::Choices,                                                                                 \
   0,                                                                                              \
   0,                                                                                              \
   NAMES,                                                                                          \
   [](const Target &target) { return list(target.MEMBER, NAMES); },                                \
   [](Target &target, const Values &values) { target.MEMBER = setOf(values); }}

static constexpr int64_t kMany = 1 << 20;

// clang-format off
static const std::vector<Field> kFields = {
  BASALT_INTEGER("board.chips_x", board.chipsX, 1, 256, "chips of a board, from west to east"),
  BASALT_INTEGER("board.chips_y", board.chipsY, 1, 256, "chips from north to south"),
  BASALT_INTEGER("board.chips_z", board.chipsZ, 1, 256, "chips above each other"),
  BASALT_INTEGER("chip.grid_x", chip.gridX, 1, 256, "routers of a chip, from west to east"),
  BASALT_INTEGER("chip.grid_y", chip.gridY, 1, 256, "routers from north to south"),
  BASALT_INTEGER("chip.cores_per_router", chip.coresPerRouter, 1, 64, "neurocores at a router"),
  BASALT_INTEGER("chip.cores", chip.cores, 1, 4096, "neurocores of a chip"),
  BASALT_CHOICES("chip.phases", chip.phases, kPhases, "phases of a step in which something can happen"),
  BASALT_INTEGER("embedded.count", embedded.count, 0, 64, "embedded processors of a chip (RV64IM here)"),
  BASALT_INTEGER("embedded.code_bytes", embedded.codeBytes, 0, int64_t(1) << 24, "memory for the code of a program"),
  BASALT_INTEGER("embedded.data_bytes", embedded.dataBytes, 0, int64_t(1) << 28, "memory for its data"),
  BASALT_INTEGER("embedded.stack_bytes", embedded.stackBytes, 0, int64_t(1) << 24, "memory for its stack"),
  BASALT_INTEGER("embedded.fuel", embedded.fuel, 0, int64_t(1) << 40, "instructions of a call before it counts as endless"),
  BASALT_INTEGER("embedded.channels", embedded.channels, 0, 4096, "channels of a program"),
  BASALT_INTEGER("core.neurons", core.neurons, 1, kMany, "neurons of a core"),
  BASALT_INTEGER("core.pool_bytes", core.poolBytes, 0, int64_t(1) << 30, "memory that states, synapses, axons and programs share; 0: each has its own"),
  BASALT_INTEGER("core.state_bytes", core.stateBytes, 0, 65536, "state and parameters of a neuron"),
  BASALT_INTEGER("core.synapse_words", core.synapseWords, 0, int64_t(1) << 27, "synaptic memory, in words of 64 bits"),
  BASALT_INTEGER("core.formats", core.formats, 0, 16, "synapse formats of a core"),
  BASALT_INTEGER("core.in_axons", core.inAxons, 0, kMany, "entries of the table of incoming axons"),
  BASALT_INTEGER("core.in_axon_bytes", core.inAxonBytes, 0, 64, "what an entry takes from the pool"),
  BASALT_INTEGER("core.out_axons", core.outAxons, 0, kMany, "slots of the table of outgoing axons"),
  BASALT_INTEGER("core.out_axon_bytes", core.outAxonBytes, 0, 64, "what a slot takes from the pool"),
  BASALT_INTEGER("axons.discrete_slots", axons.discreteSlots, 0, 16, "out slots of an axon that names one list; 0: no such axons"),
  BASALT_INTEGER("axons.pop16_slots", axons.pop16Slots, 0, 16, "out slots of a 16-bit population axon"),
  BASALT_INTEGER("axons.pop32_slots", axons.pop32Slots, 0, 16, "out slots of a 32-bit population axon"),
  BASALT_INTEGER("axons.graded_slots", axons.gradedSlots, 0, 16, "out slots of an axon with a payload"),
  BASALT_INTEGER("axons.other_chip_slots", axons.otherChipSlots, 0, 16, "further slots of an axon to another chip"),
  BASALT_INTEGER("axons.pop16_atoms", axons.pop16Atoms, 0, kMany, "sources that share a 16-bit population axon"),
  BASALT_INTEGER("axons.pop32_atoms", axons.pop32Atoms, 0, kMany, "sources that share a 32-bit population axon"),
  BASALT_INTEGER("axons.base_most", axons.baseMost, 0, kMany, "the last neuron of a group that targets of a list can count from"),
  BASALT_INTEGER("axons.learning_entries", axons.learningEntries, 0, 16, "in-axon entries of a list that learns"),
  BASALT_CHOICES("synapses.kinds", synapses.kinds, kSynapseKinds, "how a list of synapses may be packed"),
  BASALT_INTEGERS("synapses.index_bits", synapses.indexBits, 0, 32, "widths of a target's index in a sparse list"),
  BASALT_INTEGERS("synapses.skip_bits", synapses.skipBits, 0, 16, "widths of a gap in a run-length list"),
  BASALT_INTEGER("synapses.list_words", synapses.listWords, 0, kMany, "words of the list of an axon"),
  BASALT_INTEGER("synapses.chunk", synapses.chunk, 0, 64, "synapses behind one header"),
  BASALT_INTEGER("synapses.chunk_header_bits", synapses.chunkHeaderBits, 0, 64, "bits of a header"),
  BASALT_INTEGERS("weights.bits", weights.bits, 0, 64, "widths of a weight, its sign included"),
  BASALT_CHOICES("weights.sign_modes", weights.signModes, kSignModes, "which signs the weights of a format may have"),
  BASALT_RANGE("weights.exponent", weights.exponent, -64, 64, "binary exponents of a format"),
  {"weights.negative_exponent", "where a negative exponent cuts bits off: each weight, a sum in its own accumulator, or nowhere", Field::Choice, 0, 0, kNegativeExponents,
   [](const Target &target) { return std::string(kNegativeExponents[unsigned(target.weights.negativeExponent)]); },
   [](Target &target, const Values &values) { target.weights.negativeExponent = NegativeExponent(values[0]); }},
  BASALT_FLAG("weights.chained", weights.chained, "whether several synapses may stand for one of a wider weight"),
  BASALT_INTEGER("accumulators.ports", accumulators.ports, 1, 4, "sums of a neuron"),
  BASALT_INTEGER("accumulators.width", accumulators.width, 1, 64, "bits of a sum, which wraps"),
  BASALT_INTEGER("accumulators.slots_total", accumulators.slotsTotal, 0, int64_t(1) << 30, "slots of a core: neurons times ports times slots of a neuron"),
  BASALT_INTEGER("accumulators.slots_least", accumulators.slotsLeast, 1, 4096, "slots of a neuron at the least, a power of two"),
  BASALT_INTEGER("accumulators.slots_most", accumulators.slotsMost, 1, 4096, "slots of a neuron at the most, a power of two"),
  BASALT_INTEGER("accumulators.slots_spare", accumulators.slotsSpare, 1, 16, "slots that a neuron has beyond its longest delay"),
  BASALT_INTEGER("accumulators.delay_most", accumulators.delayMost, 0, 4095, "longest delay of a synapse, in steps after the next"),
  BASALT_INTEGER("spikes.payload_bits", spikes.payloadBits, 0, 64, "width of a spike's value; 0: spikes are plain"),
  BASALT_FLAG("spikes.signed", spikes.isSigned, "whether the value has a sign"),
  BASALT_CHOICES("neuron.kinds", neuron.kinds, kNeuronKinds, "the fixed leaky integrator, microcode"),
  BASALT_INTEGER("neuron.u_bits", neuron.uBits, 0, 64, "cuba: width of the current, which wraps"),
  BASALT_INTEGER("neuron.v_bits", neuron.vBits, 0, 64, "cuba: width of the voltage, which saturates"),
  BASALT_INTEGER("neuron.decay_bits", neuron.decayBits, 0, 32, "cuba: width of a decay"),
  BASALT_INTEGER("neuron.threshold_bits", neuron.thresholdBits, 0, 32, "cuba: width of the threshold's mantissa"),
  BASALT_INTEGER("neuron.threshold_shift", neuron.thresholdShift, 0, 32, "cuba: shift of the threshold and of the input"),
  BASALT_INTEGER("neuron.bias_bits", neuron.biasBits, 0, 32, "cuba: width of the bias's mantissa, with its sign"),
  BASALT_INTEGER("neuron.bias_exponent_most", neuron.biasExponentMost, 0, 32, "cuba: largest exponent of the bias"),
  BASALT_INTEGER("neuron.refractory_most", neuron.refractoryMost, 0, 4096, "cuba: longest time without spikes"),
  BASALT_INTEGER("neuron.profiles", neuron.profiles, 0, 4096, "cuba: sets of constants of a core"),
  BASALT_INTEGER("program.words", program.words, 0, kMany, "words of 32 bits of all programs and tables of a core"),
  BASALT_INTEGER("program.path", program.path, 0, kMany, "instructions of a neuron's longest way through its program"),
  BASALT_INTEGER("program.registers", program.registers, 0, 16, "scratch registers"),
  BASALT_INTEGER("program.state_slots", program.stateSlots, 0, 16, "states of a neuron"),
  BASALT_INTEGER("program.constants", program.constants, 0, 16, "constants of a group"),
  BASALT_INTEGER("program.parameters", program.parameters, 0, 8, "parameters of a neuron"),
  BASALT_CHOICES("program.features", program.features, kFeatures, "what programs may use beyond the basis"),
  BASALT_INTEGER("learning.epoch_most", learning.epochMost, 0, 4096, "longest time between updates of weights"),
  BASALT_INTEGER("learning.trace_bits", learning.traceBits, 0, 64, "width of a trace"),
  BASALT_INTEGER("learning.weight_bits", learning.weightBits, 0, 64, "width of a weight that learns"),
};
// clang-format on

const std::vector<Field> &fields() { return kFields; }

const Field *findField(std::string_view path) {
  auto it = std::find_if(kFields.begin(), kFields.end(),
                         [&](const Field &field) { return field.path == path; });
  return it == kFields.end() ? nullptr : &*it;
}

static int64_t choiceCount(const Field &field) {
  int64_t count = 0;
  while (field.choices[count])
    ++count;
  return count;
}

std::optional<int64_t> numberOf(const Field &field, std::string_view item) {
  for (int64_t i = 0; field.choices && field.choices[i]; ++i)
    if (item == field.choices[i])
      return i;
  if (field.kind == Field::Flag && (item == "true" || item == "false"))
    return item == "true";
  int64_t value = 0;
  auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), value);
  bool isNumber = error == std::errc() && end == item.data() + item.size() && !item.empty();
  if (!isNumber || field.choices || field.kind == Field::Flag)
    return std::nullopt;
  return value;
}

std::string describeValues(const Field &field) {
  std::string bounds = "from " + std::to_string(field.least) + " to " + std::to_string(field.most);
  std::string names;
  for (int64_t i = 0; field.choices && field.choices[i]; ++i)
    names += std::string(i == 0                 ? ""
                         : field.choices[i + 1] ? ", "
                                                : " or ") +
             "'" + field.choices[i] + "'";
  switch (field.kind) {
  case Field::Integer:
    return "an integer " + bounds;
  case Field::Flag:
    return "true or false";
  case Field::Range:
    return "a list of two integers " + bounds + ", the lower one first";
  case Field::Integers:
    return "a list of integers " + bounds;
  case Field::Choice:
    return names;
  case Field::Choices:
    return "a list of " + names;
  }
  return "";
}

bool isAllowed(const Field &field, const std::vector<int64_t> &values) {
  size_t wanted = field.kind == Field::Range ? 2 : 1;
  bool isList = field.kind == Field::Integers || field.kind == Field::Choices;
  if (isList ? values.size() > 64 : values.size() != wanted)
    return false;
  int64_t least = field.choices ? 0 : field.least;
  int64_t most = field.choices ? choiceCount(field) - 1 : field.most;
  for (int64_t value : values)
    if (value < least || value > most)
      return false;
  return field.kind != Field::Range || values[0] <= values[1];
}

const std::vector<CostQuantity> &costQuantities() {
  static const std::vector<CostQuantity> quantities = {
      {"synop_dense_pj", "energy of a synaptic operation, dense lists"},
      {"synop_dense_ns", "its time"},
      {"synop_sparse_pj", "energy of a synaptic operation, sparse lists"},
      {"synop_sparse_ns", "its time"},
      {"synop_convolution_pj",
       "energy of a synaptic operation, lists that sources share, as of convolutions"},
      {"synop_convolution_ns", "its time"},
      {"learning_update_pj", "energy of the update of a weight"},
      {"learning_update_ns", "its time"},
      {"neuron_active_pj", "energy of a neuron with input or state"},
      {"neuron_active_ns", "its time"},
      {"neuron_inactive_pj", "energy of an idle neuron"},
      {"neuron_inactive_ns", "its time"},
      {"program_op_pj", "energy of an instruction of a neuron program"},
      {"program_op_ns", "its time"},
      {"spike_pj", "energy of making a spike"},
      {"spike_ns", "its time"},
      {"axon_out_pj", "energy of sending along an axon"},
      {"axon_out_ns", "its time"},
      {"axon_in_pj", "energy of taking in from an axon"},
      {"axon_in_ns", "its time"},
      {"hop_x_pj", "energy of a hop east or west"},
      {"hop_x_ns", "its time"},
      {"hop_y_pj", "energy of a hop north or south"},
      {"hop_y_ns", "its time"},
      {"barrier_ns", "time of the barrier of one tile or the least"},
      {"barrier_chip_ns", "time of the barrier of a whole chip"},
      {"step_least_ns", "shortest time step of a chip"},
      {"static_chip_mw", "power of a chip that does nothing"},
      {"embedded_mw", "power of the embedded processors of a chip"},
  };
  return quantities;
}

} // namespace basalt::nc
