// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversion of functions of a lowered program. See Functions.h.
#include "compiler/native/FunctionConversion.h"

#include "dialect/num/Num.h"
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

//===--- Functions ---===//

emitc::FuncOp FunctionConversion::start(Location loc, StringRef name, ArrayRef<Type> inputs,
                                        ArrayRef<Type> results, ArrayRef<std::string> names) {
  auto result = emitc::FuncOp::create(builder, loc, name, builder.getFunctionType(inputs, results));
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
  emitc::FuncOp result = start(function.getLoc(), symbols.functionName(function), types, {}, names);
  result.setSpecifiersAttr(calls > kOften ? builder.getStrArrayAttr({"[[gnu::noinline]]", "static"})
                                          : builder.getStrArrayAttr({"static", "inline"}));
  for (auto [arg, type, name] : llvm::zip(function.getArguments(), types, names))
    converted[arg] = lit(function.getLoc(), type, name);
  return convertBlock(function.getBody().front());
}

static bool needsTimeStepInLoop(Operation *function) {
  WalkResult result = function->walk([&](proc::TimeStepOp op) {
    auto region = op->getParentOfType<rtop::ParallelOp>(); // a function of its own
    if (region && region != function)
      return WalkResult::advance();
    for (Operation *user : op->getUsers())
      if (user->getParentOfType<scf::ForOp>())
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return result.wasInterrupted();
}

void FunctionConversion::startTimeStep(Operation *function) {
  if (!needsTimeStepInLoop(function))
    return;
  emitc::VerbatimOp::create(builder, function->getLoc(), "const int64_t timeStep = ctx.timeStep;");
  timeStep = "timeStep";
}

LogicalResult FunctionConversion::convertMethod(func::FuncOp function) {
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Type> results;
  for (Type type : function.getResultTypes())
    results.push_back(type.isInteger(32) ? opaque(builder.getContext(), "uint32_t")
                                         : localType(type));
  start(function.getLoc(), symbols.functionName(function),
        opaque(builder.getContext(), "rt::Context &"), results, {"ctx"});
  startTimeStep(function);
  StringRef name = function.getSymName();
  bool isPhase = name == "spk" || name == "pre_mgmt" || name == "lrn" || name == "post_mgmt";
  if (symbols.withMarks && isPhase)
    phase = name;
  for (Operation &op : function.getBody().front())
    if (failed(convertStatement(&op)))
      return failure();
  return success();
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

LogicalResult FunctionConversion::convertScalars(Operation *op) {
  Value value = convertScalar(builder, op, values(op->getOperands()), widths);
  if (!value)
    return op->emitOpError("is not supported in native code yet");
  converted[op->getResult(0)] = value;
  return success();
}

LogicalResult FunctionConversion::convert(Operation *op) {
  if (convertRequest(op))
    return success();
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
      .Case<rtop::ParallelOp>([&](auto op) { return convertParallel(op); })
      .Case<rtop::PartOp>([&](auto op) { return convertPart(op), success(); })
      .Case<proc::TimeStepOp>([&](auto op) {
        converted[op] = lit(loc, builder.getI64Type(), timeStep);
        return success();
      })
      .Case<proc::SeedOp>([&](auto op) {
        converted[op] = lit(loc, builder.getI64Type(), "int64_t(ctx.seed)");
        return success();
      })
      .Default([&](Operation *op) { return convertScalars(op); });
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

/// Whether an element of a kernel needs a chain of operations that is longer than what a processor
/// looks ahead, so that two vectors at a time take less time than one after the other.
static bool isLongChain(scf::ForOp loop) {
  auto kernel = dyn_cast<func::FuncOp>(loop->getParentOp());
  if (!kernel || !kernel.isPrivate())
    return false;
  WalkResult walk = loop.walk([](Operation *op) {
    bool isLong = isa<num::ExpOp, num::LogOp, num::SinOp, num::CosOp, num::TanhOp, num::PowFOp>(op);
    return isLong ? WalkResult::interrupt() : WalkResult::advance();
  });
  return walk.wasInterrupted();
}

LogicalResult FunctionConversion::convertFor(scf::ForOp op) {
  Location loc = op.getLoc();
  if (isLongChain(op))
    emitc::VerbatimOp::create(builder, loc, "BASALT_TWO_AT_A_TIME");
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

LogicalResult convertFunction(OpBuilder &builder, func::FuncOp function, Symbols &symbols,
                              Assumptions &assumptions) {
  FunctionConversion conversion(builder, symbols, assumptions.of(function));
  return function.isPrivate() ? conversion.convertKernel(function, assumptions.callCount(function))
                              : conversion.convertMethod(function);
}

} // namespace basalt::native
