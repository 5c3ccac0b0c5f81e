// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs operations one after the other.
#include "compiler/interpret/Activation.h"

#include "compiler/interpret/Evaluator.h"
#include "compiler/support/Hash.h"
#include "runtime/native/Generated.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::interp {

Activation::Activation(Actor &actor, Block &code, rt::Context &ctx)
    : actor(actor), code(code), ctx(ctx), next(code.begin()) {}

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

void Activation::runOp(Operation &op) {
  Values results =
      llvm::TypeSwitch<Operation *, Values>(&op)
          .Case([&](proc::GetOp get) -> Values {
            return {actor.states[get.getVar()]->memory.load()};
          })
          .Case([&](proc::SetOp set) -> Values {
            actor.states[set.getVar()]->memory.store(valueOf(set.getValue()));
            return {};
          })
          .Case([&](proc::RecvOp recv) -> Values { return {receive(recv)}; })
          .Case([&](proc::SendOp sendOp) -> Values { return send(sendOp), Values(); })
          .Case([&](proc::ReadOp readOp) -> Values { return {read(readOp)}; })
          .Case([&](proc::WriteOp writeOp) -> Values { return write(writeOp), Values(); })
          .Case([&](proc::TimeStepOp step) -> Values {
            Tensor value(step.getType());
            value.setInteger(0, ctx.timeStep);
            return {value};
          })
          .Case([&](proc::SeedOp seed) -> Values {
            Tensor value(seed.getType());
            value.setInteger(0, static_cast<int64_t>(ctx.seed));
            return {value};
          })
          .Case([&](proc::InstanceKeyOp key) -> Values {
            Tensor value(key.getType());
            value.setInteger(0, keyOfText(actor.name));
            return {value};
          })
          .Case([&](proc::PrintOp printOp) -> Values { return print(printOp), Values(); })
          .Case([&](proc::AssertOp assertOp) -> Values { return check(assertOp), Values(); })
          .Case([&](proc::PauseOp) -> Values { return rt::pause(ctx), Values(); })
          .Case([&](proc::StopOp) -> Values { return rt::stop(ctx), Values(); })
          .Case<proc::YieldOp, scf::YieldOp>([](auto) -> Values { return {}; })
          .Case([&](scf::IfOp ifOp) { return runIf(ifOp); })
          .Case([&](scf::ForOp forOp) { return runFor(forOp); })
          .Default([&](Operation *) { return evaluatePure(op); });
  define(op.getResults(), results);
}

Activation::Values Activation::evaluatePure(Operation &op) {
  std::string error;
  FailureOr<Values> results = evaluate(&op, valuesOf(op.getOperands()), &error);
  if (failed(results))
    throw runError(ctx, actor, &op, error);
  return std::move(*results);
}

Activation::Values Activation::runBlock(Block &block, ArrayRef<Tensor> arguments) {
  define(block.getArguments(), arguments);
  for (Operation &op : block)
    runOp(op);
  if (block.empty() || !isa<scf::YieldOp>(block.back()))
    return {};
  return valuesOf(block.back().getOperands());
}

Activation::Values Activation::runIf(scf::IfOp op) {
  Region &branch = valueOf(op.getCondition()).truth() ? op.getThenRegion() : op.getElseRegion();
  return branch.empty() ? Values() : runBlock(branch.front(), {});
}

Activation::Values Activation::runFor(scf::ForOp op) {
  int64_t from = valueOf(op.getLowerBound()).integer(0),
          to = valueOf(op.getUpperBound()).integer(0);
  int64_t stride = valueOf(op.getStep()).integer(0);
  Values carried = valuesOf(op.getInitArgs());
  for (int64_t i = from; i < to; i += stride) {
    Tensor counter(op.getInductionVar().getType());
    counter.setInteger(0, i);
    carried.insert(carried.begin(), counter);
    carried = runBlock(*op.getBody(), carried);
    if (stride > to - i) // the next one might not be a number of 64 bits
      break;
  }
  return carried;
}

const Tensor &Activation::valueOf(Value value) const { return values.find(value)->second; }

Activation::Values Activation::valuesOf(ValueRange range) const {
  Values result;
  for (Value value : range)
    result.push_back(valueOf(value));
  return result;
}

void Activation::define(ValueRange results, ArrayRef<Tensor> tensors) {
  for (auto [result, tensor] : llvm::zip_equal(results, tensors))
    values[result] = tensor;
}

} // namespace basalt::interp
