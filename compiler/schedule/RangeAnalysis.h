// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- RangeAnalysis.h - which numbers a program computes -----------------===//
//
// Runs a scheduled program with sets of numbers in the place of numbers, once each for a step,
// until nothing new comes (sound), for the first steps only (evident), or step by step as it is
// told (exact): see Knowledge in Numbers.h. Its values are those of the last step.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_SCHEDULE_RANGEANALYSIS_H
#define BASALT_COMPILER_SCHEDULE_RANGEANALYSIS_H

#include "compiler/schedule/Numbers.h"
#include "dialect/step/Step.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"
#include <vector>

namespace basalt {

class RangeAnalysis {
public:
  /// Of the states in `changing` nothing is known: they are set from outside.
  RangeAnalysis(step::ProgramOp program, Knowledge knowledge, const llvm::StringSet<> &changing);

  /// Runs a step, if the knowledge is exact. False if all is as in the step before, or much has
  /// been run already.
  bool advance();
  int64_t timeStep() const { return steps; }

  /// What a value can be; of one in a task that does not run, none.
  const Numbers &of(mlir::Value value) const;
  /// What a state is when the first step begins.
  const Numbers &initial(step::StateOp state) const { return start.at(state); }
  step::StateOp state(mlir::FlatSymbolRefAttr name) const { return states.at(name.getAttr()); }
  /// Whether the program itself gives the state new values.
  bool isWritten(step::StateOp state) const { return written.contains(state); }

private:
  using States = llvm::DenseMap<mlir::Operation *, Numbers>;

  /// A task is a function of these; as long as they stay what they were, so do its results.
  struct Task {
    step::TaskOp op;
    bool isInit, isCertain, hasRun;
    llvm::SmallVector<mlir::Operation *> states, written;
    llvm::SmallVector<mlir::Value> operands;
    llvm::SmallVector<Numbers> before, after; ///< of states and operands; of what is written
    size_t size = 0;                          ///< in ops
    bool usesTime = false;                    ///< so it is another one in each step
  };

  Numbers unknown(mlir::Type type) const;
  void collectTasks();
  void collectStates(const llvm::StringSet<> &changing);
  bool grow(States &reached, llvm::DenseMap<mlir::Operation *, unsigned> &growths);
  void settle();
  void watchFirstSteps();
  bool runStep(bool isFirst);
  bool runTask(Task &task);
  void runBlock(mlir::Block &block, bool isCertain);
  void runOp(mlir::Operation *op, bool isCertain);
  void runIf(mlir::Operation *op, bool isCertain);
  void runLoop(mlir::Operation *op);
  void set(step::SetOp op, bool isCertain);
  Numbers wider(const Numbers &before, const Numbers &now, mlir::Type type, unsigned growths) const;

  step::ProgramOp program;
  Knowledge knowledge;
  llvm::DenseMap<mlir::StringAttr, step::StateOp> states;
  llvm::SetVector<mlir::Operation *> written;
  std::vector<Task> tasks;
  States start, current;
  size_t work = 0; ///< ops that have been run
  int64_t steps = 0;
  llvm::DenseMap<mlir::Value, Numbers> values;
};

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_RANGEANALYSIS_H
