// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What statements use. See Statements.h.
#include "compiler/native/Statements.h"

#include "dialect/proc/Proc.h"
#include "dialect/step/Step.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::native {

StringRef globalOf(Value memory) {
  while (auto cast = memory.getDefiningOp<memref::CastOp>())
    memory = cast.getSource();
  auto global = memory.getDefiningOp<memref::GetGlobalOp>();
  return global ? global.getName() : StringRef();
}

//===--- Work ---===//

/// Operations that vector code does in a nanosecond, by a wide margin.
static constexpr double kOperationsPerNanosecond = 64;
/// The share of sources that spike in a step.
static constexpr double kShareOfSpikes = 1.0 / 8;
/// Of loops whose bounds are not known: entries of a source, say.
static constexpr double kUnknownTrips = 100;

static double tripsOf(scf::ForOp loop) {
  std::optional<int64_t> low = getConstantIntValue(loop.getLowerBound()),
                         high = getConstantIntValue(loop.getUpperBound()),
                         step = getConstantIntValue(loop.getStep());
  if (!low || !high || !step || *step <= 0)
    return kUnknownTrips;
  return std::max<double>(0, std::ceil(double(*high - *low) / double(*step)));
}

using LeftOut = llvm::function_ref<bool(Operation *)>;

static double workOfRegions(Operation *op, LeftOut isLeftOut = nullptr) {
  double sum = 0;
  for (Region &region : op->getRegions())
    for (Operation &inner : region.getOps())
      sum += estimateWork(&inner, isLeftOut);
  return sum;
}

double estimateWork(Operation *op, LeftOut isLeftOut) {
  if (isLeftOut && isLeftOut(op))
    return 0;
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return tripsOf(loop) * workOfRegions(op, isLeftOut);
  if (isa<scf::IfOp>(op) && op->getParentOfType<scf::ForOp>())
    return 1 / kOperationsPerNanosecond + kShareOfSpikes * workOfRegions(op, isLeftOut);
  if (auto split = dyn_cast<rtop::SplitOpInterface>(op))
    return split.getSplitWork();
  if (isa<scf::YieldOp>(op) || op->hasTrait<OpTrait::ConstantLike>())
    return 0;
  return 1 / kOperationsPerNanosecond + workOfRegions(op, isLeftOut);
}

//===--- Kernels ---===//

/// The loop that a kernel consists of, or null.
static scf::ForOp loopOfKernel(func::FuncOp function) {
  if (function.isExternal() || function.getNumArguments() == 0 ||
      !function.getArgument(0).getType().isIndex())
    return {};
  scf::ForOp result;
  for (Operation &op : function.getBody().front()) {
    if (isMemoryEffectFree(&op) && op.getNumRegions() == 0)
      continue;
    auto loop = dyn_cast<scf::ForOp>(op);
    if (!loop || result)
      return {};
    result = loop;
  }
  if (!result || result.getNumResults() != 0 || result.getUpperBound() != function.getArgument(0) ||
      !isConstantIntValue(result.getLowerBound(), 0) || !isConstantIntValue(result.getStep(), 1))
    return {};
  return result;
}

StatementAnalysis::Kernel StatementAnalysis::analyseKernel(func::FuncOp function) {
  Kernel kernel;
  kernel.reads.resize(function.getNumArguments());
  kernel.writes.resize(function.getNumArguments());
  scf::ForOp loop = loopOfKernel(function);
  if (!loop)
    return kernel;
  auto use = [&](Value memory, ValueRange indices, SmallVector<bool> &uses) {
    auto argument = dyn_cast<BlockArgument>(memory);
    if (!argument || argument.getOwner() != &function.getBody().front() ||
        indices.front() != loop.getInductionVar())
      return false;
    uses[argument.getArgNumber()] = true;
    return true;
  };
  WalkResult walk = loop.getBody()->walk([&](Operation *op) {
    if (auto load = dyn_cast<memref::LoadOp>(op))
      return WalkResult(success(use(load.getMemRef(), load.getIndices(), kernel.reads)));
    if (auto store = dyn_cast<memref::StoreOp>(op))
      return WalkResult(success(use(store.getMemRef(), store.getIndices(), kernel.writes)));
    if (isa<rtop::IndexOp, rtop::AssertOp>(op)) {
      kernel.mayFail = true;
      return WalkResult::advance();
    }
    return WalkResult(success(isMemoryEffectFree(op) || isa<scf::IfOp, scf::ForOp>(op)));
  });
  kernel.isElementwise = !walk.wasInterrupted();
  kernel.workOfElement = workOfRegions(loop);
  return kernel;
}

const StatementAnalysis::Kernel &StatementAnalysis::kernelOf(func::CallOp call) {
  auto function = symbols.lookup<func::FuncOp>(call.getCallee());
  auto [it, isNew] = kernels.try_emplace(function);
  if (isNew)
    it->second = analyseKernel(function);
  return it->second;
}

void StatementAnalysis::splitCall(func::CallOp call, Statement &statement) {
  const Kernel &kernel = kernelOf(call);
  std::optional<int64_t> extent;
  if (call.getNumOperands() > 0)
    extent = getConstantIntValue(call.getOperand(0));
  if (!kernel.isElementwise || !extent)
    return;
  statement.extent = *extent;
  statement.work = double(*extent) * kernel.workOfElement;
  for (Access &access : statement.accesses)
    access.isOwn = true;
}

//===--- Statements ---===//

void StatementAnalysis::collect(Operation *op, Statement &statement) {
  auto use = [&](Value memory, bool isWrite) {
    StringRef name = globalOf(memory);
    statement.usesAnything |= name.empty();
    statement.accesses.push_back({name, isWrite, false});
  };
  TypeSwitch<Operation *>(op)
      .Case<memref::LoadOp>([&](auto load) { use(load.getMemRef(), false); })
      .Case<memref::StoreOp>([&](auto store) { use(store.getMemRef(), true); })
      .Case<func::CallOp>([&](func::CallOp call) {
        const Kernel &kernel = kernelOf(call);
        statement.usesAnything |= !kernel.isElementwise;
        statement.mayFail |= kernel.mayFail;
        for (auto [i, operand] : llvm::enumerate(call.getOperands())) {
          if (kernel.reads[i])
            use(operand, false);
          if (kernel.writes[i])
            use(operand, true);
        }
      })
      .Case<rtop::PrintOp>([&](auto print) {
        statement.prints = true;
        for (Value value : print.getValues())
          if (isa<MemRefType>(value.getType()))
            use(value, false);
      })
      .Case<rtop::IndexOp, rtop::AssertOp>([&](auto) { statement.mayFail = true; })
      .Case<rtop::SplitOpInterface>([&](rtop::SplitOpInterface split) {
        SmallVector<rtop::SplitAccess> accesses;
        split.getSplitAccesses(accesses);
        for (const rtop::SplitAccess &access : accesses)
          if (access.memory)
            use(access.memory, access.isWrite);
          else
            statement.accesses.push_back({access.object, access.isWrite, false});
        statement.mayFail |= split.canFail();
      })
      .Case<proc::PauseOp, proc::StopOp, proc::TimeStepOp, proc::SeedOp, scf::IfOp, scf::ForOp>(
          [](auto) {}) // requests have no order
      .Default([&](Operation *op) { statement.usesAnything |= !isMemoryEffectFree(op); });
}

void StatementAnalysis::splitOp(rtop::SplitOpInterface op, Statement &statement) {
  statement.extent = op.getSplitExtent();
  SmallVector<rtop::SplitAccess> accesses;
  op.getSplitAccesses(accesses);
  for (auto [access, split] : llvm::zip_equal(statement.accesses, accesses))
    access.isOwn = split.isOwn;
}

Statement StatementAnalysis::analyse(Operation *op) {
  Statement statement;
  statement.op = op;
  op->walk([&](Operation *inner) {
    collect(inner, statement);
    for (Value operand : inner->getOperands())
      if (Operation *def = operand.getDefiningOp(); def && def->getBlock() == op->getBlock())
        statement.operands.push_back(def);
  });
  statement.work = estimateWork(op);
  if (statement.usesAnything)
    return statement;
  if (auto call = dyn_cast<func::CallOp>(op))
    splitCall(call, statement);
  else if (auto split = dyn_cast<rtop::SplitOpInterface>(op))
    splitOp(split, statement);
  else if (auto loop = dyn_cast<scf::ForOp>(op))
    splitLoops(loop, statement);
  return statement;
}

} // namespace basalt::native
