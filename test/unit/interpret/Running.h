// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs networks given as IR text.
#ifndef BASALT_TEST_UNIT_INTERPRET_RUNNING_H
#define BASALT_TEST_UNIT_INTERPRET_RUNNING_H

#include "runtime/native/Npy.h"
#include "runtime/native/Options.h"

#include <map>
#include <string>
#include <vector>

namespace basalt::interp {

/// What came out of a run.
struct Outcome {
  std::string printed;
  std::string error;                          // of the run; empty if it went well
  std::map<std::string, rt::NpyArray> arrays; // by the name of the probe or get

  /// The elements of a recorded array, which must be of integers.
  std::vector<int64_t> integers(const std::string &name) const;
};

/// Options with this plan, as `parseStages` reads it.
rt::RunOptions stages(const std::string &plan);

/// Interprets the network `ir`, the file `net.mlir`, for so many steps.
Outcome runNetwork(const std::string &ir, int64_t steps);
/// The same with options; probes and gets go to a temporary folder.
Outcome runNetwork(const std::string &ir, const rt::RunOptions &options);

/// The errors that making an interpreter of `ir` ends with.
std::string creationErrors(const std::string &ir);

} // namespace basalt::interp

#endif // BASALT_TEST_UNIT_INTERPRET_RUNNING_H
