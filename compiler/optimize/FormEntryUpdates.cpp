// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// form-entry-updates: weights of synapses change where there are spikes. See Passes.td.
#include "compiler/optimize/EntryUpdates.h"
#include "compiler/optimize/KernelPool.h"
#include "compiler/optimize/Passes.h"
#include "compiler/optimize/ScalarCode.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_FORMENTRYUPDATES
#include "compiler/optimize/Passes.h.inc"

namespace {

struct FormEntryUpdates : impl::FormEntryUpdatesBase<FormEntryUpdates> {
  void runOnOperation() override;

private:
  void formIn(Block &block, KernelPool &pool, StringRef name);
};

/// Puts updates in the place of what computes all entries.
class UpdateBuilder {
public:
  UpdateBuilder(step::SetOp set, MutableArrayRef<optimize::EntryUpdate> updates)
      : set(set), block(*set->getBlock()), updates(updates) {}

  void run(KernelPool &pool, StringRef name);

private:
  void findDead();
  Operation *firstReader(Value value, Operation *before);
  void moveReaders(Value entries, Operation *update);
  bool collectMoved(Operation *op, Operation *place, llvm::SetVector<Operation *> &moved);

  step::SetOp set;
  Block &block;
  MutableArrayRef<optimize::EntryUpdate> updates;
  llvm::SmallDenseSet<Operation *> dead;
};

} // namespace

/// Ops that nothing needs any more when the updates are there.
void UpdateBuilder::findDead() {
  dead.insert(set);
  auto isReplaced = [&](Value value) {
    return llvm::any_of(updates, [&](auto &update) { return update.after == value; });
  };
  for (Operation &op : llvm::reverse(block))
    if (isPure(&op) && op.getNumResults() == 1 &&
        (isReplaced(op.getResult(0)) ||
         llvm::all_of(op.getUsers(), [&](Operation *user) { return dead.contains(user); })))
      dead.insert(&op);
}

/// The first op of the block that needs `value`, if it stands before `before`; else `before`.
Operation *UpdateBuilder::firstReader(Value value, Operation *before) {
  Operation *first = before;
  for (Operation *user : value.getUsers()) {
    Operation *op = block.findAncestorOpInBlock(*user);
    if (op && !dead.contains(op) && op->isBeforeInBlock(first))
      first = op;
  }
  return first;
}

/// Collects what has to move before `place` so that `op` can stand there; false if something
/// cannot.
bool UpdateBuilder::collectMoved(Operation *op, Operation *place,
                                 llvm::SetVector<Operation *> &moved) {
  if (op->isBeforeInBlock(place) || moved.contains(op))
    return true;
  if (op == place || !isPure(op) || op->getNumRegions() != 0)
    return false;
  for (Value operand : op->getOperands())
    if (Operation *def = operand.getDefiningOp(); def && def->getBlock() == &block)
      if (!collectMoved(def, place, moved))
        return false;
  moved.insert(op);
  return true;
}

/// Lets those that need `entries` as they were before `update` stand before it, so that there need
/// be no copy.
void UpdateBuilder::moveReaders(Value entries, Operation *update) {
  SmallVector<Operation *> readers(entries.getUsers());
  for (Operation *reader : readers) {
    llvm::SetVector<Operation *> moved;
    if (reader->getBlock() == &block && !dead.contains(reader) &&
        collectMoved(reader, update, moved))
      for (Operation *op : moved)
        op->moveBefore(update);
  }
}

/// The value of rank 0 or 1 that an update is given.
static Value operandOf(optimize::EntryInput input, OpBuilder &builder) {
  Location loc = input.value.getLoc();
  auto type = dyn_cast<RankedTensorType>(input.value.getType());
  if (!type) // a condition that chooses between whole tensors
    return repeatedScalar(input.value, builder);
  if (input.role == step::EntryRole::Every)
    return builder.createOrFold<num::ReshapeOp>(loc, type.clone(ArrayRef<int64_t>()), input.value);
  if (type.getRank() == 1)
    return input.value;
  auto flat = type.clone(ArrayRef(type.getNumElements()));
  if (auto reshape = input.value.getDefiningOp<num::ReshapeOp>();
      reshape && reshape.getOperand().getType() == flat)
    return reshape.getOperand();
  return num::ReshapeOp::create(builder, loc, flat, input.value);
}

void UpdateBuilder::run(KernelPool &pool, StringRef name) {
  findDead();
  // As late as possible: whoever reads the entries as they were does so before.
  SmallVector<Operation *> places;
  Operation *next = set;
  for (optimize::EntryUpdate &update : llvm::reverse(updates))
    places.push_back(next = firstReader(update.after, next));
  Value before = updates.front().before;
  for (auto [update, place] : llvm::zip(updates, llvm::reverse(places))) {
    OpBuilder builder(place);
    SmallVector<Value> inputs;
    SmallVector<int32_t> roles;
    for (optimize::EntryInput input : update.inputs) {
      inputs.push_back(operandOf(input, builder));
      roles.push_back(static_cast<int32_t>(input.role));
    }
    Location loc = update.after.getLoc();
    Value mask = operandOf(update.mask, builder);
    step::KernelOp kernel = pool.intern(update.kernel.release(), name);
    auto op = step::UpdateEntriesOp::create(
        builder, loc, FlatSymbolRefAttr::get(kernel.getSymNameAttr()), set.getStateAttr(),
        step::EntryRoleAttr::get(set.getContext(), update.mask.role), mask, inputs,
        builder.getDenseI32ArrayAttr(roles));
    Value after = step::GetOp::create(builder, loc, update.after.getType(), set.getStateAttr(),
                                      FlatSymbolRefAttr());
    update.after.replaceAllUsesWith(after);
    moveReaders(before, op);
    before = after;
  }
  set.erase();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

void FormEntryUpdates::formIn(Block &block, KernelPool &pool, StringRef name) {
  for (Operation &op : block)
    for (Region &region : op.getRegions())
      for (Block &nested : region)
        formIn(nested, pool, name);
  SmallVector<step::SetOp> sets(block.getOps<step::SetOp>());
  for (step::SetOp set : sets) {
    SmallVector<optimize::EntryUpdate> updates = optimize::matchEntryUpdates(set, getOperation());
    if (!updates.empty())
      UpdateBuilder(set, updates).run(pool, name);
  }
}

void FormEntryUpdates::runOnOperation() {
  KernelPool pool(getOperation());
  SmallVector<step::TaskOp> tasks;
  getOperation().walk([&](step::TaskOp task) { tasks.push_back(task); });
  for (step::TaskOp task : tasks) {
    auto phase = cast<step::PhaseOp>(task->getParentOp());
    if (phase.getKind() == proc::PhaseKind::Init)
      continue; // runs once, before there is an index of targets
    std::string name = (task.getProcess() + "_" + stringifyEnum(phase.getKind())).str();
    formIn(task.getBody().front(), pool, name);
  }
}

} // namespace basalt
