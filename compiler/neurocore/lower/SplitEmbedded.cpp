// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is left of a program when the neurons are gone: tasks of embedded processes, of which none
// uses a value of another. Messages between them are states; those to neurons go through injectors
// or into parameters; those from neurons are read when neurons have run.
#include "compiler/neurocore/lower/Lowering.h"

#include "dialect/rt/Rt.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
class Splitter {
public:
  explicit Splitter(Lowering &lowering)
      : lowering(lowering), builder(lowering.builder), symbols(lowering.program) {}

  LogicalResult run();

private:
  LogicalResult splitSpk(step::PhaseOp phase);
  LogicalResult splitTask(step::TaskOp task);
  bool runsAfter(step::TaskOp task);
  LogicalResult sendOn(OpResult result, Value value, step::YieldOp yield, bool after);
  void receive(step::TaskOp task);
  StringRef stateFor(Value original, const Twine &name, Type type);
  void call(StringRef phase, StringRef instance, ArrayRef<Attribute> probes = {});
  void emitCalls();

  Lowering &lowering;
  OpBuilder &builder;
  SymbolTable symbols;
  llvm::DenseSet<Value> late; // results of tasks that run after neurons
  llvm::StringSet<> lateInstances;
  SmallVector<std::pair<std::string, bool>> spkCalls;
};
} // namespace

/// A state of the program that holds a message.
StringRef Splitter::stateFor(Value original, const Twine &name, Type type) {
  std::string &known = lowering.messageStates[original];
  if (!known.empty())
    return known;
  auto shaped = cast<RankedTensorType>(type);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&lowering.program.getBody().front());
  auto element = dyn_cast<IntegerType>(shaped.getElementType());
  auto declared =
      element && element.getWidth() > 1
          ? RankedTensorType::get(
                shaped.getShape(),
                IntegerType::get(builder.getContext(), element.getWidth(), IntegerType::Signed))
          : shaped;
  auto state = step::StateOp::create(builder, original.getLoc(), builder.getStringAttr(name),
                                     TypeAttr::get(declared),
                                     cast<ElementsAttr>(builder.getZeroAttr(shaped)),
                                     proc::LimitsAttr(), proc::SparseAttr(), UnitAttr());
  symbols.insert(state);
  return known = state.getSymName().str();
}

bool Splitter::runsAfter(step::TaskOp task) {
  bool after = lateInstances.contains(task.getInstance());
  task->walk([&](Operation *op) {
    for (Value operand : op->getOperands())
      after |= late.contains(operand) || lowering.flat->sent.count(operand);
  });
  return after;
}

/// Uses of other tasks' values become reads of states.
void Splitter::receive(step::TaskOp task) {
  llvm::SetVector<Value> used;
  task->walk([&](Operation *op) {
    for (Value operand : op->getOperands())
      if (Operation *from = operand.getDefiningOp(); isa_and_nonnull<step::TaskOp>(from))
        used.insert(operand);
  });
  builder.setInsertionPointToStart(&task.getBody().front());
  for (Value value : used) {
    const auto *neuron = lowering.flat->sent.find(value);
    bool isNeuron = neuron != lowering.flat->sent.end();
    std::string name = isNeuron ? neuron->second.name : "message";
    StringRef state = stateFor(value, name, value.getType());
    if (isNeuron) {
      std::string &var = lowering.sentVars[value];
      if (var.empty())
        var = name + " as sent";
      rtop::FetchOp::create(builder, task.getLoc(), state, var);
    }
    auto get = step::GetOp::create(builder, task.getLoc(), value.getType(),
                                   FlatSymbolRefAttr::get(builder.getContext(), state),
                                   FlatSymbolRefAttr());
    value.replaceUsesWithIf(get.getResult(), [&](OpOperand &use) {
      return task->isAncestor(use.getOwner()) && use.getOwner() != get;
    });
  }
}

/// A result of a task, behind its code.
LogicalResult Splitter::sendOn(OpResult result, Value value, step::YieldOp yield, bool after) {
  const EmbeddedMessage *message = nullptr;
  Value placeholder;
  for (auto &[from, candidate] : lowering.flat->received)
    if (candidate.original == result)
      message = &candidate, placeholder = from;
  builder.setInsertionPoint(yield);
  Location loc = yield.getLoc();
  StringRef state = stateFor(result, message->name, result.getType());
  auto store = [&](StringRef name, Value stored) {
    step::SetOp::create(builder, loc, FlatSymbolRefAttr::get(builder.getContext(), name), stored,
                        FlatSymbolRefAttr());
  };
  store(state, value);
  if (InjectorOp injector = lowering.injectors.lookup(placeholder))
    rtop::InjectOp::create(builder, loc, state, injector.getSymName());
  if (InjectorOp injector = lowering.spikeInjectors.lookup(placeholder)) {
    auto type = cast<RankedTensorType>(result.getType());
    StringRef from = state;
    if (!type.getElementType().isInteger(1)) {
      auto bits = RankedTensorType::get(type.getShape(), builder.getI1Type());
      Value zero =
          arith::ConstantOp::create(builder, loc, cast<TypedAttr>(builder.getZeroAttr(type)));
      Value spikes =
          isa<FloatType>(type.getElementType())
              ? Value(arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, value, zero))
              : Value(arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, value, zero));
      from = stateFor(placeholder, message->name + " spikes", bits);
      store(from, spikes);
    }
    rtop::InjectOp::create(builder, loc, from, injector.getSymName());
  }
  for (const auto &population : lowering.neurons.populations)
    for (const PerNeuron &parameter : population->parameters) {
      if (parameter.message != placeholder)
        continue;
      if (after)
        return result.getOwner()->emitError("'")
               << message->name << "' is computed of what neurons send in the step, and '"
               << population->name
               << "' uses it in the same step; on a chip it needs synapses in between, which take "
                  "a "
                  "step";
      std::string &var = lowering.inputVars[placeholder];
      if (var.empty()) {
        var = message->name + " as received";
        rtop::PublishOp::create(builder, loc, state, var);
      }
    }
  return success();
}

LogicalResult Splitter::splitTask(step::TaskOp task) {
  bool after = runsAfter(task);
  if (after)
    lateInstances.insert(task.getInstance());
  receive(task);
  auto yield = cast<step::YieldOp>(task.getBody().front().getTerminator());
  for (OpResult result : task->getResults()) {
    if (after)
      late.insert(result);
    if (failed(sendOn(result, yield.getValues()[result.getResultNumber()], yield, after)))
      return failure();
  }
  spkCalls.push_back({task.getInstance().str(), after});
  return success();
}

LogicalResult Splitter::splitSpk(step::PhaseOp phase) {
  SmallVector<step::TaskOp> tasks(phase.getBody().getOps<step::TaskOp>());
  for (step::TaskOp task : tasks)
    if (!lowering.instances.contains(task.getInstance()) && failed(splitTask(task)))
      return failure();
  for (auto probe : llvm::make_early_inc_range(phase.getBody().getOps<step::ProbeOp>()))
    probe.erase();
  for (step::TaskOp task : llvm::reverse(tasks)) {
    if (!lowering.instances.contains(task.getInstance()) && task->getNumResults() > 0) {
      // Nobody uses the results any more.
      builder.setInsertionPoint(task);
      auto bare = step::TaskOp::create(builder, task.getLoc(), TypeRange(), task.getInstanceAttr(),
                                       task.getProcessAttr(), task.getGuardAttr());
      bare.getBody().takeBody(task.getBody());
      bare.getBody().front().getTerminator()->setOperands({});
      task->dropAllUses();
      task.erase();
    } else if (lowering.instances.contains(task.getInstance())) {
      task->dropAllUses();
      task.erase();
    }
  }
  return success();
}

void Splitter::call(StringRef phase, StringRef instance, ArrayRef<Attribute> probes) {
  CallOp::create(builder, lowering.program.getLoc(), builder.getStringAttr(phase),
                 builder.getStringAttr(instance),
                 probes.empty() ? ArrayAttr() : builder.getArrayAttr(probes));
}

/// In the order of nc::EntryPhase.
void Splitter::emitCalls() {
  builder.setInsertionPointToEnd(&lowering.network.getBody().front());
  auto phases = lowering.program.getBody().getOps<step::PhaseOp>();
  auto guards = lowering.program.getBody().getOps<step::GuardOp>();
  auto tasks = [&](proc::PhaseKind kind) {
    for (auto phase : phases) {
      if (phase.getKind() != kind)
        continue;
      SmallVector<Attribute> probes;
      for (Operation &op : phase.getBody().front()) {
        if (auto probe = dyn_cast<step::ProbeOp>(op))
          probes.push_back(builder.getStringAttr(probe.getTarget()));
        if (auto task = dyn_cast<step::TaskOp>(op)) {
          call(proc::stringifyPhaseKind(kind), task.getInstance(), probes);
          probes.clear();
        }
      }
    }
  };
  auto guardsOf = [&](proc::GuardKind kind) {
    for (auto guard : guards)
      if (guard.getKind() == kind)
        call(proc::stringifyGuardKind(kind), guard.getInstance());
  };
  tasks(proc::PhaseKind::Init);
  for (bool after : {false, true})
    for (auto &[instance, late] : spkCalls)
      if (late == after)
        call(after ? "spk_after" : "spk_before", instance);
  guardsOf(proc::GuardKind::Lrn);
  guardsOf(proc::GuardKind::Pre);
  tasks(proc::PhaseKind::PreMgmt);
  tasks(proc::PhaseKind::Lrn);
  guardsOf(proc::GuardKind::Post);
  tasks(proc::PhaseKind::PostMgmt);
  tasks(proc::PhaseKind::Host);
}

LogicalResult Splitter::run() {
  for (auto phase : lowering.program.getBody().getOps<step::PhaseOp>())
    if (phase.getKind() == proc::PhaseKind::Spk && failed(splitSpk(phase)))
      return failure();
  emitCalls();
  return success();
}

LogicalResult splitEmbedded(Lowering &lowering) { return Splitter(lowering).run(); }

} // namespace basalt::neurocore
