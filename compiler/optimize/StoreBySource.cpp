// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// store-by-source: matrices and kernels of weights lie in memory source by source. See Passes.td.
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
  using StoreBySourceBase::StoreBySourceBase;

  void runOnOperation() override;

private:
  std::optional<Uses> usesOf(ArrayRef<StateAccess> accesses) const;
  static void turnAround(step::StateOp state, const Uses &uses);
};

} // namespace

/// Whether `use` makes something of a matrix or a kernel that has the same targets: `targets`, an
/// axis of the operand, becomes the one of the result.
static bool keepsTargets(OpOperand &use, int64_t &targets) {
  Operation *user = use.getOwner();
  if (auto transpose = dyn_cast<num::TransposeOp>(user)) {
    targets = llvm::find(transpose.getPermutation(), targets) - transpose.getPermutation().begin();
    return true;
  }
  if (auto extract = dyn_cast<num::ExtractOp>(user))
    return extract.getDynamic().empty() && extract.getDropped().empty();
  return num::isElementwise(user) && user->getNumOperands() == 1;
}

/// Whether `value`, whose axis `targets` has one element for each target, is used by products
/// alone, which read it source by source, perhaps after elements have been converted or moved.
static bool isReadBySource(Value value, int64_t targets, bool kernels) {
  return !value.use_empty() && llvm::all_of(value.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (isa<num::MatVecOp, num::DeliverOp>(user))
      return targets == 0 && num::roleInProduct(use) == num::ProductRole::Weights;
    if (isa<num::Conv2DOp>(user))
      return kernels && targets == 0 && num::roleInProduct(use) == num::ProductRole::Kernel;
    int64_t there = targets;
    return keepsTargets(use, there) && isReadBySource(user->getResult(0), there, kernels);
  });
}

/// The accesses of a state; none if the state must stay as it is.
std::optional<Uses> StoreBySource::usesOf(ArrayRef<StateAccess> accesses) const {
  Uses uses;
  bool isWeight = false; // a product of a phase that runs in each step reads it
  for (const StateAccess &access : accesses) {
    bool isOften = access.phase() != proc::PhaseKind::Init;
    if (auto get = dyn_cast<step::GetOp>(access.op)) {
      bool bySource = isReadBySource(get.getResult(), 0, kernels);
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

/// Whether there are several targets, on the first axis, and several weights for each of them.
static bool hasManyWeights(step::StateOp state) {
  auto type = dyn_cast<RankedTensorType>(state.getType());
  return type && type.getRank() >= 2 && type.getDimSize(0) > 1 &&
         type.getNumElements() > type.getDimSize(0);
}

/// The same elements with the first axis behind all others.
static RankedTensorType turned(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  SmallVector<int64_t> shape(tensor.getShape().drop_front());
  shape.push_back(tensor.getDimSize(0));
  return RankedTensorType::get(shape, tensor.getElementType());
}

/// The elements of a matrix, column by column; all axes but the first are one here.
static ElementsAttr turned(ElementsAttr matrix) {
  RankedTensorType type = turned(matrix.getShapedType());
  auto dense = cast<DenseElementsAttr>(matrix);
  if (dense.isSplat())
    return dense.resizeSplat(type);
  size_t rows = size_t(type.getShape().back()), columns = size_t(type.getNumElements()) / rows;
  // Raw bytes: elements of i1 are the only ones that are not bytes.
  if (type.getElementType().isInteger(1)) {
    SmallVector<bool> elements(type.getNumElements());
    for (auto [i, element] : llvm::enumerate(dense.getValues<bool>()))
      elements[i % columns * rows + i / columns] = element;
    return DenseElementsAttr::get(type, elements);
  }
  ArrayRef<char> from = dense.getRawData();
  size_t size = from.size() / type.getNumElements();
  std::vector<char> to(from.size());
  for (size_t row = 0; row < rows; ++row)
    for (size_t column = 0; column < columns; ++column)
      std::copy_n(from.data() + (row * columns + column) * size, size,
                  to.data() + (column * rows + row) * size);
  return DenseElementsAttr::getFromRawBuffer(type, to);
}

/// `value` with the last axis before all others, or `back`: the first behind all others.
static Value turn(OpBuilder &builder, Value value, Type type, bool back) {
  int64_t rank = cast<RankedTensorType>(type).getRank(), by = back ? 1 : rank - 1;
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  std::rotate(permutation.begin(), permutation.begin() + by, permutation.end());
  return num::TransposeOp::create(builder, value.getLoc(), type, value, permutation);
}

void StoreBySource::turnAround(step::StateOp state, const Uses &uses) {
  state.setInitAttr(turned(state.getInit()));
  state.setType(turned(state.getType()));
  state.setBySource(true);
  for (step::GetOp get : uses.gets) {
    OpBuilder builder(get->getContext());
    builder.setInsertionPointAfter(get);
    Type outside = get.getResult().getType();
    get.getResult().setType(turned(outside));
    Value matrix = turn(builder, get.getResult(), outside, /*back=*/false);
    get.getResult().replaceAllUsesExcept(matrix, matrix.getDefiningOp());
  }
  for (step::SetOp set : uses.sets) {
    OpBuilder builder(set);
    Value value = set.getValue();
    set.getValueMutable().assign(turn(builder, value, turned(value.getType()), /*back=*/true));
  }
}

void StoreBySource::runOnOperation() {
  const auto &accesses = getAnalysis<StateAccesses>();
  for (auto state : getOperation().getBody().getOps<step::StateOp>()) {
    if (!hasManyWeights(state) || state.getSparse() || !isa<DenseElementsAttr>(state.getInit()))
      continue;
    if (std::optional<Uses> uses = usesOf(accesses.of(state.getSymNameAttr())))
      turnAround(state, *uses);
  }
}

} // namespace basalt
