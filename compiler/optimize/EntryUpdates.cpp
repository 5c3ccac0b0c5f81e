// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the value that a state is given back to the one that it had, choice by choice. What is
// chosen where a source or a target spikes may be made of anything that an entry by itself has: its
// old value, what belongs to its source or target, or what is the same for all.
#include "compiler/optimize/EntryUpdates.h"

#include "compiler/optimize/ScalarCode.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt::optimize {

namespace {

/// A choice between what is new and what was.
struct Choice {
  arith::SelectOp select;
  arith::TruncIOp narrowing; ///< of the chosen integers to those that are stored; or null
  Value before;              ///< the entries as they are stored

  Value after() { return narrowing ? narrowing.getResult() : select.getResult(); }
};

/// Where the entries of the state are.
struct Pattern {
  proc::SparseAttr sparse;

  /// Whether `op` takes the elements that stand there.
  bool isAt(num::AtSynapsesOp op) const {
    auto is = [](Value value, FlatSymbolRefAttr name) {
      auto get = value.getDefiningOp<step::GetOp>();
      return get && get.getStateAttr() == name;
    };
    return is(op.getOffsets(), sparse.getOffsets()) && is(op.getTargets(), sparse.getTargets());
  }
};

/// Writes the kernel of one choice.
class KernelWriter {
public:
  KernelWriter(step::StateOp state, Choice choice)
      : state(state), pattern{*state.getSparse()}, choice(choice), builder(state.getContext()) {}

  std::optional<EntryUpdate> write();

private:
  void start();
  void findConditions(Value condition, SmallVectorImpl<Value> &result) const;
  bool takeMask(SmallVectorImpl<Value> &conditions);
  /// The scalar of the kernel for an element of `value`, which is of entries, of the whole matrix,
  /// or a scalar; null if there is none.
  Value scalar(Value value);
  Value make(Value value);
  Value addInput(EntryInput input);

  step::StateOp state;
  Pattern pattern;
  Choice choice;
  OpBuilder builder;
  DenseMap<Value, Value> scalars;
  EntryUpdate result;
};

} // namespace

/// The vector that `broadcast` repeats along the other axis of a matrix.
static std::optional<EntryInput> vectorBehind(num::BroadcastOp broadcast) {
  auto type = cast<RankedTensorType>(broadcast.getOperand().getType());
  if (cast<RankedTensorType>(broadcast.getType()).getRank() != 2 || type.getNumElements() == 1)
    return std::nullopt;
  if (type.getRank() == 1 || type.getDimSize(0) == 1)
    return EntryInput{broadcast.getOperand(), step::EntryRole::Source};
  if (type.getDimSize(1) == 1)
    return EntryInput{broadcast.getOperand(), step::EntryRole::Target};
  return std::nullopt;
}

void KernelWriter::start() {
  Location loc = lineOfProcess(choice.select.getLoc());
  OperationState kernel(loc, step::KernelOp::getOperationName());
  kernel.addAttribute(SymbolTable::getSymbolAttrName(), builder.getStringAttr("kernel"));
  kernel.addRegion();
  result.kernel = cast<step::KernelOp>(Operation::create(kernel));
  Block &body = result.kernel->getBody().emplaceBlock();
  Type element = getElementTypeOrSelf(choice.before.getType());
  scalars[choice.before] = body.addArgument(element, lineOfProcess(choice.before.getLoc()));
  builder.setInsertionPointToEnd(&body);
}

Value KernelWriter::addInput(EntryInput input) {
  result.inputs.push_back(input);
  return builder.getInsertionBlock()->addArgument(getElementTypeOrSelf(input.value.getType()),
                                                  lineOfProcess(input.value.getLoc()));
}

Value KernelWriter::scalar(Value value) {
  if (Value known = scalars.lookup(value))
    return known;
  Value made = make(value);
  scalars[value] = made;
  return made;
}

Value KernelWriter::make(Value value) {
  if (TypedAttr element = constantElement(value)) {
    OpBuilder atStart = OpBuilder::atBlockBegin(builder.getInsertionBlock());
    return arith::ConstantOp::create(atStart, lineOfProcess(value.getLoc()), element);
  }
  if (!isa<RankedTensorType>(value.getType()))
    return addInput({value, step::EntryRole::Every});
  Operation *op = value.getDefiningOp();
  if (auto broadcast = dyn_cast_or_null<num::BroadcastOp>(op)) {
    if (cast<RankedTensorType>(broadcast.getOperand().getType()).getNumElements() == 1)
      return addInput({broadcast.getOperand(), step::EntryRole::Every});
    std::optional<EntryInput> vector = vectorBehind(broadcast);
    return vector ? addInput(*vector) : Value();
  }
  if (auto at = dyn_cast_or_null<num::AtSynapsesOp>(op))
    return pattern.isAt(at) ? scalar(at.getMatrix()) : Value();
  if (auto get = dyn_cast_or_null<step::GetOp>(op)) {
    auto other = dyn_cast_or_null<step::StateOp>(
        SymbolTable::lookupSymbolIn(state->getParentOp(), get.getStateAttr().getAttr()));
    bool isAlike = other && other != state && other.getSparse() == state.getSparse();
    return isAlike && !get.getVia() ? addInput({value, step::EntryRole::Entry}) : Value();
  }
  if (!op || !num::isElementwise(op) || op->getNumResults() != 1)
    return {};
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    operands.push_back(scalar(operand));
    if (!operands.back())
      return {};
  }
  return cloneAsScalar(op, operands, builder);
}

/// What must hold all together.
void KernelWriter::findConditions(Value condition, SmallVectorImpl<Value> &conditions) const {
  if (auto both = condition.getDefiningOp<arith::AndIOp>()) {
    findConditions(both.getLhs(), conditions);
    findConditions(both.getRhs(), conditions);
  } else if (auto at = condition.getDefiningOp<num::AtSynapsesOp>(); at && pattern.isAt(at)) {
    findConditions(at.getMatrix(), conditions);
  } else {
    conditions.push_back(condition);
  }
}

/// Takes a condition on sources or on targets out of `conditions`; those that are for a source are
/// best, since its entries lie side by side.
bool KernelWriter::takeMask(SmallVectorImpl<Value> &conditions) {
  for (step::EntryRole role : {step::EntryRole::Source, step::EntryRole::Target})
    for (Value &condition : conditions) {
      auto broadcast = condition.getDefiningOp<num::BroadcastOp>();
      std::optional<EntryInput> vector = broadcast ? vectorBehind(broadcast) : std::nullopt;
      if (!vector || vector->role != role)
        continue;
      result.mask = *vector;
      conditions.erase(&condition);
      return true;
    }
  return false;
}

std::optional<EntryUpdate> KernelWriter::write() {
  SmallVector<Value> conditions;
  findConditions(choice.select.getCondition(), conditions);
  if (!takeMask(conditions))
    return std::nullopt;
  start();
  Value chosen = scalar(choice.select.getTrueValue());
  if (chosen && choice.narrowing)
    chosen = cloneAsScalar(choice.narrowing, chosen, builder);
  for (Value condition : conditions) {
    Value holds = scalar(condition);
    if (!chosen || !holds)
      return std::nullopt;
    chosen = arith::SelectOp::create(builder, lineOfProcess(choice.select.getLoc()), holds, chosen,
                                     scalar(choice.before));
  }
  if (!chosen)
    return std::nullopt;
  step::YieldOp::create(builder, result.kernel->getLoc(), chosen);
  result.before = choice.before;
  result.after = choice.after();
  return std::move(result);
}

//===--- Choices ---===//

/// The stored integers that `value` widens.
static Value stored(Value value, Type type) {
  Operation *op = value.getDefiningOp();
  bool widens = isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp>(op);
  return widens && op->getOperand(0).getType() == type ? op->getOperand(0) : Value();
}

static std::optional<Choice> choiceBehind(Value value) {
  Choice choice;
  choice.narrowing = value.getDefiningOp<arith::TruncIOp>();
  Value chosen = choice.narrowing ? choice.narrowing.getIn() : value;
  choice.select = chosen.getDefiningOp<arith::SelectOp>();
  if (!choice.select || !isa<RankedTensorType>(choice.select.getCondition().getType()))
    return std::nullopt;
  choice.before = choice.select.getFalseValue();
  if (choice.narrowing)
    choice.before = stored(choice.before, value.getType());
  return choice.before ? std::optional(choice) : std::nullopt;
}

/// Whether `set` and `get` are all in the block that touches their state.
static bool areAlone(step::SetOp set, step::GetOp get) {
  bool result = !set.getVia() && !get.getVia() && get->getBlock() == set->getBlock();
  set->getBlock()->walk([&](Operation *op) {
    auto otherSet = dyn_cast<step::SetOp>(op);
    auto otherGet = dyn_cast<step::GetOp>(op);
    if (otherSet && otherSet.getStateAttr() == set.getStateAttr())
      result &= otherSet == set;
    if (otherGet && otherGet.getStateAttr() == set.getStateAttr())
      result &= otherGet == get;
    if (auto update = dyn_cast<step::UpdateOp>(op))
      result &= !llvm::is_contained(update.getStates(), Attribute(set.getStateAttr()));
    if (auto update = dyn_cast<step::UpdateEntriesOp>(op))
      result &= update.getStateAttr() != set.getStateAttr();
    if (auto probe = dyn_cast<step::ProbeOp>(op))
      result &= probe.getTargetAttr() != set.getStateAttr();
  });
  return result;
}

SmallVector<EntryUpdate> matchEntryUpdates(step::SetOp set, step::ProgramOp program) {
  SmallVector<Choice> choices; // the last one first
  Value value = set.getValue();
  while (std::optional<Choice> choice = choiceBehind(value)) {
    choices.push_back(*choice);
    value = choice->before;
  }
  auto get = value.getDefiningOp<step::GetOp>();
  if (choices.empty() || !get || get.getStateAttr() != set.getStateAttr())
    return {};
  // Which looks through all states there are, so only for the few that come so far.
  auto state =
      dyn_cast_or_null<step::StateOp>(SymbolTable::lookupSymbolIn(program, set.getStateAttr()));
  if (!state || !state.getSparse())
    return {};
  // Places of entries are kept in 32 bits; where there is one only, nothing is gained.
  int64_t count = cast<RankedTensorType>(state.getType()).getNumElements();
  if (count < 2 || count >= int64_t(1) << 32 || !areAlone(set, get))
    return {};
  SmallVector<EntryUpdate> updates;
  for (const Choice &choice : llvm::reverse(choices)) {
    std::optional<EntryUpdate> update = KernelWriter(state, choice).write();
    if (!update)
      return {};
    updates.push_back(std::move(*update));
  }
  return updates;
}

} // namespace basalt::optimize
