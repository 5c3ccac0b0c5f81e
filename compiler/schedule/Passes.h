// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the stage `schedule`. See Passes.td.
#ifndef BASALT_COMPILER_SCHEDULE_PASSES_H
#define BASALT_COMPILER_SCHEDULE_PASSES_H

#include "compiler/support/Warnings.h"

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

#include <string>
#include <vector>

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace basalt {

#define GEN_PASS_DECL
#include "compiler/schedule/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/schedule/Passes.h.inc"

/// What check-ranges warns of.
inline constexpr Warning kRangeWarnings[] = {
    Warning::DivisionByZero, Warning::GradedToSpike,        Warning::MayWrap,
    Warning::ShiftTooFar,    Warning::UnreachableThreshold, Warning::ValueWraps};

struct ScheduleStageOptions {
  /// Remote accesses that nothing orders are errors.
  bool strict = false;
  /// Whether to look for numbers that do not fit; and the names of Vars that are set between
  /// stages.
  bool checkRanges = true;
  std::vector<std::string> changing;
};

/// From a resolved network (`proc`) to a program of ordered phases (`step`).
void buildSchedulePipeline(mlir::OpPassManager &passes, const ScheduleStageOptions &options = {});

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_PASSES_H
