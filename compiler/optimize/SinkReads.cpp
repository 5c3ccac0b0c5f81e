// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// sink-reads: what a task computes of states alone moves to the task that uses it. See Passes.td.
#include "compiler/optimize/Passes.h"
#include "compiler/schedule/StateAccesses.h"
#include "dialect/step/Step.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_SINKREADS
#include "compiler/optimize/Passes.h.inc"

namespace {

struct SinkReads : impl::SinkReadsBase<SinkReads> {
  void runOnOperation() override {
    for (auto phase : getOperation().getBody().getOps<step::PhaseOp>())
      for (auto task : llvm::make_early_inc_range(phase.getBody().getOps<step::TaskOp>()))
        runOn(task);
  }

private:
  static void runOn(step::TaskOp task);
  static bool sink(OpResult result);
};

} // namespace

/// The one task that uses a message or local value of the task `from`, if it is of the same
/// instance and runs later; else null. A value that is recorded stays.
static step::TaskOp onlyUser(OpResult result, step::TaskOp from) {
  step::TaskOp only;
  for (Operation *user : result.getUsers()) {
    auto task = user->getParentOfType<step::TaskOp>();
    if (!task || (only && task != only) || task->getBlock() != from->getBlock())
      return {};
    only = task;
  }
  bool isSame = only && only.getInstance() == from.getInstance() &&
                only.getGuardAttr() == from.getGuardAttr();
  return isSame ? only : step::TaskOp();
}

/// Collects what `value` is computed by, operands first; fails if that is more than gets of the
/// process's own states and what depends on nothing else.
static LogicalResult collect(Value value, Block *body, llvm::SetVector<Operation *> &ops) {
  Operation *def = value.getDefiningOp();
  if (!def || def->getBlock() != body)
    return failure();
  if (ops.contains(def))
    return success();
  auto get = dyn_cast<step::GetOp>(def);
  if (get ? get.getVia().has_value() : !isPure(def) || def->getNumRegions() != 0)
    return failure();
  for (Value operand : def->getOperands())
    if (failed(collect(operand, body, ops)))
      return failure();
  ops.insert(def);
  return success();
}

/// Whether an op from `first` up to `last` in their block gives one of the states a new value.
static bool changes(Operation *first, Operation *last,
                    const llvm::SmallDenseSet<Attribute> &states) {
  for (Operation *op = first; op != last; op = op->getNextNode()) {
    WalkResult result = op->walk([&](Operation *nested) {
      bool writes = false;
      visitStates(nested, [&](SymbolRefAttr state, bool isWrite) {
        writes |= isWrite && states.contains(state);
      });
      return writes ? WalkResult::interrupt() : WalkResult::advance();
    });
    if (result.wasInterrupted())
      return true;
  }
  return false;
}

/// Moves what can be moved; returns whether the result has no users any more.
bool SinkReads::sink(OpResult result) {
  auto from = cast<step::TaskOp>(result.getOwner());
  step::TaskOp to = onlyUser(result, from);
  Block &body = from.getBody().front();
  Value value = cast<step::YieldOp>(body.getTerminator()).getValues()[result.getResultNumber()];
  llvm::SetVector<Operation *> ops;
  if (!to || failed(collect(value, &body, ops)))
    return false;
  llvm::SmallDenseSet<Attribute> states;
  Operation *first = body.getTerminator();
  for (Operation *op : ops) {
    if (auto get = dyn_cast<step::GetOp>(op))
      states.insert(get.getStateAttr());
    if (op->isBeforeInBlock(first))
      first = op;
  }
  if (changes(first, body.getTerminator(), states) || changes(from->getNextNode(), to, states))
    return false;
  OpBuilder builder(&to.getBody().front(), to.getBody().front().begin());
  IRMapping mapping;
  for (Operation *op : ops)
    builder.clone(*op, mapping);
  result.replaceAllUsesWith(mapping.lookup(value));
  return true;
}

void SinkReads::runOn(step::TaskOp task) {
  bool changed = false;
  for (OpResult result : task.getResults())
    changed |= sink(result);
  if (!changed)
    return;
  // What has moved shall not look as if it were still needed here.
  Block &body = task.getBody().front();
  PatternRewriter rewriter(task.getContext());
  rewriter.setInsertionPoint(task);
  (void)step::TaskOp::canonicalize(task, rewriter);
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

} // namespace basalt
