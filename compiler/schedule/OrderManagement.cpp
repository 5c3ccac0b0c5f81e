// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of the phases in which processes access each other's Vars: the owner of a Var first,
// then those that access it.
#include "compiler/schedule/Order.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

#include <algorithm>
#include <set>

using namespace mlir;

namespace basalt {

FailureOr<SmallVector<Access>> remoteAccesses(const Network &network, unsigned instance,
                                              proc::PhaseKind phase) {
  SmallVector<Access> accesses;
  Instance self = network.instances[instance];
  proc::PhaseOp code = self.phase(phase);
  if (!code)
    return accesses;
  WalkResult result = code.walk([&](Operation *op) {
    if (!isa<proc::ReadOp, proc::WriteOp>(op))
      return WalkResult::advance();
    auto port = op->getAttrOfType<FlatSymbolRefAttr>("port");
    const Remote *remote = network.remoteOf({instance, port.getAttr()});
    if (!remote) {
      op->emitError("expected a resolved network, found RefPort '")
          << self.spell(port.getValue()) << "', which is accessed but not connected";
      return WalkResult::interrupt();
    }
    accesses.push_back({op, remote, isa<proc::WriteOp>(op)});
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  return accesses;
}

/// The instances with code in `phase` that `instance` waits for: owners of what it accesses.
static SmallVector<unsigned> waitsOf(const Network &network, unsigned instance,
                                     ArrayRef<Access> accesses, proc::PhaseKind phase) {
  llvm::SmallSetVector<unsigned, 4> owners;
  for (const Access &access : accesses) {
    Instance owner = network.instances[access.remote->owner];
    if (access.remote->owner != instance && owner.phase(phase))
      owners.insert(access.remote->owner);
  }
  return owners.takeVector();
}

/// Follows the waits from `at`, who is among those that nobody lets go, until they come round.
static LogicalResult emitCycle(const Network &network, const PhaseOrder &phase,
                               const llvm::DenseSet<unsigned> &done, unsigned at,
                               proc::PhaseKind kind) {
  SmallVector<unsigned> cycle;
  llvm::DenseMap<unsigned, size_t> seen;
  while (seen.try_emplace(at, cycle.size()).second) {
    cycle.push_back(at);
    at = *llvm::find_if(phase.waits.at(at), [&](unsigned owner) { return !done.contains(owner); });
  }
  cycle.erase(cycle.begin(), cycle.begin() + seen[at]);
  std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());

  auto accessOf = [&](size_t hop) {
    unsigned owner = cycle[(hop + 1) % cycle.size()];
    return *llvm::find_if(phase.accesses.at(cycle[hop]),
                          [&](const Access &access) { return access.remote->owner == owner; });
  };
  InFlightDiagnostic error = accessOf(0).op->emitError("processes wait for each other in ");
  error << stringifyEnum(kind) << ": ";
  for (unsigned instance : cycle)
    error << network.nameOf(instance) << " -> ";
  error << network.nameOf(cycle.front()) << "; the owner of a Var runs before those that access it";
  for (size_t hop = 0; hop < cycle.size(); ++hop) {
    Access access = accessOf(hop);
    proc::VarOp var = access.remote->var;
    Instance owner = network.instances[access.remote->owner];
    error.attachNote(access.op->getLoc())
        << "'" << network.nameOf(cycle[hop]) << "' " << (access.write ? "writes" : "reads") << " '"
        << owner.spell(var.getSymName()) << "' here, so it waits for '" << owner.name() << "'";
  }
  return failure();
}

FailureOr<PhaseOrder> orderPhase(const Network &network, proc::PhaseKind kind) {
  PhaseOrder phase;
  SmallVector<unsigned> missing(network.instances.size(), 0); // owners that are not done
  llvm::DenseMap<unsigned, SmallVector<unsigned>> waiters;
  std::set<unsigned> runnable, blocked;
  for (unsigned i = 0; i < network.instances.size(); ++i) {
    Instance instance = network.instances[i];
    if (!instance.phase(kind))
      continue;
    FailureOr<SmallVector<Access>> accesses = remoteAccesses(network, i, kind);
    if (failed(accesses))
      return failure();
    phase.waits[i] = waitsOf(network, i, *accesses, kind);
    phase.accesses[i] = std::move(*accesses);
    for (unsigned owner : phase.waits[i])
      waiters[owner].push_back(i);
    missing[i] = phase.waits[i].size();
    (missing[i] == 0 ? runnable : blocked).insert(i);
  }

  llvm::DenseSet<unsigned> done;
  while (!runnable.empty()) {
    unsigned first = *runnable.begin();
    runnable.erase(runnable.begin());
    done.insert(first);
    phase.order.push_back(first);
    for (unsigned waiter : waiters[first])
      if (--missing[waiter] == 0) {
        blocked.erase(waiter);
        runnable.insert(waiter);
      }
  }
  if (!blocked.empty())
    return emitCycle(network, phase, done, *blocked.begin(), kind);
  return phase;
}

} // namespace basalt
