// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns behaviours that are still text (`proc.phase spk source "..."`) into ops.
#ifndef BASALT_COMPILER_FRONTEND_TYPEBEHAVIOURS_H
#define BASALT_COMPILER_FRONTEND_TYPEBEHAVIOURS_H

#include "dialect/proc/Proc.h"

namespace basalt::frontend {

/// Parses, type-checks and builds the body of every phase and guard of `process` that is still
/// text, in each model whose bindings make all types of the process's declarations concrete; others
/// stay text. Functions come from the module's `proc.functions`. Errors are reported at their place
/// in the text.
mlir::LogicalResult typeBehaviours(proc::ProcessOp process);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_TYPEBEHAVIOURS_H
