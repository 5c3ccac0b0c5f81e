// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Running operations one after the other.
#include "compiler/interpret/Walker.h"

#include "compiler/interpret/Actors.h"
#include "compiler/interpret/Evaluator.h"
#include "runtime/native/Generated.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::interp {

rt::RunError runError(const rt::Context &ctx, StringRef instance, Operation *op,
                      const std::string &message) {
  // Of a call the place in the model, not that of the instance.
  auto place = op->getLoc()->findInstanceOf<FileLineColRange>();
  std::string file = place ? place.getFilename().str() : "", name = instance.str();
  rt::Site site{file.c_str(), place ? place.getStartLine() : 0, place ? place.getStartColumn() : 0,
                name.c_str()};
  return {site, ctx.timeStep, message};
}

rt::RunError Walker::error(Operation *op, const std::string &message) const {
  return runError(ctx, instance, op, message);
}

Walker::~Walker() = default;

/// A number of rank 0.
static Walker::Values number(Type type, int64_t value) {
  Tensor result(type);
  result.setInteger(0, value);
  return {result};
}

void Walker::runOp(Operation &op) {
  Values results =
      llvm::TypeSwitch<Operation *, Values>(&op)
          .Case([&](proc::TimeStepOp step) { return number(step.getType(), ctx.timeStep); })
          .Case([&](proc::SeedOp seed) {
            return number(seed.getType(), static_cast<int64_t>(ctx.seed));
          })
          .Case([&](proc::PrintOp printOp) -> Values { return print(printOp), Values(); })
          .Case([&](proc::AssertOp assertOp) -> Values { return check(assertOp), Values(); })
          .Case([&](proc::PauseOp) -> Values { return rt::pause(ctx), Values(); })
          .Case([&](proc::StopOp) -> Values { return rt::stop(ctx), Values(); })
          .Case([&](scf::IfOp ifOp) { return runIf(ifOp); })
          .Case([&](scf::ForOp forOp) { return runFor(forOp); })
          .Default([&](Operation *) -> Values {
            if (op.hasTrait<OpTrait::IsTerminator>())
              return {};
            std::optional<Values> accessed = runAccess(op);
            return accessed ? *accessed : evaluatePure(op);
          });
  forgetOperands(op);
  define(op.getResults(), results);
}

/// What all is computed of millions of weights need not be there at the same time.
void Walker::forgetOperands(Operation &op) {
  constexpr int64_t kMany = 1 << 16;
  if (op.hasTrait<OpTrait::IsTerminator>()) // of whose operands others take the values
    return;
  for (Value operand : op.getOperands()) {
    auto it = values.find(operand);
    if (it == values.end() || it->second.size() < kMany ||
        operand.getParentBlock() != op.getBlock())
      continue;
    auto isDone = [&](Operation *user) {
      Operation *here = op.getBlock()->findAncestorOpInBlock(*user);
      return here == &op || here->isBeforeInBlock(&op);
    };
    if (llvm::all_of(operand.getUsers(), isDone))
      values.erase(it);
  }
}

Walker::Values Walker::evaluatePure(Operation &op) {
  std::string message;
  FailureOr<Values> results = evaluate(&op, valuesOf(op.getOperands()), &message);
  if (failed(results))
    throw error(&op, message);
  return std::move(*results);
}

Walker::Values Walker::runBlock(Block &block, ArrayRef<Tensor> arguments) {
  define(block.getArguments(), arguments);
  for (Operation &op : block)
    runOp(op);
  if (block.empty() || !block.back().hasTrait<OpTrait::IsTerminator>())
    return {};
  return valuesOf(block.back().getOperands());
}

Walker::Values Walker::runIf(scf::IfOp op) {
  Region &branch = valueOf(op.getCondition()).truth() ? op.getThenRegion() : op.getElseRegion();
  return branch.empty() ? Values() : runBlock(branch.front(), {});
}

Walker::Values Walker::runFor(scf::ForOp op) {
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

const Tensor &Walker::valueOf(Value value) const { return values.find(value)->second; }

Walker::Values Walker::valuesOf(ValueRange range) const {
  Values result;
  for (Value value : range)
    result.push_back(valueOf(value));
  return result;
}

void Walker::define(ValueRange results, ArrayRef<Tensor> tensors) {
  for (auto [result, tensor] : llvm::zip_equal(results, tensors))
    values[result] = tensor;
}

//===--- Effects ---===//

void Walker::print(proc::PrintOp op) {
  if (!ctx.printing)
    return;
  std::vector<Memory> memories;
  std::vector<rt::View> views;
  for (Value operand : op.getValues()) {
    const Tensor &value = valueOf(operand);
    if (value.rank() > rt::kMaxRank)
      throw error(op, "cannot print a value of rank " + std::to_string(value.rank()) +
                          ", expected at most " + std::to_string(rt::kMaxRank));
    Memory &memory = memories.emplace_back(value.type());
    memory.store(value);
    rt::View view{memory.data(), storageElement(value.elementType()), uint8_t(value.rank()), {}};
    llvm::copy(value.shape(), view.shape);
    views.push_back(view);
  }
  rt::printViews(ctx, op.getFormat().str().c_str(), views.data(), views.size());
}

void Walker::check(proc::AssertOp op) {
  if (valueOf(op.getCondition()).truth())
    return;
  std::string message = "assertion failed";
  if (!op.getMessage().empty())
    message += ": " + op.getMessage().str();
  throw error(op, message);
}

} // namespace basalt::interp
