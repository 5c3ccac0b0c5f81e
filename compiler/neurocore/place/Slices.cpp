// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counting what neurons need.
#include "compiler/neurocore/place/Slices.h"

#include "compiler/neurocore/select/Select.h"
#include "runtime/neurocore/Image.h"

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
  auto program = SymbolTable::lookupNearestSymbolFrom<ProgramOp>(op, op.getProgramAttr());
  member.program = op.getProgram().str();
  // Programs have no branches: their path is all of them.
  auto words = int64_t(instructionsOf(program).size());
  member.programUse = {words, words};
  return member;
}

unsigned Slicer::numberOf(PopulationOp op) const {
  auto it = llvm::find_if(members, [&](const Member &member) { return member.op == op; });
  return unsigned(it - members.begin());
}

LogicalResult Slicer::read() {
  for (auto population : network.getBody().getOps<PopulationOp>())
    members.push_back(readMember(population));
  for (auto synapses : network.getBody().getOps<SynapsesOp>()) {
    auto targetOp =
        SymbolTable::lookupNearestSymbolFrom<PopulationOp>(synapses, synapses.getTargetAttr());
    FailureOr<Projection> projection =
        Projection::make(synapses, target, int64_t(targetOp.getCount()));
    if (failed(projection))
      return failure();
    auto number = unsigned(projections.size());
    projections.push_back(std::move(*projection));
    members[numberOf(targetOp)].incoming.push_back(number);
    Operation *source = SymbolTable::lookupNearestSymbolFrom(synapses, synapses.getSourceAttr());
    if (auto population = dyn_cast<PopulationOp>(source))
      members[numberOf(population)].outgoing.push_back(number);
  }
  parts.assign(members.size(), 1);
  return success();
}

Slice Slicer::sliceOf(unsigned number, int64_t first, int64_t count) const {
  Slice slice;
  const Member &member = members[number];
  slice.member = number;
  slice.first = first;
  slice.group = member.use;
  slice.group.neurons = count;
  for (unsigned incoming : member.incoming) {
    const Projection &projection = projections[incoming];
    std::optional<nc::SynapseFormat> format = projection.formatFor(count, target);
    if (!format) {
      slice.hasFormats = false;
      continue;
    }
    slice.formats.push_back({int64_t(format->kind), int64_t(format->sign), format->weightBits,
                             format->exponent, format->delayBits, format->indexBits,
                             format->skipBits, format->graded});
    for (int64_t source = 0; source < projection.sourceCount(); ++source) {
      auto [begin, end] = projection.range(source, first, count);
      if (begin != end)
        slice.lists.push_back(int64_t(projection.wordsOf(*format, begin, end)));
    }
  }
  for (unsigned outgoing : member.outgoing) {
    const Projection &projection = projections[outgoing];
    SynapsesOp op = projection.op;
    auto targetOp = SymbolTable::lookupNearestSymbolFrom<PopulationOp>(op, op.getTargetAttr());
    int64_t axons = count * parts[numberOf(targetOp)];
    (projection.format.graded ? slice.graded : slice.discrete) += axons;
  }
  return slice;
}

OpenCore Slicer::with(const OpenCore &core, const Slice &slice) const {
  const Member &member = members[slice.member];
  OpenCore result = core;
  nc::CoreUse &use = result.use;
  use.groups.push_back(slice.group);
  result.neurons += slice.group.neurons;
  if (result.programs.insert(member.program).second)
    use.programs.push_back(member.programUse);
  result.formats.insert(slice.formats.begin(), slice.formats.end());
  use.formats = slice.hasFormats ? int64_t(result.formats.size()) : INT32_MAX;
  use.inAxons += int64_t(slice.lists.size());
  use.lists.insert(use.lists.end(), slice.lists.begin(), slice.lists.end());
  use.outAxons.graded += slice.graded;
  use.outAxons.discrete += slice.discrete;
  if (manyChips) // who knows which of them leave the chip
    use.outAxons.toOtherChips += slice.graded + slice.discrete;
  result.groups.push_back({member.op, slice.first, slice.group.neurons});
  result.members.push_back(slice.member);
  return result;
}

bool Slicer::fits(const OpenCore &core, const Slice &slice) const {
  if (core.neurons + slice.group.neurons > neuronsPerCore ||
      core.neurons + slice.group.neurons > target.core.neurons ||
      core.groups.size() >= nc::kMostGroups)
    return false;
  return !nc::findExcess(nc::usageOf(with(core, slice).use, target), target);
}

Slice Slicer::largestSlice(unsigned number, int64_t first, int64_t most) const {
  OpenCore empty;
  int64_t low = 0, high = most;
  Slice best;
  while (low + 1 < high) {
    int64_t middle = (low + high) / 2;
    Slice slice = sliceOf(number, first, middle);
    if (fits(empty, slice)) {
      low = middle;
      best = std::move(slice);
    } else {
      high = middle;
    }
  }
  return best;
}

/// Of each neuron of each population, the number of its core.
static std::vector<std::vector<unsigned>> coresOfNeurons(const Slicer &slicer,
                                                         ArrayRef<OpenCore> cores) {
  std::vector<std::vector<unsigned>> result;
  for (const Member &member : slicer.members)
    result.emplace_back(size_t(PopulationOp(member.op).getCount()));
  for (auto [number, core] : llvm::enumerate(cores))
    for (auto [member, group] : llvm::zip(core.members, core.groups))
      std::fill_n(result[member].begin() + group.first, group.count, unsigned(number));
  return result;
}

CoreTraffic trafficOf(const Slicer &slicer, ArrayRef<OpenCore> cores) {
  std::vector<std::vector<unsigned>> coreOf = coresOfNeurons(slicer, cores);
  // An axon for each source and each group that it reaches.
  CoreTraffic traffic;
  for (auto [source, member] : llvm::enumerate(slicer.members))
    for (unsigned outgoing : member.outgoing) {
      const Projection &projection = slicer.projections[outgoing];
      SynapsesOp op = projection.op;
      for (auto [number, core] : llvm::enumerate(cores))
        for (const PlacedGroup &group : core.groups) {
          if (PopulationOp(group.population).getSymNameAttr() != op.getTargetAttr().getAttr())
            continue;
          std::vector<int64_t> from(cores.size());
          for (int64_t i = 0; i < projection.sourceCount(); ++i) {
            auto [begin, end] = projection.range(i, group.first, group.count);
            from[coreOf[source][size_t(i)]] += begin != end;
          }
          for (auto [other, axons] : llvm::enumerate(from))
            if (axons > 0)
              traffic[{unsigned(other), unsigned(number)}] += axons;
        }
    }
  return traffic;
}

} // namespace basalt::neurocore
