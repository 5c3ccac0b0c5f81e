// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is said about neurons that find no place: which limit is in the way, by how much, and what
// has been tried and helps.
#include "compiler/neurocore/place/Slices.h"

using namespace mlir;

namespace basalt::neurocore {

static bool isOfSynapses(nc::Resource resource) {
  return resource == nc::Resource::SynapseWords || resource == nc::Resource::ListWords ||
         resource == nc::Resource::InAxons || resource == nc::Resource::Formats ||
         resource == nc::Resource::PoolBytes;
}

/// What takes most of a resource.
static std::string largestConsumer(const Slicer &slicer, const Member &member,
                                   nc::Resource resource, int64_t first) {
  std::string best;
  int64_t most = 0;
  if (isOfSynapses(resource))
    for (unsigned number : member.incoming) {
      const Projection &projection = slicer.projections[number];
      std::optional<nc::SynapseFormat> format = projection.formatFor(1, slicer.target);
      int64_t words = 0, lists = 0;
      for (int64_t source = 0; format && source < projection.sourceCount(); ++source) {
        EntryRange range = projection.range(source, first, 1);
        lists += !range.empty();
        words += int64_t(projection.wordsOf(*format, range.begin, range.end));
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

/// Whether the network finds its place; nothing is reported.
static bool fits(Slicer &slicer, MLIRContext *context) {
  slicer.isTrial = true;
  slicer.caution.leaving = 1; // cores get no places here
  slicer.forget();
  ScopedDiagnosticHandler quiet(context, [](Diagnostic &) { return success(); });
  return succeeded(placeFirstFit(slicer));
}

/// Names of the weights that lead to a population, as the user has them.
static std::string weightsOf(const Slicer &slicer, const Member &member) {
  std::string names;
  for (unsigned number : member.incoming) {
    SynapsesOp op = slicer.projections[number].op;
    StringRef name = op.getWeights() ? *op.getWeights() : op.getName();
    names += (names.empty() ? "'" : ", '") + name.str() + "'";
  }
  return names;
}

static void tryNeuronsPerCore(const Slicer &slicer, MLIRContext *context,
                              InFlightDiagnostic &diagnostic) {
  if (slicer.neuronsPerCore >= slicer.target.core.neurons)
    return;
  Slicer trial = slicer.withNeuronsPerCore(slicer.target.core.neurons);
  if (fits(trial, context))
    diagnostic.attachNote() << "it fits with --neurons-per-core " << slicer.target.core.neurons
                            << " in the place of " << slicer.neuronsPerCore;
}

static void tryWeightBits(const Slicer &slicer, unsigned number, MLIRContext *context,
                          InFlightDiagnostic &diagnostic) {
  const Member &member = slicer.members[number];
  std::vector<int64_t> widths = slicer.target.weights.bits;
  llvm::sort(widths, std::greater<>());
  for (int64_t bits : widths) {
    Slicer trial = slicer;
    bool changed = false;
    for (unsigned incoming : member.incoming) {
      uint8_t &has = trial.projections[incoming].format.weightBits;
      changed |= has > bits;
      has = std::min(has, uint8_t(bits));
    }
    if (!changed || !fits(trial, context))
      continue;
    diagnostic.attachNote() << "it fits if weights need no more than " << bits
                            << (bits == 1 ? " bit: " : " bits: ") << weightsOf(slicer, member);
    return;
  }
}

void addRemedies(const Slicer &slicer, unsigned number, ArrayRef<nc::Excess> excesses,
                 InFlightDiagnostic &diagnostic) {
  if (slicer.isTrial)
    return;
  MLIRContext *context = PopulationOp(slicer.members[number].op).getContext();
  tryNeuronsPerCore(slicer, context, diagnostic);
  if (llvm::any_of(excesses, [](const nc::Excess &excess) {
        return excess.resource == nc::Resource::SynapseWords ||
               excess.resource == nc::Resource::ListWords ||
               excess.resource == nc::Resource::PoolBytes;
      }))
    tryWeightBits(slicer, number, context, diagnostic);
}

void addExcesses(const Slicer &slicer, unsigned number, int64_t first,
                 ArrayRef<nc::Excess> excesses, InFlightDiagnostic &diagnostic) {
  for (const nc::Excess &excess : excesses)
    diagnostic.attachNote() << nc::resourceName(excess.resource) << ": " << excess.needed
                            << " needed, " << excess.limit << " there ("
                            << nc::fieldOf(excess.resource) << "); most for "
                            << largestConsumer(slicer, slicer.members[number], excess.resource,
                                               first);
}

LogicalResult reportTooLarge(const Slicer &slicer, unsigned number, int64_t first) {
  const Member &member = slicer.members[number];
  PopulationOp op = member.op;
  InFlightDiagnostic diagnostic = op.emitError("'")
                                  << op.getSymName() << "' does not fit a core of '"
                                  << slicer.target.name << "', not even one neuron at a time";
  OpenCore core = slicer.with(OpenCore(), slicer.sliceOf(number, first, 1));
  std::vector<nc::Excess> excesses = nc::allExcesses(slicer.usageOf(core), slicer.target);
  addExcesses(slicer, number, first, excesses, diagnostic);
  addRemedies(slicer, number, excesses, diagnostic);
  return diagnostic;
}

LogicalResult reportNoRoom(const Slicer &slicer, unsigned number, int64_t first) {
  const Member &member = slicer.members[number];
  PopulationOp op = member.op;
  auto count = int64_t(op.getCount());
  PinOp pin = member.pin; // to a chip
  InFlightDiagnostic diagnostic = emitError(pin ? pin.getLoc() : op.getLoc())
                                  << "'" << op.getSymName() << "' finds no room";
  if (pin)
    diagnostic << " on chip " << int64_t(pin.getChip()) << ", to which it is pinned";
  diagnostic << ": neuron " << first << " of " << count << " needs another core, and "
             << (pin ? "a chip of '" : "'") << slicer.target.name << "' has "
             << (pin ? slicer.target.chip.cores : slicer.target.coreCount());
  // As many as a core has room for, and one more.
  int64_t most = slicer.largestSlice(number, first, count - first + 1).group.neurons;
  if (most == 0)
    return diagnostic;
  diagnostic.attachNote() << "a core has room for " << most << " of them, so that the "
                          << count - first << " that are left need "
                          << (count - first + most - 1) / most << " more";
  std::vector<nc::Excess> excesses;
  if (most == slicer.neuronsPerCore) {
    diagnostic.attachNote() << "more on a core are not wanted (--neurons-per-core, or "
                               "'neurons_per_core' of the network)";
  } else if (most < count - first) {
    OpenCore core = slicer.with(OpenCore(), slicer.sliceOf(number, first, most + 1));
    excesses = nc::allExcesses(slicer.usageOf(core), slicer.target);
    diagnostic.attachNote() << "with one more on a core:";
    addExcesses(slicer, number, first, excesses, diagnostic);
  }
  addRemedies(slicer, number, excesses, diagnostic);
  return diagnostic;
}

} // namespace basalt::neurocore
