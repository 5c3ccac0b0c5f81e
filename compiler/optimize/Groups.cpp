// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Groups of a block. Each op has a level: how often the way to it goes from a group to something
// else. Ops of one group have the same level, and what lies between two levels lies between the
// groups; so no group waits for itself.
#include "compiler/optimize/Groups.h"
#include "dialect/num/Products.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/MapVector.h"

#include <algorithm>

using namespace mlir;

namespace basalt {

static bool isElementwiseOnTensors(Operation *op) {
  if (!num::isElementwise(op) || op->getNumResults() != 1)
    return false;
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  return type && type.getRank() != 0;
}

static bool isWidening(Operation *op) {
  return isa<arith::ExtSIOp, arith::ExtUIOp, arith::ExtFOp, arith::SIToFPOp>(op);
}

/// Whether nothing is computed before `op` but that numbers are widened.
static bool widensOnly(Operation *op) {
  Operation *def = op->getOperand(0).getDefiningOp();
  return isWidening(op) && (!def || !isElementwiseOnTensors(def) || widensOnly(def));
}

/// Whether `op` makes numbers 0 and 1 of truth values, which are an eighth of the memory and need
/// not be multiplied with.
static bool numbersTruths(Operation *op) {
  if (isa<arith::ExtUIOp>(op))
    return getElementTypeOrSelf(op->getOperand(0).getType()).isInteger(1);
  Operation *def = op->getOperand(0).getDefiningOp();
  return isa<arith::SIToFPOp>(op) && def && numbersTruths(def);
}

static bool isReadAsItIs(Operation *op) { return widensOnly(op) || numbersTruths(op); }

static bool movesElements(Operation *op) {
  auto extract = dyn_cast<num::ExtractOp>(op);
  return isa<num::BroadcastOp, num::ReshapeOp, num::TransposeOp>(op) ||
         (extract && extract.getDynamic().empty());
}

/// Whether the elements of `op` are made by a product, where it needs them: weights, of which it
/// needs those of spikes, and numbers that are only widened, or truth values. As memory they would
/// be read and written in every step.
static bool isMadeByProduct(Operation *op) {
  bool widened = isReadAsItIs(op);
  Operation *last = op;
  while (last->hasOneUse()) {
    OpOperand &use = *last->getResult(0).use_begin();
    Operation *user = use.getOwner();
    if (user->getBlock() != op->getBlock())
      return false;
    if (num::isProduct(user))
      return widened || num::roleInProduct(use) == num::ProductRole::Weights;
    if (isa<num::BroadcastOp>(user) && !widened)
      return false; // would be computed again for each repetition
    if (!isElementwiseOnTensors(user) && !movesElements(user))
      return false;
    widened &= isWidening(user) || movesElements(user);
    last = user;
  }
  return false;
}

/// Makes what `use` reads its own, as far as it is a widening.
static void separate(OpOperand &use) {
  Operation *def = use.get().getDefiningOp();
  if (!def || def->getBlock() != use.getOwner()->getBlock() || !isElementwiseOnTensors(def) ||
      !isReadAsItIs(def))
    return;
  if (!def->hasOneUse()) {
    OpBuilder builder(use.getOwner());
    def = builder.clone(*def);
    use.set(def->getResult(0));
  }
  separate(def->getOpOperand(0));
}

void separateWidenings(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(block))
    if (num::isProduct(&op))
      for (OpOperand &use : op.getOpOperands())
        separate(use);
}

bool isGroupable(Operation *op) { return isElementwiseOnTensors(op) && !isMadeByProduct(op); }

namespace {

class Levels {
public:
  explicit Levels(Block &block) : block(block) {
    for (Operation &op : block.without_terminator())
      levels[&op] = compute(&op);
  }
  size_t operator[](Operation *op) const { return levels.at(op); }

  static bool haveOneShape(Operation *a, Operation *b) {
    return cast<RankedTensorType>(a->getResult(0).getType()).getShape() ==
           cast<RankedTensorType>(b->getResult(0).getType()).getShape();
  }

private:
  size_t compute(Operation *op) {
    size_t level = 0;
    bool groupable = isGroupable(op);
    // Nested code uses values of this block, too.
    op->walk([&](Operation *nested) {
      for (Value operand : nested->getOperands()) {
        Operation *def = operand.getDefiningOp();
        if (!def || def->getBlock() != &block)
          continue;
        bool leavesGroup = isGroupable(def) && !(groupable && haveOneShape(def, op));
        level = std::max(level, levels.at(def) + leavesGroup);
      }
    });
    if (isMemoryEffectFree(op))
      return level;
    // Effects keep their order.
    effects = std::max(effects, level);
    return effects;
  }

  Block &block;
  llvm::DenseMap<Operation *, size_t> levels;
  size_t effects = 0;
};

} // namespace

/// The groups among ops of one level and shape: those that use each other or the same input of that
/// shape.
static std::vector<Group> connected(ArrayRef<Operation *> ops) {
  llvm::EquivalenceClasses<Operation *> classes;
  llvm::SmallDenseMap<Value, Operation *> userOf;
  llvm::SmallDenseSet<Operation *> members(ops.begin(), ops.end());
  ArrayRef<int64_t> shape = cast<RankedTensorType>(ops.front()->getResult(0).getType()).getShape();
  for (Operation *op : ops) {
    classes.insert(op);
    for (Value operand : op->getOperands()) {
      Operation *def = operand.getDefiningOp();
      if (def && members.contains(def)) {
        classes.unionSets(op, def);
        continue;
      }
      // Constants and repeated scalars are no reason to run together.
      auto type = dyn_cast<RankedTensorType>(operand.getType());
      if (!type || type.getShape() != shape ||
          isa_and_nonnull<arith::ConstantOp, num::BroadcastOp>(def))
        continue;
      auto [entry, isNew] = userOf.try_emplace(operand, op);
      if (!isNew)
        classes.unionSets(op, entry->second);
    }
  }
  llvm::MapVector<Operation *, Group> groups;
  for (Operation *op : ops)
    groups[classes.getLeaderValue(op)].ops.push_back(op);
  std::vector<Group> result;
  for (auto &[leader, group] : groups)
    result.push_back(std::move(group));
  return result;
}

BlockGroups::BlockGroups(Block &block) {
  Levels levels(block);
  size_t count = 0;
  for (Operation &op : block.without_terminator())
    count = std::max(count, levels[&op] + 1);
  SmallVector<SmallVector<Operation *>> others(count);
  using ByShape = llvm::MapVector<Attribute, SmallVector<Operation *>>;
  std::vector<ByShape> groupable(count);
  for (Operation &op : block.without_terminator()) {
    if (!isGroupable(&op)) {
      others[levels[&op]].push_back(&op);
      continue;
    }
    auto type = cast<RankedTensorType>(op.getResult(0).getType());
    groupable[levels[&op]][DenseI64ArrayAttr::get(op.getContext(), type.getShape())].push_back(&op);
  }

  // Within a level groups come last: nothing else there uses them.
  SmallVector<std::pair<Operation *, size_t>> plan; // an op, or the number of a group
  for (size_t level = 0; level < count; ++level) {
    for (Operation *op : others[level])
      plan.push_back({op, 0});
    for (auto &[shape, ops] : groupable[level])
      for (Group &group : connected(ops)) {
        plan.push_back({nullptr, groups.size()});
        groups.push_back(std::move(group));
      }
  }
  for (auto [op, number] : plan)
    order.push_back({op, op ? nullptr : &groups[number]});
}

} // namespace basalt
