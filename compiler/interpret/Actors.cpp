// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds the actors of a network, and refuses what is not resolved.
#include "compiler/interpret/Actors.h"

#include "compiler/interpret/Messages.h"
#include "dialect/proc/Transforms.h"
#include "dialect/proc/Types.h"

using namespace mlir;

namespace basalt::interp {

/// `resolve` leaves no such thing; whoever interprets other IR hears what is expected.
static LogicalResult emitUnresolved(Operation *op, const Twine &what) {
  return op->emitError("expected a resolved network, found ") << what;
}

Memory::Memory(RankedTensorType declared)
    : type(declared), words(std::max<size_t>(1, (storageSize(declared) + 7) / 8)) {}

/// The one block of a phase or guard, or null if there is none.
template <typename OpT> static Block *blockOf(OpT op) {
  return op ? &op.getBody().front() : nullptr;
}

Block *Actor::code(proc::PhaseKind kind) const {
  return model ? blockOf(proc::phaseOf(model, kind)) : nullptr;
}

Block *Actor::code(proc::GuardKind kind) const {
  return model ? blockOf(proc::guardOf(model, kind)) : nullptr;
}

FailureOr<std::unique_ptr<Actors>> Actors::build(ModuleOp module) {
  auto networks = module.getOps<proc::NetworkOp>();
  if (std::distance(networks.begin(), networks.end()) != 1)
    return emitUnresolved(module, "a module without exactly one network");
  auto result = std::make_unique<Actors>();
  Block &body = (*networks.begin()).getBody().front();
  for (auto instance : body.getOps<proc::InstanceOp>())
    if (failed(result->addActor(instance)))
      return failure();
  for (Operation &op : body) {
    if (auto connect = dyn_cast<proc::ConnectOp>(op)) {
      if (failed(result->addConnection(connect)))
        return failure();
    } else if (auto alias = dyn_cast<proc::AliasOp>(op)) {
      result->aliases.emplace_back(proc::spell(alias.getAlias()), proc::spell(alias.getTarget()));
    } else if (!isa<proc::InstanceOp>(op)) {
      return emitUnresolved(&op, "'" + op.getName().getStringRef() + "'");
    }
  }
  for (Actor &actor : result->actors)
    if (failed(result->findRemoteWrites(actor)))
      return failure();
  return result;
}

Actor *Actors::find(StringRef name) { return byName.lookup(name); }

LogicalResult Actors::addActor(proc::InstanceOp op) {
  proc::ProcessOp process = proc::lookupProcess(op);
  if (!process)
    return emitUnresolved(op, "an instance of an unknown process");
  auto models = process.getBody().getOps<proc::ModelOp>();
  if (std::distance(models.begin(), models.end()) > 1)
    return emitUnresolved(process, "a process of several models");
  Actor &actor = actors.emplace_back();
  actor.name = op.getSymName().str();
  actor.number = actors.size() - 1;
  actor.model = proc::modelOf(process);
  byName[actor.name] = &actor;
  if (actor.model && actor.model.isHierarchical())
    return emitUnresolved(actor.model, "a model of child instances");
  for (Operation &member : process.getBody().front())
    if (failed(addMember(actor, &member)))
      return failure();
  if (actor.model)
    for (Operation &code : actor.model.getBody().front())
      if (failed(checkCode(actor, &code)))
        return failure();
  if (op.getValues().empty())
    return success();
  for (auto value : op.getValues().front().getOps<proc::ValueOp>()) {
    State &state = *actor.states[value.getVar()];
    if (failed(initialise(state, value, value.getValue())))
      return failure();
    state.rule = value.getRuleAttr();
    state.distribution = value.getDistributionAttr();
  }
  return success();
}

LogicalResult Actors::addMember(Actor &actor, Operation *member) {
  auto declared = dyn_cast_or_null<RankedTensorType>(proc::declaredType(member));
  if (!declared)
    return proc::declaredType(member) ? emitUnresolved(member, "a type that is not known")
                                      : success();
  if (!proc::isConcrete(declared))
    return emitUnresolved(member, "a type that is not known");
  StringRef own = SymbolTable::getSymbolName(member).getValue();
  std::string name = (actor.name + "." + own).str();
  if (auto var = dyn_cast<proc::VarOp>(member)) {
    State &state = states.emplace_back(State{name, Memory(declared), &actor, var.getLimitsAttr()});
    state.sparse = var.getSparse().value_or(proc::SparseAttr());
    actor.states[own] = &state;
    return var.getInit() ? initialise(state, var, *var.getInit()) : success();
  }
  if (isa<proc::OutPortOp>(member))
    actor.channels[own] = &channels.emplace_back(Channel{name, Memory(declared), channels.size()});
  else if (isa<proc::InPortOp>(member))
    actor.inPorts[own].declared = declared;
  else if (isa<proc::RefPortOp>(member))
    actor.references[own].declared = declared;
  return success();
}

/// Initial values are in the value type by now; those of one element stand for all.
LogicalResult Actors::initialise(State &state, Operation *where, ElementsAttr value) {
  RankedTensorType declared = state.memory.declared();
  Type expected = proc::valueType(declared.getElementType());
  bool fits = value.getShapedType().getShape() == declared.getShape();
  if (value.getElementType() != expected || !fits)
    return emitUnresolved(where, "an initial value of another type than '" + state.name + "'");
  state.memory.store(Tensor::fromAttr(value));
  return success();
}

LogicalResult Actors::addConnection(proc::ConnectOp op) {
  auto scope = op->getParentOp();
  proc::End source = proc::lookupEnd(scope, op.getSource()),
            target = proc::lookupEnd(scope, op.getTarget());
  if (!source.instance || !target.instance || !source.member || !target.member)
    return emitUnresolved(op, "a connection that does not join ports of two instances");
  Actor *from = find(source.instance.getSymName()), *to = find(target.instance.getSymName());
  ArrayAttr via = op.getVia().value_or(ArrayAttr());
  StringRef sourceName = SymbolTable::getSymbolName(source.member);
  if (isa<proc::OutPortOp>(source.member) && isa<proc::InPortOp>(target.member)) {
    StringRef targetName = SymbolTable::getSymbolName(target.member);
    to->inPorts[targetName].sources.push_back({from->channels[sourceName], via});
    return success();
  }
  auto varPort = dyn_cast<proc::VarPortOp>(target.member);
  if (!isa<proc::RefPortOp>(source.member) || !varPort)
    return emitUnresolved(op, "a connection from " + proc::kindOf(source.member) + " to " +
                                  proc::kindOf(target.member));
  if (via && !llvm::all_of(via, proc::isInvertible))
    return emitUnresolved(op, "a transform that reads cannot go back through");
  Reference &reference = from->references[sourceName];
  reference.state = to->states[varPort.getVar()];
  reference.via = via;
  return success();
}

LogicalResult Actors::checkCode(Actor &actor, Operation *code) {
  auto phase = dyn_cast<proc::PhaseOp>(code);
  auto guard = dyn_cast<proc::GuardOp>(code);
  if ((phase && phase.getSource()) || (guard && guard.getSource()))
    return emitUnresolved(code, "a phase that is still text");
  bool spiking = phase && phase.getKind() == proc::PhaseKind::Spk;
  WalkResult result = code->walk([&](Operation *op) {
    bool message = isa<proc::RecvOp, proc::SendOp>(op);
    if (!message || (spiking && op->getParentOp() == code))
      return WalkResult::advance();
    (void)emitUnresolved(op, "a message that is not at the top level of spk");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

/// Marks what is written through RefPorts in post_mgmt, and refuses ports that lead nowhere.
LogicalResult Actors::findRemoteWrites(Actor &actor) {
  if (!actor.model)
    return success();
  WalkResult result = actor.model->walk([&](Operation *op) {
    if (!isa<proc::ReadOp, proc::WriteOp>(op))
      return WalkResult::advance();
    StringRef port = op->getAttrOfType<FlatSymbolRefAttr>("port").getValue();
    State *state = actor.references[port].state;
    if (!state) {
      (void)emitUnresolved(op, "RefPort '" + actor.name + "." + port +
                                   "', which is accessed but not connected");
      return WalkResult::interrupt();
    }
    auto phase = op->getParentOfType<proc::PhaseOp>();
    if (isa<proc::WriteOp>(op) && phase && phase.getKind() == proc::PhaseKind::PostMgmt)
      state->writtenRemotely |= state->owner != &actor;
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

} // namespace basalt::interp
