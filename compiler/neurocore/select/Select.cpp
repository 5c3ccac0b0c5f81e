// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The frame of instruction selection: arguments, literals, results.
#include "compiler/neurocore/select/Selector.h"

#include "dialect/num/Num.h"
#include "runtime/neurocore/Image.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace basalt::neurocore {

Value Selector::emit(StringRef op, Operands operands, bool wide, Extra extra) {
  const nc::OpInfo &info = nc::infoOf(*opNamed(op));
  SmallVector<Type> results;
  if (info.writes)
    results.push_back(wide && !info.setsC ? builder.getI64Type() : builder.getI32Type());
  auto instruction = InstructionOp::create(builder, loc, results, builder.getStringAttr(op),
                                           operands, builder.getI64IntegerAttr(extra.imm),
                                           builder.getStringAttr(extra.round),
                                           builder.getI64IntegerAttr(extra.value),
                                           wide ? builder.getUnitAttr() : UnitAttr(), StringAttr());
  if (info.setsC)
    condition = instruction.getResults()[0];
  return info.writes ? Value(instruction.getResults()[0]) : Value();
}

Value Selector::emitShift(StringRef op, Value x, int64_t amount, bool wide) {
  constexpr int64_t most = 31;
  for (; amount > 0; amount -= most)
    x = emit(op, {x, operand("0")}, wide, {std::min(amount, most), "floor", 0});
  return x;
}

Value Selector::operand(const std::string &name, bool wide) {
  Value &value = operands[name];
  if (value)
    return value;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(builder.getInsertionBlock());
  return value = OperandOp::create(builder, loc, wide ? builder.getI64Type() : builder.getI32Type(),
                                   builder.getStringAttr(name));
}

/// A constant of the group for the number, if there is room.
Value Selector::constantOperand(int64_t number) {
  std::vector<SharedNumber> &constants = population.constants;
  auto most = std::min<size_t>(nc::kMostConstants, size_t(target.program.constants));
  size_t index = 0;
  while (index < constants.size() && (constants[index].state || constants[index].value != number))
    ++index;
  if (index == constants.size()) {
    if (index >= most)
      return {};
    constants.push_back({"", StringAttr(), Affine(), number});
  }
  return operand("k" + std::to_string(index));
}

Value Selector::literal(int64_t number) {
  if (number == 0 || number == 1)
    return operand(std::to_string(number));
  if (auto known = literals.find(number); known != literals.end())
    return known->second;
  bool isWord = number >= INT32_MIN && number <= INT32_MAX;
  Value value = isWord ? constantOperand(number) : Value();
  if (!value && number >= -(1 << 17) && number < (1 << 17))
    value = emit("LDI", {}, false, {0, "floor", number});
  if (!value && !isWord && llvm::isMask_64(uint64_t(number))) {
    // The other bits are those of -2^n.
    Value ones = literal(-1);
    value = emitShift("SHL", ones, llvm::popcount(uint64_t(number)), true);
    value = emit("XOR", {value, ones}, true);
  }
  if (!value) {
    // number = high * 2^14 + low
    Value high = literal(number >> 14);
    Value shifted = emit("SHL", {high, operand("0")}, !isWord, {14, "floor", 0});
    value = emit("ADD", {shifted, literal(number & 0x3fff)}, !isWord);
  }
  return literals[number] = value;
}

LogicalResult Selector::refuse(Operation *op, const Twine &why) {
  return op->emitError("'") << population.name << "' " << why;
}

bool Selector::anyWide(ValueRange values) {
  return llvm::any_of(values, [&](Value value) { return isWide(of(value)); });
}

Value Selector::of(Value value) {
  if (Value known = machines.lookup(value)) {
    if (!inverted.contains(value))
      return known;
    inverted.erase(value);
    return machines[value] = emit("XOR", {known, operand("1")}, false);
  }
  APInt constant;
  bool matches = matchPattern(value, m_ConstantInt(&constant));
  (void)matches;
  assert(matches && "all else has been selected");
  return literal(constant.getBitWidth() == 1 ? int64_t(constant.getZExtValue())
                                             : constant.getSExtValue());
}

static std::string rangeText(native::Range range) {
  auto bits = [](native::Range::Number number) {
    unsigned n = 1;
    while (n < 127 && (number < 0 ? number < -(native::Range::Number(1) << (n - 1))
                                  : number >= native::Range::Number(1) << (n - 1)))
      ++n;
    return n;
  };
  return std::to_string(std::max(bits(range.low), bits(range.high)));
}

/// Whether the target can hold the value, which is a pair.
LogicalResult Selector::checkWidth(Value value, Operation *op) {
  if (!demands.isPair(value) || (target.program.features & nc::FeatureWide))
    return success();
  return refuse(op, "needs " + rangeText(demands.range(value)) + " bits here, and '" + target.name +
                        "' computes with 32");
}

LogicalResult Selector::bindArguments() {
  step::KernelOp kernel = population.kernel;
  for (auto [value, argument] :
       llvm::zip_equal(kernel.getBody().getArguments(), population.arguments)) {
    if (value.use_empty())
      continue;
    unsigned index = argument.index;
    unsigned bits = cast<IntegerType>(value.getType()).getWidth();
    switch (argument.role) {
    case Role::Slot:
    case Role::Parameter: {
      bool slot = argument.role == Role::Slot;
      IntegerType type = (slot ? population.slots : population.parameters)[index].type;
      if (type.isUnsigned() && bits > 1 && bits < 32)
        unsignedHeld.insert(value);
      set(value, operand((slot ? "s" : "p") + std::to_string(index), bits > 32));
      break;
    }
    case Role::Constant:
      set(value, operand("k" + std::to_string(index)));
      break;
    case Role::Accumulator: {
      const Buffer &buffer = *population.inputs[index].buffer;
      bool wide = demands.isPair(value);
      if (wide && target.accumulators.width < 64)
        return emitError(population.loc)
               << "the sums that '" << population.name << "' gets from '" << buffer.state.getValue()
               << "' can need " << rangeText(demands.range(value)) << " bits, and accumulators of '"
               << target.name << "' have " << target.accumulators.width;
      if (wide)
        population.inputs[index].bits = 64;
      set(value, operand("a" + std::to_string(index), wide));
      break;
    }
    case Role::Step:
      set(value, operand("step"));
      break;
    case Role::Timer:
      if (population.timers.size() == 1) {
        set(value, operand("timers"));
      } else {
        Value shifted = operand("timers");
        if (index > 0)
          shifted = emit("SAR", {shifted, operand("0")}, false, {index, "floor", 0});
        set(value, emit("AND", {shifted, operand("1")}, false));
      }
      break;
    case Role::Site:
      if (!(target.program.features & nc::FeatureRandom))
        return emitError(value.getLoc())
               << "'" << population.name << "' draws random numbers, which '" << target.name
               << "' cannot do";
      set(value, emit("RND", {}, demands.isPair(value), {0, "floor", index}));
      break;
    }
  }
  return success();
}

/// The slot whose old state the value is.
std::optional<unsigned> Selector::slotOf(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || population.arguments[argument.getArgNumber()].role != Role::Slot)
    return std::nullopt;
  return population.arguments[argument.getArgNumber()].index;
}

/// Whether a spike of the target carries what is sent.
LogicalResult Selector::checkPayload(const Sent &output) {
  unsigned bits = output.type.getWidth();
  if (int64_t(bits) > std::max<int64_t>(target.spikes.payloadBits, 1))
    return emitError(output.value.getLoc())
           << "messages of '" << output.name << "' have " << bits << " bits, and a spike of '"
           << target.name << "' carries " << target.spikes.payloadBits;
  if (bits > 1 && output.type.isSigned() && !target.spikes.isSigned)
    return emitError(output.value.getLoc())
           << "messages of '" << output.name << "' have a sign, and spikes of '" << target.name
           << "' have none";
  return success();
}

/// Messages, then states.
LogicalResult Selector::finish() {
  Operation *yield = step::KernelOp(population.kernel).getBody().front().getTerminator();
  size_t slots = population.slots.size();
  for (auto [i, output] : llvm::enumerate(population.outputs)) {
    Value value = yield->getOperand(unsigned(slots + i));
    unsigned bits = output.type ? output.type.getWidth() : 64;
    if (bits > 32) {
      if (!demands.fitsWord(value))
        return emitError(output.value.getLoc())
               << "'" << population.name << "' sends numbers of " << rangeText(demands.range(value))
               << " bits, but a spike has at most 32";
      output.type = IntegerType::get(builder.getContext(), 32, IntegerType::Signed);
    }
    if (failed(checkPayload(output)))
      return failure();
    loc = output.value.getLoc();
    emit("SPK", {of(value)}, false, {0, "floor", int64_t(i)});
  }
  // The old state of another slot is kept before that slot gets its new one.
  SmallVector<std::pair<unsigned, Value>> stores;
  for (size_t i = 0; i < slots; ++i) {
    Value value = yield->getOperand(unsigned(i));
    std::optional<unsigned> from = slotOf(value);
    if (from == unsigned(i))
      continue;
    loc = value.getLoc();
    Value machine = of(value);
    if (from && slotOf(yield->getOperand(*from)) != from)
      machine = emit("MOV", {machine}, isWide(machine));
    stores.push_back({unsigned(i), machine});
  }
  for (auto [i, machine] : stores) {
    loc = yield->getOperand(i).getLoc();
    Value moved = emit("MOV", {machine}, population.slots[i].type.getWidth() > 32);
    moved.getDefiningOp<InstructionOp>().setInto("s" + std::to_string(i));
  }
  return success();
}

LogicalResult Selector::fill(ProgramOp program) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&program.getBody().emplaceBlock());
  if (failed(bindArguments()))
    return failure();
  Block &block = step::KernelOp(population.kernel).getBody().front();
  for (Operation &op : block.without_terminator()) {
    loc = op.getLoc();
    if (isa<arith::ConstantOp>(op))
      continue;
    if (failed(checkWidth(op.getResult(0), &op)) || failed(select(&op)))
      return failure();
  }
  return finish();
}

FailureOr<ProgramOp> Selector::run() {
  auto program = ProgramOp::create(builder, population.loc, population.name);
  if (succeeded(fill(program)))
    return program;
  program.erase();
  return failure();
}

FailureOr<ProgramOp> selectProgram(const Flat &flat, Population &population,
                                   const nc::Target &target, OpBuilder &builder) {
  return Selector(flat, population, target, builder).run();
}

} // namespace basalt::neurocore
