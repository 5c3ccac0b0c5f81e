// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic of num: calls of functions that are compiled from runtime/native/Arithmetic.h.
#include "compiler/llvm/Conversion.h"

#include "dialect/num/Num.h"
#include "dialect/proc/Proc.h"

#include "mlir/Dialect/LLVMIR/FunctionCallUtils.h"

using namespace mlir;

namespace basalt::llvmir {

Value callLibrary(OpBuilder &builder, Location loc, StringRef name, ValueRange operands,
                  Type result) {
  auto module = builder.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
  Type type = result ? result : LLVM::LLVMVoidType::get(builder.getContext());
  auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name);
  if (!function) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    SmallVector<Type> arguments(operands.getTypes());
    function = LLVM::LLVMFuncOp::create(builder, module.getLoc(), name,
                                        LLVM::LLVMFunctionType::get(type, arguments));
  }
  auto call = LLVM::CallOp::create(builder, loc, function, operands);
  return result ? call.getResult() : Value();
}

namespace {

/// All integers are 64 bits to the library, and what it returns is cut to the type of the result.
template <typename OpT> struct ConvertArithmetic : OpConversionPattern<OpT> {
  ConvertArithmetic(LLVMTypeConverter &converter, MLIRContext *context, StringRef name)
      : OpConversionPattern<OpT>(converter, context), name(name) {}

  LogicalResult matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type wide = rewriter.getI64Type();
    SmallVector<Value> operands;
    for (Value operand : adaptor.getOperands()) {
      if (operand.getType().isInteger(1))
        operand = LLVM::ZExtOp::create(rewriter, loc, wide, operand);
      else if (operand.getType() != wide)
        operand = LLVM::SExtOp::create(rewriter, loc, wide, operand);
      operands.push_back(operand);
    }
    Value result = callLibrary(rewriter, loc, name, operands, wide);
    Type narrow = op->getResult(0).getType();
    if (narrow != wide)
      result = LLVM::TruncOp::create(rewriter, loc, narrow, result);
    rewriter.replaceOp(op, result);
    return success();
  }

  StringRef name;
};

/// A number that the environment knows.
template <typename OpT> struct ConvertQuery : OpConversionPattern<OpT> {
  ConvertQuery(LLVMTypeConverter &converter, MLIRContext *context, StringRef name)
      : OpConversionPattern<OpT>(converter, context), name(name) {}

  LogicalResult matchAndRewrite(OpT op, typename OpT::Adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Type result = op->getNumResults() ? Type(rewriter.getI64Type()) : Type();
    Value value = callLibrary(rewriter, op.getLoc(), name, {}, result);
    if (value)
      rewriter.replaceOp(op, value);
    else
      rewriter.eraseOp(op);
    return success();
  }

  StringRef name;
};

} // namespace

void addLibraryPatterns(LLVMTypeConverter &converter, RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ConvertArithmetic<num::FloorDivOp>>(converter, context, "basalt_floordiv");
  patterns.add<ConvertArithmetic<num::ModOp>>(converter, context, "basalt_mod");
  patterns.add<ConvertArithmetic<num::ShiftOp>>(converter, context, "basalt_shift");
  patterns.add<ConvertArithmetic<num::PowIOp>>(converter, context, "basalt_powi");
  patterns.add<ConvertArithmetic<num::MulShrOp>>(converter, context, "basalt_mulshr");
  patterns.add<ConvertArithmetic<num::AbsIOp>>(converter, context, "basalt_absi");
  patterns.add<ConvertArithmetic<num::SignIOp>>(converter, context, "basalt_signi");
  patterns.add<ConvertQuery<proc::TimeStepOp>>(converter, context, "basalt_time_step");
  patterns.add<ConvertQuery<proc::SeedOp>>(converter, context, "basalt_seed");
  patterns.add<ConvertQuery<proc::PauseOp>>(converter, context, "basalt_pause");
  patterns.add<ConvertQuery<proc::StopOp>>(converter, context, "basalt_stop");
}

} // namespace basalt::llvmir
