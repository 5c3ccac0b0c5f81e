// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What follows from the numbers of a target, and which of them contradict each other.
#include "runtime/neurocore/Target.h"

#include <algorithm>
#include <array>

namespace basalt::nc {

static constexpr std::array<const char *, 6> kStatusNames = {"published", "second-hand", "code",
                                                             "fitted",    "derived",     "assumed"};

const char *statusName(Status status) { return kStatusNames[unsigned(status)]; }

std::optional<Status> statusNamed(std::string_view name) {
  const auto *it = std::find(kStatusNames.begin(), kStatusNames.end(), name);
  if (it == kStatusNames.end())
    return std::nullopt;
  return Status(it - kStatusNames.begin());
}

static int64_t largest(const std::vector<int64_t> &values) {
  return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

int64_t Target::largestWeightBits() const { return largest(weights.bits); }

int64_t Target::slotsFor(int64_t longest) const {
  if (longest < 0 || longest > accumulators.delayMost)
    return 0;
  int64_t slots = accumulators.slotsLeast;
  while (slots < longest + accumulators.slotsSpare)
    slots *= 2;
  return slots <= accumulators.slotsMost ? slots : 0;
}

static bool isPowerOfTwo(int64_t value) { return value > 0 && (value & (value - 1)) == 0; }

namespace {
struct Checker {
  const Target &target;
  std::vector<Contradiction> found;

  void expect(bool holds, const char *path, const std::string &message,
              std::vector<std::string> others = {}) {
    if (!holds)
      found.push_back({path, message, std::move(others)});
  }
  void checkChip();
  void checkMemory();
  void checkSynapses();
  void checkAccumulators();
  void checkNeurons();
};
} // namespace

void Checker::checkChip() {
  int64_t places = target.chip.gridX * target.chip.gridY * target.chip.coresPerRouter;
  expect(target.chip.cores <= places, "chip.cores",
         "there are places for " + std::to_string(places) + " cores at the routers",
         {"chip.grid_x", "chip.grid_y", "chip.cores_per_router"});
  expect((target.chip.phases & PhaseSpk) != 0, "chip.phases", "neurons need the phase 'spk'");
  expect(target.embedded.count == 0 || (target.embedded.codeBytes > 0 &&
                                        target.embedded.stackBytes > 0 && target.embedded.fuel > 0),
         "embedded.count", "embedded processors need code_bytes, stack_bytes and fuel",
         {"embedded.code_bytes", "embedded.stack_bytes", "embedded.fuel"});
}

void Checker::checkMemory() {
  int64_t pool = target.core.poolBytes;
  expect(pool == 0 || 8 * target.core.synapseWords <= pool, "core.synapse_words",
         "words of 8 bytes do not fit into the pool of " + std::to_string(pool) + " bytes",
         {"core.pool_bytes"});
  expect(pool == 0 || target.core.stateBytes <= pool, "core.state_bytes",
         "the state of a neuron does not fit into the pool of " + std::to_string(pool) + " bytes",
         {"core.pool_bytes"});
}

void Checker::checkSynapses() {
  const auto &synapses = target.synapses;
  // Lists of other kinds begin with an index.
  bool hasIndices = largest(synapses.indexBits) > 0;
  expect(synapses.kinds == 0 || hasIndices, "synapses.kinds", "lists need index_bits",
         {"synapses.index_bits"});
  expect(!(synapses.kinds & KindRunLength) || !synapses.skipBits.empty(), "synapses.kinds",
         "run-length lists need skip_bits", {"synapses.skip_bits"});
  expect(synapses.kinds == 0 || (synapses.chunk > 0 && target.core.formats > 0), "synapses.kinds",
         "lists need a chunk and formats", {"synapses.chunk", "core.formats"});
  int64_t most = int64_t(1) << largest(synapses.indexBits);
  expect(synapses.kinds == 0 || !hasIndices || target.core.neurons <= most, "synapses.index_bits",
         "no index can name each of " + std::to_string(target.core.neurons) + " neurons",
         {"core.neurons"});
  expect(synapses.kinds == 0 || target.largestWeightBits() > 0, "weights.bits",
         "lists need weights of at least one bit", {"synapses.kinds"});
  expect(synapses.kinds == 0 || target.weights.signModes != 0, "weights.sign_modes",
         "lists need weights of some sign", {"synapses.kinds"});
  expect(target.weights.negativeExponent != NegativeExponent::None ||
             target.weights.exponent.low >= 0,
         "weights.exponent", "negative exponents need a negative_exponent",
         {"weights.negative_exponent"});
  expect(!target.spikes.isSigned || target.spikes.payloadBits > 1, "spikes.signed",
         "a sign needs a payload of at least two bits", {"spikes.payload_bits"});
}

void Checker::checkAccumulators() {
  const auto &accumulators = target.accumulators;
  expect(isPowerOfTwo(accumulators.slotsLeast), "accumulators.slots_least", "no power of two");
  expect(isPowerOfTwo(accumulators.slotsMost), "accumulators.slots_most", "no power of two");
  expect(accumulators.slotsLeast <= accumulators.slotsMost, "accumulators.slots_least",
         "more than slots_most", {"accumulators.slots_most"});
  expect(accumulators.delayMost + accumulators.slotsSpare <= accumulators.slotsMost,
         "accumulators.delay_most",
         "a delay needs " + std::to_string(accumulators.delayMost + accumulators.slotsSpare) +
             " slots, and slots_most is " + std::to_string(accumulators.slotsMost),
         {"accumulators.slots_spare", "accumulators.slots_most"});
  expect(accumulators.slotsTotal >= accumulators.slotsLeast, "accumulators.slots_total",
         "less than the slots of one neuron", {"accumulators.slots_least"});
}

void Checker::checkNeurons() {
  const auto &neuron = target.neuron;
  expect(neuron.kinds != 0, "neuron.kinds", "a core needs neurons of some kind");
  expect(!(neuron.kinds & NeuronCuba) ||
             (neuron.uBits > 0 && neuron.vBits > 0 && neuron.decayBits > 0 &&
              neuron.thresholdBits > 0 && neuron.biasBits > 0),
         "neuron.kinds", "'cuba' needs u_bits, v_bits, decay_bits, threshold_bits and bias_bits",
         {"neuron.u_bits", "neuron.v_bits", "neuron.decay_bits", "neuron.threshold_bits",
          "neuron.bias_bits"});
  bool hasProgram = (neuron.kinds & NeuronProgram) != 0;
  expect(!hasProgram || (target.program.words > 0 && target.program.path > 0 &&
                         target.program.registers > 0 && target.program.stateSlots > 0),
         "neuron.kinds", "'program' needs words, path, registers and state_slots of a program",
         {"program.words", "program.path", "program.registers", "program.state_slots"});
  expect(hasProgram || target.program.words == 0, "program.words",
         "there are no neurons with programs", {"neuron.kinds"});
}

std::vector<Contradiction> contradictions(const Target &target) {
  Checker checker{target, {}};
  checker.checkChip();
  checker.checkMemory();
  checker.checkSynapses();
  checker.checkAccumulators();
  checker.checkNeurons();
  return checker.found;
}

} // namespace basalt::nc
