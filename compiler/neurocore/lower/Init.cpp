// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interpreter of scheduled programs does it.
#include "compiler/neurocore/lower/Init.h"

#include "compiler/interpret/StepInterpreter.h"
#include "dialect/num/Num.h"
#include "runtime/native/Error.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace basalt::neurocore {

/// The op of a kernel on all elements at once.
static void applyToAll(Operation &op, ArrayRef<int64_t> extent, OpBuilder &builder,
                       IRMapping &mapping) {
  auto wholeType = [&](Type element) { return RankedTensorType::get(extent, element); };
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    auto type = wholeType(constant.getType());
    Value whole = arith::ConstantOp::create(builder, op.getLoc(),
                                            DenseElementsAttr::get(type, constant.getValue()));
    mapping.map(constant.getResult(), whole);
    return;
  }
  OperationState state(op.getLoc(), op.getName());
  for (Value operand : op.getOperands())
    state.addOperands(mapping.lookup(operand));
  for (Type type : op.getResultTypes())
    state.addTypes(wholeType(type));
  state.addAttributes(op.getAttrs());
  mapping.map(op.getResults(), builder.create(state)->getResults());
}

/// Tensor code in the place of a kernel: the interpreter takes its time for each operation, however
/// many elements it has.
static void expand(step::UpdateOp update) {
  auto kernel =
      SymbolTable::lookupNearestSymbolFrom<step::KernelOp>(update, update.getKernelAttr());
  OpBuilder builder(update);
  IRMapping mapping;
  Block &body = kernel.getBody().front();
  auto states = update.getStates().getAsRange<FlatSymbolRefAttr>();
  unsigned number = 0;
  for (FlatSymbolRefAttr state : states) {
    BlockArgument argument = body.getArgument(number++);
    Type type = RankedTensorType::get(update.getExtent(), argument.getType());
    mapping.map(argument,
                step::GetOp::create(builder, update.getLoc(), type, state, FlatSymbolRefAttr())
                    .getResult());
  }
  for (Value input : update.getInputs()) {
    BlockArgument argument = body.getArgument(number++);
    auto type = cast<RankedTensorType>(input.getType());
    if (type.getShape() != update.getExtent())
      input = num::BroadcastOp::create(
          builder, update.getLoc(),
          RankedTensorType::get(update.getExtent(), type.getElementType()), input);
    mapping.map(argument, input);
  }
  for (Operation &op : body.without_terminator())
    applyToAll(op, update.getExtent(), builder, mapping);
  SmallVector<Value> yielded;
  for (Value value : body.getTerminator()->getOperands())
    yielded.push_back(mapping.lookup(value));
  number = 0;
  for (FlatSymbolRefAttr state : states)
    step::SetOp::create(builder, update.getLoc(), state, yielded[number++], FlatSymbolRefAttr());
  update.replaceAllUsesWith(ArrayRef(yielded).drop_front(number));
  update.erase();
}

/// A module with what the init tasks of neurons need, and nothing else.
static OwningOpRef<ModuleOp> isolate(step::ProgramOp program, ArrayRef<step::TaskOp> tasks) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(program.getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
  auto copy = step::ProgramOp::create(builder, program.getLoc(), program.getSymName());
  builder.setInsertionPointToEnd(&copy.getBody().emplaceBlock());
  for (Operation &op : program.getBody().getOps())
    if (isa<step::StateOp, step::KernelOp>(op))
      builder.clone(op);
  auto phase = step::PhaseOp::create(builder, program.getLoc(), proc::PhaseKind::Init);
  builder.createBlock(&phase.getBody());
  for (step::TaskOp task : tasks)
    builder.clone(*task);
  SmallVector<step::UpdateOp> updates;
  phase.walk([&](step::UpdateOp update) { updates.push_back(update); });
  llvm::for_each(updates, expand);
  return module;
}

/// States that a task names.
static void collectStates(step::TaskOp task, llvm::StringSet<> &states) {
  task->walk([&](Operation *op) {
    if (auto get = dyn_cast<step::GetOp>(op))
      states.insert(get.getState());
    if (auto set = dyn_cast<step::SetOp>(op))
      states.insert(set.getState());
    if (auto update = dyn_cast<step::UpdateOp>(op))
      for (auto state : update.getStates().getAsRange<FlatSymbolRefAttr>())
        states.insert(state.getValue());
  });
}

/// The states of a run, back in the program.
static void takeValues(step::ProgramOp program, interp::StepInterpreter &interpreter,
                       llvm::function_ref<bool(step::StateOp)> isTaken) {
  llvm::StringMap<const void *> dataOf;
  for (const rt::StateInfo &info : interpreter.states())
    dataOf[info.name] = info.data;
  for (auto state : program.getBody().getOps<step::StateOp>())
    if (isTaken(state)) {
      auto type = cast<RankedTensorType>(state.getType());
      state.setInitAttr(interp::loadAttr(type, dataOf.lookup(state.getSymName())));
    }
}

LogicalResult realiseRules(step::ProgramOp program, uint64_t seed) {
  auto isMade = [](step::StateOp state) { return state.getRule() || state.getDistribution(); };
  auto states = program.getBody().getOps<step::StateOp>();
  auto first = llvm::find_if(states, isMade);
  if (first == states.end())
    return success();
  OwningOpRef<ModuleOp> module = isolate(program, {});
  interp::StepInterpreter interpreter(*module);
  try {
    interpreter.realise(seed);
  } catch (const rt::InputError &error) {
    return (*first).emitError("when synapses are made: ") << error.what();
  }
  takeValues(program, interpreter, isMade);
  for (auto state : states) {
    state.removeRuleAttr();
    state.removeDistributionAttr();
  }
  return success();
}

LogicalResult evaluateInit(step::ProgramOp program, const llvm::StringSet<> &neurons, uint64_t seed,
                           llvm::StringSet<> &touched) {
  SmallVector<step::TaskOp> tasks;
  for (auto phase : program.getBody().getOps<step::PhaseOp>())
    if (phase.getKind() == proc::PhaseKind::Init)
      for (auto task : phase.getBody().getOps<step::TaskOp>())
        if (neurons.contains(task.getInstance()))
          tasks.push_back(task);
  if (tasks.empty())
    return success();
  for (step::TaskOp task : tasks)
    collectStates(task, touched);
  OwningOpRef<ModuleOp> module = isolate(program, tasks);
  interp::StepInterpreter interpreter(*module);
  rt::Context context;
  context.seed = seed;
  context.printing = false;
  try {
    interpreter.init(context);
  } catch (const rt::RunError &error) {
    return tasks.front().emitError("when the neurons are made: ") << error.message();
  }
  takeValues(program, interpreter,
             [&](step::StateOp state) { return touched.contains(state.getSymName()); });
  for (step::TaskOp task : tasks)
    task.erase();
  return success();
}

} // namespace basalt::neurocore
