// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// if and for. Locals that a region assigns become its results; Vars are memory and need nothing.
#include "compiler/frontend/typing/Typer.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

// This name is also in mlir.
using behaviour::Block;

static void collectAssigned(const Block &block, llvm::SetVector<StringRef> &assigned) {
  for (const Stmt *stmt : block.getStatements()) {
    if (const auto *assign = dyn_cast<AssignStmt>(stmt))
      assigned.insert(assign->getVariable()->getName());
    if (const auto *branch = dyn_cast<IfStmt>(stmt)) {
      collectAssigned(*branch->getThen(), assigned);
      if (branch->getElse())
        collectAssigned(*branch->getElse(), assigned);
    }
    if (const auto *loop = dyn_cast<ForStmt>(stmt))
      collectAssigned(*loop->getBody(), assigned);
  }
}

SmallVector<StringRef> Typer::assignedLocals(ArrayRef<const Block *> blocks) {
  llvm::SetVector<StringRef> assigned;
  for (const Block *block : blocks)
    if (block)
      collectAssigned(*block, assigned);
  SmallVector<StringRef> locals;
  for (StringRef name : assigned)
    if (Local *local = findLocal(name); local && !local->isPoisoned && !local->value.isString())
      locals.push_back(local->value.value ? name : StringRef());
  llvm::erase(locals, StringRef());
  return locals;
}

/// Fills a region with a block of statements, ending with the values of the carried locals.
LogicalResult Typer::typeRegion(Region &region, const Block *block, ArrayRef<StringRef> carried) {
  OpBuilder::InsertionGuard guard(emit.builder);
  emit.builder.setInsertionPointToEnd(&region.front());
  SmallVector<Typed> outer;
  for (StringRef name : carried)
    outer.push_back(findLocal(name)->value);
  frame().scopes.emplace_back();
  ++frame().runtimeDepth;
  LogicalResult result = block ? typeBlock(*block) : success();
  --frame().runtimeDepth;
  frame().scopes.pop_back();
  SmallVector<Value> values;
  for (auto [name, before] : llvm::zip(carried, outer)) {
    values.push_back(findLocal(name)->value.value);
    findLocal(name)->value = before;
  }
  scf::YieldOp::create(emit.builder, region.getLoc(), values);
  return result;
}

LogicalResult Typer::typeIf(const IfStmt &stmt) {
  FailureOr<Typed> condition = typeCondition(*stmt.getCondition(), "the condition of 'if'");
  if (failed(condition))
    return failure();
  if (std::optional<bool> chosen = constantBool(*condition)) {
    const Block *block = *chosen ? stmt.getThen() : stmt.getElse();
    if (!block)
      return success();
    frame().scopes.emplace_back();
    LogicalResult result = typeBlock(*block);
    frame().scopes.pop_back();
    return result;
  }
  SmallVector<StringRef> carried = assignedLocals({stmt.getThen(), stmt.getElse()});
  SmallVector<Type> types;
  for (StringRef name : carried)
    types.push_back(findLocal(name)->value.value.getType());
  Location loc = stmt.getLoc();
  Value flag = num::ItemOp::create(emit.builder, loc, emit.builder.getI1Type(), condition->value);
  bool hasElse = stmt.getElse() || !carried.empty();
  auto ifOp = scf::IfOp::create(emit.builder, loc, types, flag, /*addThenBlock=*/true,
                                /*addElseBlock=*/hasElse);
  for (Region *region : {&ifOp.getThenRegion(), &ifOp.getElseRegion()})
    if (!region->empty() && !region->front().empty())
      region->front().clear();
  LogicalResult result = typeRegion(ifOp.getThenRegion(), stmt.getThen(), carried);
  if (hasElse && failed(typeRegion(ifOp.getElseRegion(), stmt.getElse(), carried)))
    result = failure();
  for (auto [name, value] : llvm::zip(carried, ifOp.getResults()))
    findLocal(name)->value.value = value;
  return result;
}

LogicalResult Typer::typeFor(const ForStmt &stmt) {
  const CallExpr *range = stmt.getRange();
  if (!range)
    return typeForList(stmt);
  if (range->getArgs().empty() || range->getArgs().size() > 2 || !range->getKeywords().empty())
    return emitError(range->getLoc(),
                     "'range' expects 1 or 2 arguments: 'range(stop)' or 'range(start, stop)'");
  SmallVector<int64_t> bounds;
  for (const Expr *arg : range->getArgs()) {
    FailureOr<Typed> typed = typeValue(*arg);
    if (failed(typed))
      return failure();
    std::optional<int64_t> bound = frontend::constantInt(*typed);
    if (!bound)
      return emitError(arg->getLoc())
             << "a bound of 'range' must be an integer that is known at compile time, found "
             << describe(*typed);
    bounds.push_back(*bound);
  }
  if (bounds.size() == 1)
    bounds.insert(bounds.begin(), 0);
  if (bounds[0] >= bounds[1])
    return success();
  Location loc = stmt.getLoc();
  auto scalar = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(emit.builder, loc, emit.builder.getI64IntegerAttr(value));
  };
  SmallVector<StringRef> carried = assignedLocals({stmt.getBody()});
  SmallVector<Value> inits;
  for (StringRef name : carried)
    inits.push_back(findLocal(name)->value.value);
  auto loop =
      scf::ForOp::create(emit.builder, loc, scalar(bounds[0]), scalar(bounds[1]), scalar(1), inits);
  loop.getBody()->clear();
  frame().scopes.emplace_back();
  {
    OpBuilder::InsertionGuard guard(emit.builder);
    emit.builder.setInsertionPointToStart(loop.getBody());
    Value counter = num::FromScalarOp::create(emit.builder, loc, emit.tensor({}, emit.intType()),
                                              loop.getInductionVar());
    if (failed(declare(stmt.getVariable(), Typed{counter, {}, false}))) {
      frame().scopes.pop_back();
      return failure();
    }
  }
  for (auto [name, arg] : llvm::zip(carried, loop.getRegionIterArgs()))
    findLocal(name)->value.value = arg;
  LogicalResult result = typeRegion(loop.getRegion(), stmt.getBody(), carried);
  frame().scopes.pop_back();
  for (auto [name, value] : llvm::zip(carried, loop.getResults()))
    findLocal(name)->value.value = value;
  return result;
}

} // namespace basalt::frontend
