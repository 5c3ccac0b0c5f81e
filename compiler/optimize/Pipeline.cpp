// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stage as a list of passes.
#include "compiler/optimize/Passes.h"
#include "dialect/step/Step.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace basalt {

std::unique_ptr<Pass> createExactCanonicalizer() {
  // truncf(sitofp x) is rounded twice, sitofp to the narrow type once.
  return createCanonicalizerPass(GreedyRewriteConfig(),
                                 {"(anonymous namespace)::TruncFSIToFPToSIToFP"});
}

void buildOptimizePipeline(OpPassManager &passes, bool formProjections) {
  OpPassManager &program = passes.nest<step::ProgramOp>();
  program.addPass(createExactCanonicalizer());
  program.addPass(createMergeTasks());
  program.addPass(createSinkReads());
  StoreBySourceOptions stored;
  stored.kernels = formProjections; // neurocores share kernels among targets
  program.addPass(createStoreBySource(stored));
  program.addPass(createConvertIfToSelect());
  program.addPass(createPromoteStates());
  program.addPass(createExactCanonicalizer());
  program.addPass(createCSEPass());
  if (formProjections) {
    program.addPass(createNarrowProducts());
    program.addPass(createFormProjections());
    program.addPass(createFormEntryUpdates());
  }
  program.addPass(createFormGroups());
  program.addPass(createExactCanonicalizer());
}

void registerOptimizePipeline() {
  PassPipelineRegistration<>("optimize", "The stage optimize: from step to step with kernels",
                             [](OpPassManager &passes) { buildOptimizePipeline(passes); });
}

} // namespace basalt
