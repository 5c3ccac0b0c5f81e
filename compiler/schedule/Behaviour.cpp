// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Translation of a process's code for one instance.
#include "compiler/schedule/Builder.h"
#include "compiler/schedule/Connections.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt {

static FlatSymbolRefAttr refTo(Instance instance, StringRef member) {
  return FlatSymbolRefAttr::get(instance.op.getContext(), instance.spell(member));
}

Location BehaviourBuilder::locate(Location loc) { return CallSiteLoc::get(loc, self.loc()); }

FailureOr<Value> BehaviourBuilder::read(proc::ReadOp op, OpBuilder &builder) {
  const Remote *remote = network.remoteOf({instance, op.getPortAttr().getAttr()});
  Instance owner = network.instances[remote->owner];
  proc::VarOp var = remote->var;
  proc::VarPortOp port = remote->port;
  auto shape = cast<RankedTensorType>(op.getType()).getShape();
  auto stored =
      cast<RankedTensorType>(op.getType()).clone(cast<RankedTensorType>(var.getType()).getShape());
  Value value = step::GetOp::create(builder, op.getLoc(), stored, refTo(owner, var.getSymName()),
                                    refTo(owner, port.getSymName()));
  value = matrixOf(builder, op.getLoc(), value, owner, var);
  return applyBackward(builder, op.getLoc(), value, remote->connect, shape);
}

void BehaviourBuilder::write(proc::WriteOp op, OpBuilder &builder) {
  const Remote *remote = network.remoteOf({instance, op.getPortAttr().getAttr()});
  Instance owner = network.instances[remote->owner];
  proc::VarOp var = remote->var;
  proc::VarPortOp port = remote->port;
  Value value = applyForward(builder, op.getLoc(), op.getValue(), remote->connect);
  value = entriesOf(builder, op.getLoc(), value, owner, var);
  step::SetOp::create(builder, op.getLoc(), refTo(owner, var.getSymName()), value,
                      refTo(owner, port.getSymName()));
}

Value BehaviourBuilder::receive(proc::RecvOp op, OpBuilder &builder) {
  SmallVector<Summand> summands;
  for (Message message : network.messagesTo({instance, op.getPortAttr().getAttr()}))
    summands.push_back(
        {applyForward(builder, op.getLoc(), messages->at(message.key()), message.connect),
         message.port.getType()});
  auto port = cast<proc::InPortOp>(proc::lookupMember(self.process, op.getPort()));
  return sumOf(builder, op.getLoc(), summands, cast<RankedTensorType>(port.getType()));
}

FailureOr<Value> BehaviourBuilder::translate(Operation *op) {
  OpBuilder builder(op);
  return llvm::TypeSwitch<Operation *, FailureOr<Value>>(op)
      .Case([&](proc::GetOp get) -> FailureOr<Value> {
        return step::GetOp::create(builder, get.getLoc(), get.getType(), refTo(self, get.getVar()),
                                   FlatSymbolRefAttr())
            .getResult();
      })
      .Case([&](proc::InstanceKeyOp key) -> FailureOr<Value> {
        auto state = FlatSymbolRefAttr::get(key.getContext(), nameOfKeyState(self));
        return step::GetOp::create(builder, key.getLoc(), key.getType(), state, FlatSymbolRefAttr())
            .getResult();
      })
      .Case([&](proc::SetOp set) -> FailureOr<Value> {
        step::SetOp::create(builder, set.getLoc(), refTo(self, set.getVar()), set.getValue(),
                            FlatSymbolRefAttr());
        return Value();
      })
      .Case([&](proc::ReadOp read) { return this->read(read, builder); })
      .Case([&](proc::WriteOp write) -> FailureOr<Value> {
        this->write(write, builder);
        return Value();
      })
      .Case([&](proc::RecvOp recv) -> FailureOr<Value> { return receive(recv, builder); })
      .Case([&](proc::YieldOp yield) -> FailureOr<Value> {
        step::YieldOp::create(builder, yield.getLoc(), yield.getValue());
        return Value();
      });
}

static bool namesMember(Operation *op) {
  return isa<proc::GetOp, proc::SetOp, proc::ReadOp, proc::WriteOp, proc::RecvOp, proc::YieldOp,
             proc::InstanceKeyOp>(op);
}

LogicalResult BehaviourBuilder::clone(Operation *op, OpBuilder &builder, IRMapping &values) {
  Operation *copy = builder.clone(*op, values);
  SmallVector<Operation *> work;
  copy->walk([&](Operation *nested) {
    nested->setLoc(locate(nested->getLoc()));
    for (Region &region : nested->getRegions())
      for (BlockArgument argument : region.getArguments())
        argument.setLoc(locate(argument.getLoc()));
    if (namesMember(nested))
      work.push_back(nested);
  });
  for (Operation *nested : work) {
    FailureOr<Value> replacement = translate(nested);
    if (failed(replacement))
      return failure();
    if (*replacement) {
      nested->getResult(0).replaceAllUsesWith(*replacement);
      if (nested == copy)
        values.map(op->getResult(0), *replacement);
    }
    nested->erase();
  }
  return success();
}

} // namespace basalt
