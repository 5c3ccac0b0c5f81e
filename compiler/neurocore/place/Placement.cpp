// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// First fit, and the report of what does not.
#include "compiler/neurocore/place/Placement.h"

#include "compiler/neurocore/select/Select.h"
#include "runtime/neurocore/Image.h"
#include "runtime/neurocore/Resources.h"
#include "runtime/neurocore/VerifyProgram.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"
#include <set>

using namespace mlir;

namespace basalt::neurocore {

namespace {
/// What placement knows of a population.
struct Member {
  PopulationOp op;
  nc::GroupUse use;
  std::string program;
  nc::ProgramUse programUse;
  std::vector<unsigned> incoming, outgoing; ///< projections
};

/// Neurons of a population, and what they need.
struct Slice {
  const Member *member = nullptr;
  int64_t first = 0;
  nc::GroupUse group;
  std::vector<int64_t> lists; ///< words of each
  std::vector<std::vector<int64_t>> formats;
  bool hasFormats = true;
  int64_t graded = 0, discrete = 0; ///< out-axons
};

/// A core while it fills up.
struct OpenCore {
  nc::CoreUse use;
  std::vector<PlacedGroup> groups;
  std::set<std::string> programs;
  std::set<std::vector<int64_t>> formats;
  int64_t neurons = 0;
};

class Placer {
public:
  Placer(NetworkOp network, const nc::Target &target, int64_t neuronsPerCore)
      : network(network), target(target),
        neuronsPerCore(neuronsPerCore > 0 ? neuronsPerCore : INT64_MAX) {}

  FailureOr<std::vector<PlacedCore>> run();

private:
  LogicalResult readMembers();
  LogicalResult placeAll();
  LogicalResult place(Member &member, unsigned number);
  Slice sliceOf(const Member &member, int64_t first, int64_t count) const;
  OpenCore with(const OpenCore &core, const Slice &slice) const;
  bool fits(const OpenCore &core, const Slice &slice) const;
  Slice largestSlice(const Member &member, int64_t first, int64_t most) const;
  LogicalResult report(const Member &member, int64_t first);
  std::string largestConsumer(const Member &member, nc::Resource resource, int64_t first);
  unsigned numberOf(PopulationOp op) const;

  NetworkOp network;
  const nc::Target &target;
  int64_t neuronsPerCore;
  std::vector<Member> members;
  std::vector<Projection> projections;
  std::vector<OpenCore> cores;
  /// In how many parts populations are; grows until nothing changes.
  std::vector<int64_t> parts;
};
} // namespace

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

unsigned Placer::numberOf(PopulationOp op) const {
  auto it = llvm::find_if(members, [&](const Member &member) { return member.op == op; });
  return unsigned(it - members.begin());
}

LogicalResult Placer::readMembers() {
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

/// What neurons first to first + count - 1 bring to whatever core they stand on.
Slice Placer::sliceOf(const Member &member, int64_t first, int64_t count) const {
  Slice slice;
  slice.member = &member;
  slice.first = first;
  slice.group = member.use;
  slice.group.neurons = count;
  for (unsigned number : member.incoming) {
    const Projection &projection = projections[number];
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
  for (unsigned number : member.outgoing) {
    const Projection &projection = projections[number];
    SynapsesOp op = projection.op;
    auto targetOp = SymbolTable::lookupNearestSymbolFrom<PopulationOp>(op, op.getTargetAttr());
    int64_t axons = count * parts[numberOf(targetOp)];
    (projection.format.graded ? slice.graded : slice.discrete) += axons;
  }
  return slice;
}

/// The core with these neurons, too.
OpenCore Placer::with(const OpenCore &core, const Slice &slice) const {
  OpenCore result = core;
  nc::CoreUse &use = result.use;
  use.groups.push_back(slice.group);
  result.neurons += slice.group.neurons;
  if (result.programs.insert(slice.member->program).second)
    use.programs.push_back(slice.member->programUse);
  result.formats.insert(slice.formats.begin(), slice.formats.end());
  use.formats = slice.hasFormats ? int64_t(result.formats.size()) : INT32_MAX;
  use.inAxons += int64_t(slice.lists.size());
  use.lists.insert(use.lists.end(), slice.lists.begin(), slice.lists.end());
  use.outAxons.graded += slice.graded;
  use.outAxons.discrete += slice.discrete;
  if (cores.size() > size_t(target.chip.cores)) // who knows which of them leave the chip
    use.outAxons.toOtherChips += slice.graded + slice.discrete;
  result.groups.push_back({slice.member->op, slice.first, slice.group.neurons});
  return result;
}

bool Placer::fits(const OpenCore &core, const Slice &slice) const {
  if (core.neurons + slice.group.neurons > neuronsPerCore ||
      core.neurons + slice.group.neurons > target.core.neurons ||
      core.groups.size() >= nc::kMostGroups)
    return false;
  return !nc::findExcess(nc::usageOf(with(core, slice).use, target), target);
}

/// The largest slice from `first` on that fits an empty core; one without neurons if none does.
Slice Placer::largestSlice(const Member &member, int64_t first, int64_t most) const {
  OpenCore empty;
  int64_t low = 0, high = most;
  Slice best;
  while (low + 1 < high) {
    int64_t middle = (low + high) / 2;
    Slice slice = sliceOf(member, first, middle);
    if (fits(empty, slice)) {
      low = middle;
      best = std::move(slice);
    } else {
      high = middle;
    }
  }
  return best;
}

LogicalResult Placer::place(Member &member, unsigned number) {
  auto count = int64_t(member.op.getCount());
  int64_t made = 0;
  for (int64_t first = 0; first < count; ++made) {
    // A core that takes all of the rest, else a new one.
    Slice slice = sliceOf(member, first, count - first);
    auto chosen = llvm::find_if(cores, [&](const OpenCore &core) { return fits(core, slice); });
    if (chosen == cores.end()) {
      if (int64_t(cores.size()) >= target.coreCount())
        return member.op.emitError("'")
               << member.op.getSymName() << "' finds no room: neuron " << first << " of " << count
               << " needs another core, and '" << target.name << "' has " << target.coreCount();
      if (!fits(OpenCore(), slice))
        slice = largestSlice(member, first, count - first);
      if (slice.group.neurons == 0)
        return report(member, first);
      cores.emplace_back();
      chosen = std::prev(cores.end());
    }
    *chosen = with(*chosen, slice);
    first += slice.group.neurons;
  }
  parts[number] = std::max(parts[number], made);
  return success();
}

std::string Placer::largestConsumer(const Member &member, nc::Resource resource, int64_t first) {
  bool synapses = resource == nc::Resource::SynapseWords || resource == nc::Resource::ListWords ||
                  resource == nc::Resource::InAxons || resource == nc::Resource::Formats ||
                  resource == nc::Resource::PoolBytes;
  std::string best;
  int64_t most = 0;
  if (synapses)
    for (unsigned number : member.incoming) {
      const Projection &projection = projections[number];
      std::optional<nc::SynapseFormat> format = projection.formatFor(1, target);
      int64_t words = 0, lists = 0;
      for (int64_t source = 0; format && source < projection.sourceCount(); ++source) {
        auto [begin, end] = projection.range(source, first, 1);
        lists += begin != end;
        words += int64_t(projection.wordsOf(*format, begin, end));
      }
      if (words < most)
        continue;
      most = words;
      SynapsesOp op = projection.op;
      best = (op.getWeights() ? *op.getWeights() : op.getName()).str() + ": " +
             std::to_string(lists) + " lists, " + std::to_string(words) + " words";
    }
  return best.empty() ? PopulationOp(member.op).getSymName().str() : best;
}

/// Not even one neuron fits a core of its own.
LogicalResult Placer::report(const Member &member, int64_t first) {
  PopulationOp op = member.op;
  InFlightDiagnostic diagnostic = op.emitError("'")
                                  << op.getSymName() << "' does not fit a core of '" << target.name
                                  << "', not even one neuron at a time";
  nc::Usage usage = nc::usageOf(with(OpenCore(), sliceOf(member, first, 1)).use, target);
  for (const nc::Excess &excess : nc::allExcesses(usage, target))
    diagnostic.attachNote() << nc::resourceName(excess.resource) << ": " << excess.needed
                            << " needed, " << excess.limit << " there ("
                            << nc::fieldOf(excess.resource) << "); most for "
                            << largestConsumer(member, excess.resource, first);
  return diagnostic;
}

LogicalResult Placer::placeAll() {
  cores.clear();
  for (auto [number, member] : llvm::enumerate(members))
    if (failed(place(member, unsigned(number))))
      return failure();
  return success();
}

FailureOr<std::vector<PlacedCore>> Placer::run() {
  if (failed(readMembers()))
    return failure();
  // How many axons leave a core depends on the parts of those they lead to.
  for (unsigned round = 0; round < 16; ++round) {
    std::vector<int64_t> before = parts;
    size_t chips = cores.size() / size_t(target.chip.cores);
    if (failed(placeAll()))
      return failure();
    if (parts == before && cores.size() / size_t(target.chip.cores) == chips)
      break;
  }
  std::vector<PlacedCore> result;
  for (auto [number, core] : llvm::enumerate(cores))
    result.push_back({int64_t(number) / target.chip.cores, int64_t(number) % target.chip.cores,
                      std::move(core.groups)});
  return result;
}

FailureOr<std::vector<PlacedCore>> placeNeurons(NetworkOp network, int64_t neuronsPerCore) {
  // The verifier has parsed it, too.
  std::optional<nc::Target> target = nc::parseCanonicalText(network.getLimits(), nullptr);
  return Placer(network, *target, neuronsPerCore).run();
}

} // namespace basalt::neurocore
