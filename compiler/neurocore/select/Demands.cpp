// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which values are needed to the last bit, and which can be at all.
#include "compiler/neurocore/select/Select.h"

#include "dialect/num/Num.h"
#include "dialect/proc/Limits.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace basalt::neurocore {

using native::Range;
using Number = Range::Number;

static Range rangeOfType(IntegerType type) {
  unsigned bits = type.getWidth();
  if (type.isUnsigned() || bits == 1)
    return {0, (Number(1) << bits) - 1};
  return {-(Number(1) << (bits - 1)), (Number(1) << (bits - 1)) - 1};
}

Range rangeOf(const Flat &flat, const SharedNumber &constant) {
  step::StateOp state = flat.states.lookup(constant.state);
  Range range = rangeOfType(cast<IntegerType>(cast<ShapedType>(state.getType()).getElementType()));
  // Other processes do not keep to limits.
  if (state.getLimits() && !flat.writtenByOthers.contains(constant.state)) {
    proc::Bounds bounds = proc::boundsOf(*state.getLimits());
    range = {std::max<Number>(range.low, bounds.low), std::min<Number>(range.high, bounds.high)};
  }
  const Affine &affine = constant.affine;
  Number low = (range.low * affine.scale + affine.offset) * (Number(1) << affine.shift);
  Number high = (range.high * affine.scale + affine.offset) * (Number(1) << affine.shift);
  return {std::min(low, high), std::max(low, high)};
}

/// The largest amount that a message can have.
static Number payloadOf(const Connection &connection) {
  if (connection.binary)
    return 1;
  unsigned bits = cast<IntegerType>(getElementTypeOrSelf(connection.message.getType())).getWidth();
  return Number(1) << (std::min(bits, 33u) - 1);
}

/// What weights can bring to a neuron in a step. With delays it is no more: each synapse has one.
static Number arrivingAt(const Buffer &buffer) {
  std::vector<Number> most(size_t(buffer.elements), 0);
  for (const Product &product : buffer.products) {
    for (const Connection &connection : product.connections) {
      // A weight can be changed to whatever its bits hold.
      int32_t all = 0;
      product.visitAll(connection, [&](const Synapse &synapse) {
        all |= synapse.weight < 0 ? ~synapse.weight : synapse.weight;
      });
      Number weight = 1;
      while (weight <= all)
        weight *= 2;
      Number amount = weight * payloadOf(connection);
      product.visitAll(connection,
                       [&](const Synapse &synapse) { most[size_t(synapse.target)] += amount; });
    }
  }
  Number highest = 0;
  for (Number number : most)
    highest = std::max(highest, number);
  return num::shifted({highest, highest}, buffer.weightShift).high;
}

static Number initialOf(const Buffer &buffer) {
  Number highest = 0;
  for (int64_t column = 0; column < buffer.columns; ++column)
    if (std::optional<SmallVector<int64_t>> sums = initialSums(buffer, column, 64))
      for (Number sum : *sums)
        highest = std::max(highest, sum < 0 ? -sum : sum);
  return highest;
}

InputRange rangeOf(const Population &population, size_t number) {
  InputRange range;
  auto add = [&](const Buffer &buffer) {
    Number arriving = arrivingAt(buffer);
    range.arriving += arriving;
    range.given += std::max(arriving, initialOf(buffer));
    range.addsUp |= buffer.ring;
  };
  add(*population.inputs[number].buffer);
  for (const SharedInput &shared : population.sharedInputs)
    if (shared.input == number)
      add(*shared.buffer);
  return range;
}

InputRange settableRangeOf(const Population &population, size_t number) {
  InputRange range = rangeOf(population, number);
  if (population.settableBits > 0 && population.settableBits != Population::kOpen)
    range.given = std::max(range.given, Number(1) << (population.settableBits - 1));
  return range;
}

/// Of an accumulator that can be set to what the population says. Sums can be more than its state
/// holds, if they are shifted before they are a state.
static Range assumedRange(const Population &population, size_t number) {
  Range held = settableRangeOf(population, number).held();
  if (population.settableBits != Population::kOpen)
    return held;
  auto type = cast<ShapedType>(step::StateOp(population.inputs[number].buffer->op).getType());
  return num::hull(num::signedRange(type.getElementTypeBitWidth() > 32 ? 64 : 32), held);
}

void Demands::assumeArguments(const Flat &flat, const Population &population) {
  step::KernelOp kernel = population.kernel;
  for (auto [value, argument] :
       llvm::zip_equal(kernel.getBody().getArguments(), population.arguments)) {
    switch (argument.role) {
    case Role::Constant: {
      Range range = rangeOf(flat, population.constants[argument.index]);
      if (range.low >= INT32_MIN && range.high <= INT32_MAX)
        widths.assume(value, range);
      break;
    }
    case Role::Accumulator:
      widths.assume(value, assumedRange(population, argument.index));
      break;
    case Role::Step:
      widths.assume(value, {0, INT32_MAX}); // as its operand holds it
      break;
    default:
      break;
    }
  }
}

bool Demands::fitsWord(Value value) {
  Range range = widths.range(value);
  return range.low >= INT32_MIN && range.high <= INT32_MAX;
}

void Demands::need(Value value) {
  if (cast<IntegerType>(value.getType()).getWidth() > 32)
    exact.insert(value);
}

/// What `op` needs of its operands, given what is needed of its result.
void Demands::visit(Operation *op) {
  Value result = op->getResult(0);
  if (isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp>(
          op)) {
    // Low bits of the result are made of low bits alone.
    if (isPair(result))
      llvm::for_each(op->getOperands(), [&](Value operand) { need(operand); });
    return;
  }
  if (isa<arith::SelectOp>(op)) {
    if (isPair(result))
      need(op->getOperand(1)), need(op->getOperand(2));
    return;
  }
  if (auto shift = dyn_cast<num::ShiftOp>(op)) {
    APInt amount;
    bool left = matchPattern(shift.getRhs(), m_ConstantInt(&amount)) && !amount.isNegative();
    if (!left || isPair(result))
      need(shift.getLhs());
    need(shift.getRhs());
    return;
  }
  if (isa<arith::TruncIOp>(op)) {
    if (cast<IntegerType>(result.getType()).getWidth() > 32 && isExact(result))
      need(op->getOperand(0));
    return;
  }
  llvm::for_each(op->getOperands(), [&](Value operand) { need(operand); });
}

Demands::Demands(const Flat &flat, const Population &population) {
  assumeArguments(flat, population);
  Block &block = step::KernelOp(population.kernel).getBody().front();
  for (Value value : block.getTerminator()->getOperands())
    need(value);
  for (Operation &op : llvm::reverse(block.without_terminator()))
    if (op.getNumResults() == 1)
      visit(&op);
}

} // namespace basalt::neurocore
