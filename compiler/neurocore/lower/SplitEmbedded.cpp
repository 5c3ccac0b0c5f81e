// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is left of a program when the neurons are gone: tasks of embedded processes, of which none
// uses a value of another. Messages between them are states, and channels from one processor to
// another; those to neurons go through injectors or into parameters; those from neurons are read
// when neurons have run.
#include "compiler/neurocore/lower/Lowering.h"

#include "dialect/rt/Rt.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
class Splitter {
public:
  explicit Splitter(Lowering &lowering)
      : lowering(lowering), builder(lowering.builder), symbols(lowering.program),
        parts(lowering.network) {}

  LogicalResult run();

private:
  LogicalResult splitSpk(step::PhaseOp phase);
  LogicalResult splitTask(step::TaskOp task, bool after);
  bool runsAfter(step::TaskOp task);
  ChannelOp channelFor(Value message, unsigned from, unsigned to);
  LogicalResult sendOn(OpResult result, Value value, step::YieldOp yield, bool after);
  void receive(step::TaskOp task);
  const EmbeddedMessage *messageOf(Value value, Value *placeholder = nullptr) const;
  StringRef stateFor(Value original, const Twine &name, Type type);
  void call(StringRef phase, StringRef instance, ArrayRef<Attribute> probes = {});
  void emitCalls();

  Lowering &lowering;
  OpBuilder &builder;
  SymbolTable symbols, parts; // of the program, of the network
  llvm::DenseSet<Value> late; // results of tasks that run after neurons
  llvm::StringSet<> lateInstances;
  SmallVector<std::pair<std::string, bool>> spkCalls;
};
} // namespace

/// What an embedded task sends as `value`, and what stands for it in the graph of the neurons.
const EmbeddedMessage *Splitter::messageOf(Value value, Value *placeholder) const {
  for (auto &[from, message] : lowering.flat->received)
    if (message.original == value) {
      if (placeholder)
        *placeholder = from;
      return &message;
    }
  llvm_unreachable("every result of an embedded task is a message");
}

/// The type that a state has for values of `type`, which know no sign.
static RankedTensorType declaredType(RankedTensorType type) {
  auto element = dyn_cast<IntegerType>(type.getElementType());
  if (!element || element.getWidth() == 1)
    return type;
  return RankedTensorType::get(
      type.getShape(),
      IntegerType::get(type.getContext(), element.getWidth(), IntegerType::Signed));
}

/// A state of the program that holds a message.
StringRef Splitter::stateFor(Value original, const Twine &name, Type type) {
  if (StringAttr known = lowering.messageStates.lookup(original))
    return known;
  auto shaped = cast<RankedTensorType>(type);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&lowering.program.getBody().front());
  auto state = step::StateOp::create(
      builder, original.getLoc(), builder.getStringAttr(name), TypeAttr::get(declaredType(shaped)),
      cast<ElementsAttr>(builder.getZeroAttr(shaped)), proc::LimitsAttr(), proc::SparseAttr(),
      UnitAttr(), proc::RuleAttr(), proc::DistributionAttr());
  symbols.insert(state);
  return lowering.messageStates[original] = state.getSymNameAttr();
}

bool Splitter::runsAfter(step::TaskOp task) {
  bool after = lateInstances.contains(task.getInstance());
  task->walk([&](Operation *op) {
    for (Value operand : op->getOperands())
      after |= late.contains(operand) || lowering.flat->sent.count(operand);
  });
  return after;
}

/// The channel that brings `message` to another processor.
ChannelOp Splitter::channelFor(Value message, unsigned from, unsigned to) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&lowering.network.getBody().front());
  std::string name =
      (messageOf(message)->name + " to " + lowering.processors[to].getSymName()).str();
  auto channel =
      ChannelOp::create(builder, message.getLoc(), builder.getStringAttr(name),
                        TypeAttr::get(declaredType(cast<RankedTensorType>(message.getType()))),
                        builder.getI64IntegerAttr(1),
                        FlatSymbolRefAttr::get(lowering.processors[from].getSymNameAttr()),
                        FlatSymbolRefAttr::get(lowering.processors[to].getSymNameAttr()));
  parts.insert(channel);
  return channel;
}

/// Uses of other tasks' values become reads of states.
void Splitter::receive(step::TaskOp task) {
  unsigned processor = lowering.processorOf.lookup(task.getInstance());
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
    std::string name = isNeuron ? neuron->second.name : messageOf(value)->name;
    StringRef state = stateFor(value, name, value.getType());
    if (isNeuron) {
      std::string &var = lowering.sentVars[value];
      if (var.empty())
        var = name + " as sent";
      rtop::FetchOp::create(builder, task.getLoc(), state, var);
    } else {
      // The first task of the processor that needs the message takes it for all.
      auto sender = value.getDefiningOp<step::TaskOp>();
      unsigned from = lowering.processorOf.lookup(sender.getInstance());
      ChannelOp *channel = from == processor ? nullptr : &lowering.channels[{value, processor}];
      if (channel && !*channel) {
        *channel = channelFor(value, from, processor);
        rtop::ReceiveOp::create(builder, task.getLoc(), state, channel->getSymName());
      }
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
  Value placeholder;
  const EmbeddedMessage *message = messageOf(result, &placeholder);
  builder.setInsertionPoint(yield);
  Location loc = yield.getLoc();
  StringRef state = stateFor(result, message->name, result.getType());
  auto store = [&](StringRef name, Value stored) {
    step::SetOp::create(builder, loc, FlatSymbolRefAttr::get(builder.getContext(), name), stored,
                        FlatSymbolRefAttr());
  };
  store(state, value);
  lowering.processorOfState[state] =
      lowering.processorOf.lookup(result.getDefiningOp<step::TaskOp>().getInstance());
  for (auto &[key, channel] : lowering.channels)
    if (key.first == result)
      rtop::SendOp::create(builder, loc, state, channel.getSymName());
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

LogicalResult Splitter::splitTask(step::TaskOp task, bool after) {
  auto yield = cast<step::YieldOp>(task.getBody().front().getTerminator());
  for (OpResult result : task->getResults())
    if (failed(sendOn(result, yield.getValues()[result.getResultNumber()], yield, after)))
      return failure();
  spkCalls.push_back({task.getInstance().str(), after});
  return success();
}

LogicalResult Splitter::splitSpk(step::PhaseOp phase) {
  SmallVector<step::TaskOp> tasks(phase.getBody().getOps<step::TaskOp>());
  SmallVector<std::pair<step::TaskOp, bool>> embedded; // and whether it runs after neurons
  for (step::TaskOp task : tasks) {
    if (lowering.instances.contains(task.getInstance()))
      continue;
    bool after = runsAfter(task);
    if (after) {
      lateInstances.insert(task.getInstance());
      late.insert(task->result_begin(), task->result_end());
    }
    embedded.push_back({task, after});
  }
  // In the order in which they will be called. Who sends must know who receives, so that is first.
  for (bool now : {false, true})
    for (auto [task, after] : embedded)
      if (after == now)
        receive(task);
  for (auto [task, after] : embedded)
    if (failed(splitTask(task, after)))
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
