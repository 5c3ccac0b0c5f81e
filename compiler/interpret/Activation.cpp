// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code of an actor, fragment by fragment.
#include "compiler/interpret/Activation.h"

#include "compiler/support/Hash.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::interp {

Activation::Activation(Actor &actor, Block &code, rt::Context &ctx)
    : Walker(ctx, actor.name), actor(actor), code(code), next(code.begin()) {}

const Channel *Activation::waitsFor() const {
  auto recv = isDone() ? proc::RecvOp() : dyn_cast<proc::RecvOp>(*next);
  if (!recv)
    return nullptr;
  for (const Source &source : actor.inPorts[recv.getPort()].sources)
    if (!source.channel->isSent)
      return source.channel;
  return nullptr;
}

void Activation::runFragment() {
  bool sent = false;
  do {
    sent = isa<proc::SendOp>(*next);
    runOp(*next++);
  } while (!isDone() && !sent && !isa<proc::RecvOp>(*next));
}

void Activation::runAll() {
  while (!isDone())
    runOp(*next++);
}

bool Activation::guardValue() const {
  return valueOf(cast<proc::YieldOp>(code.back()).getValue()).truth();
}

std::optional<Activation::Values> Activation::runAccess(Operation &op) {
  using Result = std::optional<Values>;
  return llvm::TypeSwitch<Operation *, Result>(&op)
      .Case([&](proc::GetOp get) -> Result {
        return Values{actor.states[get.getVar()]->memory.load()};
      })
      .Case([&](proc::SetOp set) -> Result {
        actor.states[set.getVar()]->memory.store(valueOf(set.getValue()));
        return Values();
      })
      .Case([&](proc::RecvOp recv) -> Result { return Values{receive(recv)}; })
      .Case([&](proc::SendOp sendOp) -> Result { return send(sendOp), Values(); })
      .Case([&](proc::ReadOp readOp) -> Result { return Values{read(readOp)}; })
      .Case([&](proc::WriteOp writeOp) -> Result { return write(writeOp), Values(); })
      .Case([&](proc::InstanceKeyOp key) -> Result {
        Tensor value(key.getType());
        value.setInteger(0, keyOfText(actor.name));
        return Values{value};
      })
      .Default([](Operation *) { return std::nullopt; });
}

} // namespace basalt::interp
