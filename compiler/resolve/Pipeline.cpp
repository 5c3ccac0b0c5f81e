// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of the passes of this stage.
#include "compiler/resolve/Passes.h"

#include "mlir/Pass/PassRegistry.h"

using namespace mlir;

namespace basalt {

void buildResolvePipeline(OpPassManager &manager, const ResolveOptions &options) {
  SelectModelsOptions selection;
  selection.tag = options.tag;
  selection.selectSubProcess = options.selectSubProcess;
  selection.exceptions.assign(options.exceptions.begin(), options.exceptions.end());
  selection.explain = options.explainSelection;
  manager.addPass(createSelectModels(selection));
  manager.addPass(createCheckConnections());
  manager.addPass(createInferTypes());
  // Before the expansion, so that it meets connections only: transforms of several levels then just
  // follow each other.
  manager.addPass(createResolveVirtualPorts());
  manager.addPass(createExpandHierarchy());
  manager.addPass(createMaterializeVarPorts());
  manager.addPass(createCheckAccesses());
  manager.addPass(createCheckFanIn());
  manager.addPass(createCheckInitialAsserts());
  manager.addPass(createCheckResolved());
}

namespace {
struct PipelineOptions : PassPipelineOptions<PipelineOptions> {
  Option<std::string> tag{*this, "tag", llvm::cl::desc("Take models with this tag")};
  Option<bool> selectSubProcess{*this, "select-sub-process",
                                llvm::cl::desc("Prefer hierarchical models")};
  ListOption<std::string> exceptions{*this, "exceptions", llvm::cl::desc("Process=model, ...")};
};
} // namespace

void registerResolvePipeline() {
  PassPipelineRegistration<PipelineOptions>(
      "resolve", "All passes of the stage resolve",
      [](OpPassManager &manager, const PipelineOptions &options) {
        ResolveOptions resolve;
        resolve.tag = options.tag;
        resolve.selectSubProcess = options.selectSubProcess;
        resolve.exceptions.assign(options.exceptions.begin(), options.exceptions.end());
        buildResolvePipeline(manager, resolve);
      });
}

} // namespace basalt
