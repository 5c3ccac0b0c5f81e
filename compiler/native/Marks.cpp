// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Marks in programs that are compiled for profiles: where the code of one instance ends and that of
// another begins, `rt::mark(ctx, 3);`. The parts that they tell apart are a table of the program.
#include "compiler/native/FunctionConversion.h"

#include "dialect/proc/Proc.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::native {

StringRef instanceOf(Location loc) {
  if (auto call = dyn_cast<CallSiteLoc>(loc)) {
    StringRef caller = instanceOf(call.getCaller());
    return caller.empty() ? instanceOf(call.getCallee()) : caller;
  }
  if (auto named = dyn_cast<NameLoc>(loc))
    return named.getName().getValue();
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : fused.getLocations())
      if (StringRef name = instanceOf(part); !name.empty())
        return name;
  return "";
}

unsigned Symbols::partOf(StringRef phase, StringRef instance, StringRef what) {
  std::string part = "{" + quote(phase) + ", " + quote(instance) + ", " + quote(what) + "}";
  auto [it, isNew] = partNumbers.try_emplace(part, parts.size());
  if (isNew)
    parts.push_back(part);
  return it->second;
}

/// What a profile calls the statement; empty if it is too little to be told apart from what is
/// around it.
static std::string whatIs(Operation *op, Names &names) {
  return TypeSwitch<Operation *, std::string>(op)
      .Case<func::CallOp>([&](auto call) { return names.of(call.getCallee()).str(); })
      .Case<rtop::DueOp, rtop::AddRowsOp>([](auto) { return "delivery"; })
      .Case<rtop::UpdateEntriesOp>([](auto) { return "updates of synapses"; })
      .Case<rtop::AdvanceOp>([](auto) { return "lists of spikes"; })
      .Case<rtop::FillRandomOp, rtop::FillPoissonOp>([](auto) { return "random numbers"; })
      .Case<rtop::PrintOp>([](auto) { return "print"; })
      .Case<scf::ForOp>([](auto) { return "loops"; })
      .Case<scf::IfOp, memref::StoreOp, rtop::AssertOp>([](auto) { return "code"; })
      .Default([](Operation *) { return ""; });
}

void FunctionConversion::markPart(Operation *op) {
  if (phase.empty())
    return;
  std::string what = whatIs(op, symbols.names);
  if (what.empty())
    return;
  Location loc = op->getLoc();
  unsigned part = symbols.partOf(phase, instanceOf(loc), what);
  if (part != current)
    emitc::VerbatimOp::create(builder, loc,
                              "rt::mark(" + marked.str() + ", " + std::to_string(part) + ");");
  current = part;
}

LogicalResult FunctionConversion::convertStatement(Operation *op) {
  markPart(op);
  if (failed(convert(op)))
    return failure();
  if (isa<rtop::ParallelOp>(op))
    current.reset(); // what came last in there is not what follows
  auto rows = dyn_cast<rtop::AddRowsOp>(op);
  if (!rows || phase.empty())
    return success();
  std::string count = std::to_string(rows.getSpikes().getType().getNumElements());
  emitc::VerbatimOp::create(builder, op->getLoc(),
                            "rt::countRows(" + marked.str() + ", {}, {}, " + count + ");",
                            values({rows.getOffsets(), rows.getSpikes()}));
  return success();
}

} // namespace basalt::native
