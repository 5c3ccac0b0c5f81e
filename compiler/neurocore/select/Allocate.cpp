// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers by linear scan, results into the states they become, and words.
#include "compiler/neurocore/select/Select.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
class Allocator {
public:
  Allocator(ProgramOp program, const Population &population, const nc::Target &target)
      : program(program), population(population), target(target) {}

  LogicalResult run();

private:
  void removeUnused();
  void storeDirectly();
  bool canStore(InstructionOp move, InstructionOp source, StringRef slot);
  LogicalResult allocate();
  std::optional<unsigned> take(bool pair);
  void findLastUses();

  ProgramOp program;
  const Population &population;
  const nc::Target &target;
  std::array<bool, 16> taken = {};
  llvm::DenseMap<Value, Operation *> lastUse;
};
} // namespace

static bool hasEffect(InstructionOp instruction) {
  return instruction.getResults().empty() || instruction.getInto();
}

void Allocator::removeUnused() {
  Block &block = program.getBody().front();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    auto instruction = dyn_cast<InstructionOp>(op);
    bool needed = instruction && hasEffect(instruction);
    if (!needed && op.use_empty())
      op.erase();
  }
}

/// Whether `source` can write the slot itself: nobody reads the old state afterwards, and what is
/// stored is what was computed.
bool Allocator::canStore(InstructionOp move, InstructionOp source, StringRef slot) {
  if (!source || source.getInto() || source->getNumResults() != 1)
    return false;
  unsigned number = 0;
  (void)slot.drop_front().getAsInteger(10, number);
  IntegerType type = population.slots[number].type;
  bool wide = type.getWidth() > 32;
  if (wide != source.getResults()[0].getType().isInteger(64))
    return false;
  // Narrow states only get what fits: results of WRAP, and truth values.
  if (type.getWidth() < 32) {
    std::optional<nc::Op> op = opNamed(source.getOp());
    bool flag = type.getWidth() == 1 && nc::infoOf(*op).setsC;
    bool wrapped =
        *op == nc::Op::Wrap && source.getValue() == type.getWidth() && !type.isUnsigned();
    if (!flag && !wrapped)
      return false;
  }
  for (auto operand : program.getBody().getOps<OperandOp>())
    if (operand.getOperand() == slot)
      for (Operation *user : operand->getUsers())
        if (user != source && source->isBeforeInBlock(user) && user != move)
          return false;
  return true;
}

void Allocator::storeDirectly() {
  for (auto move : llvm::make_early_inc_range(program.getBody().getOps<InstructionOp>())) {
    if (move.getOp() != "MOV" || !move.getInto() || !StringRef(*move.getInto()).starts_with("s"))
      continue;
    std::string slot = move.getInto()->str();
    auto source = move.getOperands()[0].getDefiningOp<InstructionOp>();
    if (!canStore(move, source, slot))
      continue;
    source.setInto(slot);
    move.erase();
  }
}

void Allocator::findLastUses() {
  for (Operation &op : program.getBody().front())
    for (Value operand : op.getOperands())
      lastUse[operand] = &op;
}

std::optional<unsigned> Allocator::take(bool pair) {
  auto count = std::min<unsigned>(16, unsigned(target.program.registers));
  for (unsigned i = 0; i + pair < count; i += pair ? 2 : 1) {
    if (taken[i] || (pair && taken[i + 1]))
      continue;
    taken[i] = true;
    if (pair)
      taken[i + 1] = true;
    return i;
  }
  return std::nullopt;
}

LogicalResult Allocator::allocate() {
  llvm::DenseMap<Value, unsigned> registerOf;
  for (auto instruction : program.getBody().getOps<InstructionOp>()) {
    for (Value operand : instruction.getOperands()) {
      auto it = registerOf.find(operand);
      if (it == registerOf.end() || lastUse.lookup(operand) != instruction)
        continue;
      taken[it->second] = false;
      if (operand.getType().isInteger(64))
        taken[it->second + 1] = false;
      registerOf.erase(it);
    }
    if (instruction.getResults().empty() || instruction.getInto())
      continue;
    Value result = instruction.getResults()[0];
    // c itself is no register.
    bool onlyCondition = llvm::all_of(result.getUses(), [](OpOperand &use) {
      return use.getOperandNumber() == 0 && cast<InstructionOp>(use.getOwner()).getOp() == "SEL";
    });
    if (onlyCondition) {
      instruction.setInto("0");
      continue;
    }
    std::optional<unsigned> place = take(result.getType().isInteger(64));
    if (!place)
      return instruction.emitError("'")
             << population.name << "' needs more than the " << target.program.registers
             << " registers that '" << target.name << "' has";
    registerOf[result] = *place;
    instruction.setInto("r" + std::to_string(*place));
  }
  return success();
}

LogicalResult Allocator::run() {
  removeUnused();
  storeDirectly();
  findLastUses();
  return allocate();
}

LogicalResult allocateRegisters(ProgramOp program, const Population &population,
                                const nc::Target &target) {
  return Allocator(program, population, target).run();
}

/// The operand of microcode where a value is.
static uint8_t placeOf(Value value) {
  Operation *op = value.getDefiningOp();
  if (auto operand = dyn_cast<OperandOp>(op))
    return *operandNamed(operand.getOperand());
  return *operandNamed(*cast<InstructionOp>(op).getInto());
}

std::vector<nc::Instruction> instructionsOf(ProgramOp program) {
  std::vector<nc::Instruction> result;
  for (auto op : program.getBody().getOps<InstructionOp>()) {
    nc::Instruction in;
    in.op = *opNamed(op.getOp());
    in.wide = op.getWide();
    in.imm = uint8_t(op.getImm());
    in.round = *roundNamed(op.getRound());
    OperandRange operands = op.getOperands();
    if (in.op == nc::Op::Sel)
      operands = operands.drop_front();
    if (!operands.empty())
      in.a = placeOf(operands[0]);
    if (operands.size() > 1)
      in.b = placeOf(operands[1]);
    if (op.getInto())
      in.dst = *operandNamed(*op.getInto());
    auto value = int32_t(int64_t(op.getValue()));
    if (in.op == nc::Op::Spk || in.op == nc::Op::Spka)
      in.dst = uint8_t(value);
    else if (in.op == nc::Op::Rnd)
      in.a = uint8_t(value);
    else
      in.value = value;
    result.push_back(in);
  }
  if (result.empty())
    result.emplace_back(); // HALT
  return result;
}

} // namespace basalt::neurocore
