// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who reads and writes which state of a program: the one place that knows, for warnings and reports
// as for optimisations. An MLIR analysis; passes get it by getAnalysis<StateAccesses>().
#ifndef BASALT_COMPILER_SCHEDULE_STATEACCESSES_H
#define BASALT_COMPILER_SCHEDULE_STATEACCESSES_H

#include "dialect/step/Step.h"

#include "llvm/ADT/MapVector.h"

namespace basalt {

/// Calls `visit` for each state that `op` reads and each that it writes, code nested in it left
/// out: for what goes from op to op.
void visitStates(mlir::Operation *op,
                 llvm::function_ref<void(mlir::SymbolRefAttr state, bool isWrite)> visit);

/// An op that names a state.
struct StateAccess {
  mlir::Operation *op;
  bool reads = false, writes = false;

  /// The task it stands in; null in a guard, and for a probe between tasks.
  step::TaskOp task() const { return op->getParentOfType<step::TaskOp>(); }
  /// The phase it takes place in; none in a guard.
  std::optional<proc::PhaseKind> phase() const;
  /// Whether it goes through a RefPort.
  bool isRemote() const;
};

class StateAccesses {
public:
  /// `root` is a step.program, or holds one.
  explicit StateAccesses(mlir::Operation *root);

  /// The accesses of a state in program order; guards come before phases.
  llvm::ArrayRef<StateAccess> of(mlir::StringAttr state) const;
  /// Whether code names the state at all.
  bool isUsed(mlir::StringAttr state) const { return !of(state).empty(); }
  /// Whether no step changes the state; init may, and whoever sets it from outside.
  bool isConstant(mlir::StringAttr state) const;
  /// Whether a process other than its owner writes it.
  bool isWrittenRemotely(mlir::StringAttr state) const;

  /// All states that code names, with their accesses.
  using Map = llvm::MapVector<mlir::StringAttr, llvm::SmallVector<StateAccess, 2>>;
  const Map &all() const { return accesses; }

private:
  Map accesses;
};

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_STATEACCESSES_H
