// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What code of an actor does to others: messages and remote accesses.
#include "compiler/interpret/Activation.h"

#include "compiler/interpret/Messages.h"
#include "compiler/interpret/Synapses.h"
#include "dialect/proc/Lookup.h"
#include "dialect/proc/Types.h"
#include "runtime/native/Generated.h"

using namespace mlir;

namespace basalt::interp {

Tensor Activation::receive(proc::RecvOp op) {
  const InPort &port = actor.inPorts[op.getPort()];
  Type element = port.declared.getElementType();
  std::optional<Message> sum;
  for (const Source &source : port.sources) {
    assert(source.channel->isSent);
    Memory &sent = source.channel->memory;
    Message message{applyTransforms(source.via, sent.load()), sent.declared().getElementType()};
    sum = sum ? add(*sum, message) : message;
  }
  return sum ? convert(*sum, element).value : Tensor(port.declared);
}

void Activation::send(proc::SendOp op) {
  Channel &channel = *actor.channels[op.getPort()];
  channel.memory.store(valueOf(op.getValue()));
  channel.isSent = true;
  rt::recordPort(ctx, channel.number, channel.memory.data());
}

/// Where the entries of a sparse Var are.
static Tensor offsetsOf(const State &state) {
  return state.owner->states.lookup(state.sparse.getOffsets().getValue())->memory.load();
}
static Tensor targetsOf(const State &state) {
  return state.owner->states.lookup(state.sparse.getTargets().getValue())->memory.load();
}

/// A Var as other processes see it.
Tensor Activation::load(const State &state, Operation *access) {
  Tensor value = state.memory.load();
  if (!state.sparse)
    return value;
  std::string error;
  auto type = RankedTensorType::get(state.sparse.getShape(), value.elementType());
  Tensor whole = matrixOf(value, {offsetsOf(state), targetsOf(state)}, type, error);
  if (!error.empty())
    throw runError(ctx, actor.name, access, error);
  return whole;
}

void Activation::store(State &state, const Tensor &value, Operation *access) {
  if (!state.sparse)
    return state.memory.store(value);
  std::string error;
  Tensor offsets = offsetsOf(state), targets = targetsOf(state);
  Tensor entries = entriesOf(value, {offsets, targets}, error);
  // Where the entries are there stands a number; the rest must be zero.
  Tensor rest = value;
  Tensor zero(value.elementType(), ArrayRef<int64_t>());
  int64_t columns = value.shape()[1];
  for (int64_t source = 0; error.empty() && source < columns; ++source)
    for (int64_t e = offsets.integer(source); e < offsets.integer(source + 1); ++e)
      rest.copy(targets.integer(e) * columns + source, zero, 0);
  for (int64_t i = 0; error.empty() && i < rest.size(); ++i)
    if (rest.isFloat() ? rest.real(i) != 0 : rest.integer(i) != 0)
      error = "assertion failed: " + proc::messageOfLostEntry(state.name);
  if (!error.empty())
    throw runError(ctx, actor.name, access, error);
  state.memory.store(entries);
}

Tensor Activation::read(proc::ReadOp op) {
  const Reference &reference = actor.references[op.getPort()];
  const Memory &memory = reference.state->memory;
  Message message{
      undoTransforms(reference.via, load(*reference.state, op), reference.declared.getShape()),
      memory.declared().getElementType()};
  return convert(message, reference.declared.getElementType()).value;
}

void Activation::write(proc::WriteOp op) {
  const Reference &reference = actor.references[op.getPort()];
  Memory &memory = reference.state->memory;
  Message message{applyTransforms(reference.via, valueOf(op.getValue())),
                  reference.declared.getElementType()};
  store(*reference.state, convert(message, memory.declared().getElementType()).value, op);
}

} // namespace basalt::interp
