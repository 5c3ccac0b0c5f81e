// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counting what neurons need.
#include "compiler/neurocore/place/Slices.h"

#include "compiler/neurocore/select/Select.h"
#include "runtime/neurocore/Image.h"
#include <numeric>

using namespace mlir;

namespace basalt::neurocore {

/// What one neuron of the population needs, and its program.
static Member readMember(PopulationOp op) {
  Member member;
  member.op = op;
  nc::GroupUse &use = member.use;
  use.ports = 0;
  use.slots = 1;
  for (Operation &part : op.getBody().front()) {
    if (auto slot = dyn_cast<SlotOp>(part)) {
      use.stateBits += cast<IntegerType>(slot.getType()).getWidth();
      ++use.stateSlots;
    } else if (auto parameter = dyn_cast<ParameterOp>(part)) {
      use.parameterBits += cast<IntegerType>(parameter.getType()).getWidth();
      ++use.parameters;
    } else if (auto accumulator = dyn_cast<AccumulatorOp>(part)) {
      use.slots = std::max<int64_t>(use.slots, int64_t(accumulator.getSlots()));
      ++use.ports;
      use.widePorts += accumulator.getBits() > 32;
    } else if (isa<ConstantOp>(part)) {
      ++use.constants;
    }
  }
  if (!op.getProgram())
    return member;
  auto program = SymbolTable::lookupNearestSymbolFrom<ProgramOp>(op, op.getProgramAttr());
  member.program = op.getProgram()->str();
  // Programs have no branches: their path is all of them.
  auto words = int64_t(instructionsOf(program).size());
  member.programUse = {words, words};
  return member;
}

unsigned Slicer::numberOf(PopulationOp op) const {
  auto it = llvm::find_if(members, [&](const Member &member) { return member.op == op; });
  return unsigned(it - members.begin());
}

std::vector<double> Slicer::weightsOf(unsigned number) const {
  std::vector<double> weights(size_t(neuronsOf(number)), 1.0 / double(target.core.neurons));
  double words = double(std::max<int64_t>(1, target.core.synapseWords)) * 64;
  for (unsigned incoming : members[number].incoming) {
    const Projection &projection = projections[incoming];
    if (projection.isShared()) // they take their place once, wherever neurons are
      continue;
    double each = double(projection.format.weightBits + projection.format.delayBits) / words;
    for (auto [neuron, weight] : llvm::enumerate(weights))
      weight += each * double(projection.entriesTo(int64_t(neuron), 1));
  }
  return weights;
}

std::optional<Slicer> Slicer::only(unsigned number) const {
  Slicer result(network, target, neuronsPerCore);
  result.members.push_back(members[number]);
  Member &member = result.members.front();
  member.incoming.clear();
  member.outgoing.clear();
  for (unsigned incoming : members[number].incoming) {
    FailureOr<Projection> projection =
        Projection::make(projections[incoming].op, target, neuronsOf(number));
    if (failed(projection))
      return std::nullopt;
    member.incoming.push_back(unsigned(result.projections.size()));
    result.projections.push_back(std::move(*projection));
    result.targets.push_back(0);
    result.sources.emplace_back();
  }
  result.axons.cuts = {0};
  return result;
}

LogicalResult Slicer::read() {
  for (auto population : network.getBody().getOps<PopulationOp>())
    members.push_back(readMember(population));
  for (auto pin : network.getBody().getOps<PinOp>())
    members[numberOf(
                SymbolTable::lookupNearestSymbolFrom<PopulationOp>(pin, pin.getPopulationAttr()))]
        .pin = pin;
  for (auto synapses : network.getBody().getOps<SynapsesOp>()) {
    auto targetOp =
        SymbolTable::lookupNearestSymbolFrom<PopulationOp>(synapses, synapses.getTargetAttr());
    FailureOr<Projection> projection =
        Projection::make(synapses, target, int64_t(targetOp.getCount()));
    if (failed(projection))
      return failure();
    auto number = unsigned(projections.size());
    projections.push_back(std::move(*projection));
    targets.push_back(numberOf(targetOp));
    members[targets.back()].incoming.push_back(number);
    Operation *source = SymbolTable::lookupNearestSymbolFrom(synapses, synapses.getSourceAttr());
    sources.emplace_back();
    if (auto population = dyn_cast<PopulationOp>(source)) {
      sources.back() = numberOf(population);
      members[*sources.back()].outgoing.push_back(number);
    }
  }
  forget();
  return success();
}

void Slicer::countAxons(const Borders &borders) {
  axons = {};
  for (auto [number, projection] : llvm::enumerate(projections)) {
    unsigned to = targets[number];
    axons.ofSources.push_back(SourceAxons::make(projection, target, borders[to], neuronsOf(to)));
  }
  for (const std::vector<int64_t> &of : borders)
    axons.cuts.push_back(int64_t(of.size()) - 1);
  if (caution.sharesNone)
    countMostAxons();
}

void Slicer::countMostAxons() {
  for (auto [number, projection] : llvm::enumerate(projections))
    axons.ofSources[number] = SourceAxons::most(projection, target);
  // After each source.
  axons.cuts.assign(members.size(), INT32_MAX);
}

void Slicer::keepAxons(const AxonCounts &before) {
  for (auto [now, then] : llvm::zip(axons.ofSources, before.ofSources))
    now.keep(then);
  for (auto [now, then] : llvm::zip(axons.cuts, before.cuts))
    now = std::max(now, then);
}

void Slicer::forget() {
  manyChips = false;
  countAxons(Borders(members.size(), {0}));
}

Slice Slicer::sliceOf(unsigned number, int64_t first, int64_t neurons) const {
  Slice slice;
  const Member &member = members[number];
  slice.member = number;
  slice.first = first;
  slice.group = member.use;
  slice.group.neurons = neurons;
  for (unsigned incoming : member.incoming) {
    const Projection &projection = projections[incoming];
    std::optional<nc::SynapseFormat> format = projection.formatFor(neurons, target);
    if (!format) {
      slice.hasFormats = false;
      continue;
    }
    slice.formats.push_back({int64_t(format->kind), int64_t(format->sign), format->weightBits,
                             format->exponent, format->delayBits, format->indexBits,
                             format->skipBits, format->graded});
    AxonChooser chooser(projection, target);
    int64_t lists = 0, entries = 0;
    auto count = [&](const Axon &) { ++entries; };
    projection.visitLists(*format, first, neurons, [&](const SourceList &list) {
      ++lists;
      if (list.isNew)
        slice.lists.push_back(list.words);
      chooser.add(list, count);
    });
    chooser.finish(count);
    // A cut between sources that share an axon makes two of it.
    int64_t cuts = sources[incoming] ? axons.cuts[*sources[incoming]] : 0;
    slice.inAxons += std::min(lists, entries + cuts);
  }
  slice.words = std::accumulate(slice.lists.begin(), slice.lists.end(), int64_t(0));
  for (unsigned outgoing : member.outgoing)
    slice.outAxons += axons.ofSources[outgoing].of(first, neurons);
  if (caution.isBlind) {
    slice.inAxons = 0;
    slice.outAxons = {};
  }
  return slice;
}

OpenCore Slicer::with(const OpenCore &core, const Slice &slice) const {
  const Member &member = members[slice.member];
  OpenCore result = core;
  nc::CoreUse &use = result.use;
  use.groups.push_back(slice.group);
  result.neurons += slice.group.neurons;
  result.words += slice.words;
  if (member.program.empty())
    ++use.profiles;
  else if (result.programs.insert(member.program).second)
    use.programs.push_back(member.programUse);
  result.formats.insert(slice.formats.begin(), slice.formats.end());
  use.formats = slice.hasFormats ? int64_t(result.formats.size()) : INT32_MAX;
  use.inAxons += slice.inAxons;
  use.lists.insert(use.lists.end(), slice.lists.begin(), slice.lists.end());
  use.outAxons += slice.outAxons;
  if (manyChips)
    use.outAxons.toOtherChips += int64_t(std::ceil(caution.leaving * double(slice.outAxons.all())));
  result.groups.push_back({member.op, slice.first, slice.group.neurons});
  result.members.push_back(slice.member);
  return result;
}

/// Whether both together are too much of something that needs only a sum: most cores that have no
/// room are found so, without counting all that they have.
bool Slicer::isBeyond(const OpenCore &core, const Slice &slice) const {
  nc::OutAxonUse out = core.use.outAxons;
  out += slice.outAxons;
  return core.neurons + slice.group.neurons > std::min(neuronsPerCore, target.core.neurons) ||
         core.groups.size() >= nc::kMostGroups ||
         core.words + slice.words > target.core.synapseWords ||
         core.use.inAxons + slice.inAxons > target.core.inAxons ||
         nc::slotsOf(out, target) > target.core.outAxons;
}

bool Slicer::fits(const OpenCore &core, const Slice &slice) const {
  if (isBeyond(core, slice))
    return false;
  return !nc::findExcess(nc::usageOf(with(core, slice).use, target), target);
}

bool Slicer::canFit(unsigned number, int64_t first, int64_t count) const {
  if (count > std::min(neuronsPerCore, target.core.neurons))
    return false;
  int64_t bits = 0;
  for (unsigned incoming : members[number].incoming) {
    const Projection &projection = projections[incoming];
    if (projection.isShared()) // who knows how much of them is in common
      continue;
    bits += projection.entriesTo(first, count) *
            (projection.format.weightBits + projection.format.delayBits);
  }
  return bits / 64 <= target.core.synapseWords;
}

Slice Slicer::largestSlice(unsigned number, int64_t first, int64_t most,
                           const OpenCore &core) const {
  int64_t low = 0, high = most;
  Slice best;
  bool isFound = false; // one that does not fit
  while (low + 1 < high) {
    // Small ones first, which are counted quickly.
    int64_t middle = isFound ? (low + high) / 2 : std::min(2 * low + 1, high - 1);
    if (canFit(number, first, middle)) {
      if (Slice slice = sliceOf(number, first, middle); fits(core, slice)) {
        low = middle;
        best = std::move(slice);
        continue;
      }
    }
    high = middle;
    isFound = true;
  }
  return best;
}

Borders bordersOf(const Slicer &slicer, ArrayRef<OpenCore> cores) {
  Borders borders(slicer.members.size());
  for (const OpenCore &core : cores)
    for (auto [member, group] : llvm::zip(core.members, core.groups))
      borders[member].push_back(group.first);
  for (std::vector<int64_t> &of : borders)
    llvm::sort(of);
  return borders;
}

CoreTraffic trafficOf(const Slicer &slicer, ArrayRef<OpenCore> cores) {
  // Parts of all populations, numbered through, of each neuron; and their cores.
  std::vector<std::vector<unsigned>> partOf;
  for (const Member &member : slicer.members)
    partOf.emplace_back(size_t(PopulationOp(member.op).getCount()));
  std::vector<unsigned> coreOf;
  for (auto [number, core] : llvm::enumerate(cores))
    for (auto [member, group] : llvm::zip(core.members, core.groups)) {
      std::fill_n(partOf[member].begin() + group.first, group.count, unsigned(coreOf.size()));
      coreOf.push_back(unsigned(number));
    }
  CoreTraffic traffic;
  std::vector<int64_t> reached(cores.size());
  for (auto [source, member] : llvm::enumerate(slicer.members))
    for (unsigned outgoing : member.outgoing) {
      const Projection &projection = slicer.projections[outgoing];
      const std::vector<unsigned> &targets = partOf[slicer.targetOf(outgoing)];
      for (int64_t i = 0; i < projection.sourceCount(); ++i) {
        projection.visitParts(i, targets,
                              [&](unsigned part, const EntryRange &) { ++reached[coreOf[part]]; });
        unsigned from = partOf[source][size_t(i)];
        if (i + 1 < projection.sourceCount() && partOf[source][size_t(i) + 1] == from)
          continue;
        for (auto [to, axons] : llvm::enumerate(reached))
          if (axons > 0)
            traffic[{coreOf[from], unsigned(to)}] += axons;
        std::fill(reached.begin(), reached.end(), 0);
      }
    }
  return traffic;
}

} // namespace basalt::neurocore
