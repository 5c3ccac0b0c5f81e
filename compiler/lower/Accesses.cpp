// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Positions are those of a walk in program order. A branch that is not taken only makes the answers
// more careful; a loop counts as a use until its end for what is defined before it.
#include "compiler/lower/Accesses.h"

#include "dialect/num/Products.h"
#include "dialect/rt/Rt.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Iterators.h"

using namespace mlir;

namespace basalt::lower {

bool isArray(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getNumElements() != 1;
}

bool isElementSource(Operation *op) {
  if (op->getNumResults() != 1 || !isArray(op->getResult(0).getType()))
    return false;
  if (auto extract = dyn_cast<num::ExtractOp>(op))
    return extract.getDynamic().empty();
  return num::isElementwise(op) || isa<num::BroadcastOp, num::ReshapeOp, num::TransposeOp>(op);
}

Accesses::Accesses(Operation *root) {
  number(root);
  findFused(root);
  collect(root);
}

void Accesses::number(Operation *root) {
  unsigned next = 0;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) { positions[op] = {next, next++}; });
  root->walk<WalkOrder::PostOrder>([&](Operation *op) {
    unsigned last = positions[op].second;
    for (Region &region : op->getRegions())
      for (Operation &inner : region.getOps())
        last = std::max(last, positions[&inner].second);
    positions[op].second = last;
  });
}

//===--- Fusion ---===//

void Accesses::findFused(Operation *root) {
  // Users first: what an operation may be fused into depends on what they are fused into.
  root->walk<WalkOrder::PostOrder, ReverseIterator>([&](Operation *op) {
    if (isElementSource(op) && op->getResult(0).hasOneUse() && canFuse(op))
      fused.insert(op);
  });
}

/// Moves elements or widens them: costs nothing worth a buffer when it is done again.
static bool isCheap(Operation *op) {
  return !num::isElementwise(op) || isa<arith::ExtSIOp, arith::ExtUIOp, arith::ExtFOp>(op);
}

/// Printing an integer does not depend on its width, so widened memory need not be made.
static bool isWidenedMemory(Operation *op) {
  auto extend = dyn_cast<arith::ExtSIOp>(op);
  return extend && extend.getIn().getDefiningOp<step::GetOp>() &&
         cast<RankedTensorType>(extend.getIn().getType()).getElementTypeBitWidth() > 1;
}

/// Whether a product reads elements of this operand more than once.
static bool isReadAgain(OpOperand &use) {
  num::ProductRole role = num::roleInProduct(use);
  return role == num::ProductRole::Kernel || role == num::ProductRole::Places;
}

bool Accesses::canFuse(Operation *op) {
  OpOperand &use = *op->getResult(0).use_begin();
  Operation *user = use.getOwner();
  if (user->getBlock() != op->getBlock())
    return false;
  if (isa<proc::PrintOp>(user))
    return isWidenedMemory(op);
  if (isa<step::SetOp, num::ReduceOp, num::InsertOp, num::ExtractOp>(user) ||
      (isa<scf::YieldOp>(user) && isa<scf::IfOp>(user->getParentOp())))
    return true;
  if (num::isProduct(user) && !isReadAgain(use))
    return true;
  if (num::isProduct(user) || isa<num::GatherOp>(user)) { // may pick an element again
    repeated.insert(op);
    return isCheap(op);
  }
  if (isa<num::ReshapeOp>(user) && !isFused(user))
    return false; // another view of the operand's memory
  if (!isElementSource(user))
    return false;
  if (!isa<num::BroadcastOp>(user) && !repeated.contains(user))
    return true;
  repeated.insert(op);
  return isCheap(op);
}

unsigned Accesses::readPosition(Operation *user, Block *def) const {
  while (isFused(user))
    user = *user->getResult(0).user_begin();
  unsigned result = position(user);
  for (Operation *op = user; op && op->getBlock() != def; op = op->getParentOp())
    if (isa_and_nonnull<scf::ForOp>(op->getParentOp()) && op->getParentOp() != def->getParentOp())
      result = std::max(result, positions.lookup(op->getParentOp()).second);
  return result;
}

unsigned Accesses::lastUse(Value value, Block *def) const {
  unsigned last = value.getDefiningOp() ? position(value.getDefiningOp()) : 0;
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    last = std::max(last, readPosition(user, def));
    if (auto task = dyn_cast<step::TaskOp>(user->getParentOp()); task && isa<step::YieldOp>(user))
      last = std::max(last, lastUse(task.getResult(use.getOperandNumber()), def));
    else if (isa<num::ReshapeOp>(user) && !isFused(user))
      last = std::max(last, lastUse(user->getResult(0), def));
  }
  return last;
}

bool Accesses::isLastUse(Value value, Operation *op) const {
  return lastUse(value, value.getParentBlock()) <= position(op) &&
         op->getBlock() == value.getParentBlock();
}

//===--- States ---===//

static StringRef stateOfExchange(Operation *op) {
  return op->getAttrOfType<FlatSymbolRefAttr>("state").getValue();
}

void Accesses::collect(Operation *root) {
  SmallVector<step::GetOp> gets;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto get = dyn_cast<step::GetOp>(op))
      gets.push_back(get);
    else if (auto set = dyn_cast<step::SetOp>(op))
      states[set.getState()].writes.push_back(position(op));
    else if (auto probe = dyn_cast<step::ProbeOp>(op))
      states[probe.getTarget()].looks.push_back(position(op));
    else if (isa<rtop::FetchOp, rtop::ReceiveOp>(op))
      states[stateOfExchange(op)].writes.push_back(position(op));
    else if (isa<rtop::PublishOp, rtop::AccumulateOp, rtop::InjectOp, rtop::SendOp>(op))
      states[stateOfExchange(op)].looks.push_back(position(op));
    else if (auto update = dyn_cast<step::UpdateEntriesOp>(op)) {
      states[update.getState()].writes.push_back(position(op));
      states[update.getState()].looks.push_back(position(op));
    } else if (auto update = dyn_cast<step::UpdateOp>(op))
      for (auto name : update.getStates().getAsRange<FlatSymbolRefAttr>()) {
        states[name.getValue()].writes.push_back(position(op));
        states[name.getValue()].looks.push_back(position(op));
      }
  });
  for (step::GetOp get : gets)
    addRead(get);
}

static bool anyBetween(ArrayRef<unsigned> positions, unsigned first, unsigned last) {
  return llvm::any_of(positions, [&](unsigned at) { return first < at && at < last; });
}

void Accesses::addRead(step::GetOp get) {
  State &state = states[get.getState()];
  unsigned first = position(get), last = first;
  // A write where the value is last used is the business of that use.
  if (isArray(get.getType())) {
    last = lastUse(get.getResult(), get->getBlock());
    if (anyBetween(state.writes, first, last))
      last = first;
    else
      aliases.insert(get);
  }
  state.reads.push_back({first, last});
}

bool Accesses::isUnchanged(step::GetOp get, Operation *at) const {
  if (get->getBlock() != at->getBlock())
    return false;
  auto it = states.find(get.getState());
  return !anyBetween(it->second.writes, position(get), position(at));
}

step::SetOp Accesses::directSet(Value value, Operation *producer, bool mayRead) const {
  // Through values that are the same memory with a part replaced.
  Operation *user = nullptr;
  while (value.hasOneUse()) {
    OpOperand &use = *value.use_begin();
    user = use.getOwner();
    if (!isa<num::InsertOp>(user) || use.getOperandNumber() != 1 || !isArray(value.getType()))
      break;
    value = user->getResult(0);
  }
  auto set = dyn_cast_or_null<step::SetOp>(user);
  if (!set || !value.hasOneUse() || !isArray(value.getType()) ||
      set->getBlock() != producer->getBlock())
    return {};
  const State &state = states.find(set.getState())->second;
  unsigned from = position(producer), to = position(set);
  auto reads = [&](const Interval &read) {
    return read.first < to && (mayRead ? read.last > from : read.last >= from);
  };
  auto within = [&](unsigned at) { return from <= at && at < to; };
  if (llvm::any_of(state.writes, within) || llvm::any_of(state.looks, within) ||
      llvm::any_of(state.reads, reads))
    return {};
  return set;
}

} // namespace basalt::lower
