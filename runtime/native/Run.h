// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A whole run of a simulation: sets, stages, recording, errors.
#ifndef BASALT_RUNTIME_NATIVE_RUN_H
#define BASALT_RUNTIME_NATIVE_RUN_H

#include "runtime/native/Options.h"
#include "runtime/native/Output.h"
#include "runtime/native/Simulation.h"

#include <functional>

namespace basalt::rt {

/// Runs `simulation` as `options` say, printing to `output` (flushed in the end). Throws
/// InputError, UsageError or RunError; no file has appeared in its place then.
void execute(Simulation &simulation, const RunOptions &options, Output &output);

/// The same with standard output, and errors as text on standard error. Returns the exit code.
int run(Simulation &simulation, const RunOptions &options);

/// Calls `body` and turns what it throws into text on standard error and an exit code.
int reportErrors(const std::function<int()> &body);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_RUN_H
