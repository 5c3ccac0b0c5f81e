// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversion of functions of a lowered program. See Functions.h.
#include "compiler/native/Functions.h"

#include "compiler/native/Scalars.h"
#include "compiler/native/Types.h"
#include "dialect/proc/Proc.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::native {

Place placeOf(Location loc) {
  if (auto call = dyn_cast<CallSiteLoc>(loc))
    return placeOf(call.getCallee());
  if (auto named = dyn_cast<NameLoc>(loc))
    return placeOf(named.getChildLoc());
  auto at = loc->findInstanceOf<FileLineColLoc>();
  return at ? Place{at.getFilename().str(), at.getLine(), at.getColumn()} : Place{};
}

std::string Symbols::functionName(func::FuncOp function) {
  StringRef name = function.getSymName();
  return function.isPrivate() ? names.of(name).str() : name.str();
}

unsigned Symbols::siteOf(Location loc, StringRef instance) {
  Place place = placeOf(loc);
  std::string site = "{" + quote(place.file) + ", " + std::to_string(place.line) + ", " +
                     std::to_string(place.column) + ", " + quote(instance) + "}";
  auto [it, isNew] = siteNumbers.try_emplace(site, sites.size());
  if (isNew)
    sites.push_back(site);
  return it->second;
}

namespace {

class FunctionConversion {
public:
  FunctionConversion(OpBuilder &builder, Symbols &symbols, Widths widths)
      : builder(builder), symbols(symbols), widths(std::move(widths)) {}

  LogicalResult convertKernel(func::FuncOp function, size_t calls);
  LogicalResult convertMethod(func::FuncOp function);

private:
  LogicalResult convertBlock(Block &block);
  LogicalResult convert(Operation *op);
  LogicalResult convertIf(scf::IfOp op);
  LogicalResult convertFor(scf::ForOp op);
  void convertYield(ValueRange values, ArrayRef<Value> variables);
  void convertLoad(memref::LoadOp op);
  void convertStore(memref::StoreOp op);
  void convertGetGlobal(memref::GetGlobalOp op);
  void convertCall(func::CallOp op);
  void convertReturn(func::ReturnOp op);
  void convertPrint(rtop::PrintOp op);
  void convertAssert(rtop::AssertOp op);
  void convertIndex(rtop::IndexOp op);
  void convertRecordPort(rtop::RecordPortOp op);
  void convertFillRandom(rtop::FillRandomOp op);
  void convertDue(rtop::DueOp op);
  void convertAdvance(rtop::AdvanceOp op);
  void convertFillPoisson(rtop::FillPoissonOp op);
  Value randomKey(Location loc, IntegerAttr stream, ValueRange keys);

  emitc::FuncOp start(func::FuncOp function, ArrayRef<Type> inputs, ArrayRef<std::string> names);
  Value variable(Location loc, Type type, Value initial);
  Value load(Location loc, Value variable);
  Value context(Location loc) {
    return lit(loc, opaque(builder.getContext(), "rt::Context &"), "ctx");
  }
  Value site(Location loc, StringRef instance);
  Value lit(Location loc, Type type, StringRef text) { return literal(builder, loc, type, text); }
  void statement(Location loc, StringRef callee, ValueRange operands) {
    emitc::CallOpaqueOp::create(builder, loc, TypeRange(), callee, operands);
  }
  SmallVector<Value> values(ValueRange originals);

  OpBuilder &builder;
  Symbols &symbols;
  Widths widths;
  llvm::StringSet<> kept; // histories that have got the spikes of this step
  DenseMap<Value, Value> converted;
  StringRef timeStep = "ctx.timeStep";
};

//===--- Functions ---===//

emitc::FuncOp FunctionConversion::start(func::FuncOp function, ArrayRef<Type> inputs,
                                        ArrayRef<std::string> names) {
  SmallVector<Type> results;
  for (Type type : function.getResultTypes())
    results.push_back(type.isInteger(32) ? opaque(builder.getContext(), "uint32_t")
                                         : localType(type));
  auto result = emitc::FuncOp::create(builder, function.getLoc(), symbols.functionName(function),
                                      builder.getFunctionType(inputs, results));
  SmallVector<StringRef> refs(names.begin(), names.end());
  result->setAttr(kArgumentNames, builder.getStrArrayAttr(refs));
  builder.setInsertionPointToEnd(result.addEntryBlock());
  return result;
}

/// A kernel that many populations share is compiled once: inlined, each call would be a loop of its
/// own to vectorise, and a network of a thousand instances would take half a minute.
static constexpr size_t kOften = 4;

LogicalResult FunctionConversion::convertKernel(func::FuncOp function, size_t calls) {
  OpBuilder::InsertionGuard guard(builder);
  Names locals;
  SmallVector<Type> types;
  SmallVector<std::string> names;
  for (BlockArgument arg : function.getArguments()) {
    auto memory = dyn_cast<MemRefType>(arg.getType());
    types.push_back(memory ? opaque(builder.getContext(), argumentName(memory, !isWritten(arg)))
                           : localType(arg.getType()));
    auto name = function.getArgAttrOfType<StringAttr>(arg.getArgNumber(), "rt.name");
    names.push_back(locals.fresh(name ? name.getValue() : "x"));
  }
  emitc::FuncOp result = start(function, types, names);
  result.setSpecifiersAttr(calls > kOften ? builder.getStrArrayAttr({"[[gnu::noinline]]", "static"})
                                          : builder.getStrArrayAttr({"static", "inline"}));
  for (auto [arg, type, name] : llvm::zip(function.getArguments(), types, names))
    converted[arg] = lit(function.getLoc(), type, name);
  return convertBlock(function.getBody().front());
}

/// Whether code in a loop needs the time step. Then it gets a local: for all the C++ compiler
/// knows, stores to an array could change the context.
static bool needsTimeStepInLoop(func::FuncOp function) {
  WalkResult result = function.walk([](proc::TimeStepOp op) {
    for (Operation *user : op->getUsers())
      if (user->getParentOfType<scf::ForOp>())
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return result.wasInterrupted();
}

LogicalResult FunctionConversion::convertMethod(func::FuncOp function) {
  OpBuilder::InsertionGuard guard(builder);
  start(function, opaque(builder.getContext(), "rt::Context &"), {"ctx"});
  if (needsTimeStepInLoop(function)) {
    emitc::VerbatimOp::create(builder, function.getLoc(), "const int64_t timeStep = ctx.timeStep;");
    timeStep = "timeStep";
  }
  return convertBlock(function.getBody().front());
}

LogicalResult FunctionConversion::convertBlock(Block &block) {
  for (Operation &op : block)
    if (failed(convert(&op)))
      return failure();
  return success();
}

SmallVector<Value> FunctionConversion::values(ValueRange originals) {
  return llvm::map_to_vector(originals, [&](Value value) { return converted.lookup(value); });
}

LogicalResult FunctionConversion::convert(Operation *op) {
  Location loc = op->getLoc();
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<scf::IfOp>([&](auto op) { return convertIf(op); })
      .Case<scf::ForOp>([&](auto op) { return convertFor(op); })
      .Case<scf::YieldOp>([](auto) { return success(); }) // done with what it ends
      .Case<memref::LoadOp>([&](auto op) { return convertLoad(op), success(); })
      .Case<memref::StoreOp>([&](auto op) { return convertStore(op), success(); })
      .Case<memref::GetGlobalOp>([&](auto op) { return convertGetGlobal(op), success(); })
      .Case<memref::CastOp>([&](auto op) {
        converted[op.getResult()] = converted.lookup(op.getSource());
        return success();
      })
      .Case<func::CallOp>([&](auto op) { return convertCall(op), success(); })
      .Case<func::ReturnOp>([&](auto op) { return convertReturn(op), success(); })
      .Case<rtop::PrintOp>([&](auto op) { return convertPrint(op), success(); })
      .Case<rtop::AssertOp>([&](auto op) { return convertAssert(op), success(); })
      .Case<rtop::IndexOp>([&](auto op) { return convertIndex(op), success(); })
      .Case<rtop::RecordPortOp>([&](auto op) { return convertRecordPort(op), success(); })
      .Case<rtop::DueOp>([&](auto op) { return convertDue(op), success(); })
      .Case<rtop::AdvanceOp>([&](auto op) { return convertAdvance(op), success(); })
      .Case<rtop::FillRandomOp>([&](auto op) { return convertFillRandom(op), success(); })
      .Case<rtop::FillPoissonOp>([&](auto op) { return convertFillPoisson(op), success(); })
      .Case<rtop::RecordStateOp>([&](auto op) {
        std::string number = std::to_string(symbols.states.lookup(op.getState()));
        statement(loc, "rt::recordState", {context(loc), lit(loc, builder.getIndexType(), number)});
        return success();
      })
      .Case<proc::PauseOp>(
          [&](auto) { return statement(loc, "rt::pause", context(loc)), success(); })
      .Case<proc::StopOp>([&](auto) { return statement(loc, "rt::stop", context(loc)), success(); })
      .Case<proc::TimeStepOp>([&](auto op) {
        converted[op] = lit(loc, builder.getI64Type(), timeStep);
        return success();
      })
      .Case<proc::SeedOp>([&](auto op) {
        converted[op] = lit(loc, builder.getI64Type(), "int64_t(ctx.seed)");
        return success();
      })
      .Default([&](Operation *op) -> LogicalResult {
        Value value = convertScalar(builder, op, values(op->getOperands()), widths);
        if (!value)
          return op->emitOpError("is not supported in native code yet");
        converted[op->getResult(0)] = value;
        return success();
      });
}

//===--- Control ---===//

/// A local variable; a number as initial value stands in its declaration.
Value FunctionConversion::variable(Location loc, Type type, Value initial) {
  auto number = initial ? initial.getDefiningOp<emitc::LiteralOp>() : emitc::LiteralOp();
  auto attribute = emitc::OpaqueAttr::get(builder.getContext(), number ? number.getValue() : "");
  Value result = emitc::VariableOp::create(builder, loc, emitc::LValueType::get(type), attribute);
  if (initial && !number)
    emitc::AssignOp::create(builder, loc, result, initial);
  return result;
}

Value FunctionConversion::load(Location loc, Value variable) {
  Type type = cast<emitc::LValueType>(variable.getType()).getValueType();
  return emitc::LoadOp::create(builder, loc, type, variable);
}

void FunctionConversion::convertYield(ValueRange originals, ArrayRef<Value> variables) {
  for (auto [value, variable] : llvm::zip(originals, variables))
    emitc::AssignOp::create(builder, value.getLoc(), variable, converted.lookup(value));
}

LogicalResult FunctionConversion::convertIf(scf::IfOp op) {
  SmallVector<Value> variables;
  for (Type type : op.getResultTypes())
    variables.push_back(variable(op.getLoc(), localType(type), Value()));
  bool hasElse = !op.getElseRegion().empty() &&
                 (op.elseBlock()->getOperations().size() > 1 || !variables.empty());
  auto result = emitc::IfOp::create(builder, op.getLoc(), converted.lookup(op.getCondition()),
                                    /*addThenBlock=*/true, hasElse);
  auto branch = [&](Block &from, Block &to) -> LogicalResult {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&to);
    if (failed(convertBlock(from)))
      return failure();
    convertYield(from.getTerminator()->getOperands(), variables);
    if (to.empty() || !to.back().hasTrait<OpTrait::IsTerminator>())
      emitc::YieldOp::create(builder, op.getLoc());
    return success();
  };
  if (failed(branch(*op.thenBlock(), result.getThenRegion().front())) ||
      (hasElse && failed(branch(*op.elseBlock(), result.getElseRegion().front()))))
    return failure();
  for (auto [original, variable] : llvm::zip(op.getResults(), variables))
    converted[original] = load(op.getLoc(), variable);
  return success();
}

LogicalResult FunctionConversion::convertFor(scf::ForOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> variables;
  for (Value value : op.getInitArgs())
    variables.push_back(variable(loc, localType(value.getType()), converted.lookup(value)));
  auto result =
      emitc::ForOp::create(builder, loc, converted.lookup(op.getLowerBound()),
                           converted.lookup(op.getUpperBound()), converted.lookup(op.getStep()));
  converted[op.getInductionVar()] = result.getInductionVar();
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&result.getRegion().front());
    for (auto [arg, variable] : llvm::zip(op.getRegionIterArgs(), variables))
      converted[arg] = load(loc, variable);
    if (failed(convertBlock(*op.getBody())))
      return failure();
    convertYield(op.getBody()->getTerminator()->getOperands(), variables);
  }
  for (auto [original, variable] : llvm::zip(op.getResults(), variables))
    converted[original] = load(loc, variable);
  return success();
}

//===--- Memory and calls ---===//

/// The type of an element as the code sees it; memory of i1 is a uint8_t, which converts to bool
/// and back by itself.
static Type lvalueOf(MemRefType memory) {
  return emitc::LValueType::get(localType(memory.getElementType()));
}

void FunctionConversion::convertLoad(memref::LoadOp op) {
  Value place =
      emitc::SubscriptOp::create(builder, op.getLoc(), lvalueOf(op.getMemRefType()),
                                 converted.lookup(op.getMemRef()), values(op.getIndices()));
  converted[op] = load(op.getLoc(), place);
}

void FunctionConversion::convertStore(memref::StoreOp op) {
  Value place =
      emitc::SubscriptOp::create(builder, op.getLoc(), lvalueOf(op.getMemRefType()),
                                 converted.lookup(op.getMemRef()), values(op.getIndices()));
  emitc::AssignOp::create(builder, op.getLoc(), place, converted.lookup(op.getValue()));
}

void FunctionConversion::convertGetGlobal(memref::GetGlobalOp op) {
  StringRef name = symbols.names.of(op.getName());
  converted[op] = lit(op.getLoc(), opaque(builder.getContext(), fieldName(op.getType())), name);
}

void FunctionConversion::convertCall(func::CallOp op) {
  statement(op.getLoc(), symbols.names.of(op.getCallee()), values(op.getOperands()));
}

void FunctionConversion::convertReturn(func::ReturnOp op) {
  Value result = op.getNumOperands() ? converted.lookup(op.getOperand(0)) : Value();
  if (result && op.getOperand(0).getType().isInteger(32))
    result = emitc::CastOp::create(builder, op.getLoc(), opaque(builder.getContext(), "uint32_t"),
                                   result);
  emitc::ReturnOp::create(builder, op.getLoc(), result);
}

//===--- The run-time library ---===//

Value FunctionConversion::site(Location loc, StringRef instance) {
  std::string text = "kSites[" + std::to_string(symbols.siteOf(loc, instance)) + "]";
  return lit(loc, opaque(builder.getContext(), "rt::Site"), text);
}

void FunctionConversion::convertPrint(rtop::PrintOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> operands{context(loc)};
  std::string format = quote(op.getFormat()), text = "rt::print({}, ";
  for (char c : format) // in the text of a verbatim a brace is doubled
    text += c == '{' ? "{{" : std::string(1, c);
  for (auto [value, shape] :
       llvm::zip(op.getValues(), op.getShapes().getAsRange<DenseI64ArrayAttr>())) {
    operands.push_back(converted.lookup(value));
    bool isMemory = isa<MemRefType>(value.getType());
    // What C++ makes of two bools is an int.
    StringRef type = value.getType().isInteger(1) ? "<bool>" : "";
    text += isMemory ? ", rt::view({}"
                     : (shape.empty() ? ", rt::scalar" : ", rt::single") + type.str() + "({}";
    for (int64_t extent : shape.asArrayRef())
      text += ", " + std::to_string(extent);
    text += ")";
  }
  emitc::VerbatimOp::create(builder, loc, text + ");", operands);
}

void FunctionConversion::convertAssert(rtop::AssertOp op) {
  Location loc = op.getLoc();
  StringRef message = op.getMessage();
  Value text = lit(loc, emitc::PointerType::get(opaque(builder.getContext(), "const char")),
                   message.empty() ? "nullptr" : quote(message));
  statement(loc, "rt::check",
            {context(loc), converted.lookup(op.getCondition()), site(loc, op.getInstance()), text});
}

void FunctionConversion::convertIndex(rtop::IndexOp op) {
  Location loc = op.getLoc();
  Value extent = lit(loc, builder.getI64Type(), std::to_string(op.getExtent()));
  // Where nothing is left of the use, the check is.
  TypeRange results = op->use_empty() ? TypeRange() : TypeRange(op->getResultTypes());
  auto call = emitc::CallOpaqueOp::create(builder, loc, results, "rt::index",
                                          ValueRange{context(loc), converted.lookup(op.getValue()),
                                                     extent, site(loc, op.getInstance())});
  if (!results.empty())
    converted[op] = call.getResult(0);
}

void FunctionConversion::convertRecordPort(rtop::RecordPortOp op) {
  Location loc = op.getLoc();
  std::string number = std::to_string(symbols.ports.lookup(op.getPort()));
  statement(
      loc, "rt::recordPort",
      {context(loc), lit(loc, builder.getIndexType(), number), converted.lookup(op.getValue())});
}

void FunctionConversion::convertDue(rtop::DueOp op) {
  Location loc = op.getLoc();
  Type pointer = opaque(builder.getContext(), "rt::Projection");
  statement(loc, "rt::due",
            {context(loc),
             lit(loc, emitc::PointerType::get(pointer), symbols.names.of(op.getProjection())),
             converted.lookup(op.getTarget())});
}

/// Spikes that several projections are given are kept once.
void FunctionConversion::convertAdvance(rtop::AdvanceOp op) {
  Location loc = op.getLoc();
  StringRef history = symbols.histories.find(op.getProjection())->second;
  if (!kept.insert(history).second)
    return;
  Type pointer = opaque(builder.getContext(), "rt::SpikeHistory");
  statement(loc, "rt::keepSpikes",
            {context(loc), lit(loc, emitc::PointerType::get(pointer), symbols.names.of(history)),
             converted.lookup(op.getSpikes())});
}

Value FunctionConversion::randomKey(Location loc, IntegerAttr stream, ValueRange keys) {
  SmallVector<Value> operands{lit(loc, builder.getI64Type(), spellNumber(stream))};
  llvm::append_range(operands, values(keys));
  return call(builder, loc, "rt::randomKey", opaque(builder.getContext(), "rt::RandomKey"),
              operands);
}

void FunctionConversion::convertFillRandom(rtop::FillRandomOp op) {
  Location loc = op.getLoc();
  std::string count = std::to_string(op.getTarget().getType().getNumElements());
  statement(loc, "rt::fillRandomBits",
            {converted.lookup(op.getTarget()), lit(loc, builder.getIndexType(), count),
             randomKey(loc, op.getStreamAttr(), op.getKeys())});
}

void FunctionConversion::convertFillPoisson(rtop::FillPoissonOp op) {
  Location loc = op.getLoc();
  std::string count = std::to_string(op.getTarget().getType().getNumElements());
  statement(loc, "rt::fillPoisson",
            {converted.lookup(op.getTarget()), lit(loc, builder.getIndexType(), count),
             randomKey(loc, op.getStreamAttr(), op.getKeys()), converted.lookup(op.getLambda())});
}

} // namespace

LogicalResult convertFunction(OpBuilder &builder, func::FuncOp function, Symbols &symbols,
                              Assumptions &assumptions) {
  FunctionConversion conversion(builder, symbols, assumptions.of(function));
  return function.isPrivate()
             ? conversion.convertKernel(function, assumptions.callsOf(function).size())
             : conversion.convertMethod(function);
}

} // namespace basalt::native
