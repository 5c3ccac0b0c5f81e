// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// convert-if-to-select: both sides of a short conditional are computed. See Passes.td.
#include "compiler/optimize/Passes.h"
#include "dialect/num/Num.h"
#include "dialect/step/Step.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CONVERTIFTOSELECT
#include "compiler/optimize/Passes.h.inc"

namespace {

/// What an operation costs beside an addition. A mispredicted branch costs about twenty.
int64_t weightOf(Operation *op) {
  if (isa<num::ExpOp, num::LogOp, num::SinOp, num::CosOp, num::TanhOp, num::PowFOp, num::PowIOp>(
          op))
    return 16;
  if (isa<num::FloorDivOp, num::ModOp, num::FloorDivFOp, num::ModFOp, num::SqrtOp, num::MulShrOp,
          arith::DivFOp>(op))
    return 4;
  if (op->hasTrait<OpTrait::ConstantLike>() || isa<num::BroadcastOp, num::ReshapeOp>(op))
    return 0;
  return 1;
}

int64_t elementsOf(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? tensor.getNumElements() : 1;
}

/// The cost of running `op`, for all its elements.
int64_t costOf(Operation *op) {
  int64_t elements = 1;
  for (Type type : op->getResultTypes())
    elements = std::max(elements, elementsOf(type));
  for (Type type : op->getOperandTypes())
    elements = std::max(elements, elementsOf(type));
  return weightOf(op) * ((elements + 7) / 8);
}

/// Whether an op may run although its condition does not hold, given that sets are turned into
/// selects.
bool canRunAnyway(Operation *op) {
  if (auto get = dyn_cast<step::GetOp>(op))
    return !get.getVia();
  if (auto set = dyn_cast<step::SetOp>(op))
    return !set.getVia();
  return isa<scf::YieldOp>(op) || (op->getNumRegions() == 0 && isPure(op));
}

/// Whether `set` fills a state with a constant, and each of its elements is computed later on in
/// any case: the choice is one more operation in the loop that does so, and without it the state
/// could not be changed in place.
bool isComputedAnyway(step::SetOp set) {
  DenseElementsAttr value;
  if (!matchPattern(set.getValue(), m_Constant(&value)) || !value.isSplat())
    return false;
  for (Operation *op = set->getParentOp()->getNextNode(); op; op = op->getNextNode())
    if (auto later = dyn_cast<step::SetOp>(op);
        later && later.getStateAttr() == set.getStateAttr()) {
      Operation *computed = later.getValue().getDefiningOp();
      return !later.getVia() && computed && num::isElementwise(computed);
    }
  return false;
}

class Conversion {
public:
  Conversion(scf::IfOp op) : op(op), builder(op) {}

  bool isWorthwhile(int64_t maxCost);
  void run();

private:
  using States = llvm::MapVector<StringAttr, Value>; // by name

  /// Moves the side's ops before the conditional; `states` learns the values it leaves in states.
  void inlineSide(Region &side, States &states, SmallVectorImpl<Value> &results);
  /// The value of a state before the conditional.
  Value before(StringAttr state, Type type);
  Value select(Value onTrue, Value onFalse);

  scf::IfOp op;
  OpBuilder builder;
  llvm::DenseMap<StringAttr, Value> entry;
  Value scalar; // the condition as a tensor of rank 0
};

struct ConvertIfToSelect : impl::ConvertIfToSelectBase<ConvertIfToSelect> {
  using Base::Base;

  void runOnOperation() override {
    auto neurons = getOperation()->getAttrOfType<ArrayAttr>(step::kNeurocoreAttr);
    // Neurons of a chip have no branches, whatever they cost.
    auto isNeuron = [&](scf::IfOp op) {
      auto task = op->getParentOfType<step::TaskOp>();
      return neurons && task && llvm::is_contained(neurons, task.getInstanceAttr());
    };
    SmallVector<scf::IfOp> conditionals; // inner ones first
    getOperation().walk([&](scf::IfOp op) { conditionals.push_back(op); });
    for (scf::IfOp op : conditionals) {
      Conversion conversion(op);
      if (conversion.isWorthwhile(isNeuron(op) ? INT64_MAX : maxCost))
        conversion.run();
    }
  }
};

} // namespace

bool Conversion::isWorthwhile(int64_t maxCost) {
  int64_t cost = 0;
  for (Region *side : op.getRegions())
    for (Operation &nested : side->getOps()) {
      if (!canRunAnyway(&nested))
        return false;
      // The select that a set or a result becomes costs as much as the set.
      if (auto set = dyn_cast<step::SetOp>(nested); !set || !isComputedAnyway(set))
        cost += costOf(&nested);
    }
  return cost <= maxCost;
}

Value Conversion::before(StringAttr state, Type type) {
  Value &value = entry[state];
  if (!value)
    value = step::GetOp::create(builder, op.getLoc(), type, FlatSymbolRefAttr::get(state),
                                FlatSymbolRefAttr());
  return value;
}

void Conversion::inlineSide(Region &side, States &states, SmallVectorImpl<Value> &results) {
  if (side.empty())
    return;
  for (Operation &nested : llvm::make_early_inc_range(side.front())) {
    if (auto get = dyn_cast<step::GetOp>(nested)) {
      auto known = states.find(get.getStateAttr().getAttr());
      get.replaceAllUsesWith(known != states.end()
                                 ? known->second
                                 : before(get.getStateAttr().getAttr(), get.getType()));
      get.erase();
    } else if (auto set = dyn_cast<step::SetOp>(nested)) {
      states[set.getStateAttr().getAttr()] = set.getValue();
      set.erase();
    } else if (auto yield = dyn_cast<scf::YieldOp>(nested)) {
      llvm::append_range(results, yield.getOperands());
    } else {
      nested.moveBefore(op);
    }
  }
}

Value Conversion::select(Value onTrue, Value onFalse) {
  if (onTrue == onFalse)
    return onTrue;
  auto type = dyn_cast<RankedTensorType>(onTrue.getType());
  if (!type)
    return arith::SelectOp::create(builder, op.getLoc(), op.getCondition(), onTrue, onFalse);
  if (!scalar) {
    auto item = op.getCondition().getDefiningOp<num::ItemOp>();
    scalar = item ? item.getOperand()
                  : num::FromScalarOp::create(builder, op.getLoc(),
                                              RankedTensorType::get({}, builder.getI1Type()),
                                              op.getCondition())
                        .getResult();
  }
  Value mask = scalar;
  if (type.getRank() != 0)
    mask = num::BroadcastOp::create(builder, op.getLoc(), type.clone(builder.getI1Type()), scalar);
  return arith::SelectOp::create(builder, op.getLoc(), mask, onTrue, onFalse);
}

void Conversion::run() {
  States onTrue, onFalse;
  SmallVector<Value> trueResults, falseResults;
  inlineSide(op.getThenRegion(), onTrue, trueResults);
  inlineSide(op.getElseRegion(), onFalse, falseResults);

  llvm::SetVector<StringAttr> changed;
  for (const auto &[state, value] : onTrue)
    changed.insert(state);
  for (const auto &[state, value] : onFalse)
    changed.insert(state);
  for (StringAttr state : changed) {
    auto valueIn = [&](States &states, States &other) {
      auto found = states.find(state);
      return found != states.end() ? found->second
                                   : before(state, other.find(state)->second.getType());
    };
    Value value = select(valueIn(onTrue, onFalse), valueIn(onFalse, onTrue));
    step::SetOp::create(builder, op.getLoc(), FlatSymbolRefAttr::get(state), value,
                        FlatSymbolRefAttr());
  }
  for (auto [result, a, b] : llvm::zip_equal(op.getResults(), trueResults, falseResults))
    result.replaceAllUsesWith(select(a, b));
  op.erase();
}

} // namespace basalt
