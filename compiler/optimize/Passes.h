// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the stage `optimize`. See Passes.td.
#ifndef BASALT_COMPILER_OPTIMIZE_PASSES_H
#define BASALT_COMPILER_OPTIMIZE_PASSES_H

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace basalt {

#define GEN_PASS_DECL
#include "compiler/optimize/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/optimize/Passes.h.inc"

/// MLIR's canonicalizer without the patterns that change results.
std::unique_ptr<mlir::Pass> createExactCanonicalizer();

/// From a scheduled program to one whose elementwise code stands in kernels; with
/// `formProjections` also to one whose delay lines are kept as spikes, and whose plastic synapses
/// are updated where there are spikes.
void buildOptimizePipeline(mlir::OpPassManager &passes, bool formProjections = true);

/// `optimize`, the whole stage, for tools that name passes in text.
void registerOptimizePipeline();

} // namespace basalt

#endif // BASALT_COMPILER_OPTIMIZE_PASSES_H
