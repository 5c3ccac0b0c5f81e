// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Guards: whether a process takes part in a phase of this step.
#include "compiler/schedule/Builder.h"

using namespace mlir;

namespace basalt {

FailureOr<step::GuardOp> ProgramBuilder::buildGuard(unsigned number, proc::GuardOp guard) {
  Instance instance = network.instances[number];
  StringRef kind = stringifyEnum(guard.getKind());
  auto result = step::GuardOp::create(builder, locate(guard, instance), instance.spell(kind),
                                      instance.name(), guard.getKind());
  // A Var may be called like a guard; then the guard's symbol gives way.
  symbols.insert(result);

  OpBuilder::InsertionGuard restore(builder);
  builder.createBlock(&result.getBody());
  BehaviourBuilder behaviour(network, number);
  IRMapping values;
  for (Operation &op : guard.getBody().front())
    if (failed(behaviour.clone(&op, builder, values)))
      return failure();
  return result;
}

LogicalResult ProgramBuilder::buildGuards() {
  for (unsigned i = 0; i < network.instances.size(); ++i) {
    proc::ModelOp model = network.instances[i].model;
    if (!model)
      continue;
    for (auto guard : model.getBody().getOps<proc::GuardOp>()) {
      FailureOr<step::GuardOp> built = buildGuard(i, guard);
      if (failed(built))
        return failure();
      guards[{i, static_cast<unsigned>(guard.getKind())}] =
          FlatSymbolRefAttr::get(built->getSymNameAttr());
    }
  }
  return success();
}

FlatSymbolRefAttr ProgramBuilder::guardOf(unsigned instance, proc::PhaseKind phase) {
  std::optional<proc::GuardKind> kind = proc::guardKindOf(phase);
  return kind ? guards.lookup({instance, static_cast<unsigned>(*kind)}) : FlatSymbolRefAttr();
}

} // namespace basalt
