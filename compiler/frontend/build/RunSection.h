// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sections `run:` and `target:` as options of a run and of images.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_RUNSECTION_H
#define BASALT_COMPILER_FRONTEND_BUILD_RUNSECTION_H

#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/build/Environment.h"

namespace basalt::frontend {

/// The seed that `run` (may be null) gives; 0 without one.
mlir::FailureOr<uint64_t> readSeed(const yaml::Node *run, Environment &env, DataFiles &files);

/// Reads `run` (may be null) into `defaults`. Names of Vars and ports are checked by the run, which
/// knows them all.
mlir::LogicalResult readRunSection(const yaml::Node *run, Environment &env, DataFiles &files,
                                   RunDefaults &defaults);

/// Reads `target` (may be null). Whether there is such a chip, who makes an image finds out.
mlir::LogicalResult readTargetSection(const yaml::Node *target, Environment &env, DataFiles &files,
                                      TargetDefaults &defaults);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_RUNSECTION_H
