// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The verifier: tables, groups and their programs, and whether all fits the target.
#include "runtime/neurocore/VerifyImpl.h"

#include "runtime/neurocore/Machine.h"

#include <algorithm>

using namespace basalt::nc;

/// Neurons of a whole image: what the emulator makes of few bytes.
static constexpr uint64_t kMostNeuronsOfAll = uint64_t(1) << 26;

/// Of a number without a sign; at least 1.
static int64_t bitsOf(int64_t most) {
  int64_t bits = 1;
  while (most >> bits != 0)
    ++bits;
  return bits;
}

std::string basalt::nc::verifyImage(const Image &image) { return ImageVerifier(image).run(); }

std::string ImageVerifier::run() {
  if (checkTarget() && checkTables() && checkCores() && checkInjectors() && checkVars())
    checkEmbedded();
  return error;
}

bool ImageVerifier::checkTarget() {
  std::string reason;
  std::optional<Target> parsed = parseCanonicalText(image.target, &reason);
  if (!parsed) {
    error = reason;
    return false;
  }
  target = std::move(*parsed);
  return true;
}

bool ImageVerifier::checkLayout(const StateLayout &layout, const Path &path) {
  if (!size(path.at("slots"), layout.slots.size(), 0, kMostSlots))
    return false;
  for (size_t i = 0; i < layout.slots.size(); ++i) {
    const Slot &slot = layout.slots[i];
    Path at = path.at("slots", i);
    if (!range(at.at("bits"), slot.bits, 1, 64))
      return false;
    if (slot.store == StoreMode::SaturateSymmetric && !slot.isSigned)
      return fail(at, "saturates symmetrically, but is not signed");
    if (slot.store == StoreMode::WrapUp && !slot.isSigned)
      return fail(at, "wraps up, but is not signed");
  }
  return true;
}

bool ImageVerifier::checkTables() {
  for (size_t i = 0; i < image.programs.size(); ++i) {
    const Program &program = image.programs[i];
    Path path("programs", i);
    if (!size(path.at("words"), program.words.size(), 1, kMostProgramWords))
      return false;
    if (!program.locations.empty() && program.locations.size() != program.words.size())
      return fail(path.at("locations"), "has " + std::to_string(program.locations.size()) +
                                            " entries, expected one a word, or none");
    for (size_t k = 0; k < program.locations.size(); ++k)
      if (program.locations[k].file != kNone &&
          !index(path.at("locations", k), program.locations[k].file, image.files.size()))
        return false;
  }
  for (size_t i = 0; i < image.layouts.size(); ++i)
    if (!checkLayout(image.layouts[i], Path("layouts", i)))
      return false;
  return true;
}

//===-- Groups
//-----------------------------------------------------------------------------------===//

/// `isUp`: as StoreMode::WrapUp has them.
bool ImageVerifier::checkValues(const Values &values, uint32_t count, unsigned bits, bool isSigned,
                                const Path &path, bool isUp) {
  if (values.all.size() != 1 && values.all.size() != count)
    return fail(path, "has " + std::to_string(values.all.size()) + " values, expected 1 or " +
                          std::to_string(count));
  unsigned valueBits = isSigned || bits == 64 ? bits - 1 : bits;
  int64_t most = int64_t((uint64_t(1) << valueBits) - 1);
  int64_t least = isSigned || bits == 64 ? -most - 1 : 0;
  for (size_t i = 0; i < values.all.size(); ++i)
    if (!range(path.at("all", i), values.all[i], least + isUp, most + (isUp && bits < 64)))
      return false;
  return true;
}

bool ImageVerifier::checkPayload(uint8_t bits, bool isSigned, const Path &path) {
  if (!range(path.at("bits"), bits, 1, 32))
    return false;
  int64_t most = std::max<int64_t>(1, target.spikes.payloadBits);
  if (bits > most)
    return fail(path.at("bits"), "is " + std::to_string(bits) +
                                     ", where spikes of the target have " + std::to_string(most));
  return !isSigned || target.spikes.isSigned ||
         fail(path, "is signed, which spikes of the target are not");
}

bool ImageVerifier::checkGroupTables(const Group &group, const Path &path) {
  if (!size(path.at("accumulators"), group.accumulators.size(), 0, kMostPorts) ||
      !size(path.at("constants"), group.constants.size(), 0, kMostConstants) ||
      !size(path.at("parameters"), group.parameters.size(), 0, kMostParameters) ||
      !size(path.at("timers"), group.timers.size(), 0, kMostTimers) ||
      !size(path.at("outputs"), group.outputs.size(), 0, kMostPorts) ||
      !size(path.at("sites"), group.sites.size(), 0, 64) ||
      !size(path.at("cuba"), group.cuba.size(), 0, 1))
    return false;
  for (size_t i = 0; i < group.accumulators.size(); ++i) {
    const Accumulator &accumulator = group.accumulators[i];
    Path at = path.at("accumulators", i);
    if (!range(at.at("bits"), accumulator.bits, 1, 64) ||
        !range(at.at("slots"), accumulator.slots, 1, kMostRing))
      return false;
    if (accumulator.slots & (accumulator.slots - 1))
      return fail(at.at("slots"),
                  "is " + std::to_string(accumulator.slots) + ", expected a power of two");
    if (accumulator.bits > target.accumulators.width)
      return range(at.at("bits"), accumulator.bits, 1, target.accumulators.width);
    if (!size(at.at("initial"), accumulator.initial.size(), 0, accumulator.slots))
      return false;
    for (size_t k = 0; k < accumulator.initial.size(); ++k)
      if (!checkValues(accumulator.initial[k], group.count, accumulator.bits, true,
                       at.at("initial", k)))
        return false;
  }
  for (size_t i = 0; i < group.parameters.size(); ++i) {
    const Parameter &parameter = group.parameters[i];
    Path at = path.at("parameters", i);
    if (!range(at.at("bits"), parameter.bits, 1, 32) ||
        !checkValues(parameter.initial, group.count, parameter.bits, parameter.isSigned, at))
      return false;
  }
  for (size_t i = 0; i < group.timers.size(); ++i)
    if (!range(path.at("timers", i).at("interval"), group.timers[i].interval, 1, INT64_MAX))
      return false;
  for (size_t i = 0; i < group.outputs.size(); ++i)
    if (!range(path.at("outputs", i).at("bits"), group.outputs[i].bits, 1, 32))
      return false;
  return true;
}

/// The widths of a compartment are those of the target.
bool ImageVerifier::checkCubaWidths(const CubaConfig &cuba, const Path &path) {
  const auto &neuron = target.neuron;
  const std::tuple<const char *, int64_t, int64_t> widths[] = {
      {"decayBits", cuba.decayBits, neuron.decayBits},
      {"thresholdBits", cuba.thresholdBits, neuron.thresholdBits},
      {"thresholdShift", cuba.thresholdShift, neuron.thresholdShift},
      {"biasBits", cuba.biasBits, neuron.biasBits},
      {"biasExponentMost", cuba.biasExponentMost, neuron.biasExponentMost}};
  for (const auto &[name, value, expected] : widths)
    if (!range(path.at(name), value, expected, expected))
      return false;
  return true;
}

bool ImageVerifier::checkCuba(const Group &group, const Path &path) {
  if (group.cuba.empty())
    return fail(path.at("program"), "is none, and there is no cuba");
  if (!(target.neuron.kinds & NeuronCuba))
    return fail(path.at("cuba"), "is there, but the target has no fixed neurons");
  const CubaConfig &cuba = group.cuba.front();
  Path at = path.at("cuba");
  if (!checkCubaWidths(cuba, at))
    return false;
  int64_t decay = (int64_t(1) << cuba.decayBits) - 1,
          threshold = (int64_t(1) << cuba.thresholdBits) - 1,
          bias = int64_t(1) << (cuba.biasBits - 1);
  if (!range(at.at("du"), cuba.du, 0, decay) || !range(at.at("dv"), cuba.dv, 0, decay) ||
      !range(at.at("vth"), cuba.vth, 0, threshold) ||
      !range(at.at("bias"), cuba.bias, -bias, bias - 1) ||
      !range(at.at("biasExponent"), cuba.biasExponent, 0, cuba.biasExponentMost))
    return false;
  const std::vector<Slot> &slots = image.layouts[group.layout].slots;
  auto isSlot = [](const Slot &slot, int64_t bits) { return slot.bits == bits && slot.isSigned; };
  auto isParameter = [&](size_t number, int64_t bits, bool isSigned) {
    return group.parameters.size() <= number ||
           (group.parameters[number].bits == bits && group.parameters[number].isSigned == isSigned);
  };
  bool fits =
      slots.size() == 2 && isSlot(slots[0], target.neuron.uBits) &&
      (slots[0].store == StoreMode::Wrap || slots[0].store == StoreMode::WrapUp) &&
      isSlot(slots[1], target.neuron.vBits) && slots[1].store == StoreMode::SaturateSymmetric &&
      group.accumulators.size() == 1 && group.outputs.size() == 1 && group.parameters.size() <= 2 &&
      isParameter(0, cuba.biasBits, true) && isParameter(1, bitsOf(cuba.biasExponentMost), false) &&
      group.constants.empty() && group.timers.empty() && group.sites.empty();
  return fits || fail(at, "does not fit the layout and the ports of its group");
}

bool ImageVerifier::checkProgram(const Group &group, const Path &path) {
  if (group.program == kNone)
    return checkCuba(group, path);
  if (!index(path.at("program"), group.program, image.programs.size()))
    return false;
  if (!group.cuba.empty())
    return fail(path.at("cuba"), "is there beside a program");
  ProgramFacts facts;
  std::optional<ProgramError> wrong =
      verifyProgram(image.programs[group.program].words, group, image.layouts[group.layout], facts);
  if (wrong)
    return fail(path, "cannot run programs[" + std::to_string(group.program) + "].words[" +
                          std::to_string(wrong->word) + "]: " + wrong->message);
  if (facts.registers > target.program.registers)
    return fail(path, "uses " + std::to_string(facts.registers) +
                          " registers, where the target has " +
                          std::to_string(target.program.registers));
  auto needs = [&](bool used, uint32_t feature, const char *what) {
    return !used || (target.program.features & feature) ||
           fail(path, std::string("uses ") + what + ", which programs of the target do not have");
  };
  return needs(facts.wide, FeatureWide, "wide instructions") &&
         needs(facts.draws, FeatureRandom, "random draws");
}

/// Each neuron is another one of its population.
bool ImageVerifier::checkElements(const Group &group, const Path &path) {
  if (group.elements.empty())
    return true;
  if (!size(path, group.elements.size(), group.count, group.count))
    return false;
  std::vector<int64_t> sorted = group.elements;
  std::sort(sorted.begin(), sorted.end());
  if (!range(path, sorted.front(), 0, INT32_MAX) || !range(path, sorted.back(), 0, INT32_MAX))
    return false;
  auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  return twice == sorted.end() || fail(path, "has " + std::to_string(*twice) + " twice");
}

bool ImageVerifier::checkGroup(const Core &core, const Group &group, const Path &path) {
  if (!range(path.at("count"), group.count, 1, kMostNeurons) ||
      !range(path.at("firstElement"), group.firstElement, 0, INT32_MAX) ||
      !index(path.at("layout"), group.layout, image.layouts.size()) ||
      !checkElements(group, path.at("elements")))
    return false;
  const std::vector<Slot> &slots = image.layouts[group.layout].slots;
  if (!size(path.at("state"), group.state.size(), slots.size(), slots.size()))
    return false;
  for (size_t i = 0; i < slots.size(); ++i)
    if (!checkValues(group.state[i], group.count, slots[i].bits, slots[i].isSigned,
                     path.at("state", i), slots[i].store == StoreMode::WrapUp))
      return false;
  return checkGroupTables(group, path) && checkProgram(group, path);
}

//===-- Cores
//------------------------------------------------------------------------------------===//

CoreUse basalt::nc::useOf(const Image &image, const Core &core) {
  CoreUse use;
  std::set<uint32_t> programs;
  for (const Group &group : core.groups) {
    GroupUse part;
    part.neurons = group.count;
    const std::vector<Slot> &slots = image.layouts[group.layout].slots;
    for (const Slot &slot : slots)
      part.stateBits += slot.bits;
    for (const Parameter &parameter : group.parameters)
      part.parameterBits += parameter.bits;
    part.ports = int64_t(group.accumulators.size());
    for (const Accumulator &accumulator : group.accumulators) {
      part.slots = std::max<int64_t>(part.slots, accumulator.slots);
      part.widePorts += accumulator.bits > 32;
    }
    part.stateSlots = int64_t(slots.size());
    part.parameters = int64_t(group.parameters.size());
    part.constants = int64_t(group.constants.size());
    use.groups.push_back(part);
    if (group.program == kNone) {
      ++use.profiles;
      continue;
    }
    if (!programs.insert(group.program).second)
      continue;
    ProgramFacts facts;
    const std::vector<uint32_t> &words = image.programs[group.program].words;
    verifyProgram(words, group, image.layouts[group.layout], facts);
    use.programs.push_back({int64_t(words.size()), int64_t(facts.longestPath)});
  }
  std::set<uint32_t> lists;
  for (const InAxon &axon : core.inAxons) {
    use.inAxons += !axon.continued;
    if (lists.insert(axon.word).second)
      use.lists.push_back(axon.words);
  }
  use.formats = int64_t(core.formats.size());
  for (const OutAxon &axon : core.outAxons) {
    // A population axon is one, however many atoms it has.
    bool isPopulation = axon.kind == AxonKind::Pop16 || axon.kind == AxonKind::Pop32;
    int64_t count = isPopulation ? 1 : axon.count;
    OutAxonUse &out = use.outAxons;
    int64_t *const amounts[] = {&out.discrete, &out.pop16, &out.pop32, &out.graded};
    *amounts[unsigned(axon.kind)] += count;
    if (image.cores[axon.core].chip != core.chip)
      out.toOtherChips += count;
  }
  return use;
}

bool ImageVerifier::checkResources(const Core &core, const Path &path) {
  std::optional<Excess> excess = findExcess(usageOf(useOf(image, core), target), target);
  return !excess || fail(path, "has " + describe(*excess));
}

bool ImageVerifier::checkCores() {
  if (!size(Path("cores"), image.cores.size(), 0, kMostCores))
    return false;
  uint64_t neurons = 0;
  lists.resize(image.cores.size());
  for (size_t i = 0; i < image.cores.size(); ++i) {
    const Core &core = image.cores[i];
    Path path("cores", i);
    if (!index(path.at("chip"), core.chip, uint64_t(std::min<int64_t>(target.chipCount(), 900))) ||
        !index(path.at("core"), core.core, uint64_t(target.chip.cores)))
      return false;
    bool ascends = i == 0 || std::make_pair(image.cores[i - 1].chip, image.cores[i - 1].core) <
                                 std::make_pair(core.chip, core.core);
    if (!ascends)
      return fail(path, "stands before or at the place of the core before it");
    if (!size(path.at("groups"), core.groups.size(), 0, kMostGroups) ||
        !size(path.at("formats"), core.formats.size(), 0, kMostFormats))
      return false;
    for (size_t k = 0; k < core.groups.size(); ++k) {
      if (!checkGroup(core, core.groups[k], path.at("groups", k)))
        return false;
      neurons += core.groups[k].count;
      if (neurons > kMostNeuronsOfAll)
        return fail(path.at("groups", k),
                    "is beyond " + std::to_string(kMostNeuronsOfAll) + " neurons of all cores");
    }
    for (size_t k = 0; k < core.formats.size(); ++k)
      if (!checkFormat(core.formats[k], path.at("formats", k)))
        return false;
    if (!checkInAxons(core, path))
      return false;
  }
  // Out-axons refer to all cores.
  for (size_t i = 0; i < image.cores.size(); ++i)
    if (!checkOutAxons(image.cores[i], Path("cores", i)) ||
        !checkResources(image.cores[i], Path("cores", i)))
      return false;
  return true;
}
