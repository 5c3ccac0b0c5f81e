// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// promote-states: states are read first and written last. See Passes.td.
#include "compiler/optimize/Passes.h"
#include "compiler/schedule/StateAccesses.h"
#include "dialect/step/Step.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_PROMOTESTATES
#include "compiler/optimize/Passes.h.inc"

namespace {

using State = Attribute; // the reference to it
using StateSet = llvm::SmallDenseSet<State>;
using KnownValues = llvm::SmallDenseMap<State, Value>;

/// The states that an op and the code nested in it read and write.
struct Touched {
  StateSet read, written;

  void add(Operation *op);
  bool contains(State state) const { return read.contains(state) || written.contains(state); }
};

struct PromoteStates : impl::PromoteStatesBase<PromoteStates> {
  void runOnOperation() override {
    getOperation().walk([](step::TaskOp task) {
      Block &body = task.getBody().front();
      forward(body, KnownValues());
      hoistGets(body);
      sinkSets(body);
    });
  }

private:
  static void forward(Block &block, KnownValues known);
  static void forwardNested(Operation *op, KnownValues &known);
  static void hoistGets(Block &block);
  static void sinkSets(Block &block);
};

} // namespace

void Touched::add(Operation *op) {
  op->walk([&](Operation *nested) {
    visitStates(nested, [&](SymbolRefAttr state, bool isWrite) {
      (isWrite ? written : read).insert(state);
    });
  });
}

/// Code under a condition runs right here if at all, so it knows what is known here. A loop knows
/// only what it does not change itself.
void PromoteStates::forwardNested(Operation *op, KnownValues &known) {
  Touched touched;
  touched.add(op);
  KnownValues inside = known;
  if (!isa<scf::IfOp>(op))
    for (State state : touched.written)
      inside.erase(state);
  for (Region &region : op->getRegions())
    for (Block &block : region)
      forward(block, inside);
  for (State state : touched.written)
    known.erase(state);
}

/// Replaces gets whose value is known and erases sets that are overwritten unseen or change
/// nothing.
void PromoteStates::forward(Block &block, KnownValues known) {
  llvm::SmallDenseMap<State, step::SetOp>
      unseen; // the last set of a state, while nothing has read it
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (auto get = dyn_cast<step::GetOp>(op)) {
      auto [entry, isNew] = known.try_emplace(get.getStateAttr(), get.getResult());
      if (!isNew) {
        get.replaceAllUsesWith(entry->second);
        get.erase();
      }
      continue;
    }
    if (auto set = dyn_cast<step::SetOp>(op)) {
      Value &value = known[set.getStateAttr()];
      if (value == set.getValue()) {
        set.erase();
        continue;
      }
      value = set.getValue();
      step::SetOp &last = unseen[set.getStateAttr()];
      if (last)
        last.erase();
      last = set;
      continue;
    }
    if (op.getNumRegions() != 0)
      forwardNested(&op, known);
    // After forwarding: a nested get of a known value is no longer a read.
    Touched touched;
    touched.add(&op);
    for (const StateSet &states : {touched.read, touched.written})
      for (State state : states)
        unseen.erase(state);
    for (State state : touched.written)
      known.erase(state);
  }
}

void PromoteStates::hoistGets(Block &block) {
  Touched before;
  Operation *lastGet = nullptr;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    auto get = dyn_cast<step::GetOp>(op);
    if (get && !before.written.contains(get.getStateAttr())) {
      if (lastGet)
        op.moveAfter(lastGet);
      else
        op.moveBefore(&block, block.begin());
      lastGet = &op;
    }
    before.add(&op);
  }
}

void PromoteStates::sinkSets(Block &block) {
  Touched after;
  Operation *firstSet = block.getTerminator();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    auto set = dyn_cast<step::SetOp>(op);
    if (set && !after.contains(set.getStateAttr())) {
      op.moveBefore(firstSet);
      firstSet = &op;
    }
    after.add(&op);
  }
}

} // namespace basalt
