// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lower-to-loops: step.program => globals, functions for phases and guards, and what is declared.
// See Passes.td.
#include "compiler/lower/Lowering.h"
#include "compiler/lower/Passes.h"
#include "dialect/proc/Lookup.h"

#include "runtime/native/Contract.h"

#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_LOWERTOLOOPS
#include "compiler/lower/LowerPasses.h.inc"

namespace {

/// The guards of an instance, and whether it has code in their phases.
struct Participant {
  step::GuardOp guards[3] = {};
  bool hasTask[3] = {};
};

struct ProgramLowering {
  ProgramLowering(ModuleOp module, step::ProgramOp program, bool perTask)
      : module(module), program(program), perTask(perTask),
        builder(OpBuilder::atBlockEnd(module.getBody())), symbols(module), memory(symbols, program),
        kernels(symbols) {}

  LogicalResult run();

private:
  void declareFunctions();
  void startFunction(StringRef name);
  LogicalResult lowerPhase(step::PhaseOp phase);
  void findParticipants();
  FailureOr<Value> holds(Participant &participant, proc::GuardKind kind, Location loc);
  LogicalResult lowerGuardsAfterSpk();
  LogicalResult lowerGuardsBeforePost();
  void removeCode();

  // Instead of phases:
  void startCall(Location loc, StringRef phase, StringRef instance, TypeRange results);
  LogicalResult lowerTask(step::TaskOp task);
  LogicalResult lowerGuard(step::GuardOp guard);
  LogicalResult lowerCalls();

  ModuleOp module;
  step::ProgramOp program;
  bool perTask;
  OpBuilder builder;
  SymbolTable symbols;
  lower::Memory memory;
  lower::Kernels kernels;
  llvm::MapVector<StringRef, Participant> participants;
};

/// Before anything else: the names of phases are fixed, those of kernels give way.
void ProgramLowering::declareFunctions() {
  auto declare = [&](Location loc, StringRef name, TypeRange results) {
    auto function = func::FuncOp::create(builder, loc, name, builder.getFunctionType({}, results));
    symbols.insert(function);
    function.addEntryBlock();
  };
  declare(program.getLoc(), "guards_after_spk", builder.getI32Type());
  declare(program.getLoc(), "guards_before_post", builder.getI32Type());
  for (auto phase : program.getBody().getOps<step::PhaseOp>())
    if (!phase.getBody().front().empty())
      declare(phase.getLoc(), proc::stringifyPhaseKind(phase.getKind()), {});
}

void ProgramLowering::startFunction(StringRef name) {
  builder.setInsertionPointToEnd(&symbols.lookup<func::FuncOp>(name).getBody().front());
}

LogicalResult ProgramLowering::lowerPhase(step::PhaseOp phase) {
  Block &body = phase.getBody().front();
  if (body.empty())
    return success();
  startFunction(proc::stringifyPhaseKind(phase.getKind()));
  lower::Lowering lowering(phase, builder, memory, kernels);
  lowering.instance = program.getSymName();
  if (failed(lowering.lowerBlock(body)))
    return failure();
  func::ReturnOp::create(builder, phase.getLoc());
  return success();
}

void ProgramLowering::findParticipants() {
  for (auto guard : program.getBody().getOps<step::GuardOp>())
    participants[guard.getInstance()].guards[unsigned(guard.getKind())] = guard;
  for (auto phase : program.getBody().getOps<step::PhaseOp>())
    if (auto kind = proc::guardKindOf(phase.getKind()))
      for (auto task : phase.getBody().getOps<step::TaskOp>())
        participants[task.getInstance()].hasTask[unsigned(*kind)] = true;
}

/// Whether the participant takes part: evaluates its guard and keeps the answer in the guard's
/// flag. Null: never.
FailureOr<Value> ProgramLowering::holds(Participant &participant, proc::GuardKind kind,
                                        Location loc) {
  step::GuardOp guard = participant.guards[unsigned(kind)];
  if (!guard) {
    if (!participant.hasTask[unsigned(kind)])
      return Value();
    return Value(arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true)));
  }
  Block &body = guard.getBody().front();
  lower::Lowering lowering(guard, builder, memory, kernels);
  lowering.instance = guard.getInstance();
  if (failed(lowering.lowerBlock(body)))
    return failure();
  Value result = lowering.scalarOf(body.getTerminator()->getOperand(0));
  Value flag = memory.get(builder, guard.getLoc(), guard.getSymName());
  Value zero = arith::ConstantIndexOp::create(builder, guard.getLoc(), 0);
  memref::StoreOp::create(builder, guard.getLoc(), result, flag, zero);
  return result;
}

/// `bit` if any of `conditions` holds, else 0.
Value anyAs(OpBuilder &builder, Location loc, ArrayRef<Value> conditions, uint32_t bit) {
  Value none = arith::ConstantOp::create(builder, loc, builder.getI32IntegerAttr(0));
  if (conditions.empty())
    return none;
  Value any = conditions.front();
  for (Value condition : conditions.drop_front())
    any = builder.createOrFold<arith::OrIOp>(loc, any, condition);
  Value some = arith::ConstantOp::create(builder, loc, builder.getI32IntegerAttr(bit));
  return builder.createOrFold<arith::SelectOp>(loc, any, some, none);
}

LogicalResult ProgramLowering::lowerGuardsAfterSpk() {
  Location loc = program.getLoc();
  startFunction("guards_after_spk");
  SmallVector<Value> learn, preManagement;
  for (auto &[name, participant] : participants) {
    FailureOr<Value> lrn = holds(participant, proc::GuardKind::Lrn, loc);
    FailureOr<Value> pre = holds(participant, proc::GuardKind::Pre, loc);
    if (failed(lrn) || failed(pre))
      return failure();
    if (*lrn)
      learn.push_back(*lrn);
    if (*lrn && *pre)
      preManagement.push_back(builder.createOrFold<arith::AndIOp>(loc, *lrn, *pre));
  }
  Value bits =
      builder.createOrFold<arith::OrIOp>(loc, anyAs(builder, loc, learn, rt::kLearn),
                                         anyAs(builder, loc, preManagement, rt::kPreManagement));
  func::ReturnOp::create(builder, loc, bits);
  return success();
}

LogicalResult ProgramLowering::lowerGuardsBeforePost() {
  Location loc = program.getLoc();
  startFunction("guards_before_post");
  SmallVector<Value> post;
  for (auto &[name, participant] : participants) {
    FailureOr<Value> result = holds(participant, proc::GuardKind::Post, loc);
    if (failed(result))
      return failure();
    if (*result)
      post.push_back(*result);
  }
  func::ReturnOp::create(builder, loc, anyAs(builder, loc, post, rt::kPostManagement));
  return success();
}

/// Starts the function `phase.instance`, made unique; its attributes have the parts of the name.
void ProgramLowering::startCall(Location loc, StringRef phase, StringRef instance,
                                TypeRange results) {
  builder.setInsertionPointToEnd(module.getBody());
  std::string name = (phase + "." + instance).str();
  auto function = func::FuncOp::create(builder, loc, name, builder.getFunctionType({}, results));
  symbols.insert(function);
  function->setAttr("rt.phase", builder.getStringAttr(phase));
  function->setAttr("rt.instance", builder.getStringAttr(instance));
  builder.setInsertionPointToEnd(function.addEntryBlock());
}

/// Whoever calls it has looked at the guard.
LogicalResult ProgramLowering::lowerTask(step::TaskOp task) {
  auto phase = cast<step::PhaseOp>(task->getParentOp());
  WalkResult walk = task.walk([&](Operation *op) {
    for (Value operand : op->getOperands())
      if (!task->isAncestor(operand.getParentBlock()->getParentOp())) {
        op->emitError("uses a value of another task, which by itself it cannot have");
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return failure();
  startCall(task.getLoc(), proc::stringifyPhaseKind(phase.getKind()), task.getInstance(), {});
  lower::Lowering lowering(task, builder, memory, kernels);
  lowering.hasLibrary = false;
  lowering.instance = task.getInstance();
  if (failed(lowering.lowerBlock(task.getBody().front())))
    return failure();
  func::ReturnOp::create(builder, task.getLoc());
  return success();
}

LogicalResult ProgramLowering::lowerGuard(step::GuardOp guard) {
  startCall(guard.getLoc(), proc::stringifyGuardKind(guard.getKind()), guard.getInstance(),
            builder.getI1Type());
  Block &body = guard.getBody().front();
  lower::Lowering lowering(guard, builder, memory, kernels);
  lowering.hasLibrary = false;
  lowering.instance = guard.getInstance();
  if (failed(lowering.lowerBlock(body)))
    return failure();
  func::ReturnOp::create(builder, guard.getLoc(),
                         lowering.scalarOf(body.getTerminator()->getOperand(0)));
  return success();
}

LogicalResult ProgramLowering::lowerCalls() {
  for (auto guard : program.getBody().getOps<step::GuardOp>())
    if (failed(lowerGuard(guard)))
      return failure();
  for (auto phase : program.getBody().getOps<step::PhaseOp>())
    for (auto task : phase.getBody().getOps<step::TaskOp>())
      if (failed(lowerTask(task)))
        return failure();
  removeCode();
  return success();
}

/// What is left of the program are its declarations.
void ProgramLowering::removeCode() {
  for (Operation &op : llvm::make_early_inc_range(program.getBody().getOps()))
    if (isa<step::PhaseOp, step::GuardOp, step::KernelOp>(op))
      op.erase();
}

LogicalResult ProgramLowering::run() {
  if (perTask)
    return lowerCalls();
  declareFunctions();
  findParticipants();
  if (failed(lowerGuardsAfterSpk()) || failed(lowerGuardsBeforePost()))
    return failure();
  for (auto phase : program.getBody().getOps<step::PhaseOp>())
    if (failed(lowerPhase(phase)))
      return failure();
  removeCode();
  return success();
}

/// Loads, constants and results that are there twice or not used, and buffers that only they used.
void cleanUp(ModuleOp module) {
  MLIRContext *context = module.getContext();
  IRRewriter rewriter(context);
  RewritePatternSet control(context);
  scf::ForOp::getCanonicalizationPatterns(control, context);
  scf::IfOp::getCanonicalizationPatterns(control, context);
  FrozenRewritePatternSet unusedResults(std::move(control));
  DominanceInfo dominance;
  for (auto function : module.getOps<func::FuncOp>()) {
    (void)applyPatternsGreedily(function, unusedResults);
    eliminateCommonSubExpressions(rewriter, dominance, function);
    (void)runRegionDCE(rewriter, function->getRegions());
  }
  llvm::StringSet<> used;
  module.walk([&](memref::GetGlobalOp op) { used.insert(op.getName()); });
  SymbolTable states(*module.getOps<step::ProgramOp>().begin());
  for (auto global : llvm::make_early_inc_range(module.getOps<memref::GlobalOp>()))
    if (!used.contains(global.getName()) && !states.lookup(global.getSymNameAttr()))
      global.erase();
}

struct LowerToLoops : impl::LowerToLoopsBase<LowerToLoops> {
  using LowerToLoopsBase::LowerToLoopsBase;

  void runOnOperation() override {
    auto programs = getOperation().getOps<step::ProgramOp>();
    if (!llvm::hasSingleElement(programs)) {
      getOperation().emitError("expected one step.program");
      return signalPassFailure();
    }
    lower::splitUses(*programs.begin());
    if (failed(ProgramLowering(getOperation(), *programs.begin(), perTask).run()))
      return signalPassFailure();
    cleanUp(getOperation());
  }
};

} // namespace
} // namespace basalt
