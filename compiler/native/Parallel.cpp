// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversion of rt.parallel: its block becomes a method that every thread calls, with its share.
#include "compiler/native/FunctionConversion.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace basalt::native {

/// The method around what is being built.
static emitc::FuncOp methodAround(OpBuilder &builder) {
  Operation *parent = builder.getInsertionBlock()->getParentOp();
  auto method = dyn_cast<emitc::FuncOp>(parent);
  return method ? method : parent->getParentOfType<emitc::FuncOp>();
}

LogicalResult FunctionConversion::convertParallel(rtop::ParallelOp op) {
  Location loc = op.getLoc();
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(op.getBody(), captured);
  FunctionConversion region(builder, symbols, widths);
  region.phase = phase;
  region.marked = "share";
  captured.remove_if([&](Value value) { // fields and numbers are the same text in all methods
    auto text = converted.lookup(value).getDefiningOp<emitc::LiteralOp>();
    if (text && (isa<MemRefType>(value.getType()) || matchPattern(value, m_Constant())))
      region.converted[value] = text;
    return region.converted.contains(value);
  });
  emitc::FuncOp method = methodAround(builder);
  std::string name = symbols.names.fresh((method.getSymName() + "_region").str());
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(method);
    if (failed(region.convertRegion(op, name, captured.getArrayRef())))
      return failure();
    builder.setInsertionPoint(method);
    emitc::VerbatimOp::create(builder, loc, "");
  }
  // Only with operands a brace is doubled.
  std::string call = "rt::parallel(ctx, kWhole, [&](rt::Share &share) ";
  call += (captured.empty() ? "{ " : "{{ ") + name + "(ctx, share";
  for (size_t i = 0; i < captured.size(); ++i)
    call += ", {}";
  emitc::VerbatimOp::create(builder, loc, call + "); });", values(captured.getArrayRef()));
  return success();
}

LogicalResult FunctionConversion::convertRegion(rtop::ParallelOp op, StringRef name,
                                                ValueRange captured) {
  Location loc = op.getLoc();
  MLIRContext *context = builder.getContext();
  Names locals;
  SmallVector<Type> types{opaque(context, "rt::Context &"), opaque(context, "rt::Share &")};
  SmallVector<std::string> names{"ctx", "share"};
  for (Value value : captured) {
    types.push_back(localType(value.getType()));
    names.push_back(locals.fresh("x"));
  }
  start(loc, name, types, {}, names);
  for (auto &[value, text] : converted) {
    auto outside = text.getDefiningOp<emitc::LiteralOp>();
    text = lit(loc, outside.getType(), outside.getValue());
  }
  for (auto [value, type, local] :
       llvm::zip(captured, llvm::drop_begin(types, 2), llvm::drop_begin(names, 2)))
    converted[value] = lit(loc, type, local);
  startTimeStep(op);
  Block &body = op.getBody().front();
  for (auto [i, axis] : llvm::enumerate(op.getAxes().getAsRange<FlatSymbolRefAttr>())) {
    std::string range = "range" + std::to_string(i);
    emitc::VerbatimOp::create(builder, loc,
                              "const rt::Range " + range + " = " +
                                  symbols.ranges.lookup(axis.getValue()) + ";");
    converted[body.getArgument(2 * i)] = lit(loc, builder.getIndexType(), range + ".low");
    converted[body.getArgument(2 * i + 1)] = lit(loc, builder.getIndexType(), range + ".high");
  }
  unsigned number = 0;
  for (Operation &statement : body) {
    if (statement.hasAttr(rtop::kMayFail))
      emitc::VerbatimOp::create(builder, statement.getLoc(),
                                "share.statement = " + std::to_string(number++) + ";");
    if (failed(convertStatement(&statement)))
      return failure();
  }
  emitc::ReturnOp::create(builder, loc, Value());
  return success();
}

Value FunctionConversion::pointerTo(Location loc, Value original, Value first) {
  Type element = cast<MemRefType>(original.getType()).getElementType();
  Type pointer = emitc::PointerType::get(storageType(element));
  Value memory = converted.lookup(original);
  auto name = memory.getDefiningOp<emitc::LiteralOp>(),
       from = first.getDefiningOp<emitc::LiteralOp>();
  if (name && from)
    return lit(loc, pointer, (name.getValue() + " + " + from.getValue()).str());
  return emitc::AddOp::create(builder, loc, pointer, memory, first);
}

void FunctionConversion::convertPart(rtop::PartOp op) {
  converted[op] = pointerTo(op.getLoc(), op.getMemory(), converted.lookup(op.getFirst()));
}

} // namespace basalt::native
