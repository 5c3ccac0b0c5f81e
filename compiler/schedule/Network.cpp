// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Indexing of a resolved network, and what may be assumed of one.
#include "compiler/schedule/Network.h"

using namespace mlir;

namespace basalt {

/// `resolve` leaves no such thing; whoever runs `schedule` alone hears what it expects.
static LogicalResult emitUnresolved(Operation *op, const Twine &what) {
  return op->emitError("expected a resolved network, found ") << what;
}

/// Ports are received and sent once in a step, so only at the top level of spk.
static LogicalResult checkCode(proc::PhaseOp phase) {
  if (phase.getSource())
    return emitUnresolved(phase, "a phase that is still text");
  WalkResult result = phase.walk([&](Operation *op) {
    bool topLevel = op->getParentOp() == phase && phase.getKind() == proc::PhaseKind::Spk;
    if (!isa<proc::RecvOp, proc::SendOp>(op) || topLevel)
      return WalkResult::advance();
    (void)emitUnresolved(op, "a message that is not at the top level of spk");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

static LogicalResult checkProcess(proc::ProcessOp process) {
  auto models = process.getBody().getOps<proc::ModelOp>();
  if (std::distance(models.begin(), models.end()) > 1)
    return emitUnresolved(process, "a process of several models");
  for (proc::ModelOp model : models) {
    if (model.isHierarchical())
      return emitUnresolved(model, "a model of child instances");
    for (auto phase : model.getBody().getOps<proc::PhaseOp>())
      if (failed(checkCode(phase)))
        return failure();
  }
  return success();
}

void Network::addInstance(proc::InstanceOp op, SymbolTableCollection &tables) {
  proc::ProcessOp process = proc::lookupProcess(op, &tables);
  numbers[op.getSymNameAttr()] = instances.size();
  instances.push_back({op, process, proc::modelOf(process)});
}

LogicalResult Network::addConnection(proc::ConnectOp op, SymbolTableCollection &tables) {
  proc::End source = proc::lookupEnd(this->op, op.getSource(), &tables);
  proc::End target = proc::lookupEnd(this->op, op.getTarget(), &tables);
  if (!source.instance || !target.instance)
    return emitUnresolved(op, "a connection that does not join ports of two instances");
  unsigned from = numbers.lookup(source.instance.getSymNameAttr());
  unsigned to = numbers.lookup(target.instance.getSymNameAttr());
  auto outPort = dyn_cast<proc::OutPortOp>(source.member);
  auto inPort = dyn_cast<proc::InPortOp>(target.member);
  if (outPort && inPort) {
    Message message{op, from, outPort};
    allMessages.push_back(message);
    messagesOf[{to, inPort.getSymNameAttr()}].push_back(message);
    return success();
  }
  auto refPort = dyn_cast<proc::RefPortOp>(source.member);
  auto varPort = dyn_cast<proc::VarPortOp>(target.member);
  if (!refPort || !varPort)
    return emitUnresolved(op, "a connection from " + proc::kindOf(source.member) + " to " +
                                  proc::kindOf(target.member));
  remotes[{from, refPort.getSymNameAttr()}] = {op, to, varPort, proc::varOf(varPort)};
  return success();
}

FailureOr<Network> Network::build(ModuleOp module) {
  auto networks = module.getOps<proc::NetworkOp>();
  if (std::distance(networks.begin(), networks.end()) != 1)
    return emitUnresolved(module, "a module without exactly one network");
  for (proc::ProcessOp process : module.getOps<proc::ProcessOp>())
    if (failed(checkProcess(process)))
      return failure();

  Network network;
  network.op = *networks.begin();
  SymbolTableCollection tables;
  for (auto op : network.op.getBody().getOps<proc::InstanceOp>())
    network.addInstance(op, tables);
  for (auto op : network.op.getBody().getOps<proc::ConnectOp>())
    if (failed(network.addConnection(op, tables)))
      return failure();
  return network;
}

ArrayRef<Message> Network::messagesTo(PortKey inPort) const {
  auto found = messagesOf.find(inPort);
  return found == messagesOf.end() ? ArrayRef<Message>() : ArrayRef<Message>(found->second);
}

const Remote *Network::remoteOf(PortKey refPort) const {
  auto found = remotes.find(refPort);
  return found == remotes.end() ? nullptr : &found->second;
}

} // namespace basalt
