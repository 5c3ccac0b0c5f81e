// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the stage `resolve`, and the pipeline of all of them.
#ifndef BASALT_COMPILER_RESOLVE_PASSES_H
#define BASALT_COMPILER_RESOLVE_PASSES_H

#include "dialect/proc/Proc.h"

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

#include <string>
#include <vector>

namespace basalt {

#define GEN_PASS_DECL
#include "compiler/resolve/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/resolve/Passes.h.inc"

/// How models are selected.
struct ResolveOptions {
  std::string tag;
  bool selectSubProcess = false;
  /// "Process=model" or "instance.path=model".
  std::vector<std::string> exceptions;
  /// Remark on each model that is chosen.
  bool explainSelection = false;
};

/// Adds the passes of this stage in their order.
void buildResolvePipeline(mlir::OpPassManager &manager, const ResolveOptions &options);

/// Registers `--resolve`, the pipeline with default options, for basalt-opt.
void registerResolvePipeline();

} // namespace basalt

#endif // BASALT_COMPILER_RESOLVE_PASSES_H
