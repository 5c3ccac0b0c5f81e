// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// form-projections: delay lines are kept as spikes. See Passes.td.
#include "compiler/optimize/DelayLines.h"
#include "compiler/optimize/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_FORMPROJECTIONS
#include "compiler/optimize/Passes.h.inc"

namespace {

struct FormProjections : impl::FormProjectionsBase<FormProjections> {
  void runOnOperation() override;

private:
  void form(optimize::DelayLine &line, SymbolTable &symbols);

  llvm::DenseMap<Value, StringAttr> histories; // of spikes
};

} // namespace

/// Erases the ops that computed `value` if nothing uses them any more.
static void eraseUnused(Value value) {
  llvm::SetVector<Operation *> candidates;
  candidates.insert(value.getDefiningOp());
  while (!candidates.empty()) {
    Operation *op = candidates.pop_back_val();
    if (!op || !op->use_empty() || !(isPure(op) || isa<step::GetOp>(op)))
      continue;
    for (Value operand : op->getOperands())
      candidates.insert(operand.getDefiningOp());
    op->erase();
  }
}

/// The line of a projection is read where its state was; a value may need it in a wider type.
static void replaceDues(OpBuilder &builder, optimize::DelayLine &line,
                        FlatSymbolRefAttr projection) {
  auto type = cast<RankedTensorType>(line.set.getValue().getType());
  auto columnType = RankedTensorType::get(type.getShape().take_front(), type.getElementType());
  llvm::DenseMap<Operation *, Value> known;
  for (auto [value, get] : line.dues) {
    Location loc = value.getLoc();
    Value &due = known[get];
    if (!due) {
      builder.setInsertionPointAfter(get);
      due = step::DueOp::create(builder, loc, columnType, projection);
    }
    Value now = due;
    if (now.getType() != value.getType()) {
      builder.setInsertionPointAfterValue(due);
      now = arith::ExtSIOp::create(builder, loc, value.getType(), due);
    }
    value.replaceAllUsesWith(now);
  }
  for (auto [value, get] : line.dues)
    eraseUnused(value);
}

void FormProjections::form(optimize::DelayLine &line, SymbolTable &symbols) {
  Location loc = line.set.getLoc();
  auto ref = [](StringAttr name) {
    return name ? FlatSymbolRefAttr::get(name) : FlatSymbolRefAttr();
  };

  OpBuilder builder(&getContext());
  auto name = builder.getStringAttr(line.line.getValue() + ".projection");
  StringAttr &history = histories.try_emplace(line.spikes, line.line).first->second;
  auto projection = step::ProjectionOp::create(
      builder, loc, name, ref(line.line), ref(line.weights), ref(line.delays),
      builder.getI64IntegerAttr(line.first), history, /*alone=*/UnitAttr());
  symbols.insert(projection, std::next(symbols.lookup(line.line)->getIterator()));
  auto symbol = FlatSymbolRefAttr::get(projection.getSymNameAttr());

  replaceDues(builder, line, symbol);
  builder.setInsertionPoint(line.set);
  step::AdvanceOp::create(builder, loc, symbol, line.spikes);
  line.earlier.push_back(line.set);
  for (step::SetOp set : llvm::reverse(line.earlier)) {
    Value value = set.getValue();
    set.erase();
    eraseUnused(value);
  }
}

/// Marks projections whose synapses no code looks at.
static void findAlone(step::ProgramOp program, const SymbolTable &symbols) {
  StateAccesses accesses(program);
  llvm::StringMap<unsigned> owners; // projections of a state
  auto forStates = [&](step::ProjectionOp projection, llvm::function_ref<void(StringAttr)> visit) {
    auto weights = symbols.lookup<step::StateOp>(projection.getWeights());
    visit(weights.getSymNameAttr());
    visit(weights.getSparse()->getOffsets().getAttr());
    visit(weights.getSparse()->getTargets().getAttr());
    if (projection.getDelays())
      visit(projection.getDelaysAttr().getAttr());
  };
  auto projections = program.getBody().getOps<step::ProjectionOp>();
  for (step::ProjectionOp projection : projections)
    forStates(projection, [&](StringAttr state) { ++owners[state]; });
  for (step::ProjectionOp projection : projections) {
    bool alone = true;
    forStates(projection,
              [&](StringAttr state) { alone &= owners[state] == 1 && !accesses.isUsed(state); });
    projection.setAlone(alone);
  }
}

void FormProjections::runOnOperation() {
  step::ProgramOp program = getOperation();
  SymbolTable symbols(program);
  const auto &accesses = getAnalysis<StateAccesses>();
  SmallVector<optimize::DelayLine> lines;
  for (auto &[state, list] : accesses.all()) {
    auto isSet = [](const StateAccess &access) { return isa<step::SetOp>(access.op); };
    auto last = llvm::find_if(llvm::reverse(list), isSet); // moves the line on
    if (last == list.rend())
      continue;
    if (auto line = optimize::matchDelayLine(cast<step::SetOp>(last->op), symbols, accesses))
      lines.push_back(*line);
  }
  for (optimize::DelayLine &line : lines)
    form(line, symbols);
  findAlone(program, symbols);
}

} // namespace basalt
