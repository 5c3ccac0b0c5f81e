// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Populations cut evenly, the largest parts first, each onto the core that is least full with it;
// then parts change places as long as axons between cores become fewer and no core becomes fuller
// than the fullest. All choices go by numbers of parts and cores, so that they repeat.
#include "compiler/neurocore/place/Pins.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
class Balancer {
public:
  /// Begins with as many parts of populations as `borders` has.
  Balancer(Slicer &slicer, const Borders &borders, std::vector<Home> homes)
      : slicer(slicer), homes(std::move(homes)), cores(this->homes.size()) {
    for (const std::vector<int64_t> &of : borders)
      parts.push_back(of.size());
  }

  /// Nothing if the parts find no place.
  std::optional<std::vector<OpenCore>> run();

private:
  bool cut();
  bool cut(unsigned member, ArrayRef<int64_t> borders);
  bool distribute();
  void refine();
  bool improve(unsigned slice);
  void findTalks();
  void put(unsigned slice, unsigned core);
  int64_t &talkWith(unsigned slice, unsigned core) {
    return talksWithCores[slice * cores.size() + core];
  }
  bool moveTo(unsigned slice, unsigned core);
  bool swap(unsigned a, unsigned b);
  OpenCore coreWith(unsigned core, std::optional<unsigned> without,
                    std::optional<unsigned> added) const;
  bool holds(unsigned core, std::optional<unsigned> without, std::optional<unsigned> added) const;
  std::vector<int64_t> bordersOf(unsigned member, size_t parts) const;
  std::vector<OpenCore> ordered() const;

  Slicer &slicer;
  std::vector<Home> homes;   ///< of cores
  std::vector<size_t> parts; ///< of each population
  std::vector<Slice> slices;
  std::vector<double> loads;                ///< of each slice alone
  std::vector<unsigned> coreOf;             ///< of each slice
  std::vector<std::vector<unsigned>> cores; ///< slices of each
  double most = 0;                          ///< load of the fullest core
  /// Of each slice: axons that it and others have in common, whatever their direction.
  std::vector<std::map<unsigned, int64_t>> talks;
  std::vector<int64_t> talksWithCores; ///< the same with all others on each core
};
} // namespace

/// Where parts of a population begin, with as much to hold in each.
std::vector<int64_t> Balancer::bordersOf(unsigned number, size_t parts) const {
  if (number < slicer.wanted.size() && slicer.wanted[number].size() == parts)
    return slicer.wanted[number];
  int64_t count = slicer.neuronsOf(number);
  std::vector<double> weights = slicer.weightsOf(number);
  double all = 0, sum = 0;
  for (double weight : weights)
    all += weight;
  std::vector<int64_t> borders = {0};
  for (int64_t i = 0; i + 1 < count && borders.size() < parts; ++i) {
    sum += weights[size_t(i)];
    // Half a neuron more or less is as near as it gets.
    if (sum + weights[size_t(i)] / 2 >= all * double(borders.size()) / double(parts))
      borders.push_back(i + 1);
  }
  return borders;
}

/// The parts of a population; false if one does not fit a core.
bool Balancer::cut(unsigned number, ArrayRef<int64_t> borders) {
  auto count = int64_t(PopulationOp(slicer.members[number].op).getCount());
  for (size_t i = 0; i < borders.size(); ++i) {
    int64_t end = i + 1 < borders.size() ? borders[i + 1] : count;
    Slice slice = slicer.sliceOf(number, borders[i], end - borders[i]);
    if (!slicer.fits(OpenCore(), slice))
      return false;
    slices.push_back(std::move(slice));
  }
  return true;
}

/// All populations; those that cannot be cut into as many parts as first fit has made are cut into
/// more, of which their sources need to know.
bool Balancer::cut() {
  for (unsigned round = 0; round < 16; ++round) {
    Borders borders;
    for (unsigned number = 0; number < slicer.members.size(); ++number)
      borders.push_back(bordersOf(number, parts[number]));
    slicer.countAxons(borders);
    slices.clear();
    bool all = true;
    for (unsigned number = 0; number < slicer.members.size(); ++number)
      if (!cut(number, borders[number])) {
        ++parts[number];
        all = false;
      }
    if (all)
      return true;
  }
  return false;
}

bool Balancer::distribute() {
  for (const Slice &slice : slices)
    loads.push_back(slicer.loadOf(slicer.with(OpenCore(), slice)));
  std::vector<unsigned> order(slices.size());
  std::iota(order.begin(), order.end(), 0u);
  // What is pinned first: others must not take its room.
  llvm::stable_sort(order, [&](unsigned a, unsigned b) {
    auto rank = [&](unsigned slice) {
      return std::make_pair(strictnessOf(slicer.members[slices[slice].member].pin), loads[slice]);
    };
    return rank(a) > rank(b);
  });
  coreOf.resize(slices.size());
  std::vector<double> full(cores.size());
  for (unsigned number : order) {
    std::vector<unsigned> candidates(cores.size());
    std::iota(candidates.begin(), candidates.end(), 0u);
    llvm::stable_sort(candidates, [&](unsigned a, unsigned b) { return full[a] < full[b]; });
    auto chosen =
        llvm::find_if(candidates, [&](unsigned core) { return holds(core, std::nullopt, number); });
    if (chosen == candidates.end())
      return false;
    coreOf[number] = *chosen;
    cores[*chosen].push_back(number);
    full[*chosen] = slicer.loadOf(coreWith(*chosen, std::nullopt, std::nullopt));
    most = std::max(most, full[*chosen]);
  }
  return true;
}

OpenCore Balancer::coreWith(unsigned core, std::optional<unsigned> without,
                            std::optional<unsigned> added) const {
  OpenCore result;
  result.home = homes[core];
  for (unsigned slice : cores[core])
    if (slice != without)
      result = slicer.with(result, slices[slice]);
  return added ? slicer.with(result, slices[*added]) : result;
}

bool Balancer::holds(unsigned core, std::optional<unsigned> without,
                     std::optional<unsigned> added) const {
  if (added && !allows(slicer.members[slices[*added].member].pin, homes[core]))
    return false;
  // Two parts of one population on one core would need twice as many axons.
  for (unsigned slice : cores[core])
    if (added && slice != without && slices[slice].member == slices[*added].member)
      return false;
  return slicer.fits(coreWith(core, without, std::nullopt), slices[*added]);
}

void Balancer::findTalks() {
  std::vector<OpenCore> alone;
  for (const Slice &slice : slices)
    alone.push_back(slicer.with(OpenCore(), slice));
  talks.resize(slices.size());
  for (const auto &[pair, axons] : trafficOf(slicer, alone)) {
    talks[pair.first][pair.second] += axons;
    if (pair.first != pair.second)
      talks[pair.second][pair.first] += axons;
  }
  talksWithCores.assign(slices.size() * cores.size(), 0);
  for (unsigned slice = 0; slice < slices.size(); ++slice)
    for (const auto &[other, axons] : talks[slice])
      if (other != slice)
        talkWith(other, coreOf[slice]) += axons;
}

/// Takes a slice to another core, in the lists of others too.
void Balancer::put(unsigned slice, unsigned core) {
  for (const auto &[other, axons] : talks[slice])
    if (other != slice) {
      talkWith(other, coreOf[slice]) -= axons;
      talkWith(other, core) += axons;
    }
  coreOf[slice] = core;
}

bool Balancer::moveTo(unsigned slice, unsigned core) {
  if (!holds(core, std::nullopt, slice) ||
      slicer.loadOf(coreWith(core, std::nullopt, slice)) > most)
    return false;
  llvm::erase(cores[coreOf[slice]], slice);
  cores[core].push_back(slice);
  put(slice, core);
  return true;
}

bool Balancer::swap(unsigned a, unsigned b) {
  unsigned ofA = coreOf[a], ofB = coreOf[b];
  auto stays = [&](unsigned core, unsigned without, unsigned added) {
    return holds(core, without, added) && slicer.loadOf(coreWith(core, without, added)) <= most;
  };
  if (!stays(ofA, a, b) || !stays(ofB, b, a))
    return false;
  llvm::replace(cores[ofA], a, b);
  llvm::replace(cores[ofB], b, a);
  put(a, ofB);
  put(b, ofA);
  return true;
}

/// Brings a slice to those that it talks with most.
bool Balancer::improve(unsigned slice) {
  unsigned own = coreOf[slice];
  for (unsigned core = 0; core < cores.size(); ++core) {
    int64_t gain = talkWith(slice, core) - talkWith(slice, own);
    if (core == own || gain <= 0)
      continue;
    if (moveTo(slice, core))
      return true;
    for (unsigned other : std::vector<unsigned>(cores[core])) {
      auto between = talks[slice].find(other);
      int64_t both = between == talks[slice].end() ? 0 : between->second;
      if (gain + talkWith(other, own) - talkWith(other, core) - 2 * both > 0 && swap(slice, other))
        return true;
    }
  }
  return false;
}

void Balancer::refine() {
  // Where each core has one part, all that could change are their names.
  if (llvm::all_of(cores, [](const auto &core) { return core.size() <= 1; }))
    return;
  findTalks();
  bool changed = true;
  for (unsigned round = 0; round < 8 && changed; ++round) {
    changed = false;
    for (unsigned slice = 0; slice < slices.size(); ++slice)
      changed |= improve(slice);
  }
}

/// Cores in the order of what is on them, so that neighbours in the network are neighbours.
std::vector<OpenCore> Balancer::ordered() const {
  std::vector<std::pair<std::vector<unsigned>, Home>> sorted;
  for (auto [core, home] : llvm::zip(cores, homes))
    if (!core.empty())
      llvm::sort(sorted.emplace_back(core, home).first);
  llvm::sort(sorted, [](const auto &a, const auto &b) { return a.first < b.first; });
  std::vector<OpenCore> result;
  for (const auto &[core, home] : sorted) {
    OpenCore made;
    made.home = home;
    for (unsigned slice : core)
      made = slicer.with(made, slices[slice]);
    result.push_back(std::move(made));
  }
  return result;
}

std::optional<std::vector<OpenCore>> Balancer::run() {
  if (!cut() || !distribute())
    return std::nullopt;
  refine();
  return ordered();
}

double largestLoad(const Slicer &slicer, ArrayRef<OpenCore> cores) {
  double most = 0;
  for (const OpenCore &core : cores)
    most = std::max(most, slicer.loadOf(core));
  return most;
}

int64_t axonsBetween(const Slicer &slicer, ArrayRef<OpenCore> cores) {
  int64_t sum = 0;
  for (const auto &[pair, axons] : trafficOf(slicer, cores))
    sum += pair.first != pair.second ? axons : 0;
  return sum;
}

std::optional<std::vector<OpenCore>> balanceOn(Slicer &slicer, const Borders &borders,
                                               std::vector<Home> homes) {
  return Balancer(slicer, borders, std::move(homes)).run();
}

int64_t mostSynapses(const Slicer &slicer, ArrayRef<OpenCore> cores) {
  int64_t most = 0;
  for (const OpenCore &core : cores) {
    int64_t sum = 0;
    for (auto [member, group] : llvm::zip(core.members, core.groups))
      for (unsigned incoming : slicer.members[member].incoming)
        sum += slicer.projections[incoming].entriesTo(group.first, group.count);
    most = std::max(most, sum);
  }
  return most;
}

std::vector<OpenCore> balance(Slicer &slicer, std::vector<OpenCore> firstFit) {
  if (firstFit.size() < 2)
    return firstFit;
  if (auto tried = balanceOn(slicer, bordersOf(slicer, firstFit), homesOf(firstFit))) {
    double before = largestLoad(slicer, firstFit), after = largestLoad(slicer, *tried);
    int64_t axonsBefore = axonsBetween(slicer, firstFit), axonsAfter = axonsBetween(slicer, *tried);
    // The core with most to do decides how long a step takes; a little less of it is worth no
    // axons.
    bool isQuicker = mostSynapses(slicer, *tried) < mostSynapses(slicer, firstFit);
    if (after < 0.95 * before || (after <= before && axonsAfter <= axonsBefore &&
                                  (after < before || axonsAfter < axonsBefore || isQuicker)))
      return *tried;
  }
  return firstFit;
}

} // namespace basalt::neurocore
