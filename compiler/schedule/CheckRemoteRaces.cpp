// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// check-remote-races: two processes that access one Var in one phase, at least one of them writing,
// with nothing that says who goes first.
#include "compiler/schedule/Order.h"
#include "compiler/schedule/Passes.h"
#include "compiler/support/EmitWarning.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CHECKREMOTERACES
#include "compiler/schedule/Passes.h.inc"

namespace {

/// What one process does to a Var in a phase.
struct Accessor {
  unsigned instance;
  Operation *op; // the first write, else the first read
  bool write;
};

class RaceFinder {
public:
  RaceFinder(const Network &network, const PhaseOrder &phase, proc::PhaseKind kind, bool strict)
      : network(network), phase(phase), kind(kind), strict(strict) {}

  /// Fails if there are races and they are errors.
  LogicalResult run();

private:
  using VarKey = std::pair<unsigned, Operation *>;

  void addAccess(unsigned instance, const Access &access);
  /// Whether one of them waits for the other, perhaps through others.
  bool areOrdered(unsigned a, unsigned b);
  const llvm::DenseSet<unsigned> &reachableFrom(unsigned instance);
  LogicalResult report(const VarKey &key, const Accessor &first, const Accessor &second,
                       size_t more);
  LogicalResult checkVar(const VarKey &key, ArrayRef<Accessor> accessors);

  const Network &network;
  const PhaseOrder &phase;
  proc::PhaseKind kind;
  bool strict;
  llvm::MapVector<VarKey, SmallVector<Accessor>> accessorsOf;
  llvm::DenseMap<unsigned, llvm::DenseSet<unsigned>> reachable;
};

struct CheckRemoteRaces : impl::CheckRemoteRacesBase<CheckRemoteRaces> {
  using Base::Base;

  void runOnOperation() override {
    FailureOr<Network> network = Network::build(getOperation());
    if (failed(network))
      return signalPassFailure();
    for (auto kind : {proc::PhaseKind::PreMgmt, proc::PhaseKind::PostMgmt, proc::PhaseKind::Host}) {
      FailureOr<PhaseOrder> phase = orderPhase(*network, kind);
      if (failed(phase) || failed(RaceFinder(*network, *phase, kind, strict).run()))
        return signalPassFailure();
    }
  }
};

} // namespace

void RaceFinder::addAccess(unsigned instance, const Access &access) {
  if (access.remote->owner == instance)
    return; // the owner goes first
  proc::VarOp var = access.remote->var;
  SmallVector<Accessor> &list = accessorsOf[{access.remote->owner, var}];
  if (list.empty() || list.back().instance != instance)
    list.push_back({instance, access.op, access.write});
  else if (access.write && !list.back().write)
    list.back() = {instance, access.op, true};
}

const llvm::DenseSet<unsigned> &RaceFinder::reachableFrom(unsigned instance) {
  auto [entry, isNew] = reachable.try_emplace(instance);
  if (!isNew)
    return entry->second;
  llvm::DenseSet<unsigned> found;
  SmallVector<unsigned> work{instance};
  while (!work.empty())
    for (unsigned owner : phase.waits.at(work.pop_back_val()))
      if (found.insert(owner).second)
        work.push_back(owner);
  return reachable[instance] = std::move(found);
}

bool RaceFinder::areOrdered(unsigned a, unsigned b) {
  return reachableFrom(a).contains(b) || reachableFrom(b).contains(a);
}

LogicalResult RaceFinder::report(const VarKey &key, const Accessor &first, const Accessor &second,
                                 size_t more) {
  Instance a = network.instances[first.instance], b = network.instances[second.instance];
  Instance owner = network.instances[key.first];
  InFlightDiagnostic diagnostic =
      strict ? first.op->emitError() : emitWarning(first.op->getLoc(), Warning::RemoteRace);
  diagnostic << "'" << a.name() << "' ";
  if (first.write == second.write)
    diagnostic << "and '" << b.name() << "' both write '";
  else
    diagnostic << (first.write ? "writes" : "reads") << " and '" << b.name() << "' "
               << (second.write ? "writes" : "reads") << " '";
  diagnostic << owner.spell(cast<proc::VarOp>(key.second).getSymName()) << "' in "
             << stringifyEnum(kind) << ", and nothing orders them; '" << a.name() << "' goes first";
  if (more != 0)
    diagnostic << " (and " << more << " more such pairs)";
  diagnostic.attachNote(second.op->getLoc()) << "'" << b.name() << "' does so here";
  return success(!strict);
}

LogicalResult RaceFinder::checkVar(const VarKey &key, ArrayRef<Accessor> accessors) {
  const Accessor *first = nullptr, *second = nullptr;
  size_t count = 0;
  if (llvm::none_of(accessors, [](const Accessor &accessor) { return accessor.write; }))
    return success();
  for (size_t i = 0; i < accessors.size(); ++i)
    for (size_t j = i + 1; j < accessors.size(); ++j) {
      const Accessor &a = accessors[i], &b = accessors[j];
      if ((!a.write && !b.write) || areOrdered(a.instance, b.instance))
        continue;
      if (count++ == 0) {
        first = &a;
        second = &b;
      }
    }
  return count == 0 ? success() : report(key, *first, *second, count - 1);
}

LogicalResult RaceFinder::run() {
  for (unsigned instance : phase.order)
    for (const Access &access : phase.accesses.at(instance))
      addAccess(instance, access);
  bool failedOnce = false;
  for (auto &[key, accessors] : accessorsOf)
    failedOnce |= failed(checkVar(key, accessors));
  return failure(failedOnce);
}

} // namespace basalt
