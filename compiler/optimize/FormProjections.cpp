// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// form-projections: delay lines are kept as spikes. See Passes.td.
#include "compiler/optimize/DelayLines.h"
#include "compiler/optimize/Passes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_FORMPROJECTIONS
#include "compiler/optimize/Passes.h.inc"

namespace {

struct FormProjections : impl::FormProjectionsBase<FormProjections> {
  void runOnOperation() override;

private:
  void form(optimize::DelayLine &line);

  llvm::DenseMap<Value, StringAttr> histories; // of spikes
};

} // namespace

/// Erases the ops that computed `value` if nothing uses them any more.
static void eraseUnused(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || !op->use_empty() || !(isPure(op) || isa<step::GetOp>(op)))
    return;
  SmallVector<Value> operands(op->getOperands());
  op->erase();
  for (Value operand : operands)
    eraseUnused(operand);
}

void FormProjections::form(optimize::DelayLine &line) {
  step::ProgramOp program = getOperation();
  MLIRContext *context = &getContext();
  Location loc = line.set.getLoc();
  auto ref = [](StringAttr name) { return name ? FlatSymbolRefAttr::get(name) : FlatSymbolRefAttr(); };

  auto declaration = cast<step::StateOp>(SymbolTable::lookupSymbolIn(program, line.line));
  OpBuilder builder(declaration);
  builder.setInsertionPointAfter(declaration);
  auto name = StringAttr::get(context, line.line.getValue() + ".projection");
  StringAttr &history = histories.try_emplace(line.spikes, line.line).first->second;
  auto projection = step::ProjectionOp::create(builder, loc, name, ref(line.line), ref(line.weights),
                                               ref(line.delays), builder.getI64IntegerAttr(line.first), history);
  auto symbol = FlatSymbolRefAttr::get(projection.getSymNameAttr());

  for (Value due : line.dues) {
    builder.setInsertionPointAfterValue(due);
    Value now = step::DueOp::create(builder, due.getLoc(), due.getType(), symbol);
    due.replaceAllUsesWith(now);
    eraseUnused(due);
  }
  builder.setInsertionPoint(line.set);
  step::AdvanceOp::create(builder, loc, symbol, line.spikes);
  line.earlier.push_back(line.set);
  for (step::SetOp set : llvm::reverse(line.earlier)) {
    Value value = set.getValue();
    set.erase();
    eraseUnused(value);
  }
}

void FormProjections::runOnOperation() {
  step::ProgramOp program = getOperation();
  optimize::UsesOfStates uses = optimize::findUses(program);
  SmallVector<optimize::DelayLine> lines;
  for (auto &[state, stateUses] : uses)
    if (!stateUses.sets.empty()) // the last one moves the line on
      if (auto line = optimize::matchDelayLine(stateUses.sets.back(), program, uses))
        lines.push_back(*line);
  for (optimize::DelayLine &line : lines)
    form(line);
}

} // namespace basalt
