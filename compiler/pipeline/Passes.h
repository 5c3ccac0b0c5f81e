// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes about the pipeline itself; see Passes.td.
#ifndef BASALT_COMPILER_PIPELINE_PASSES_H
#define BASALT_COMPILER_PIPELINE_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace basalt {

#define GEN_PASS_DECL
#include "compiler/pipeline/PipelinePasses.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/pipeline/PipelinePasses.h.inc"

} // namespace basalt

#endif // BASALT_COMPILER_PIPELINE_PASSES_H
