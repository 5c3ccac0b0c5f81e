// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A synapse takes at least the bits of its weight and delay, unless sources share it; a source
// needs an axon for each core that its targets must be spread over; the rest follows.
#include "compiler/neurocore/report/Bounds.h"

#include "runtime/neurocore/Synapses.h"
#include "runtime/neurocore/Verify.h"

#include "llvm/ADT/STLExtras.h"
#include <cmath>
#include <map>

namespace basalt::neurocore {

namespace {
/// An axon that a source has.
struct Axon {
  bool fromInjector;
  uint32_t fromPopulation, fromElement; ///< of injectors: their number
  uint32_t output;
  uint32_t toPopulation;
  uint32_t accumulator;
  uint32_t core, number; ///< the in-axon
  bool isGraded;

  auto key() const {
    return std::tie(fromInjector, fromPopulation, fromElement, output, toPopulation, accumulator);
  }
};

class Bounder {
public:
  Bounder(const nc::Image &image, const nc::Target &target) : image(image), target(target) {}

  Bounds run();

private:
  void readAxons();
  void add(const nc::OutAxon &axon, Axon from, const nc::Group *group);
  void countSynapses();
  void countAxons();
  void addGroups();
  std::vector<nc::Synapse> entriesOf(const Axon &axon, uint64_t &bits) const;

  const nc::Image &image;
  const nc::Target &target;
  Bounds bounds;
  std::vector<Axon> axons;
  /// By population: bits of synapses of each of its neurons.
  std::map<uint32_t, std::vector<uint64_t>> bitsOf;
  /// By population: how many of its neurons a core can have.
  std::map<uint32_t, uint64_t> mostOf;
  std::map<uint32_t, int64_t> bytesOf; ///< of a neuron of a population
};
} // namespace

/// Adds the axons of sources of a group, or of an injector.
void Bounder::add(const nc::OutAxon &axon, Axon from, const nc::Group *group) {
  const nc::Core &core = image.cores[axon.core];
  from.isGraded = axon.kind == nc::AxonKind::Graded;
  from.core = axon.core;
  for (uint32_t i = 0; i < axon.count; ++i) {
    from.fromElement = group ? uint32_t(group->elementOf(axon.first + i)) : axon.first + i;
    const nc::InAxon &in = core.inAxons[axon.axon + i];
    if (in.words == 0)
      continue;
    from.toPopulation = core.groups[in.group].population;
    from.accumulator = in.accumulator;
    from.number = axon.axon + i;
    axons.push_back(from);
  }
}

void Bounder::readAxons() {
  for (const nc::Core &core : image.cores)
    for (const nc::OutAxon &axon : core.outAxons) {
      const nc::Group &group = core.groups[axon.group];
      add(axon, {false, group.population, 0, axon.output, 0, 0, 0, 0, false}, &group);
    }
  for (auto [number, injector] : llvm::enumerate(image.injectors))
    for (const nc::OutAxon &axon : injector.axons)
      add(axon, {true, uint32_t(number), 0, 0, 0, 0, 0, 0, false}, nullptr);
  llvm::stable_sort(axons, [](const Axon &a, const Axon &b) { return a.key() < b.key(); });
}

/// The synapses behind an axon that have a weight, by the number of the neuron in its population,
/// and the bits that each of them takes.
std::vector<nc::Synapse> Bounder::entriesOf(const Axon &axon, uint64_t &bits) const {
  const nc::Core &core = image.cores[axon.core];
  const nc::InAxon &in = core.inAxons[axon.number];
  nc::UnpackedList list;
  nc::unpackList(core, in.word, in.words, list); // has been verified
  const nc::SynapseFormat &format = core.formats[list.format];
  bits = uint64_t(format.weightBits) + format.delayBits;
  llvm::erase_if(list.entries, [](const nc::Synapse &entry) { return entry.weight == 0; });
  for (nc::Synapse &entry : list.entries)
    entry.index = uint32_t(core.groups[in.group].elementOf(entry.index + in.base));
  return std::move(list.entries);
}

void Bounder::countSynapses() {
  uint64_t all = 0;
  // How many sources lists have: what several have in common, more of them may.
  std::map<std::pair<uint32_t, uint32_t>, unsigned> sourcesOf;
  auto listOf = [&](const Axon &axon) {
    return std::pair(axon.core, image.cores[axon.core].inAxons[axon.number].word);
  };
  for (const Axon &axon : axons)
    ++sourcesOf[listOf(axon)];
  for (const Axon &axon : axons) {
    uint64_t bits;
    bool isShared = sourcesOf[listOf(axon)] > 1;
    std::vector<uint64_t> &neurons = bitsOf[axon.toPopulation];
    for (const nc::Synapse &entry : entriesOf(axon, bits)) {
      if (entry.index >= neurons.size())
        neurons.resize(entry.index + 1);
      neurons[entry.index] += isShared ? 0 : bits;
      all += isShared ? 0 : bits;
      bounds.synapses += isShared ? 0 : 1;
    }
  }
  bounds.totals[nc::Resource::SynapseWords] = int64_t((all + 63) / 64);
  for (auto &[population, neurons] : bitsOf) {
    llvm::sort(neurons);
    uint64_t room = uint64_t(target.core.synapseWords) * 64, count = 0;
    for (uint64_t size : neurons) {
      if (size > room)
        break;
      room -= size;
      ++count;
    }
    auto most = uint64_t(target.core.neurons);
    if (int64_t bytes = bytesOf[population]; target.core.poolBytes > 0 && bytes > 0)
      most = std::min(most, uint64_t(target.core.poolBytes / bytes));
    // Whoever fits alone has a core for itself.
    mostOf[population] = std::max<uint64_t>(1, std::min(most, count));
  }
}

/// The least share of something that an atom of any kind of axon takes.
static double leastShare(const nc::Target &target, bool ofSlots) {
  const auto &kinds = target.axons;
  const std::pair<int64_t, int64_t> all[] = {{kinds.discreteSlots, 1},
                                             {kinds.pop16Slots, kinds.pop16Atoms},
                                             {kinds.pop32Slots, kinds.pop32Atoms}};
  double least = 1;
  for (auto [slots, atoms] : all)
    if (slots > 0 && atoms > 0)
      least = std::min(least, double(ofSlots ? slots : 1) / double(atoms));
  return least;
}

void Bounder::countAxons() {
  // Of axons that several sources may share, and of those with a payload.
  uint64_t in = 0, out = 0, gradedIn = 0, gradedOut = 0;
  llvm::ArrayRef<Axon> rest = axons;
  while (!rest.empty()) {
    const Axon &first = rest.front();
    llvm::ArrayRef<Axon> same =
        rest.take_while([&](const Axon &axon) { return axon.key() == first.key(); });
    rest = rest.drop_front(same.size());
    std::vector<uint32_t> neurons;
    uint64_t bits;
    for (const Axon &axon : same)
      for (const nc::Synapse &entry : entriesOf(axon, bits))
        neurons.push_back(entry.index);
    llvm::sort(neurons);
    neurons.erase(std::unique(neurons.begin(), neurons.end()), neurons.end());
    uint64_t cores = llvm::divideCeil(neurons.size(), mostOf[first.toPopulation]);
    (first.isGraded ? gradedIn : in) += cores;
    if (first.fromInjector)
      continue;
    bounds.axons += cores;
    bounds.betweenCores += cores > 0 ? cores - 1 : 0; // one of them may be the source's own
    (first.isGraded ? gradedOut : out) += cores;
  }
  auto shared = [&](uint64_t atoms, bool ofSlots) {
    return int64_t(std::ceil(double(atoms) * leastShare(target, ofSlots)));
  };
  bounds.totals[nc::Resource::InAxons] += int64_t(gradedIn) + shared(in, false);
  bounds.totals[nc::Resource::OutAxons] +=
      int64_t(gradedOut) * target.axons.gradedSlots + shared(out, true);
}

/// What neurons have, whatever core they stand on.
void Bounder::addGroups() {
  for (const nc::Core &core : image.cores) {
    nc::CoreUse use = nc::useOf(image, core);
    for (auto [group, part] : llvm::zip(core.groups, use.groups)) {
      part.constants = 0; // one core has them once
      nc::CoreUse alone;
      alone.groups = {part};
      nc::Usage usage = nc::usageOf(alone, target);
      for (nc::Resource resource :
           {nc::Resource::Neurons, nc::Resource::PoolBytes, nc::Resource::Slots})
        bounds.totals[resource] += usage[resource];
      bytesOf[group.population] = usage[nc::Resource::PoolBytes] / std::max(1u, group.count);
    }
  }
}

Bounds Bounder::run() {
  addGroups();
  readAxons();
  countSynapses();
  countAxons();
  bounds.totals[nc::Resource::PoolBytes] +=
      bounds.totals[nc::Resource::SynapseWords] * 8 +
      bounds.totals[nc::Resource::InAxons] * target.core.inAxonBytes +
      bounds.totals[nc::Resource::OutAxons] * target.core.outAxonBytes;
  for (size_t i = 0; i < nc::kResourceCount; ++i)
    if (auto resource = nc::Resource(i); nc::addsUp(resource))
      if (int64_t limit = nc::limitOf(target, resource); limit > 0)
        bounds.cores =
            std::max(bounds.cores, int64_t(llvm::divideCeil(bounds.totals[resource], limit)));
  return bounds;
}

Bounds boundsOf(const nc::Image &image, const nc::Target &target) {
  return Bounder(image, target).run();
}

} // namespace basalt::neurocore
