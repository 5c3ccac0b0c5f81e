// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The phases other than spk: one task for each process, owners of Vars before those that access
// them.
#include "compiler/schedule/Builder.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace basalt {

namespace {

/// States that processes other than their owner write in post_mgmt: a recording shows them before
/// that happens.
class EarlyProbes {
public:
  explicit EarlyProbes(const PhaseOrder &phase) {
    for (const auto &[instance, accesses] : phase.accesses)
      for (const Access &access : accesses)
        if (access.write && access.remote->owner != instance)
          pending.insert(keyOf(access));
  }

  /// Whether the state must be probed before this access; true once for each state.
  bool isDue(unsigned instance, const Access &access) {
    return access.remote->owner != instance && pending.erase(keyOf(access));
  }

private:
  using Key = std::pair<unsigned, Operation *>;
  static Key keyOf(const Access &access) {
    return {access.remote->owner, proc::VarOp(access.remote->var)};
  }

  llvm::DenseSet<Key> pending;
};

} // namespace

LogicalResult ProgramBuilder::buildPhaseTask(unsigned number, proc::PhaseOp code) {
  Instance instance = network.instances[number];
  BehaviourBuilder behaviour(network, number);
  IRMapping values;
  step::TaskOp task = openTask(instance, code, guardOf(number, code.getKind()));
  OpBuilder inside = OpBuilder::atBlockEnd(&task.getBody().front());
  for (Operation &op : code.getBody().front())
    if (failed(behaviour.clone(&op, inside, values)))
      return failure();
  closeTask(task, {});
  return success();
}

LogicalResult ProgramBuilder::buildPhase(proc::PhaseKind kind) {
  FailureOr<PhaseOrder> phase = orderPhase(network, kind);
  if (failed(phase))
    return failure();
  if (phase->order.empty())
    return success();
  openPhase(kind);
  EarlyProbes probes(*phase);
  for (unsigned number : phase->order) {
    if (kind == proc::PhaseKind::PostMgmt)
      for (const Access &access : phase->accesses[number])
        if (probes.isDue(number, access)) {
          Instance owner = network.instances[access.remote->owner];
          proc::VarOp var = access.remote->var;
          step::ProbeOp::create(builder, locate(var, owner), refTo(owner, var.getSymName()),
                                Value());
        }
    if (failed(buildPhaseTask(number, network.instances[number].phase(kind))))
      return failure();
  }
  return success();
}

} // namespace basalt
