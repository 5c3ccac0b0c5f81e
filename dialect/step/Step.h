// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The step dialect: scheduled programs. See StepOps.td.
#ifndef BASALT_DIALECT_STEP_STEP_H
#define BASALT_DIALECT_STEP_STEP_H

#include "dialect/proc/Proc.h"
#include "dialect/step/EntryRoles.h"

namespace mlir {
class PatternRewriter;
} // namespace mlir

#include "dialect/step/StepDialect.h.inc"

#define GET_OP_CLASSES
#include "dialect/step/StepOps.h.inc"

namespace basalt::step {

/// The discardable attribute of a program with the names of the instances whose models are made for
/// neurocores (`requires: neurocore`).
inline constexpr llvm::StringLiteral kNeurocoreAttr = "step.neurocore";

/// Whether a projection can have weights of the value type `weight` and a line of the value type
/// `sum`: sums have 32 or 64 bits, and are made of the numbers themselves.
bool canBeSummed(mlir::Type weight, mlir::Type sum);

} // namespace basalt::step

#endif // BASALT_DIALECT_STEP_STEP_H
