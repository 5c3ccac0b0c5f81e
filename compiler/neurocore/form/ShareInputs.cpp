// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Buffers that neurons only add up need no accumulator each: the synapses can lead to one.
#include "compiler/neurocore/form/Population.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace basalt::neurocore {

/// The sum of 32 bits that the accumulator `value` is only a term of; null if there is none.
static Operation *onlySumOf(Value value) {
  Operation *sum = nullptr;
  while (value.hasOneUse()) {
    Operation *user = *value.user_begin();
    if (isa<arith::AddIOp>(user)) {
      sum = user;
    } else if (auto truncation = dyn_cast<arith::TruncIOp>(user)) {
      // Sums wrap to 32 bits or fewer in the end, so they may do so before.
      if (truncation.getType().getIntOrFloatBitWidth() < 32)
        return nullptr;
      if (sum)
        return sum;
    } else if (!isa<arith::ExtSIOp>(user)) {
      return nullptr;
    }
    value = user->getResult(0);
  }
  // What else is done with the sum is done with its 32 bits.
  auto isNarrow = [](Operation *user) { return isa<arith::TruncIOp>(user); };
  return sum && llvm::all_of(value.getUsers(), isNarrow) ? sum : nullptr;
}

static bool isPlain(const Input &input) {
  return input.buffer->shift == 0 && input.buffer->wrap == 0 && !input.buffer->ring &&
         cast<ShapedType>(step::StateOp(input.buffer->op).getType()).getElementTypeBitWidth() == 32;
}

void shareInputs(Population &population, size_t most) {
  if (population.inputs.size() <= most)
    return;
  Block &block = population.kernel.getBody().front();
  llvm::MapVector<Operation *, SmallVector<unsigned>> terms; // arguments
  for (auto [number, argument] : llvm::enumerate(population.arguments)) {
    if (argument.role != Role::Accumulator || !isPlain(population.inputs[argument.index]))
      continue;
    if (Operation *sum = onlySumOf(block.getArgument(unsigned(number))))
      terms[sum].push_back(unsigned(number));
  }
  llvm::DenseMap<unsigned, unsigned> leaderOf; // inputs
  size_t left = population.inputs.size();
  for (auto &[sum, arguments] : terms)
    for (unsigned number : ArrayRef(arguments).drop_front()) {
      if (left <= most)
        break;
      leaderOf[population.arguments[number].index] = population.arguments[arguments[0]].index;
      --left;
    }
  // Others keep their order and get new numbers.
  std::vector<Input> inputs;
  std::vector<unsigned> numbers(population.inputs.size());
  for (unsigned i = 0; i < population.inputs.size(); ++i)
    if (!leaderOf.contains(i)) {
      numbers[i] = unsigned(inputs.size());
      inputs.push_back(population.inputs[i]);
    }
  OpBuilder builder = OpBuilder::atBlockBegin(&block);
  for (unsigned number = unsigned(population.arguments.size()); number-- > 0;) {
    Argument &argument = population.arguments[number];
    if (argument.role != Role::Accumulator)
      continue;
    auto leader = leaderOf.find(argument.index);
    if (leader == leaderOf.end()) {
      argument.index = numbers[argument.index];
      continue;
    }
    const Input &shared = population.inputs[argument.index];
    population.sharedInputs.push_back({shared.buffer, shared.map, numbers[leader->second]});
    Value zero = arith::ConstantOp::create(builder, population.loc, builder.getI64IntegerAttr(0));
    block.getArgument(number).replaceAllUsesWith(zero);
    block.eraseArgument(number);
    population.arguments.erase(population.arguments.begin() + number);
  }
  population.inputs = std::move(inputs);
}

} // namespace basalt::neurocore
