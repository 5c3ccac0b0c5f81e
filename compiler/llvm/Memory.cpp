// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory and functions: flat arrays become pointers to elements in their storage.
#include "compiler/llvm/Conversion.h"

#include "runtime/native/Contract.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace basalt::llvmir {

IntegerType storageType(Type element) {
  unsigned bits = element.getIntOrFloatBitWidth();
  return IntegerType::get(element.getContext(), bits <= 8    ? 8
                                                : bits <= 16 ? 16
                                                : bits <= 32 ? 32
                                                             : 64);
}

int64_t elementCode(Type declared) {
  rt::Kind kind = declared.isUnsignedInteger()    ? rt::Kind::Unsigned
                  : declared.isSignlessInteger(1) ? rt::Kind::Bool
                                                  : rt::Kind::Signed;
  return int64_t(kind) << 8 | declared.getIntOrFloatBitWidth();
}

Value toStorage(OpBuilder &builder, Location loc, Value value) {
  IntegerType storage = storageType(value.getType());
  if (storage == value.getType())
    return value;
  if (value.getType().isInteger(1))
    return LLVM::ZExtOp::create(builder, loc, storage, value);
  return LLVM::SExtOp::create(builder, loc, storage, value);
}

Value fromStorage(OpBuilder &builder, Location loc, Value stored, Type element) {
  if (stored.getType() == element)
    return stored;
  return LLVM::TruncOp::create(builder, loc, element, stored);
}

Value constant(OpBuilder &builder, Location loc, int64_t value) {
  return LLVM::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(value));
}

Value frameSpace(OpBuilder &builder, Location loc, Type type, int64_t count) {
  OpBuilder::InsertionGuard guard(builder);
  Operation *function = builder.getInsertionBlock()->getParentOp();
  builder.setInsertionPointToStart(&function->getRegion(0).front());
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  return LLVM::AllocaOp::create(builder, loc, pointer, type, constant(builder, loc, count), 8);
}

namespace {

Value elementAddress(OpBuilder &builder, Location loc, Value memory, Type element, Value index) {
  return LLVM::GEPOp::create(builder, loc, memory.getType(), storageType(element), memory,
                             ArrayRef<LLVM::GEPArg>{index});
}

struct ConvertLoad : OpConversionPattern<memref::LoadOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(memref::LoadOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type element = op.getType();
    Value address =
        elementAddress(rewriter, loc, adaptor.getMemref(), element, adaptor.getIndices().front());
    Value stored = LLVM::LoadOp::create(rewriter, loc, storageType(element), address);
    rewriter.replaceOp(op, fromStorage(rewriter, loc, stored, element));
    return success();
  }
};

struct ConvertStore : OpConversionPattern<memref::StoreOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(memref::StoreOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value address = elementAddress(rewriter, loc, adaptor.getMemref(), op.getValue().getType(),
                                   adaptor.getIndices().front());
    rewriter.replaceOpWithNewOp<LLVM::StoreOp>(op, toStorage(rewriter, loc, adaptor.getValue()),
                                               address);
    return success();
  }
};

struct ConvertCast : OpConversionPattern<memref::CastOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(memref::CastOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getSource());
    return success();
  }
};

struct ConvertGetGlobal : OpConversionPattern<memref::GetGlobalOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(memref::GetGlobalOp op, OpAdaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto pointer = LLVM::LLVMPointerType::get(getContext());
    rewriter.replaceOpWithNewOp<LLVM::AddressOfOp>(op, pointer, op.getName());
    return success();
  }
};

/// The elements in their storage, which is sign-extended.
Attribute storedElements(ElementsAttr values, int64_t count) {
  auto elements = cast<DenseElementsAttr>(values);
  IntegerType storage = storageType(elements.getElementType());
  bool isBit = elements.getElementType().isInteger(1);
  auto mapped = cast<DenseIntElementsAttr>(elements).mapValues(storage, [&](const APInt &value) {
    return isBit ? value.zext(storage.getWidth()) : value.sext(storage.getWidth());
  });
  return mapped.reshape(RankedTensorType::get({count}, storage));
}

struct ConvertGlobal : OpConversionPattern<memref::GlobalOp> {
  ConvertGlobal(LLVMTypeConverter &converter, MLIRContext *context, const Declarations &program)
      : OpConversionPattern(converter, context), program(program) {}

  LogicalResult matchAndRewrite(memref::GlobalOp op, OpAdaptor,
                                ConversionPatternRewriter &rewriter) const override {
    MemRefType type = op.getType();
    int64_t count = type.getNumElements();
    auto state = program.states.find(op.getSymName());
    bool isState = state != program.states.end();
    auto array = LLVM::LLVMArrayType::get(storageType(type.getElementType()), count);
    Attribute init;
    if (op.getConstant() && count > 0)
      init = storedElements(cast<ElementsAttr>(op.getConstantInitValue()), count);
    else if (isState && count > 0)
      init = storedElements(state->second.init, count);
    auto global = rewriter.replaceOpWithNewOp<LLVM::GlobalOp>(
        op, array, op.getConstant(), isState ? LLVM::Linkage::External : LLVM::Linkage::Internal,
        op.getSymName(), init,
        /*alignment=*/8);
    if (!init) {
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.createBlock(&global.getInitializerRegion());
      Value zero = LLVM::ZeroOp::create(rewriter, op.getLoc(), array);
      LLVM::ReturnOp::create(rewriter, op.getLoc(), zero);
    }
    return success();
  }

  const Declarations &program;
};

//===--- Functions ---===//

struct ConvertFunction : OpConversionPattern<func::FuncOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(func::FuncOp op, OpAdaptor,
                                ConversionPatternRewriter &rewriter) const override {
    const TypeConverter &converter = *getTypeConverter();
    TypeConverter::SignatureConversion signature(op.getNumArguments());
    if (failed(converter.convertSignatureArgs(op.getArgumentTypes(), signature)))
      return failure();
    Type result = LLVM::LLVMVoidType::get(getContext());
    if (op.getNumResults() == 1) // a truth value is a number for who calls it
      result = rewriter.getI64Type();
    auto type = LLVM::LLVMFunctionType::get(result, signature.getConvertedTypes());
    auto function = LLVM::LLVMFuncOp::create(rewriter, op.getLoc(), op.getSymName(), type,
                                             op.isPrivate() ? LLVM::Linkage::Internal
                                                            : LLVM::Linkage::External);
    for (StringRef name : {"rt.phase", "rt.instance"})
      if (Attribute attribute = op->getAttr(name))
        function->setAttr(name, attribute);
    rewriter.inlineRegionBefore(op.getBody(), function.getBody(), function.end());
    if (failed(rewriter.convertRegionTypes(&function.getBody(), converter, &signature)))
      return failure();
    rewriter.eraseOp(op);
    return success();
  }
};

struct ConvertCall : OpConversionPattern<func::CallOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(func::CallOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::CallOp>(op, TypeRange(), op.getCallee(),
                                              adaptor.getOperands());
    return success();
  }
};

struct ConvertReturn : OpConversionPattern<func::ReturnOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(func::ReturnOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    SmallVector<Value> results;
    for (Value value : adaptor.getOperands())
      results.push_back(LLVM::ZExtOp::create(rewriter, op.getLoc(), rewriter.getI64Type(), value));
    rewriter.replaceOpWithNewOp<LLVM::ReturnOp>(op, results);
    return success();
  }
};

} // namespace

void addMemoryPatterns(LLVMTypeConverter &converter, RewritePatternSet &patterns,
                       const Declarations &declarations) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ConvertLoad, ConvertStore, ConvertCast, ConvertGetGlobal, ConvertFunction,
               ConvertCall, ConvertReturn>(converter, context);
  patterns.add<ConvertGlobal>(converter, context, declarations);
}

} // namespace basalt::llvmir
