// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The verifier: synapses and axons.
#include "runtime/neurocore/ImageFields.h"
#include "runtime/neurocore/Synapses.h"
#include "runtime/neurocore/VerifyImpl.h"

#include <algorithm>

using namespace basalt::nc;

static bool contains(const std::vector<int64_t> &values, int64_t value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool ImageVerifier::checkFormat(const SynapseFormat &format, const Path &path) {
  bool isRunLength = format.kind == SynapseKind::RunLength;
  // An empty sum of bits would make a list of nothing endless.
  if (!range(path.at("weightBits"), format.weightBits, 0, 32) ||
      !range(path.at("exponent"), format.exponent, 0, 31) ||
      !range(path.at("delayBits"), format.delayBits, 0, 6) ||
      !range(path.at("indexBits"), format.indexBits, 1, 20) ||
      !range(path.at("skipBits"), format.skipBits, isRunLength ? 1 : 0, isRunLength ? 8 : 0))
    return false;
  static constexpr uint32_t kKinds[] = {KindSparse, KindRunLength, KindDense};
  static constexpr uint32_t kSigns[] = {SignMixed, SignExcitatory, SignInhibitory};
  if (!(target.synapses.kinds & kKinds[unsigned(format.kind)]))
    return fail(path.at("kind"), "is one that the target does not have");
  if (!(target.weights.signModes & kSigns[unsigned(format.sign)]))
    return fail(path.at("sign"), "is one that the target does not have");
  // Wider weights are several synapses, one behind the other.
  if (!target.weights.chained && format.weightBits != 0 &&
      !contains(target.weights.bits, format.weightBits))
    return fail(path.at("weightBits"), "is " + std::to_string(format.weightBits) +
                                           ", which weights of the target cannot have");
  if (format.exponent > target.weights.exponent.high)
    return range(path.at("exponent"), format.exponent, 0, target.weights.exponent.high);
  if (!contains(target.synapses.indexBits, format.indexBits))
    return fail(path.at("indexBits"), "is " + std::to_string(format.indexBits) +
                                          ", which indices of the target cannot have");
  if (isRunLength && !contains(target.synapses.skipBits, format.skipBits))
    return fail(path.at("skipBits"), "is " + std::to_string(format.skipBits) +
                                         ", which skips of the target cannot have");
  if (format.graded && target.spikes.payloadBits == 0)
    return fail(path.at("graded"), "is set, but spikes of the target have no payload");
  return true;
}

/// Unpacks a list that no axon before had, and remembers what it needs of a group.
bool ImageVerifier::addList(const Core &core, const InAxon &axon, ListMap &lists,
                            const Path &path) {
  auto place = lists.try_emplace(axon.word).first;
  auto next = std::next(place);
  bool overlaps = (place != lists.begin() &&
                   std::prev(place)->first + std::prev(place)->second.words > axon.word) ||
                  (next != lists.end() && uint64_t(axon.word) + axon.words > next->first);
  if (overlaps)
    return fail(path.at("word"), "is " + std::to_string(axon.word) + ", which is in another list");
  UnpackedList list;
  if (std::string wrong = unpackList(core, axon.word, axon.words, list); !wrong.empty())
    return fail(path, "has a bad list: " + wrong);
  ListFacts &facts = place->second;
  facts.words = axon.words;
  facts.entries = uint32_t(list.entries.size());
  for (const Synapse &entry : list.entries) {
    facts.neurons = std::max(facts.neurons, uint64_t(entry.index) + 1);
    facts.slots = std::max(facts.slots, entry.delay + 1u);
  }
  return true;
}

/// Lists do not overlap and are unpacked once, so this takes time in proportion to the image.
bool ImageVerifier::checkInAxons(const Core &core, const Path &path) {
  ListMap &known = lists[size_t(&core - image.cores.data())];
  if (!size(path.at("inAxons"), core.inAxons.size(), 0, 1u << 24))
    return false;
  for (size_t i = 0; i < core.inAxons.size(); ++i) {
    const InAxon &axon = core.inAxons[i];
    Path at = path.at("inAxons", i);
    if (!range(at.at("continued"), axon.continued, 0, i == 0 ? 0 : 1) ||
        !index(at.at("group"), axon.group, core.groups.size()))
      return false;
    const Group &group = core.groups[axon.group];
    if (!index(at.at("accumulator"), axon.accumulator, group.accumulators.size()))
      return false;
    if (axon.words == 0)
      continue;
    if (known.count(axon.word) == 0 && !addList(core, axon, known, at))
      return false;
    const ListFacts &list = known[axon.word];
    if (list.words != axon.words)
      return fail(at.at("words"), "is " + std::to_string(axon.words) + ", where another axon has " +
                                      std::to_string(list.words) + " for the same list");
    if (!range(at.at("base"), axon.base, 0, target.axons.baseMost))
      return false;
    if (axon.base + list.neurons > group.count)
      return fail(at.at("base"), "is " + std::to_string(axon.base) +
                                     ", and its list goes to neuron " +
                                     std::to_string(axon.base + list.neurons - 1) + " of " +
                                     std::to_string(group.count));
    uint32_t slots = group.accumulators[axon.accumulator].slots;
    if (list.slots > slots)
      return fail(at, "has a delay of " + std::to_string(list.slots - 1) +
                          ", where the accumulator has " + std::to_string(slots) + " slots");
  }
  return true;
}

/// A core finds the list of an atom by its number: lists of as many words stand one behind the
/// other, or there is one list, and bases at equal distances.
bool ImageVerifier::checkAtoms(const OutAxon &axon, const std::vector<InAxon> &axons,
                               const Path &path) {
  auto fails = [&](uint32_t atom, const char *why) {
    return fail(path, "goes to axon " + std::to_string(axon.axon + atom) + ", which " + why);
  };
  for (uint32_t i = 0; i < axon.count; ++i) {
    const InAxon &atom = axons[axon.axon + i];
    if (atom.continued != (i != 0))
      return fails(i, "is not the atom that it should be");
    if (i == 0)
      continue;
    const InAxon &first = axons[axon.axon], &second = axons[axon.axon + 1];
    if (atom.group != first.group || atom.accumulator != first.accumulator ||
        atom.words != first.words)
      return fails(i, "is not of the kind of the atom before");
    bool isOneList = second.word == first.word;
    int64_t words = isOneList ? 0 : first.words;
    int64_t bases = isOneList ? int64_t(second.base) - first.base : 0;
    if (atom.word != first.word + words * i || atom.base != first.base + bases * i)
      return fails(i, "is not at the distance of the atom before");
  }
  return true;
}

bool ImageVerifier::checkDestination(const OutAxon &axon, uint32_t sources, const Path &path) {
  if (!range(path.at("kind"), int64_t(axon.kind), 0, int64_t(countOf(AxonKind()) - 1)) ||
      !range(path.at("first"), axon.first, 0, int64_t(sources) - 1) ||
      !range(path.at("count"), axon.count, 1, int64_t(sources) - axon.first) ||
      !index(path.at("core"), axon.core, image.cores.size()))
    return false;
  const std::vector<InAxon> &axons = image.cores[axon.core].inAxons;
  if (!index(path.at("axon"), axon.axon, axons.size()) ||
      !range(path.at("count"), axon.count, 1, int64_t(axons.size()) - axon.axon))
    return false;
  const auto &kinds = target.axons;
  const int64_t slots[] = {kinds.discreteSlots, kinds.pop16Slots, kinds.pop32Slots,
                           kinds.gradedSlots};
  if (slots[unsigned(axon.kind)] == 0)
    return fail(path.at("kind"), "is one that the target does not have");
  if (axon.kind == AxonKind::Pop16 || axon.kind == AxonKind::Pop32) {
    int64_t most = axon.kind == AxonKind::Pop16 ? kinds.pop16Atoms : kinds.pop32Atoms;
    if (!range(path.at("count"), axon.count, 1, most))
      return false;
    return checkAtoms(axon, axons, path);
  }
  for (uint32_t i = 0; i < axon.count; ++i)
    if (axons[axon.axon + i].continued)
      return fail(path, "goes to axon " + std::to_string(axon.axon + i) +
                            ", which is an atom of a population axon");
  return true;
}

bool ImageVerifier::checkOutAxons(const Core &core, const Path &path) {
  if (!size(path.at("outAxons"), core.outAxons.size(), 0, 1u << 24))
    return false;
  for (size_t i = 0; i < core.outAxons.size(); ++i) {
    const OutAxon &axon = core.outAxons[i];
    Path at = path.at("outAxons", i);
    if (!index(at.at("group"), axon.group, core.groups.size()))
      return false;
    const Group &group = core.groups[axon.group];
    if (!index(at.at("output"), axon.output, group.outputs.size()) ||
        !checkDestination(axon, group.count, at))
      return false;
    // An output that only embedded processors read is no spike.
    const Output &output = group.outputs[axon.output];
    if (!checkPayload(output.bits, output.isSigned,
                      path.at("groups", axon.group).at("outputs", axon.output)))
      return false;
    if (i > 0 && std::make_pair(core.outAxons[i - 1].group, core.outAxons[i - 1].output) >
                     std::make_pair(axon.group, axon.output))
      return fail(at, "is not in the order of groups and outputs");
  }
  return true;
}

bool ImageVerifier::checkInjectors() {
  for (size_t i = 0; i < image.injectors.size(); ++i) {
    const Injector &injector = image.injectors[i];
    Path path("injectors", i);
    if (!range(path.at("count"), injector.count, 1, kMostNeurons) ||
        !checkPayload(injector.bits, injector.isSigned, path))
      return false;
    for (size_t k = 0; k < injector.axons.size(); ++k)
      if (!checkDestination(injector.axons[k], injector.count, path.at("axons", k)))
        return false;
  }
  return true;
}
