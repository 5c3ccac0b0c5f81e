// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A kernel in the form that instructions are selected from.
#include "compiler/neurocore/select/Select.h"

#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
/// sign(p) * (abs(p) >> k), p = a * b  =>  mul_shr(a, b, k)
struct RoundTowardZero : OpRewritePattern<arith::MulIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::MulIOp op, PatternRewriter &rewriter) const override {
    for (unsigned side : {0, 1}) {
      auto sign = op->getOperand(side).getDefiningOp<num::SignIOp>();
      auto shift = op->getOperand(1 - side).getDefiningOp<num::ShiftOp>();
      auto amount = shift ? shift.getLhs().getDefiningOp<num::AbsIOp>() : num::AbsIOp();
      APInt k;
      if (!sign || !amount || amount.getOperand() != sign.getOperand() ||
          !matchPattern(shift.getRhs(), m_ConstantInt(&k)) || k.getSExtValue() > 0 ||
          k.getSExtValue() < -31)
        continue;
      auto product = sign.getOperand().getDefiningOp<arith::MulIOp>();
      // The product wraps to 64 bits; mul_shr's does not.
      if (!product || !native::Widths().isProductExact(product.getLhs(), product.getRhs()))
        continue;
      Value by = arith::ConstantOp::create(rewriter, op.getLoc(),
                                           rewriter.getI64IntegerAttr(-k.getSExtValue()));
      rewriter.replaceOpWithNewOp<num::MulShrOp>(op, product.getLhs(), product.getRhs(), by);
      return success();
    }
    return failure();
  }
};
} // namespace

void simplifyKernel(step::KernelOp kernel) {
  MLIRContext *context = kernel.getContext();
  RewritePatternSet patterns(context);
  for (RegisteredOperationName name : context->getRegisteredOperations())
    if (name.getDialectNamespace() == "arith" || name.getDialectNamespace() == "num")
      name.getCanonicalizationPatterns(patterns, context);
  patterns.add<RoundTowardZero>(context);
  FrozenRewritePatternSet frozen(std::move(patterns));
  GreedyRewriteConfig config;
  config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
  (void)applyPatternsGreedily(kernel, frozen, config);
  IRRewriter rewriter(context);
  DominanceInfo dominance;
  eliminateCommonSubExpressions(rewriter, dominance, kernel);
  // A comparison next to the first choice it decides needs no register.
  Block &block = kernel.getBody().front();
  SmallVector<arith::CmpIOp> comparisons(block.getOps<arith::CmpIOp>());
  for (arith::CmpIOp comparison : llvm::reverse(comparisons)) {
    Operation *first = nullptr;
    for (Operation *user : comparison->getUsers())
      if (!first || user->isBeforeInBlock(first))
        first = user;
    if (first)
      comparison->moveBefore(first);
  }
}

} // namespace basalt::neurocore
