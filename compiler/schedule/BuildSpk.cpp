// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The phase spk: a task for each fragment, messages as values.
#include "compiler/schedule/Builder.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace basalt {

namespace {

/// Where each value of a process's spk code is used, in terms of its fragments; values that a later
/// fragment uses must leave their task.
class Crossings {
public:
  explicit Crossings(ArrayRef<Fragment> fragments) {
    for (auto [number, fragment] : llvm::enumerate(fragments))
      for (Operation *op : fragment.ops)
        fragmentOf[op] = number;
  }

  /// The results of the fragment's ops that other fragments of the process use, in program order.
  /// Constants are made again instead.
  SmallVector<Value> leaving(const Fragment &fragment) const {
    SmallVector<Value> values;
    for (Operation *op : fragment.ops)
      if (!op->hasTrait<OpTrait::ConstantLike>())
        for (Value result : op->getResults())
          if (llvm::any_of(result.getUsers(),
                           [&](Operation *user) { return isElsewhere(op, user); }))
            values.push_back(result);
    return values;
  }

private:
  bool isElsewhere(Operation *op, Operation *user) const {
    Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*user);
    return fragmentOf.lookup(ancestor) != fragmentOf.lookup(op);
  }

  llvm::DenseMap<Operation *, size_t> fragmentOf;
};

class SpkBuilder {
public:
  SpkBuilder(const Network &network) : network(network), values(network.instances.size()) {}

  /// The body of a fragment's task and what it yields: the message, if it sends one, then values
  /// for later fragments.
  LogicalResult buildBody(const Fragment &fragment, Block &body, SmallVectorImpl<Value> &results);
  /// Notes the task's results as values that later fragments use.
  void publish(const Fragment &fragment, step::TaskOp task);

private:
  LogicalResult copyConstants(const Fragment &fragment, BehaviourBuilder &behaviour,
                              OpBuilder &builder);
  const Crossings &crossingsOf(unsigned instance);

  const Network &network;
  SmallVector<IRMapping> values; // by instance
  MessageValues messages;
  llvm::DenseMap<unsigned, Crossings> crossings;
};

} // namespace

const Crossings &SpkBuilder::crossingsOf(unsigned instance) {
  auto found = crossings.find(instance);
  if (found == crossings.end())
    found = crossings.try_emplace(instance, cutFragments(network, instance)).first;
  return found->second;
}

/// The constants of the process's spk code that the fragment uses, wherever they stand.
LogicalResult SpkBuilder::copyConstants(const Fragment &fragment, BehaviourBuilder &behaviour,
                                        OpBuilder &builder) {
  llvm::SetVector<Operation *> used;
  for (Operation *op : fragment.ops)
    op->walk([&](Operation *nested) {
      for (Value operand : nested->getOperands())
        if (Operation *def = operand.getDefiningOp())
          if (def->hasTrait<OpTrait::ConstantLike>() && def->getBlock() == op->getBlock())
            used.insert(def);
    });
  for (Operation *constant : used)
    if (failed(behaviour.clone(constant, builder, values[fragment.instance])))
      return failure();
  return success();
}

LogicalResult SpkBuilder::buildBody(const Fragment &fragment, Block &body,
                                    SmallVectorImpl<Value> &results) {
  IRMapping &local = values[fragment.instance];
  BehaviourBuilder behaviour(network, fragment.instance, &messages);
  OpBuilder builder = OpBuilder::atBlockEnd(&body);
  if (failed(copyConstants(fragment, behaviour, builder)))
    return failure();
  for (Operation *op : fragment.ops)
    if (op != fragment.send && !op->hasTrait<OpTrait::ConstantLike>() &&
        failed(behaviour.clone(op, builder, local)))
      return failure();
  if (proc::SendOp send = fragment.send)
    results.push_back(local.lookup(send.getValue()));
  for (Value value : crossingsOf(fragment.instance).leaving(fragment))
    results.push_back(local.lookup(value));
  return success();
}

void SpkBuilder::publish(const Fragment &fragment, step::TaskOp task) {
  unsigned number = 0;
  if (proc::SendOp send = fragment.send)
    messages[{fragment.instance, send.getPortAttr().getAttr()}] = task.getResult(number++);
  for (Value value : crossingsOf(fragment.instance).leaving(fragment))
    values[fragment.instance].map(value, task.getResult(number++));
}

LogicalResult ProgramBuilder::buildSpk() {
  FailureOr<SmallVector<Fragment>> order = orderFragments(network);
  if (failed(order))
    return failure();
  if (order->empty())
    return success();
  openPhase(proc::PhaseKind::Spk);
  SpkBuilder spk(network);
  for (const Fragment &fragment : *order) {
    Instance instance = network.instances[fragment.instance];
    step::TaskOp task = openTask(instance, instance.phase(proc::PhaseKind::Spk));
    SmallVector<Value> results;
    if (failed(spk.buildBody(fragment, task.getBody().front(), results)))
      return failure();
    task = closeTask(task, results);
    spk.publish(fragment, task);
    if (proc::SendOp send = fragment.send)
      step::ProbeOp::create(builder, locate(send, instance), refTo(instance, send.getPort()),
                            task.getResult(0));
  }
  return success();
}

} // namespace basalt
