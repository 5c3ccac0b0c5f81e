// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// narrow-products: sums have the bits that are used of them. See Passes.td.
#include "compiler/optimize/Passes.h"
#include "dialect/num/Products.h"
#include "dialect/step/Step.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_NARROWPRODUCTS
#include "compiler/optimize/Passes.h.inc"

namespace {

constexpr unsigned kBits = 32; // fewer are no faster

unsigned bitsOf(Value value) {
  return getElementTypeOrSelf(value.getType()).getIntOrFloatBitWidth();
}

Type withBits(Type type, unsigned bits) {
  return cast<RankedTensorType>(type).clone(IntegerType::get(type.getContext(), bits));
}

/// Whether `value` is known in `kBits` bits without computing anything.
bool isNarrow(Value value) {
  Operation *def = value.getDefiningOp();
  return isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp>(def) &&
         bitsOf(def->getOperand(0)) <= kBits;
}

/// The lowest `kBits` bits of `value`, which is narrow.
Value narrow(PatternRewriter &rewriter, Value value) {
  Operation *def = value.getDefiningOp();
  Value inner = def->getOperand(0);
  if (bitsOf(inner) == kBits)
    return inner;
  Type type = withBits(value.getType(), kBits);
  if (isa<arith::ExtUIOp>(def))
    return arith::ExtUIOp::create(rewriter, def->getLoc(), type, inner);
  return arith::ExtSIOp::create(rewriter, def->getLoc(), type, inner);
}

/// trunc(product(extend(x), extend(y))) => trunc(product(x, y)): the lowest bits of sums and
/// products depend on the lowest bits alone. A factor that is not zero is tested in all its bits
/// before and after.
struct NarrowSums : OpRewritePattern<arith::TruncIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncIOp op, PatternRewriter &rewriter) const override {
    Operation *product = op.getIn().getDefiningOp();
    if (!isa_and_nonnull<num::MatVecOp, num::Conv2DOp>(product) || !op.getIn().hasOneUse() ||
        bitsOf(op.getResult()) > kBits || bitsOf(op.getIn()) <= kBits ||
        !llvm::all_of(product->getOperands(), isNarrow))
      return failure();
    SmallVector<Value> operands;
    for (Value operand : product->getOperands())
      operands.push_back(narrow(rewriter, operand));
    Operation *sums =
        rewriter.create(product->getLoc(), product->getName().getIdentifier(), operands,
                        withBits(op.getIn().getType(), kBits), product->getAttrs());
    if (bitsOf(op.getResult()) == kBits)
      rewriter.replaceOp(op, sums);
    else
      rewriter.replaceOpWithNewOp<arith::TruncIOp>(op, op.getType(), sums->getResult(0));
    return success();
  }
};

/// extend(x) != 0 => x for truth values: what sends a spike as 1 before a product.
struct TruthOfTruth : OpRewritePattern<arith::CmpIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::CmpIOp op, PatternRewriter &rewriter) const override {
    Operation *def = op.getLhs().getDefiningOp();
    if (op.getPredicate() != arith::CmpIPredicate::ne || !matchPattern(op.getRhs(), m_Zero()) ||
        !isa_and_nonnull<arith::ExtUIOp, arith::ExtSIOp>(def) || bitsOf(def->getOperand(0)) != 1)
      return failure();
    rewriter.replaceOp(op, def->getOperand(0));
    return success();
  }
};

struct NarrowProducts : impl::NarrowProductsBase<NarrowProducts> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<NarrowSums, TruthOfTruth>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace basalt
