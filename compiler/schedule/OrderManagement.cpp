// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of the phases in which processes access each other's Vars: the owner of a Var first,
// then those that access it.
#include "compiler/schedule/Order.h"
#include "compiler/schedule/Periods.h"

#include "llvm/ADT/SetVector.h"

#include <set>

using namespace mlir;

namespace basalt {

LogicalResult emitDeadlock(proc::InstanceOp instance) {
  return instance.emitError("expected a network without deadlocks, found that '")
         << instance.getSymName() << "' waits for itself; check-deadlocks says why";
}

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

/// The steps in which an instance takes part in the phase.
static Periods periodsOf(const Instance &instance, proc::PhaseKind kind) {
  std::optional<proc::GuardKind> guardKind = proc::guardKindOf(kind);
  proc::GuardOp guard = guardKind ? proc::guardOf(instance.model, *guardKind) : proc::GuardOp();
  return guard ? periodsOf(guard.getBody()) : Periods();
}

FailureOr<PhaseWaits> waitsOf(const Network &network, proc::PhaseKind kind) {
  PhaseWaits phase;
  for (unsigned i = 0; i < network.instances.size(); ++i) {
    if (!network.instances[i].phase(kind))
      continue;
    FailureOr<SmallVector<Access>> accesses = remoteAccesses(network, i, kind);
    if (failed(accesses))
      return failure();
    llvm::SmallSetVector<unsigned, 4> owners;
    const Periods periods = accesses->empty() ? Periods() : periodsOf(network.instances[i], kind);
    for (const Access &access : *accesses) {
      unsigned owner = access.remote->owner;
      if (owner != i && network.instances[owner].phase(kind) &&
          !areDisjoint(periods, periodsOf(network.instances[owner], kind)))
        owners.insert(owner);
    }
    phase.waits[i] = owners.takeVector();
    phase.accesses[i] = std::move(*accesses);
  }
  return phase;
}

FailureOr<PhaseOrder> orderPhase(const Network &network, proc::PhaseKind kind) {
  FailureOr<PhaseWaits> waits = waitsOf(network, kind);
  if (failed(waits))
    return failure();
  PhaseOrder phase{std::move(*waits), {}};
  llvm::DenseMap<unsigned, unsigned> missing; // owners that are not done
  llvm::DenseMap<unsigned, SmallVector<unsigned>> waiters;
  std::set<unsigned> runnable, blocked;
  for (auto &[instance, owners] : phase.waits) {
    for (unsigned owner : owners)
      waiters[owner].push_back(instance);
    missing[instance] = owners.size();
    (owners.empty() ? runnable : blocked).insert(instance);
  }
  while (!runnable.empty()) {
    unsigned first = *runnable.begin();
    runnable.erase(runnable.begin());
    phase.order.push_back(first);
    for (unsigned waiter : waiters[first])
      if (--missing[waiter] == 0) {
        blocked.erase(waiter);
        runnable.insert(waiter);
      }
  }
  if (!blocked.empty())
    return emitDeadlock(network.instances[*blocked.begin()].op);
  return phase;
}

} // namespace basalt
