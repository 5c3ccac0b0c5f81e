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
  OpenCore with(const OpenCore &core, const Member &member, int64_t first, int64_t count) const;
  bool fits(const OpenCore &core, const Member &member, int64_t first, int64_t count) const;
  int64_t mostThatFit(const OpenCore &core, const Member &member, int64_t first) const;
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

/// The core with these neurons, too.
OpenCore Placer::with(const OpenCore &core, const Member &member, int64_t first,
                      int64_t count) const {
  OpenCore result = core;
  nc::GroupUse group = member.use;
  group.neurons = count;
  result.use.groups.push_back(group);
  result.neurons += count;
  if (result.programs.insert(member.program).second)
    result.use.programs.push_back(member.programUse);
  for (unsigned number : member.incoming) {
    const Projection &projection = projections[number];
    std::optional<nc::SynapseFormat> format = projection.formatFor(count, target);
    if (!format) {
      result.use.formats = INT32_MAX;
      continue;
    }
    result.formats.insert({int64_t(format->kind), int64_t(format->sign), format->weightBits,
                           format->exponent, format->delayBits, format->indexBits, format->skipBits,
                           format->graded});
    for (int64_t source = 0; source < projection.sourceCount(); ++source) {
      auto [begin, end] = projection.range(source, first, count);
      if (begin == end)
        continue;
      ++result.use.inAxons;
      result.use.lists.push_back(int64_t(projection.wordsOf(*format, begin, end)));
    }
  }
  result.use.formats = std::max(result.use.formats, int64_t(result.formats.size()));
  bool severalChips = cores.size() > size_t(target.chip.cores);
  for (unsigned number : member.outgoing) {
    const Projection &projection = projections[number];
    auto targetOp = SymbolTable::lookupNearestSymbolFrom<PopulationOp>(
        SynapsesOp(projection.op), SynapsesOp(projection.op).getTargetAttr());
    int64_t axons = count * parts[numberOf(targetOp)];
    (projection.format.graded ? result.use.outAxons.graded : result.use.outAxons.discrete) += axons;
    if (severalChips)
      result.use.outAxons.toOtherChips += axons;
  }
  result.groups.push_back({member.op, first, count});
  return result;
}

bool Placer::fits(const OpenCore &core, const Member &member, int64_t first, int64_t count) const {
  if (core.neurons + count > neuronsPerCore || core.groups.size() >= nc::kMostGroups)
    return false;
  return !nc::findExcess(nc::usageOf(with(core, member, first, count).use, target), target);
}

int64_t Placer::mostThatFit(const OpenCore &core, const Member &member, int64_t first) const {
  int64_t low = 0, high = int64_t(PopulationOp(member.op).getCount()) - first;
  if (high > 0 && fits(core, member, first, high))
    return high;
  while (low + 1 < high) {
    int64_t middle = (low + high) / 2;
    (fits(core, member, first, middle) ? low : high) = middle;
  }
  return low;
}

LogicalResult Placer::place(Member &member, unsigned number) {
  auto count = int64_t(member.op.getCount());
  int64_t made = 0;
  for (int64_t first = 0; first < count;) {
    int64_t rest = count - first;
    // A core that takes all of it, else a new one.
    OpenCore *chosen = nullptr;
    for (OpenCore &core : cores)
      if (fits(core, member, first, rest)) {
        chosen = &core;
        break;
      }
    int64_t taken = rest;
    if (!chosen) {
      if (int64_t(cores.size()) >= target.coreCount())
        return member.op.emitError("'")
               << member.op.getSymName() << "' finds no room: neuron " << first << " of " << count
               << " needs another core, and '" << target.name << "' has " << target.coreCount();
      chosen = &cores.emplace_back();
      taken = mostThatFit(*chosen, member, first);
      if (taken == 0)
        return report(member, first);
    }
    *chosen = with(*chosen, member, first, taken);
    first += taken;
    ++made;
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
  nc::Usage usage = nc::usageOf(with(OpenCore(), member, first, 1).use, target);
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
