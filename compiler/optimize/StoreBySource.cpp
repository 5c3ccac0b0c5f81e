// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// store-by-source: matrices of weights lie in memory source by source. See Passes.td.
#include "compiler/optimize/Passes.h"
#include "compiler/schedule/StateAccesses.h"
#include "dialect/num/Products.h"
#include "dialect/step/Step.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_STOREBYSOURCE
#include "compiler/optimize/Passes.h.inc"

namespace {

/// What becomes different if the state is stored by source.
struct Uses {
  SmallVector<step::GetOp> gets;
  SmallVector<step::SetOp> sets;
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

/// The accesses of a state; none if the state must stay as it is.
static std::optional<Uses> usesOf(ArrayRef<StateAccess> accesses) {
  Uses uses;
  bool isWeight = false; // a product of a phase that runs in each step reads it
  for (const StateAccess &access : accesses) {
    bool isOften = access.phase() != proc::PhaseKind::Init;
    if (auto get = dyn_cast<step::GetOp>(access.op)) {
      bool bySource = isReadBySource(get.getResult());
      if (isOften && !bySource)
        return std::nullopt;
      isWeight |= isOften;
      uses.gets.push_back(get);
    } else if (auto set = dyn_cast<step::SetOp>(access.op)) {
      if (isOften)
        return std::nullopt;
      uses.sets.push_back(set);
    } else if (!isa<step::ProbeOp>(access.op)) {
      return std::nullopt;
    }
  }
  return isWeight ? std::optional(uses) : std::nullopt;
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
  const auto &accesses = getAnalysis<StateAccesses>();
  for (auto state : getOperation().getBody().getOps<step::StateOp>()) {
    if (!isMatrix(state) || state.getSparse() || !isa<DenseElementsAttr>(state.getInit()))
      continue;
    if (std::optional<Uses> uses = usesOf(accesses.of(state.getSymNameAttr())))
      transpose(state, *uses);
  }
}

} // namespace basalt
