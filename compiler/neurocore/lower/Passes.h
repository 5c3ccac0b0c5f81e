// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the stage `neurocore`. See Passes.td.
#ifndef BASALT_COMPILER_NEUROCORE_LOWER_PASSES_H
#define BASALT_COMPILER_NEUROCORE_LOWER_PASSES_H

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

namespace basalt {

#define GEN_PASS_DECL
#include "compiler/neurocore/lower/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/neurocore/lower/Passes.h.inc"

} // namespace basalt

#endif // BASALT_COMPILER_NEUROCORE_LOWER_PASSES_H
