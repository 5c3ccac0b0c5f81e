// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a program asks of its environment: printing, failing, exchanging states with what is
// outside.
#include "compiler/llvm/Conversion.h"

#include "dialect/rt/Rt.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace basalt::llvmir {

static constexpr llvm::StringLiteral kNumber = "rt.number";

static int64_t numberOf(Operation *op) { return op->getAttrOfType<IntegerAttr>(kNumber).getInt(); }

void numberRequests(ModuleOp module) {
  llvm::StringMap<llvm::StringMap<int64_t>> names; // by kind of what they name
  int64_t sites = 0;
  Builder builder(module.getContext());
  module.walk([&](Operation *op) {
    int64_t number;
    if (auto other = op->getAttrOfType<StringAttr>("other")) {
      StringRef kind = isa<rtop::InjectOp>(op)                  ? "injector"
                       : isa<rtop::SendOp, rtop::ReceiveOp>(op) ? "channel"
                                                                : "var";
      auto &known = names[kind];
      number = known.try_emplace(other.getValue(), known.size()).first->second;
    } else if (isa<rtop::AssertOp, rtop::IndexOp>(op)) {
      number = sites++;
    } else {
      return;
    }
    if (!op->hasAttr(kNumber))
      op->setAttr(kNumber, builder.getI64IntegerAttr(number));
  });
}

namespace {

/// The address of `text`, which has a global of its own.
Value addressOfText(OpBuilder &builder, Location loc, StringRef text) {
  auto module = builder.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  if (text.empty())
    return LLVM::ZeroOp::create(builder, loc, pointer);
  std::string name;
  for (unsigned i = 0; name.empty() || module.lookupSymbol(name); ++i)
    name = "text." + std::to_string(i);
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), text.size());
    LLVM::GlobalOp::create(builder, loc, type, /*isConstant=*/true, LLVM::Linkage::Internal, name,
                           builder.getStringAttr(text));
  }
  return LLVM::AddressOfOp::create(builder, loc, pointer, name);
}

struct ConvertAssert : OpConversionPattern<rtop::AssertOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(rtop::AssertOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value holds =
        LLVM::ZExtOp::create(rewriter, loc, rewriter.getI64Type(), adaptor.getCondition());
    StringRef text = op.getMessage();
    callLibrary(rewriter, loc, "basalt_assert",
                {holds, constant(rewriter, loc, numberOf(op)), addressOfText(rewriter, loc, text),
                 constant(rewriter, loc, int64_t(text.size()))},
                {});
    rewriter.eraseOp(op);
    return success();
  }
};

struct ConvertIndex : OpConversionPattern<rtop::IndexOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(rtop::IndexOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value place = callLibrary(rewriter, loc, "basalt_index",
                              {adaptor.getValue(), constant(rewriter, loc, op.getExtent()),
                               constant(rewriter, loc, numberOf(op))},
                              rewriter.getI64Type());
    rewriter.replaceOp(op, place);
    return success();
  }
};

struct ConvertFillRandom : OpConversionPattern<rtop::FillRandomOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(rtop::FillRandomOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type number = rewriter.getI64Type();
    int64_t count = int64_t(adaptor.getKeys().size());
    Value keys = frameSpace(rewriter, loc, number, std::max<int64_t>(count, 1));
    for (auto [i, key] : llvm::enumerate(adaptor.getKeys())) {
      Value at = LLVM::GEPOp::create(rewriter, loc, keys.getType(), number, keys,
                                     ArrayRef<LLVM::GEPArg>{int32_t(i)});
      LLVM::StoreOp::create(rewriter, loc, key, at);
    }
    int64_t elements = cast<MemRefType>(op.getTarget().getType()).getNumElements();
    callLibrary(rewriter, loc, "basalt_fill_random",
                {adaptor.getTarget(), constant(rewriter, loc, elements),
                 constant(rewriter, loc, op.getStream()), keys, constant(rewriter, loc, count)},
                {});
    rewriter.eraseOp(op);
    return success();
  }
};

/// Prints with an array of PrintOperands (EmbeddedCalls.h) in the frame.
struct ConvertPrint : OpConversionPattern<rtop::PrintOp> {
  using OpConversionPattern::OpConversionPattern;

  static constexpr int64_t kWords = 10; // of an operand

  LogicalResult matchAndRewrite(rtop::PrintOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    int64_t count = int64_t(op.getValues().size());
    Value operands =
        frameSpace(rewriter, loc, rewriter.getI64Type(), std::max<int64_t>(count, 1) * kWords);
    int64_t word = 0;
    for (auto [original, value, shape] : llvm::zip(
             op.getValues(), adaptor.getValues(), op.getShapes().getAsRange<DenseI64ArrayAttr>())) {
      fill(rewriter, loc, operands, word, original.getType(), value, shape.asArrayRef());
      word += kWords;
    }
    StringRef format = op.getFormat();
    callLibrary(rewriter, loc, "basalt_print",
                {addressOfText(rewriter, loc, format),
                 constant(rewriter, loc, int64_t(format.size())), operands,
                 constant(rewriter, loc, count)},
                {});
    rewriter.eraseOp(op);
    return success();
  }

private:
  static void fill(OpBuilder &builder, Location loc, Value operands, int64_t word, Type type,
                   Value value, ArrayRef<int64_t> shape) {
    auto store = [&](Value part) {
      Value at = LLVM::GEPOp::create(builder, loc, operands.getType(), builder.getI64Type(),
                                     operands, ArrayRef<LLVM::GEPArg>{int32_t(word++)});
      LLVM::StoreOp::create(builder, loc, part, at);
    };
    Type element = type;
    if (auto memory = dyn_cast<MemRefType>(type)) {
      element = memory.getElementType();
    } else {
      Value stored = toStorage(builder, loc, value);
      value = frameSpace(builder, loc, stored.getType(), 1);
      LLVM::StoreOp::create(builder, loc, stored, value);
    }
    int64_t code = elementCode(element);
    store(LLVM::PtrToIntOp::create(builder, loc, builder.getI64Type(), value));
    store(constant(builder, loc, code | int64_t(shape.size()) << 32));
    for (int64_t extent : shape)
      store(constant(builder, loc, extent));
  }
};

/// Recording is done from outside, where states are.
template <typename OpT> struct EraseRecord : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;
  LogicalResult matchAndRewrite(OpT op, typename OpT::Adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.eraseOp(op);
    return success();
  }
};

template <typename OpT> struct ConvertExchange : OpConversionPattern<OpT> {
  ConvertExchange(LLVMTypeConverter &converter, MLIRContext *context, StringRef name,
                  const Declarations &program)
      : OpConversionPattern<OpT>(converter, context), name(name), program(program) {}

  LogicalResult matchAndRewrite(OpT op, typename OpT::Adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op->getLoc();
    RankedTensorType type = program.states.find(op.getState())->second.type;
    Value memory = LLVM::AddressOfOp::create(
        rewriter, loc, LLVM::LLVMPointerType::get(op.getContext()), op.getState());
    callLibrary(rewriter, loc, name,
                {constant(rewriter, loc, numberOf(op)), constant(rewriter, loc, op.getFirst()),
                 constant(rewriter, loc, op.getStride()),
                 constant(rewriter, loc, type.getNumElements()), memory,
                 constant(rewriter, loc, elementCode(type.getElementType()))},
                {});
    rewriter.eraseOp(op);
    return success();
  }

  StringRef name;
  const Declarations &program;
};

} // namespace

void addRequestPatterns(LLVMTypeConverter &converter, RewritePatternSet &patterns,
                        const Declarations &program) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ConvertAssert, ConvertIndex, ConvertFillRandom, ConvertPrint,
               EraseRecord<rtop::RecordStateOp>, EraseRecord<rtop::RecordPortOp>>(converter,
                                                                                  context);
  patterns.add<ConvertExchange<rtop::FetchOp>>(converter, context, "basalt_fetch", program);
  patterns.add<ConvertExchange<rtop::PublishOp>>(converter, context, "basalt_publish", program);
  patterns.add<ConvertExchange<rtop::AccumulateOp>>(converter, context, "basalt_accumulate",
                                                    program);
  patterns.add<ConvertExchange<rtop::InjectOp>>(converter, context, "basalt_inject", program);
  patterns.add<ConvertExchange<rtop::SendOp>>(converter, context, "basalt_send", program);
  patterns.add<ConvertExchange<rtop::ReceiveOp>>(converter, context, "basalt_receive", program);
}

} // namespace basalt::llvmir
