// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which Vars processes access that do not own them: who does what in which phase, and what orders
// them.
#ifndef BASALT_COMPILER_SCHEDULE_REMOTEACCESSES_H
#define BASALT_COMPILER_SCHEDULE_REMOTEACCESSES_H

#include "compiler/schedule/Periods.h"
#include "compiler/schedule/StateAccesses.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace basalt {

/// What one process does to a Var in a phase.
struct Accessor {
  mlir::StringAttr instance;
  mlir::Operation *op; // the first write, else the first read
  bool reads = false, writes = false;
};

/// Who accesses a Var in a phase, in the order in which they run.
struct VarInPhase {
  step::StateOp state;
  proc::PhaseKind phase;
  llvm::SmallVector<Accessor, 2> accessors;
};

/// Of the Vars that processes access that do not own them.
class RemoteAccesses {
public:
  RemoteAccesses(step::ProgramOp program, const StateAccesses &accesses);

  /// By Var in the order of the file, then by phase.
  llvm::ArrayRef<VarInPhase> all() const { return vars; }

  /// Pairs of accessors of which at least one writes, while nothing says who goes first: the owner
  /// of a Var goes before others, so a process that accesses it waits for its owner, if that has
  /// code in the phase; those whose guards never hold in one step neither meet nor wait.
  using Pair = std::pair<const Accessor *, const Accessor *>;
  llvm::SmallVector<Pair> unordered(const VarInPhase &var) const;

  /// The Var as its owner and, in a hierarchy, as the outermost process calls it:
  /// `'h.lif.v' (alias 'h.v')`.
  std::string spell(step::StateOp state) const;
  /// The same for a table: `h.lif.v (h.v)`.
  std::string nameOf(step::StateOp state) const;

private:
  using Instances = llvm::DenseSet<mlir::StringAttr>;
  /// Those that an instance waits for in a phase, directly or through others.
  const Instances &waitsOf(proc::PhaseKind phase, mlir::StringAttr instance) const;

  llvm::SmallVector<VarInPhase> vars;
  /// By phase and instance.
  using Place = std::pair<unsigned, mlir::StringAttr>;
  llvm::DenseSet<Place> runs;
  llvm::DenseMap<Place, Periods> periods; ///< of their guards
  llvm::DenseMap<Place, llvm::SmallVector<mlir::StringAttr, 2>> waits;
  mutable llvm::DenseMap<Place, Instances> reachable;
  llvm::DenseMap<mlir::StringAttr, llvm::StringRef> aliases;
};

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_REMOTEACCESSES_H
