// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The walk over a phase: which operation becomes what.
#include "compiler/lower/Lowering.h"

#include "dialect/num/Products.h"
#include "dialect/rt/Rt.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace basalt::lower {

LogicalResult Lowering::lowerBlock(Block &block) {
  for (Operation &op : block) {
    if (op.hasTrait<OpTrait::IsTerminator>())
      break;
    if (failed(lower(&op)))
      return failure();
  }
  return success();
}

LogicalResult Lowering::lower(Operation *op) {
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<step::TaskOp>([&](auto op) { return lowerTask(op); })
      .Case<scf::IfOp>([&](auto op) { return lowerIf(op); })
      .Case<scf::ForOp>([&](auto op) { return lowerFor(op); })
      .Case<step::GetOp>([&](auto op) { return lowerGet(op), success(); })
      .Case<step::SetOp>([&](auto op) { return lowerSet(op), success(); })
      .Case<step::UpdateOp>([&](auto op) { return lowerUpdate(op), success(); })
      .Case<step::UpdateEntriesOp>([&](auto op) { return lowerUpdateEntries(op), success(); })
      .Case<step::DueOp>([&](auto op) { return lowerDue(op), success(); })
      .Case<step::AdvanceOp>([&](auto op) { return lowerAdvance(op), success(); })
      .Case<step::ProbeOp>([&](auto op) { return lowerProbe(op), success(); })
      .Case<proc::PrintOp>([&](auto op) { return lowerPrint(op), success(); })
      .Case<proc::AssertOp>([&](auto op) { return lowerAssert(op), success(); })
      .Case<rtop::FetchOp, rtop::PublishOp, rtop::AccumulateOp, rtop::InjectOp, rtop::SendOp,
            rtop::ReceiveOp>([&](auto op) { return builder.clone(*op), success(); })
      .Case<proc::PauseOp, proc::StopOp>([&](auto op) { return builder.clone(*op), success(); })
      .Case<proc::TimeStepOp>([&](auto op) {
        scalars[op] = proc::TimeStepOp::create(builder, op.getLoc(), builder.getI64Type());
        return success();
      })
      .Case<proc::SeedOp>([&](auto op) {
        scalars[op] = proc::SeedOp::create(builder, op.getLoc(), builder.getI64Type());
        return success();
      })
      .Default([&](Operation *op) { return lowerValue(op); });
}

LogicalResult Lowering::lowerValue(Operation *op) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return lowerConstant(constant), success();
  if (accesses.isFused(op))
    return success();
  if (isa<num::ItemOp, num::FromScalarOp>(op)) {
    scalars[op->getResult(0)] = scalarOf(op->getOperand(0));
    return success();
  }
  if (auto extract = dyn_cast<num::ExtractOp>(op))
    return lowerExtract(extract), success();
  if (auto insert = dyn_cast<num::InsertOp>(op))
    return lowerInsert(insert), success();
  if (auto gather = dyn_cast<num::GatherOp>(op))
    return lowerGather(gather), success();
  if (isa<num::RandomBitsOp, num::RandomPoissonOp>(op))
    return lowerRandom(op), success();
  if (auto reduce = dyn_cast<num::ReduceOp>(op))
    return lowerReduce(reduce), success();
  if (num::isProduct(op))
    return lowerProduct(op), success();
  if (!num::isElementwise(op) && !isa<num::BroadcastOp, num::ReshapeOp, num::TransposeOp>(op))
    return op->emitOpError("is not supported in native code yet");

  Value result = op->getResult(0);
  if (auto reshape = dyn_cast<num::ReshapeOp>(op); reshape && isArray(result.getType()))
    arrays[result] = memoryOf(reshape.getOperand()); // the same elements in the same order
  else if (isArray(result.getType()))
    materialize(result, targetFor(result, op));
  else
    scalars[result] = computeElement(op, {});
  return success();
}

void Lowering::lowerProduct(Operation *op) {
  TypeSwitch<Operation *>(op)
      .Case<num::MatVecOp>([&](auto op) { lowerMatVec(op); })
      .Case<num::DeliverOp>([&](auto op) { lowerDeliver(op); })
      .Case<num::Conv2DOp>([&](auto op) { lowerConv2D(op); })
      .Case<num::SparseMatVecOp>([&](auto op) { lowerSparseMatVec(op); })
      .Case<num::SparseDeliverOp>([&](auto op) { lowerSparseDeliver(op); })
      .Case<num::AtSynapsesOp>([&](auto op) { lowerAtSynapses(op); })
      .Case<num::ToDenseOp>([&](auto op) { lowerToDense(op); });
}

void Lowering::lowerConstant(arith::ConstantOp op) {
  auto elements = dyn_cast<DenseElementsAttr>(op.getValue());
  if (elements && isArray(op.getType())) {
    constants[op] = elements;
    return;
  }
  // A number by itself occurs as the bound of an scf.for.
  TypedAttr value = elements ? elements.getValues<TypedAttr>()[0] : op.getValue();
  scalars[op] = arith::ConstantOp::create(builder, op.getLoc(), value);
}

void Lowering::lowerGet(step::GetOp op) {
  Value state = memory.get(builder, op.getLoc(), op.getState());
  if (!isArray(op.getType())) {
    Value zero = constantIndex(op.getLoc(), 0);
    scalars[op] = memref::LoadOp::create(builder, op.getLoc(), state, zero);
    return;
  }
  if (accesses.canAlias(op)) {
    arrays[op] = state;
    return;
  }
  Value copy = newScratch(op.getLoc(), op.getType());
  arrays[op] = state;
  storeInto(op.getLoc(), op, copy);
  arrays[op] = copy;
}

void Lowering::lowerSet(step::SetOp op) {
  Value state = memory.get(builder, op.getLoc(), op.getState());
  if (isArray(op.getValue().getType()))
    return storeInto(op.getLoc(), op.getValue(), state);
  memref::StoreOp::create(builder, op.getLoc(), scalarOf(op.getValue()), state,
                          constantIndex(op.getLoc(), 0));
}

LogicalResult Lowering::lowerTask(step::TaskOp op) {
  llvm::SaveAndRestore<StringRef> inInstance(instance, op.getInstance());
  OpBuilder::InsertionGuard guard(builder);
  if (op.getGuard()) {
    Value flag = memory.get(builder, op.getLoc(), *op.getGuard());
    Value holds = memref::LoadOp::create(builder, op.getLoc(), flag, constantIndex(op.getLoc(), 0));
    auto conditional = scf::IfOp::create(builder, op.getLoc(), holds, /*withElseRegion=*/false);
    builder.setInsertionPoint(conditional.thenYield());
  }
  Block &body = op.getBody().front();
  if (failed(lowerBlock(body)))
    return failure();
  for (auto [result, value] : llvm::zip(op.getResults(), body.getTerminator()->getOperands())) {
    if (isArray(result.getType()))
      arrays[result] = memoryOf(value);
    else
      scalars[result] = scalarOf(value);
  }
  return success();
}

} // namespace basalt::lower
