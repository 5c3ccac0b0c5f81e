// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// schedule: a resolved network becomes a program. See Passes.td.
#include "compiler/schedule/Builder.h"
#include "compiler/schedule/Passes.h"
#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_SCHEDULE
#include "compiler/schedule/Passes.h.inc"

FlatSymbolRefAttr ProgramBuilder::refTo(Instance instance, StringRef member) {
  return FlatSymbolRefAttr::get(builder.getContext(), instance.spell(member));
}

Location ProgramBuilder::locate(Operation *member, Instance instance) {
  return CallSiteLoc::get(member->getLoc(), instance.loc());
}

void ProgramBuilder::openPhase(proc::PhaseKind kind) {
  builder.setInsertionPointToEnd(&program.getBody().front());
  auto phase = step::PhaseOp::create(builder, program.getLoc(), kind);
  builder.createBlock(&phase.getBody());
}

step::TaskOp ProgramBuilder::openTask(const Instance &instance, proc::PhaseOp code,
                                      FlatSymbolRefAttr guard) {
  auto task = step::TaskOp::create(builder, locate(code, instance), TypeRange(), instance.name(),
                                   instance.processName(), guard);
  task.getBody().emplaceBlock();
  return task;
}

step::TaskOp ProgramBuilder::closeTask(step::TaskOp task, ValueRange results) {
  OpBuilder inside = OpBuilder::atBlockEnd(&task.getBody().front());
  step::YieldOp::create(inside, task.getLoc(), results);
  if (results.empty())
    return task;
  // The types of results are part of an op from its creation.
  auto full =
      step::TaskOp::create(builder, task.getLoc(), results.getTypes(), task.getInstanceAttr(),
                           task.getProcessAttr(), task.getGuardAttr());
  full.getBody().takeBody(task.getBody());
  task.erase();
  return full;
}

LogicalResult ProgramBuilder::build() {
  builder.setInsertionPointToEnd(&program.getBody().front());
  if (failed(buildStates()))
    return failure();
  buildAliases();
  buildPorts();
  if (failed(buildGuards()) || failed(buildPhase(proc::PhaseKind::Init)) || failed(buildSpk()))
    return failure();
  for (auto kind : {proc::PhaseKind::PreMgmt, proc::PhaseKind::Lrn, proc::PhaseKind::PostMgmt,
                    proc::PhaseKind::Host})
    if (failed(buildPhase(kind)))
      return failure();
  return success();
}

/// Notes which instances have a model that is made for neurocores, for the back end that has some.
static void noteNeurons(const Network &network, step::ProgramOp program) {
  SmallVector<Attribute> names;
  for (Instance instance : network.instances) {
    std::optional<ArrayAttr> resources;
    if (instance.model)
      resources = instance.model.getResources();
    bool wanted = resources && llvm::any_of(*resources, [](Attribute resource) {
                    return cast<StringAttr>(resource).getValue() == "neurocore";
                  });
    if (wanted)
      names.push_back(instance.op.getSymNameAttr());
  }
  if (!names.empty())
    program->setAttr(step::kNeurocoreAttr, ArrayAttr::get(program.getContext(), names));
}

namespace {

struct Schedule : impl::ScheduleBase<Schedule> {
  void runOnOperation() override {
    FailureOr<Network> network = Network::build(getOperation());
    if (failed(network))
      return signalPassFailure();
    OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
    auto program = step::ProgramOp::create(builder, network->op.getLoc(), network->op.getSymName());
    program->setDiscardableAttrs(network->op->getDiscardableAttrDictionary());
    noteNeurons(*network, program);
    program.getBody().emplaceBlock();
    if (failed(ProgramBuilder(*network, program).build()))
      return signalPassFailure();
    for (Operation &op : llvm::make_early_inc_range(*getOperation().getBody()))
      if (isa<proc::ProcDialect>(op.getDialect()))
        op.erase();
  }
};

} // namespace

void buildSchedulePipeline(OpPassManager &passes, const ScheduleStageOptions &options) {
  CheckRemoteRacesOptions races;
  races.strict = options.strict;
  passes.addPass(createCheckDeadlocks());
  passes.addPass(createSchedule());
  passes.addPass(createCheckRemoteRaces(races));
  if (!options.checkRanges)
    return;
  CheckRangesOptions ranges;
  ranges.changing.assign(options.changing.begin(), options.changing.end());
  passes.addPass(createCheckRanges(ranges));
}

} // namespace basalt
