// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Remote accesses of a program, and their order.
#include "compiler/schedule/RemoteAccesses.h"

using namespace mlir;

namespace basalt {

/// The instance that a state belongs to: `lif` of `lif.v`. Paths of instances have dots, names of
/// Vars have none.
static StringAttr ownerOf(StringAttr state) {
  return StringAttr::get(state.getContext(), state.getValue().rsplit('.').first);
}

static unsigned numberOf(proc::PhaseKind phase) { return static_cast<unsigned>(phase); }

/// Adds an access to those of its process in its phase, which is the last one so far.
static void add(SmallVectorImpl<VarInPhase> &vars, step::StateOp state, const StateAccess &access) {
  if (vars.empty() || vars.back().state != state || vars.back().phase != *access.phase())
    vars.push_back({state, *access.phase(), {}});
  SmallVector<Accessor, 2> &accessors = vars.back().accessors;
  StringAttr instance = access.task().getInstanceAttr();
  if (accessors.empty() || accessors.back().instance != instance)
    accessors.push_back({instance, access.op});
  Accessor &accessor = accessors.back();
  if (access.writes && !accessor.writes)
    accessor.op = access.op;
  accessor.reads |= access.reads;
  accessor.writes |= access.writes;
}

RemoteAccesses::RemoteAccesses(step::ProgramOp program, const StateAccesses &accesses) {
  SymbolTable symbols(program);
  program.walk([&](step::TaskOp task) {
    auto phase = cast<step::PhaseOp>(task->getParentOp());
    Place place{numberOf(phase.getKind()), task.getInstanceAttr()};
    runs.insert(place);
    if (FlatSymbolRefAttr guard = task.getGuardAttr())
      periods[place] = periodsOf(symbols.lookup<step::GuardOp>(guard.getAttr()).getBody());
  });
  // The shortest name is the outermost one.
  for (auto alias : program.getBody().getOps<step::AliasOp>()) {
    StringRef &name = aliases[alias.getStateAttr().getAttr()];
    if (name.empty() || alias.getAlias().count('.') < name.count('.'))
      name = alias.getAlias();
  }
  for (auto state : program.getBody().getOps<step::StateOp>()) {
    StringAttr name = state.getSymNameAttr();
    ArrayRef<StateAccess> list = accesses.of(name);
    if (llvm::none_of(list, [](const StateAccess &access) { return access.isRemote(); }))
      continue;
    StringAttr owner = ownerOf(name);
    for (const StateAccess &access : list) {
      if (!access.task())
        continue;
      add(vars, state, access);
      Place accessor{numberOf(*access.phase()), access.task().getInstanceAttr()};
      Place owning{accessor.first, owner};
      if (accessor != owning && runs.contains(owning) &&
          !areDisjoint(periods.lookup(accessor), periods.lookup(owning)))
        waits[accessor].push_back(owner);
    }
  }
}

const RemoteAccesses::Instances &RemoteAccesses::waitsOf(proc::PhaseKind phase,
                                                         StringAttr instance) const {
  Place place{numberOf(phase), instance};
  auto [entry, isNew] = reachable.try_emplace(place);
  if (!isNew)
    return entry->second;
  Instances found;
  SmallVector<StringAttr> work{instance};
  while (!work.empty())
    for (StringAttr owner : waits.lookup({place.first, work.pop_back_val()}))
      if (found.insert(owner).second)
        work.push_back(owner);
  return reachable[place] = std::move(found);
}

SmallVector<RemoteAccesses::Pair> RemoteAccesses::unordered(const VarInPhase &var) const {
  SmallVector<Pair> pairs;
  StringAttr owner = ownerOf(step::StateOp(var.state).getSymNameAttr());
  unsigned phase = numberOf(var.phase);
  auto isOrdered = [&](StringAttr a, StringAttr b) {
    return a == owner || b == owner || waitsOf(var.phase, a).contains(b) ||
           waitsOf(var.phase, b).contains(a) ||
           areDisjoint(periods.lookup({phase, a}), periods.lookup({phase, b}));
  };
  if (llvm::none_of(var.accessors, [](const Accessor &accessor) { return accessor.writes; }))
    return pairs;
  for (size_t i = 0; i < var.accessors.size(); ++i)
    for (size_t j = i + 1; j < var.accessors.size(); ++j) {
      const Accessor &a = var.accessors[i], &b = var.accessors[j];
      if ((a.writes || b.writes) && !isOrdered(a.instance, b.instance))
        pairs.push_back({&a, &b});
    }
  return pairs;
}

std::string RemoteAccesses::spell(step::StateOp state) const {
  std::string name = "'" + state.getSymName().str() + "'";
  StringRef alias = aliases.lookup(state.getSymNameAttr());
  return alias.empty() ? name : name + " (alias '" + alias.str() + "')";
}

std::string RemoteAccesses::nameOf(step::StateOp state) const {
  StringRef alias = aliases.lookup(state.getSymNameAttr());
  return alias.empty() ? state.getSymName().str() : (state.getSymName() + " (" + alias + ")").str();
}

} // namespace basalt
