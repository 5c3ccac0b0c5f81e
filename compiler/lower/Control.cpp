// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowering of scf.if and scf.for with tensors: scalars stay results, arrays are stored into memory
// that both branches, or all iterations, share.
#include "compiler/lower/Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace basalt::lower {

static SmallVector<Type> scalarTypes(TypeRange types) {
  SmallVector<Type> result;
  for (Type type : types)
    if (!isArray(type))
      result.push_back(getElementTypeOrSelf(type));
  return result;
}

LogicalResult Lowering::lowerBranch(scf::IfOp op, Region &from, Block *to,
                                    ArrayRef<Value> targets) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(to);
  if (!from.empty() && failed(lowerBlock(from.front())))
    return failure();
  SmallVector<Value> results;
  if (!from.empty())
    for (auto [i, value] : llvm::enumerate(from.front().getTerminator()->getOperands())) {
      if (isArray(value.getType()))
        storeInto(op.getLoc(), value, targets[i]);
      else
        results.push_back(scalarOf(value));
    }
  scf::YieldOp::create(builder, op.getLoc(), results);
  return success();
}

LogicalResult Lowering::lowerIf(scf::IfOp op) {
  SmallVector<Value> targets;
  for (Value result : op.getResults())
    targets.push_back(isArray(result.getType()) ? targetFor(result, op) : Value());
  bool hasElse = !op.getElseRegion().empty();
  auto lowered = scf::IfOp::create(builder, op.getLoc(), scalarTypes(op.getResultTypes()),
                                   scalarOf(op.getCondition()), /*addThenBlock=*/true, hasElse);
  if (failed(lowerBranch(op, op.getThenRegion(), lowered.thenBlock(), targets)) ||
      (hasElse && failed(lowerBranch(op, op.getElseRegion(), lowered.elseBlock(), targets))))
    return failure();
  unsigned next = 0;
  for (auto [result, target] : llvm::zip(op.getResults(), targets)) {
    if (target)
      arrays[result] = target;
    else
      scalars[result] = lowered.getResult(next++);
  }
  return success();
}

LogicalResult Lowering::lowerFor(scf::ForOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> buffers, initial;
  for (Value value : op.getInitArgs()) {
    Value buffer = isArray(value.getType()) ? newScratch(loc, value.getType()) : Value();
    if (buffer)
      storeInto(loc, value, buffer);
    else
      initial.push_back(scalarOf(value));
    buffers.push_back(buffer);
  }
  auto loop = scf::ForOp::create(builder, loc, scalarOf(op.getLowerBound()),
                                 scalarOf(op.getUpperBound()), scalarOf(op.getStep()), initial);
  scalars[op.getInductionVar()] = loop.getInductionVar();
  unsigned next = 0;
  for (auto [arg, result, buffer] : llvm::zip(op.getRegionIterArgs(), op.getResults(), buffers)) {
    if (buffer) {
      arrays[arg] = buffer;
      arrays[result] = buffer;
      continue;
    }
    scalars[arg] = loop.getRegionIterArg(next);
    scalars[result] = loop.getResult(next++);
  }
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  if (failed(lowerBlock(*op.getBody())))
    return failure();
  lowerLoopYield(op, buffers);
  return success();
}

/// The next iteration's arrays, of which one may be another's of this iteration: those are saved
/// first.
void Lowering::lowerLoopYield(scf::ForOp op, ArrayRef<Value> buffers) {
  Operation *yield = op.getBody()->getTerminator();
  Location loc = yield->getLoc();
  SmallVector<std::pair<Value, Value>> copies; // from a value, into a buffer
  SmallVector<Value> results;
  for (auto [value, buffer] : llvm::zip(yield->getOperands(), buffers)) {
    if (!buffer) {
      results.push_back(scalarOf(value));
      continue;
    }
    Value from = memoryOf(value);
    if (sameMemory(from, buffer))
      continue;
    if (llvm::any_of(buffers, [&](Value other) { return other && sameMemory(from, other); })) {
      Value saved = newScratch(loc, value.getType());
      storeInto(loc, value, saved);
      arrays[value] = saved;
    }
    copies.push_back({value, buffer});
  }
  for (auto [value, buffer] : copies)
    storeInto(loc, value, buffer);
  if (!results.empty())
    scf::YieldOp::create(builder, loc, results);
}

} // namespace basalt::lower
