// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tasks of neurons, one behind the other.
#include "compiler/neurocore/form/Flat.h"

#include "compiler/schedule/StateAccesses.h"
#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::neurocore {

/// The attribute of ops in the graph with the name of their instance.
static constexpr StringLiteral kInstance = "instance";

step::KernelOp Flat::kernelOf(step::UpdateOp update) const {
  return SymbolTable::lookupNearestSymbolFrom<step::KernelOp>(step::ProgramOp(program),
                                                              update.getKernelAttr());
}

StringRef Flat::instanceOf(Operation *op) const {
  auto name = op->getAttrOfType<StringAttr>(kInstance);
  return name ? name.getValue() : StringRef();
}

void Flat::note(Operation *op, step::TaskOp task) {
  op->setAttr(kInstance, task.getInstanceAttr());
}

/// The value of a state at the start; null if it has another one by now, which `current` has.
Value Flat::read(StringAttr state, Type type, Location loc, step::TaskOp task) {
  owned.insert(state);
  owner.try_emplace(state, task.getInstance());
  if (Value value = current.lookup(state))
    return value;
  Value &value = reads[state];
  if (!value) {
    value =
        step::GetOp::create(builder, loc, type, FlatSymbolRefAttr::get(state), FlatSymbolRefAttr());
    note(value.getDefiningOp(), task);
  }
  return value;
}

void Flat::addUpdate(step::UpdateOp update, step::TaskOp task) {
  SmallVector<Value> inputs;
  SmallVector<Type> results;
  auto names = update.getStates().getAsRange<FlatSymbolRefAttr>();
  for (FlatSymbolRefAttr name : names) {
    Type type = states.lookup(name.getAttr()).getInit().getShapedType();
    inputs.push_back(read(name.getAttr(), type, update.getLoc(), task));
    results.push_back(type);
  }
  for (Value input : update.getInputs())
    inputs.push_back(mapping.lookup(input));
  llvm::append_range(results, update.getResultTypes());
  // The arguments of the kernel and what it yields are in this order already.
  auto pure = step::UpdateOp::create(builder, update.getLoc(), results, update.getKernelAttr(),
                                     builder.getArrayAttr({}), inputs, update.getExtentAttr());
  note(pure, task);
  unsigned stored = update.getStates().size();
  for (auto [name, value] : llvm::zip(names, pure.getResults()))
    current[name.getAttr()] = value;
  mapping.map(update.getResults(), pure.getResults().drop_front(stored));
}

/// The integers that sums begin with can as well be added to them, which is what accumulators do.
/// Returns the sum, or null if `op` does not begin with anything.
static Value addOnto(OpBuilder &builder, Operation *op) {
  auto split = [&](auto deliver) -> Value {
    Value onto = deliver.getOnto();
    if (!onto || !getElementTypeOrSelf(onto.getType()).isInteger())
      return {};
    deliver.getOntoMutable().clear();
    return arith::AddIOp::create(builder, op->getLoc(), deliver.getResult(), onto);
  };
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<num::DeliverOp, num::SparseDeliverOp>(split)
      .Default(Value());
}

LogicalResult Flat::addOp(Operation &op, step::TaskOp task) {
  if (auto get = dyn_cast<step::GetOp>(op)) {
    mapping.map(get.getResult(),
                read(get.getStateAttr().getAttr(), get.getType(), op.getLoc(), task));
    return success();
  }
  if (auto set = dyn_cast<step::SetOp>(op)) {
    StringAttr state = set.getStateAttr().getAttr();
    owned.insert(state);
    owner.try_emplace(state, task.getInstance());
    current[state] = mapping.lookup(set.getValue());
    return success();
  }
  if (auto update = dyn_cast<step::UpdateOp>(op))
    return addUpdate(update, task), success();
  if (isa<scf::IfOp, scf::ForOp>(op))
    return op.emitError("'")
           << task.getInstance() << "' has a " << (isa<scf::IfOp>(op) ? "condition" : "loop")
           << " that a neuron cannot follow: only what is computed for each neuron alike can "
              "stand on a neurocore";
  if (isa<proc::PrintOp, proc::AssertOp, proc::PauseOp, proc::StopOp>(op))
    return op.emitError("'") << task.getInstance() << "' "
                             << (isa<proc::PrintOp>(op)    ? "prints"
                                 : isa<proc::AssertOp>(op) ? "asserts"
                                                           : "ends the stage")
                             << " in spk, which a neuron cannot do";
  Operation *clone = builder.clone(op, mapping);
  note(clone, task);
  if (Value sum = addOnto(builder, clone)) {
    note(sum.getDefiningOp(), task);
    mapping.map(op.getResult(0), sum);
  }
  return success();
}

LogicalResult Flat::addTask(step::TaskOp task) {
  processes[task.getInstance()] = task.getProcess();
  for (Operation &op : task.getBody().front().without_terminator())
    if (failed(addOp(op, task)))
      return failure();
  Operation *yield = task.getBody().front().getTerminator();
  for (auto [result, value] : llvm::zip_equal(task.getResults(), yield->getOperands()))
    mapping.map(result, mapping.lookup(value));
  return success();
}

std::string Flat::nameOf(Value value, step::TaskOp task, unsigned number) {
  if (auto it = portNames.find(value); it != portNames.end())
    return it->second;
  return (task.getInstance() + "." + Twine(number)).str();
}

void Flat::addMessages(step::TaskOp task) {
  for (OpResult result : task->getResults()) {
    auto placeholder = UnrealizedConversionCastOp::create(
        builder, task.getLoc(), TypeRange(result.getType()), ValueRange());
    note(placeholder, task);
    mapping.map(result, placeholder.getResult(0));
    received[placeholder.getResult(0)] = {result, nameOf(result, task, result.getResultNumber())};
  }
}

/// What an embedded task uses of neurons.
void Flat::findUses(step::TaskOp task) {
  task->walk([&](Operation *op) {
    for (Value operand : op->getOperands()) {
      auto from = operand.getDefiningOp<step::TaskOp>();
      Value value = mapping.lookupOrNull(operand);
      if (!from || !value || received.contains(value))
        continue;
      sent.insert(
          {operand,
           {operand, value, nameOf(operand, from, cast<OpResult>(operand).getResultNumber())}});
    }
  });
}

void Flat::addProbe(step::ProbeOp probe) {
  if (!probe.getValue())
    return;
  Value value = mapping.lookup(probe.getValue());
  auto port = SymbolTable::lookupNearestSymbolFrom<step::PortOp>(program, probe.getTargetAttr());
  ports.push_back({port, probe.getValue(), received.contains(value) ? Value() : value});
}

FailureOr<std::unique_ptr<Flat>> Flat::build(step::ProgramOp program,
                                             const llvm::StringSet<> &neurons) {
  std::unique_ptr<Flat> flat(new Flat(program));
  flat->home = ModuleOp::create(program.getLoc());
  flat->builder.setInsertionPointToEnd(flat->home->getBody());
  for (auto state : program.getBody().getOps<step::StateOp>())
    flat->states[state.getSymNameAttr()] = state;
  StateAccesses accesses(program);
  for (StringAttr state : llvm::make_first_range(accesses.all()))
    if (accesses.isWrittenRemotely(state))
      flat->writtenByOthers.insert(state);
  for (auto phase : program.getBody().getOps<step::PhaseOp>()) {
    if (phase.getKind() != proc::PhaseKind::Spk)
      continue;
    for (auto probe : phase.getBody().getOps<step::ProbeOp>())
      if (probe.getValue())
        flat->portNames.try_emplace(probe.getValue(), probe.getTarget().str());
    for (Operation &op : phase.getBody().front()) {
      if (auto probe = dyn_cast<step::ProbeOp>(op))
        flat->addProbe(probe);
      auto task = dyn_cast<step::TaskOp>(op);
      if (!task)
        continue;
      if (!neurons.contains(task.getInstance())) {
        flat->findUses(task);
        flat->addMessages(task);
      } else if (failed(flat->addTask(task))) {
        return failure();
      }
    }
  }
  for (StringAttr state : flat->owned)
    if (Value value = flat->current.lookup(state))
      flat->stores[state] = value;
  return flat;
}

} // namespace basalt::neurocore
