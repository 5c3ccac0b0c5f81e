// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A phase or guard of a scheduled program while it runs.
#ifndef BASALT_COMPILER_INTERPRET_STEPACTIVATION_H
#define BASALT_COMPILER_INTERPRET_STEPACTIVATION_H

#include "compiler/interpret/StepInterpreter.h"
#include "compiler/interpret/Walker.h"

namespace basalt::interp {

/// One execution of a phase or of a guard. Throws RunError.
class StepActivation final : public Walker {
public:
  StepActivation(StepMemory &memory, rt::Context &ctx) : Walker(ctx, ""), memory(memory) {}

  void runPhase(step::PhaseOp phase);
  bool runGuard(step::GuardOp guard);

private:
  std::optional<Values> runAccess(mlir::Operation &op) override;
  Values runTask(step::TaskOp task);
  Values update(step::UpdateOp op);
  void updateEntries(step::UpdateEntriesOp op);
  void advance(step::AdvanceOp op);
  void probe(step::ProbeOp op);

  StepMemory &memory;
};

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_STEPACTIVATION_H
