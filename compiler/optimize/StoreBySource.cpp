// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// store-by-source: matrices of weights lie in memory source by source. See Passes.td.
#include "compiler/optimize/Passes.h"
#include "dialect/num/Products.h"
#include "dialect/step/Step.h"

#include "mlir/IR/Builders.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_STOREBYSOURCE
#include "compiler/optimize/Passes.h.inc"

namespace {

/// All accesses of one state.
struct Uses {
  SmallVector<step::GetOp> gets;
  SmallVector<step::SetOp> sets;
  bool isWeight = false; ///< a product of a phase that runs in each step reads it
  bool isKept = false;   ///< something in such a phase is best off with rows
};

struct StoreBySource : impl::StoreBySourceBase<StoreBySource> {
  void runOnOperation() override;

private:
  static void transpose(step::StateOp state, const Uses &uses);
};

} // namespace

/// Whether `value` is used by products alone, which read it source by source, perhaps after each
/// element has been converted.
static bool isReadBySource(Value value) {
  return !value.use_empty() && llvm::all_of(value.getUses(), [](OpOperand &use) {
    Operation *user = use.getOwner();
    if (isa<num::MatVecOp, num::DeliverOp>(user))
      return num::roleInProduct(use) == num::ProductRole::Weights;
    return num::isElementwise(user) && user->getNumOperands() == 1 &&
           isReadBySource(user->getResult(0));
  });
}

static llvm::MapVector<StringAttr, Uses> findUses(step::ProgramOp program) {
  llvm::MapVector<StringAttr, Uses> result;
  program.walk([&](Operation *op) {
    auto phase = op->getParentOfType<step::PhaseOp>();
    bool isOften = !phase || phase.getKind() != proc::PhaseKind::Init;
    if (auto get = dyn_cast<step::GetOp>(op)) {
      Uses &uses = result[get.getStateAttr().getAttr()];
      uses.gets.push_back(get);
      bool bySource = isReadBySource(get.getResult());
      uses.isWeight |= isOften && bySource;
      uses.isKept |= isOften && !bySource;
    } else if (auto set = dyn_cast<step::SetOp>(op)) {
      Uses &uses = result[set.getStateAttr().getAttr()];
      uses.sets.push_back(set);
      uses.isKept |= isOften;
    } else if (auto update = dyn_cast<step::UpdateOp>(op)) {
      for (auto state : update.getStates().getAsRange<FlatSymbolRefAttr>())
        result[state.getAttr()].isKept = true;
    }
  });
  return result;
}

static bool isMatrix(step::StateOp state) {
  auto type = dyn_cast<RankedTensorType>(state.getType());
  return type && type.getRank() == 2 && type.getDimSize(0) > 1 && type.getDimSize(1) > 1;
}

static RankedTensorType turned(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return RankedTensorType::get({tensor.getDimSize(1), tensor.getDimSize(0)},
                               tensor.getElementType());
}

/// The elements of a matrix, column by column.
static ElementsAttr turned(ElementsAttr matrix) {
  RankedTensorType type = turned(matrix.getShapedType());
  auto dense = cast<DenseElementsAttr>(matrix);
  if (dense.isSplat())
    return dense.resizeSplat(type);
  // Raw bytes: elements of i1 are the only ones that are not bytes.
  if (type.getElementType().isInteger(1)) {
    SmallVector<bool> elements(type.getNumElements());
    for (auto [i, element] : llvm::enumerate(dense.getValues<bool>()))
      elements[i % type.getDimSize(0) * type.getDimSize(1) + i / type.getDimSize(0)] = element;
    return DenseElementsAttr::get(type, elements);
  }
  ArrayRef<char> from = dense.getRawData();
  size_t size = from.size() / type.getNumElements(), rows = type.getDimSize(1),
         columns = type.getDimSize(0);
  std::vector<char> to(from.size());
  for (size_t row = 0; row < rows; ++row)
    for (size_t column = 0; column < columns; ++column)
      std::copy_n(from.data() + (row * columns + column) * size, size,
                  to.data() + (column * rows + row) * size);
  return DenseElementsAttr::getFromRawBuffer(type, to);
}

static Value turn(OpBuilder &builder, Value value) {
  return num::TransposeOp::create(builder, value.getLoc(), turned(value.getType()), value,
                                  ArrayRef<int64_t>{1, 0});
}

void StoreBySource::transpose(step::StateOp state, const Uses &uses) {
  state.setInitAttr(turned(state.getInit()));
  state.setType(turned(state.getType()));
  state.setBySource(true);
  for (step::GetOp get : uses.gets) {
    OpBuilder builder(get->getContext());
    builder.setInsertionPointAfter(get);
    get.getResult().setType(turned(get.getResult().getType()));
    Value matrix = turn(builder, get.getResult());
    get.getResult().replaceAllUsesExcept(matrix, matrix.getDefiningOp());
  }
  for (step::SetOp set : uses.sets) {
    OpBuilder builder(set);
    set.getValueMutable().assign(turn(builder, set.getValue()));
  }
}

void StoreBySource::runOnOperation() {
  llvm::MapVector<StringAttr, Uses> uses = findUses(getOperation());
  for (auto state : getOperation().getBody().getOps<step::StateOp>()) {
    auto it = uses.find(state.getSymNameAttr());
    if (it != uses.end() && it->second.isWeight && !it->second.isKept && isMatrix(state) &&
        !state.getSparse() && isa<DenseElementsAttr>(state.getInit()))
      transpose(state, it->second);
  }
}

} // namespace basalt
