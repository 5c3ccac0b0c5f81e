// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// form-groups: elementwise code becomes kernels. See Passes.td.
#include "compiler/optimize/Groups.h"
#include "compiler/optimize/KernelPool.h"
#include "compiler/optimize/Passes.h"
#include "compiler/optimize/ScalarCode.h"
#include "compiler/schedule/StateAccesses.h"
#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_FORMGROUPS
#include "compiler/optimize/Passes.h.inc"

namespace {

/// A state that a group alone touches in its block.
struct InPlace {
  FlatSymbolRefAttr state;
  step::GetOp get; // null if the group only writes it
  step::SetOp set;
};

/// Turns one group into an update.
class GroupBuilder {
public:
  GroupBuilder(const Group &group, Block &block)
      : group(group), block(block), ops(group.ops.begin(), group.ops.end()) {}

  /// Builds the update at the builder's place, and erases what it replaces.
  void run(OpBuilder &builder, KernelPool &pool, StringRef name);

private:
  void findStates();
  void findResults();
  void findInputs(OpBuilder &builder);
  void addInput(Value operand, OpBuilder &builder);
  step::KernelOp buildKernel(OpBuilder &builder);
  void addArguments(Block &body, IRMapping &scalars);
  void cloneScalar(Operation *op, OpBuilder &builder, IRMapping &scalars);
  void replace(step::UpdateOp update);

  const Group &group;
  Block &block;
  llvm::SmallDenseSet<Operation *> ops;
  SmallVector<InPlace> states;
  llvm::MapVector<Value, SmallVector<Value, 1>>
      inputs; // operand of the update; the operands of the group that it stands for
  SmallVector<Value> results;
};

struct FormGroups : impl::FormGroupsBase<FormGroups> {
  void runOnOperation() override;

private:
  void formIn(Block &block, KernelPool &pool, StringRef name);
  LogicalResult verify();
};

} // namespace

/// States that nothing else in the block touches, so that they may change where the group stands.
void GroupBuilder::findStates() {
  llvm::MapVector<Attribute, SmallVector<Operation *>> touching;
  block.walk([&](Operation *op) {
    visitStates(op, [&](SymbolRefAttr state, bool) { touching[state].push_back(op); });
  });
  for (auto &[state, accesses] : touching) {
    InPlace place{cast<FlatSymbolRefAttr>(state), {}, {}};
    bool alone = true;
    for (Operation *op : accesses) {
      auto get = dyn_cast<step::GetOp>(op);
      auto set = dyn_cast<step::SetOp>(op);
      if (op->getBlock() == &block && get && !place.get && !get.getVia())
        place.get = get;
      else if (op->getBlock() == &block && set && !place.set && !set.getVia())
        place.set = set;
      else
        alone = false;
    }
    auto isInGroup = [&](Operation *op) { return op && ops.contains(op); };
    if (!alone || !place.set || !isInGroup(place.set.getValue().getDefiningOp()))
      continue;
    if (place.get &&
        (!place.get->isBeforeInBlock(place.set) || !llvm::all_of(place.get->getUsers(), isInGroup)))
      continue;
    states.push_back(place);
  }
}

void GroupBuilder::findResults() {
  llvm::SmallDenseSet<Operation *> inside = ops;
  for (const InPlace &place : states)
    inside.insert(place.set);
  for (Operation *op : group.ops)
    if (llvm::any_of(op->getUsers(), [&](Operation *user) { return !inside.contains(user); }))
      results.push_back(op->getResult(0));
}

void GroupBuilder::addInput(Value operand, OpBuilder &builder) {
  Value scalar = repeatedScalar(operand, builder);
  inputs[scalar ? scalar : operand].push_back(operand);
}

void GroupBuilder::findInputs(OpBuilder &builder) {
  llvm::SetVector<Value> outside;
  for (Operation *op : group.ops)
    for (Value operand : op->getOperands())
      if (!operand.getDefiningOp() || !ops.contains(operand.getDefiningOp()))
        outside.insert(operand);
  for (const InPlace &place : states)
    if (step::GetOp get = place.get)
      outside.remove(get.getResult());
  for (Value operand : outside)
    if (!constantElement(operand))
      addInput(operand, builder);
}

void GroupBuilder::addArguments(Block &body, IRMapping &scalars) {
  Type element;
  for (const InPlace &place : states) {
    step::SetOp set = place.set;
    element = getElementTypeOrSelf(set.getValue().getType());
    BlockArgument argument = body.addArgument(element, lineOfProcess(set.getLoc()));
    if (step::GetOp get = place.get)
      scalars.map(get.getResult(), argument);
  }
  for (auto &[input, operands] : inputs) {
    BlockArgument argument =
        body.addArgument(getElementTypeOrSelf(input.getType()), lineOfProcess(input.getLoc()));
    for (Value operand : operands)
      scalars.map(operand, argument);
  }
}

void GroupBuilder::cloneScalar(Operation *op, OpBuilder &builder, IRMapping &scalars) {
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    Value scalar = scalars.lookupOrNull(operand);
    if (!scalar) {
      OpBuilder atStart = OpBuilder::atBlockBegin(builder.getInsertionBlock());
      scalar = arith::ConstantOp::create(atStart, lineOfProcess(operand.getLoc()),
                                         constantElement(operand));
      scalars.map(operand, scalar);
    }
    operands.push_back(scalar);
  }
  scalars.map(op->getResult(0), cloneAsScalar(op, operands, builder));
}

step::KernelOp GroupBuilder::buildKernel(OpBuilder &builder) {
  OperationState state(lineOfProcess(group.ops.front()->getLoc()),
                       step::KernelOp::getOperationName());
  state.addAttribute(SymbolTable::getSymbolAttrName(), builder.getStringAttr("kernel"));
  state.addRegion();
  auto kernel = cast<step::KernelOp>(Operation::create(state));
  Block &body = kernel.getBody().emplaceBlock();
  IRMapping scalars;
  addArguments(body, scalars);

  OpBuilder inside = OpBuilder::atBlockEnd(&body);
  for (Operation *op : group.ops)
    cloneScalar(op, inside, scalars);
  SmallVector<Value> yielded;
  for (InPlace &place : states)
    yielded.push_back(scalars.lookup(place.set.getValue()));
  for (Value result : results)
    yielded.push_back(scalars.lookup(result));
  step::YieldOp::create(inside, kernel.getLoc(), yielded);
  return kernel;
}

void GroupBuilder::replace(step::UpdateOp update) {
  for (auto [old, fresh] : llvm::zip_equal(results, update.getResults()))
    old.replaceAllUsesWith(fresh);
  for (InPlace &place : states)
    place.set.erase();
  for (Operation *op : llvm::reverse(group.ops))
    op->erase();
  for (InPlace &place : states)
    if (place.get)
      place.get.erase();
}

void GroupBuilder::run(OpBuilder &builder, KernelPool &pool, StringRef name) {
  findStates();
  findResults();
  findInputs(builder);
  step::KernelOp kernel = pool.intern(buildKernel(builder), name);
  SmallVector<Attribute> names;
  for (const InPlace &place : states)
    names.push_back(place.state);
  SmallVector<Value> operands;
  for (const auto &[input, stands] : inputs)
    operands.push_back(input);
  auto update = step::UpdateOp::create(
      builder, group.ops.front()->getLoc(), TypeRange(ValueRange(results)),
      FlatSymbolRefAttr::get(kernel.getSymNameAttr()), builder.getArrayAttr(names), operands,
      builder.getDenseI64ArrayAttr(group.type().getShape()));
  replace(update);
}

/// Pure ops that only fed groups.
static void eraseDead(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

void FormGroups::formIn(Block &block, KernelPool &pool, StringRef name) {
  for (Operation &op : block)
    for (Region &region : op.getRegions())
      for (Block &nested : region)
        formIn(nested, pool, name);
  separateWidenings(block);
  BlockGroups plan(block);
  if (plan.groups.empty())
    return;
  for (const BlockItem &item : plan.order) {
    if (item.op)
      item.op->moveBefore(block.getTerminator());
    else
      for (Operation *op : item.group->ops)
        op->moveBefore(block.getTerminator());
  }
  for (const Group &group : plan.groups) {
    OpBuilder builder(group.ops.front());
    GroupBuilder(group, block).run(builder, pool, name);
  }
  eraseDead(block);
}

/// The invariant of the stages that follow: loops come from kernels alone.
LogicalResult FormGroups::verify() {
  WalkResult result = getOperation().walk([](Operation *op) {
    if (!isGroupable(op))
      return WalkResult::advance();
    op->emitOpError("was left outside of kernels");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

void FormGroups::runOnOperation() {
  KernelPool pool(getOperation());
  llvm::DenseMap<StringAttr, StringRef> processOf;
  SmallVector<Operation *> bodies;
  getOperation().walk([&](Operation *op) {
    if (auto task = dyn_cast<step::TaskOp>(op))
      processOf[task.getInstanceAttr()] = task.getProcess();
    if (isa<step::TaskOp, step::GuardOp>(op))
      bodies.push_back(op);
  });
  for (Operation *op : bodies) {
    std::string name;
    if (auto task = dyn_cast<step::TaskOp>(op)) {
      auto phase = cast<step::PhaseOp>(task->getParentOp());
      name = (task.getProcess() + "_" + stringifyEnum(phase.getKind())).str();
    } else {
      auto guard = cast<step::GuardOp>(op);
      auto process = processOf.find(guard.getInstanceAttr());
      StringRef owner = process == processOf.end() ? guard.getInstance() : process->second;
      name = (owner + "_" + stringifyEnum(guard.getKind())).str();
    }
    formIn(op->getRegion(0).front(), pool, name);
  }
  if (failed(verify()))
    signalPassFailure();
}

} // namespace basalt
