// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// merge-tasks: tasks of one process that may as well be one. See Passes.td.
#include "compiler/optimize/Passes.h"
#include "dialect/num/Num.h"
#include "dialect/step/Step.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_MERGETASKS
#include "compiler/optimize/Passes.h.inc"

namespace {

class TaskMerger {
public:
  explicit TaskMerger(step::PhaseOp phase) : phase(phase) {}
  void run();

private:
  /// One task in the place of both, or null.
  step::TaskOp tryMerge(step::TaskOp first, step::TaskOp second);
  bool canSink(step::TaskOp first, step::TaskOp second);
  bool canHoist(step::TaskOp first, step::TaskOp second);
  step::TaskOp merge(step::TaskOp first, step::TaskOp second, Operation *place);

  step::PhaseOp phase;
};

struct MergeTasks : impl::MergeTasksBase<MergeTasks> {
  void runOnOperation() override {
    for (auto phase : getOperation().getBody().getOps<step::PhaseOp>())
      TaskMerger(phase).run();
  }
};

} // namespace

/// Whether others can tell when the task runs: it prints, may stop the run, or accesses states of
/// others.
static bool isObservable(step::TaskOp task) {
  WalkResult result = task.getBody().walk([](Operation *op) {
    bool access = false;
    if (auto get = dyn_cast<step::GetOp>(op))
      access = !get.getVia();
    if (auto set = dyn_cast<step::SetOp>(op))
      access = !set.getVia();
    bool control = isa<scf::IfOp, scf::ForOp>(op);
    return access || control || isMemoryEffectFree(op) ? WalkResult::advance()
                                                       : WalkResult::interrupt();
  });
  return result.wasInterrupted();
}

/// Whether nothing but recordings stands between two ops of a phase.
static bool areAdjacent(Operation *first, Operation *second) {
  Operation *op = first->getNextNode();
  while (op != second && isa<step::ProbeOp>(op))
    op = op->getNextNode();
  return op == second;
}

/// Whether the first task's message is what a state holds and the second gives that state a new
/// value: the state itself can be the message only while it does not change, so the change had
/// better come when it must.
static bool overwritesMessage(step::TaskOp first, step::TaskOp second) {
  llvm::SmallDenseSet<Attribute> written;
  second.getBody().walk([&](step::SetOp set) { written.insert(set.getStateAttr()); });
  auto yield = cast<step::YieldOp>(first.getBody().front().getTerminator());
  for (auto [result, value] : llvm::zip_equal(first.getResults(), yield.getValues())) {
    auto get = value.getDefiningOp<step::GetOp>();
    bool leaves =
        llvm::any_of(result.getUsers(), [&](Operation *user) { return !second->isAncestor(user); });
    if (get && leaves && written.contains(get.getStateAttr()))
      return true;
  }
  return false;
}

/// The first may run later, right before the second.
bool TaskMerger::canSink(step::TaskOp first, step::TaskOp second) {
  return llvm::all_of(first->getUsers(),
                      [&](Operation *user) { return second->isAncestor(user); }) &&
         (areAdjacent(first, second) || !isObservable(first));
}

/// The second may run earlier, right behind the first.
bool TaskMerger::canHoist(step::TaskOp first, step::TaskOp second) {
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(second.getBody(), used);
  bool ready = llvm::all_of(used, [&](Value value) {
    Operation *def = value.getDefiningOp();
    return !def || def == first || def->isBeforeInBlock(first);
  });
  return ready && (areAdjacent(first, second) || !isObservable(second));
}

step::TaskOp TaskMerger::merge(step::TaskOp first, step::TaskOp second, Operation *place) {
  OpBuilder builder(place);
  auto yieldOf = [](step::TaskOp task) {
    return cast<step::YieldOp>(task.getBody().front().getTerminator());
  };
  step::YieldOp firstYield = yieldOf(first), secondYield = yieldOf(second);
  for (auto [result, value] : llvm::zip_equal(first.getResults(), firstYield.getValues()))
    result.replaceUsesWithIf(value,
                             [&](OpOperand &use) { return second->isAncestor(use.getOwner()); });

  SmallVector<Value> results, yielded;
  auto keepUsed = [&](step::TaskOp task, step::YieldOp yield) {
    for (auto [result, value] : llvm::zip_equal(task.getResults(), yield.getValues()))
      if (!result.use_empty()) {
        results.push_back(result);
        yielded.push_back(value);
      }
  };
  keepUsed(first, firstYield);
  keepUsed(second, secondYield);
  auto merged =
      step::TaskOp::create(builder, first.getLoc(), TypeRange(ValueRange(yielded)),
                           first.getInstanceAttr(), first.getProcessAttr(), first.getGuardAttr());
  merged.getBody().takeBody(first.getBody());
  Block &body = merged.getBody().front(), &rest = second.getBody().front();
  firstYield->erase();
  body.getOperations().splice(body.end(), rest.getOperations());
  secondYield.getValuesMutable().assign(yielded);
  for (auto [old, fresh] : llvm::zip_equal(results, merged.getResults()))
    old.replaceAllUsesWith(fresh);
  first->erase();
  second->erase();
  return merged;
}

step::TaskOp TaskMerger::tryMerge(step::TaskOp first, step::TaskOp second) {
  if (first.getGuardAttr() != second.getGuardAttr() || overwritesMessage(first, second))
    return {};
  if (canHoist(first, second))
    return merge(first, second, first);
  if (canSink(first, second))
    return merge(first, second, second);
  return {};
}

void TaskMerger::run() {
  llvm::MapVector<StringAttr, SmallVector<step::TaskOp>> tasksOf;
  for (auto task : phase.getBody().getOps<step::TaskOp>())
    tasksOf[task.getInstanceAttr()].push_back(task);
  for (auto &[instance, tasks] : tasksOf) {
    step::TaskOp current = tasks.front();
    for (step::TaskOp next : ArrayRef(tasks).drop_front()) {
      step::TaskOp merged = tryMerge(current, next);
      current = merged ? merged : next;
    }
  }
}

} // namespace basalt
