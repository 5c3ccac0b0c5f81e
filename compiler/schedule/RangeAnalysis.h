// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- RangeAnalysis.h - which numbers a program computes -----------------===//
//
// Runs a scheduled program with sets of numbers in the place of numbers, once each for a step,
// until nothing new comes (sound), or for the first steps only (evident): see Knowledge in
// Numbers.h. Its values are those of the last step.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_SCHEDULE_RANGEANALYSIS_H
#define BASALT_COMPILER_SCHEDULE_RANGEANALYSIS_H

#include "compiler/schedule/Numbers.h"
#include "dialect/step/Step.h"

#include "llvm/ADT/StringSet.h"

namespace basalt {

class RangeAnalysis {
public:
  /// Of the states in `changing` nothing is known: they are set from outside.
  RangeAnalysis(step::ProgramOp program, Knowledge knowledge, const llvm::StringSet<> &changing);

  /// What a value can be; of one in a task that does not run, none.
  const Numbers &of(mlir::Value value) const;
  /// What a state is when the first step begins.
  const Numbers &initial(step::StateOp state) const { return start.at(state); }
  step::StateOp state(mlir::FlatSymbolRefAttr name) const { return states.at(name.getAttr()); }
  /// Whether the program itself gives the state new values.
  bool isWritten(step::StateOp state) const { return written.contains(state); }

private:
  using States = llvm::DenseMap<mlir::Operation *, Numbers>;

  Numbers unknown(mlir::Type type) const;
  void collectStates(const llvm::StringSet<> &changing);
  void settle();
  void watchFirstSteps();
  void runStep(bool isFirst);
  void runBlock(mlir::Block &block, bool isCertain);
  void runOp(mlir::Operation *op, bool isCertain);
  void runIf(mlir::Operation *op);
  void runLoop(mlir::Operation *op);
  void set(step::SetOp op, bool isCertain);
  Numbers wider(const Numbers &before, const Numbers &now, mlir::Type type, unsigned round) const;

  step::ProgramOp program;
  Knowledge knowledge;
  llvm::DenseMap<mlir::StringAttr, step::StateOp> states;
  llvm::DenseSet<mlir::Operation *> written;
  States start, current;
  llvm::DenseMap<mlir::Value, Numbers> values;
};

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_RANGEANALYSIS_H
