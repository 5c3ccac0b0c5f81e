// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The staircase: one call a stage.
#include "compiler/pipeline/Pipeline.h"

#include "compiler/lower/Passes.h"
#include "compiler/native/Native.h"
#include "compiler/neurocore/lower/Passes.h"
#include "compiler/optimize/Passes.h"
#include "compiler/pipeline/Passes.h"

using namespace mlir;
using namespace basalt;

static constexpr Stage stages[] = {
    Stage::Proc,  Stage::Resolved, Stage::Step, Stage::Optimized, Stage::Neurocore, Stage::Lowered,
    Stage::Emitc, Stage::Cpp,      Stage::Exe,  Stage::Lib,       Stage::Image,
};

llvm::ArrayRef<Stage> basalt::allStages() { return stages; }

llvm::StringRef basalt::nameOf(Stage stage) {
  switch (stage) {
  case Stage::Proc:
    return "proc";
  case Stage::Resolved:
    return "resolved";
  case Stage::Step:
    return "step";
  case Stage::Optimized:
    return "optimized";
  case Stage::Neurocore:
    return "neurocore";
  case Stage::Lowered:
    return "lowered";
  case Stage::Emitc:
    return "emitc";
  case Stage::Cpp:
    return "cpp";
  case Stage::Exe:
    return "exe";
  case Stage::Lib:
    return "lib";
  case Stage::Image:
    return "image";
  }
  llvm_unreachable("all stages are above");
}

std::optional<Stage> basalt::stageNamed(llvm::StringRef name) {
  for (Stage stage : stages)
    if (nameOf(stage) == name)
      return stage;
  return std::nullopt;
}

static void buildNeurocoreStage(OpPassManager &manager, const NeurocoreStageOptions &options) {
  LowerToNeurocoreOptions lower;
  lower.chip = options.chip;
  lower.seed = options.seed;
  manager.addPass(createLowerToNeurocore(lower));
  PlaceNeuronsOptions place;
  place.neuronsPerCore = options.neuronsPerCore;
  place.place = options.place;
  place.seed = options.placeSeed;
  manager.addPass(createPlaceNeurons(place));
}

/// The passes of one stage, whose input is the stage before it.
static void buildStage(OpPassManager &manager, Stage stage, const PipelineOptions &options) {
  switch (stage) {
  case Stage::Resolved:
    return buildResolvePipeline(manager, options.resolve);
  case Stage::Step:
    return buildSchedulePipeline(manager, options.schedule);
  case Stage::Optimized:
    return buildOptimizePipeline(manager, options.formProjections);
  case Stage::Neurocore:
    return buildNeurocoreStage(manager, options.neurocore);
  case Stage::Lowered:
    return manager.addPass(createLowerToLoops());
  case Stage::Emitc:
    return native::buildNativePipeline(manager, options.native);
  case Stage::Proc:
  case Stage::Cpp:
  case Stage::Exe:
  case Stage::Lib:
  case Stage::Image:
    break;
  }
  llvm_unreachable("no passes lead to this stage");
}

/// What follows every stage.
static void buildChecks(OpPassManager &manager, Stage stage, const PipelineOptions &options) {
  if (options.verifyRoundTrip)
    manager.addPass(createVerifyRoundTrip());
  if (options.crashAfter == stage)
    manager.addPass(createTestCrash());
}

void basalt::buildPipeline(OpPassManager &manager, Stage from, Stage to,
                           const PipelineOptions &options) {
  assert(isIR(from) && isIR(to) && "only IR is made by passes");
  if (from == Stage::Proc)
    buildChecks(manager, from, options);
  for (Stage stage : stages) {
    // Chips have a way of their own from here on.
    bool aside = stage == Stage::Neurocore && to != Stage::Neurocore;
    if (stage <= from || stage > to || aside)
      continue;
    buildStage(manager, stage, options);
    buildChecks(manager, stage, options);
  }
}
