// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The memory of a group, seen as numbers.
#include "runtime/neurocore/Kernels.h"
#include "runtime/neurocore/Machine.h"

#include <algorithm>
#include <cassert>

using namespace basalt::nc;

/// Arrays go up to whole vectors, so that loops have no rest.
static uint32_t padded(uint32_t count) { return (count + 15) / 16 * 16; }

void Counters::add(const Counters &other) {
  instructions += other.instructions;
  updates += other.updates;
  idle += other.idle;
  spikes += other.spikes;
  axons += other.axons;
  synapses += other.synapses;
  shared += other.shared;
  dense += other.dense;
  words += other.words;
  reads += other.reads;
  writes += other.writes;
}

//===-- Plane
//------------------------------------------------------------------------------------===//

Plane::Plane(uint32_t count, uint8_t bits, bool isSigned, StoreMode store, const Values &initial)
    : bits(bits), isSigned(isSigned), store(store) {
  if (isWide())
    wide.resize(padded(count));
  else
    narrow.resize(padded(count));
  for (uint32_t i = 0; i < count; ++i)
    set(i, initial.all[initial.all.size() == 1 ? 0 : i]);
}

int64_t Plane::get(uint32_t neuron) const {
  int64_t value = isWide() ? wide[neuron] : narrow[neuron];
  return isSigned ? value : rt::mask(value, bits);
}

void Plane::set(uint32_t neuron, int64_t value) {
  kernels::fit(&value, &value, 1, bits, isSigned, store);
  if (isWide())
    wide[neuron] = value;
  else
    narrow[neuron] = int32_t(value);
}

//===-- Ring
//-------------------------------------------------------------------------------------===//

Ring::Ring(uint32_t count, const Accumulator &accumulator)
    : bits(accumulator.bits), slots(accumulator.slots), chunks((count + kChunk - 1) / kChunk),
      stride(padded(count)), touched(size_t(slots) * chunks) {
  if (isWide())
    wide.resize(size_t(slots) * stride);
  else
    narrow.resize(size_t(slots) * stride);
  for (size_t ahead = 0; ahead < accumulator.initial.size(); ++ahead) {
    const std::vector<int64_t> &values = accumulator.initial[ahead].all;
    for (uint32_t i = 0; i < count; ++i) // the first step is 1
      set(slotOf(int64_t(ahead) + 1), i, values[values.size() == 1 ? 0 : i]);
  }
}

int64_t Ring::get(uint32_t slot, uint32_t neuron) const {
  size_t place = placeOf(slot, neuron);
  int64_t value = isWide() ? wide[place] : narrow[place];
  return int64_t(uint64_t(value) << (64 - bits)) >> (64 - bits);
}

void Ring::set(uint32_t slot, uint32_t neuron, int64_t value) {
  size_t place = placeOf(slot, neuron);
  if (isWide())
    wide[place] = value;
  else
    narrow[place] = int32_t(value);
  if (value != 0)
    touch(slot, neuron, neuron);
}

void Ring::clear(uint32_t slot, uint32_t chunk) {
  uint8_t &flag = touched[slot * chunks + chunk];
  if (!flag)
    return;
  flag = 0;
  size_t first = placeOf(slot, chunk * kChunk);
  size_t size = std::min(kChunk, stride - chunk * kChunk);
  if (isWide())
    std::fill_n(wide.begin() + long(first), size, 0);
  else
    std::fill_n(narrow.begin() + long(first), size, 0);
}

//===-- GroupState
//-------------------------------------------------------------------------------===//

namespace {
/// A number of a compartment: what its field holds, and what it is as a constant of the program.
struct CubaNumber {
  const char *name;
  int64_t least, most;
  int64_t scale, offset, shift;

  int64_t wordOf(int64_t value) const { return (value * scale + offset) * (int64_t(1) << shift); }
  int64_t valueOf(int64_t word) const { return ((word >> shift) - offset) * scale; } // 1 or -1
};
} // namespace

static CubaNumber cubaNumber(const CubaConfig &cuba, size_t number) {
  int64_t decays = int64_t(1) << cuba.decayBits, biases = int64_t(1) << (cuba.biasBits - 1);
  const CubaNumber all[kCubaNumbers] = {
      {"du", 0, decays - 1, -1, decays - 1, 0},
      {"dv", 0, decays - 1, -1, decays, 0},
      {"vth", 0, (int64_t(1) << cuba.thresholdBits) - 1, 1, 0, cuba.thresholdShift},
      {"bias", -biases, biases - 1, 1, 0, 0},
      {"bias_exp", 0, cuba.biasExponentMost, 1, 0, 0}};
  return all[number];
}

static int64_t valueIn(const CubaConfig &cuba, size_t number) {
  const int64_t all[kCubaNumbers] = {cuba.du, cuba.dv, cuba.vth, cuba.bias, cuba.biasExponent};
  return all[number];
}

std::vector<uint32_t> basalt::nc::cubaProgram(const Group &group) {
  std::string decay = std::to_string(group.cuba.front().decayBits),
              shift = std::to_string(group.cuba.front().thresholdShift),
              bias = group.parameters.empty() ? "k3" : "p0",
              exponent = group.parameters.size() < 2 ? "k4" : "p1";
  std::string text = "MULS s0, s0, k0, " + decay + ", tz; SHL r0, a0, " + shift +
                     "; ADD s0, s0, r0; MULS r1, s1, k1, " + decay +
                     ", tz; ADD r1, r1, s0; SHL r2, " + bias + ", " + exponent +
                     "; ADD s1, r1, r2; GT r2, s1, k2; SEL s1, 0, s1; SPK 0, r2";
  std::optional<std::vector<uint32_t>> words = assemble(text, nullptr);
  assert(words && "the program above is one");
  return *words;
}

Group basalt::nc::cubaAsProgram(const Group &group) {
  Group result = group;
  const CubaConfig &cuba = group.cuba.front();
  for (size_t i = 0; i < kCubaNumbers; ++i) {
    CubaNumber number = cubaNumber(cuba, i);
    result.constants.push_back({number.name, int32_t(number.wordOf(valueIn(cuba, i)))});
  }
  return result;
}

GroupState::GroupState(const Image &image, const Group &given)
    : count(given.count), given(given), cuba(given.cuba) {
  bool isCuba = given.program == kNone;
  const Group group = isCuba ? cubaAsProgram(given) : given;
  const StateLayout &layout = image.layouts[group.layout];
  std::optional<ProgramError> error = verifyProgram(
      isCuba ? cubaProgram(given) : image.programs[group.program].words, group, layout, program);
  assert(!error && "the image has been verified");
  (void)error;
  for (size_t i = 0; i < layout.slots.size(); ++i) {
    const Slot &slot = layout.slots[i];
    state.emplace_back(count, slot.bits, slot.isSigned, slot.store, group.state[i]);
  }
  for (const Parameter &parameter : group.parameters)
    parameters.emplace_back(count, parameter.bits, parameter.isSigned, StoreMode::Wrap,
                            parameter.initial);
  for (const Accumulator &accumulator : group.accumulators)
    accumulators.emplace_back(count, accumulator);
  constantStride = std::min(kChunk, padded(count));
  constants.resize(group.constants.size() * constantStride);
  for (size_t i = 0; i < group.constants.size(); ++i)
    setWord(i, group.constants[i].value);
  timers = group.timers;
  outputs = group.outputs;
  sites = group.sites;
  spikes.resize(outputs.size());
  heard.resize(outputs.size(), 1);
  quiet.resize((count + kChunk - 1) / kChunk);
  age.resize(quiet.size());
}

void GroupState::setWord(size_t number, int32_t value) {
  std::fill_n(constants.begin() + long(number * constantStride), constantStride, value);
}

int64_t GroupState::constant(size_t number) const {
  int64_t word = constants[number * constantStride];
  return cuba.empty() ? word : cubaNumber(cuba.front(), number).valueOf(word);
}

bool GroupState::setConstant(size_t number, int64_t value, std::string *why) {
  CubaNumber field = {"", INT32_MIN, INT32_MAX, 1, 0, 0};
  if (!cuba.empty())
    field = cubaNumber(cuba.front(), number);
  if (value < field.least || value > field.most) {
    if (why)
      *why = cuba.empty()
                 ? "constants of neurons have 32 bits, which do not hold " + std::to_string(value)
                 : std::string(field.name) + " of a compartment goes from " +
                       std::to_string(field.least) + " to " + std::to_string(field.most) +
                       ", which does not hold " + std::to_string(value);
    return false;
  }
  setWord(number, int32_t(field.wordOf(value)));
  return true;
}

void GroupState::wake() { std::fill(quiet.begin(), quiet.end(), uint8_t(0)); }

bool GroupState::hasInput(const StepInfo &info, uint32_t chunk) const {
  for (const Ring &ring : accumulators)
    if (ring.isTouched(ring.slotOf(info.step), chunk))
      return true;
  return false;
}
