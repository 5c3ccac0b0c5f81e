// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Folding of ops that do nothing, and of those that only move elements: what undoes itself, or
// moves equal elements. Arithmetic on constants is folded when a behaviour is built
// (compiler/interpret), where the one implementation of it is at hand.
#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace basalt::num {

Operation *NumDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                           Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

/// The constant of a splat operand in another shape, or null.
static Attribute splatAs(Attribute operand, Type type) {
  auto splat = dyn_cast_or_null<SplatElementsAttr>(operand);
  return splat ? splat.resizeSplat(cast<ShapedType>(type)) : Attribute();
}

/// By nothing: what a scale of 1 leaves behind a product.
OpFoldResult ShiftOp::fold(FoldAdaptor) {
  return matchPattern(getRhs(), m_Zero()) ? getLhs() : Value();
}

OpFoldResult ItemOp::fold(FoldAdaptor adaptor) {
  if (auto constant = dyn_cast_or_null<SplatElementsAttr>(adaptor.getOperand()))
    return constant.getSplatValue<Attribute>();
  if (auto scalar = getOperand().getDefiningOp<FromScalarOp>())
    return scalar.getOperand();
  return {};
}

OpFoldResult FromScalarOp::fold(FoldAdaptor adaptor) {
  if (Attribute constant = adaptor.getOperand())
    return DenseElementsAttr::get(cast<ShapedType>(getType()), constant);
  if (auto item = getOperand().getDefiningOp<ItemOp>())
    return item.getOperand();
  return {};
}

OpFoldResult BroadcastOp::fold(FoldAdaptor adaptor) {
  if (getOperand().getType() == getType())
    return getOperand();
  if (Attribute splat = splatAs(adaptor.getOperand(), getType()))
    return splat;
  // Shapes are aligned at the right at both, so one step does what two do.
  if (auto inner = getOperand().getDefiningOp<BroadcastOp>()) {
    getOperandMutable().assign(inner.getOperand());
    return getResult();
  }
  return {};
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getOperand().getType() == getType())
    return getOperand();
  if (auto constant = dyn_cast_or_null<DenseElementsAttr>(adaptor.getOperand()))
    return constant.reshape(cast<ShapedType>(getType()));
  if (auto inner = getOperand().getDefiningOp<ReshapeOp>()) {
    getOperandMutable().assign(inner.getOperand());
    return getResult();
  }
  return {};
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  if (llvm::equal(getPermutation(), llvm::seq<int64_t>(0, getPermutation().size())))
    return getOperand();
  if (Attribute splat = splatAs(adaptor.getOperand(), getType()))
    return splat;
  if (auto inner = getOperand().getDefiningOp<TransposeOp>()) {
    SmallVector<int64_t> both = llvm::map_to_vector(
        getPermutation(), [&](int64_t axis) { return inner.getPermutation()[axis]; });
    setPermutation(both);
    getOperandMutable().assign(inner.getOperand());
    return getResult();
  }
  return {};
}

OpFoldResult ExtractOp::fold(FoldAdaptor adaptor) {
  // A computed offset is checked when it runs, so such an op must stay.
  if (!getDynamic().empty())
    return {};
  if (Attribute splat = splatAs(adaptor.getOperand(), getType()))
    return splat;
  bool whole = getOperand().getType() == getType() &&
               llvm::all_of(getOffsets(), [](int64_t offset) { return offset == 0; }) &&
               llvm::all_of(getStrides(), [](int64_t stride) { return stride == 1; });
  return whole ? OpFoldResult(getOperand()) : OpFoldResult();
}

namespace {
/// extract(widen(x)) => widen(extract(x)): a Var is widened when it is read, but only the part that
/// is used needs it.
struct ExtractBeforeWidening : OpRewritePattern<ExtractOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ExtractOp op, PatternRewriter &rewriter) const override {
    Operation *widen = op.getOperand().getDefiningOp();
    if (!isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp, arith::ExtFOp, arith::SIToFPOp>(widen))
      return failure();
    Value narrow = widen->getOperand(0);
    Type partType = op.getType().clone(cast<ShapedType>(narrow.getType()).getElementType());
    auto part = ExtractOp::create(rewriter, op.getLoc(), partType, narrow, op.getDynamic(),
                                  op.getOffsets(), op.getSizes(), op.getStrides(), op.getDropped());
    Operation *widened = rewriter.create(widen->getLoc(), widen->getName().getIdentifier(),
                                         part.getResult(), op.getType(), widen->getAttrs());
    rewriter.replaceOp(op, widened);
    return success();
  }
};
} // namespace

void ExtractOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<ExtractBeforeWidening>(context);
}

} // namespace basalt::num
