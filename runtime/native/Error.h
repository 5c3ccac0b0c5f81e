// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The errors of the run-time library. They travel as exceptions inside it and become text and an
// exit code in Run.cpp and Main.cpp.
#ifndef BASALT_RUNTIME_NATIVE_ERROR_H
#define BASALT_RUNTIME_NATIVE_ERROR_H

#include "runtime/native/Contract.h"

#include <stdexcept>
#include <string>

namespace basalt::rt {

/// Exit codes of every program of Basalt.
enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2, kInternal = 3 };

/// What was given cannot be used, or the machine refused something (kFailed).
class InputError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The command line cannot be understood (kUsage).
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The program failed while it ran (kFailed): an assertion, an index. `what()` is the whole
/// diagnostic, `net.yaml:12:5: error: message (instance 'x', time step 3)`.
class RunError : public std::runtime_error {
public:
  RunError(const Site &site, int64_t timeStep, const std::string &message);

  /// The message alone, as `assertion failed: ...`.
  const std::string &message() const { return text; }
  int64_t timeStep() const { return step; }

private:
  std::string text;
  int64_t step;
};

/// `message: strerror(error)`, as an InputError.
[[noreturn]] void throwSystemError(const std::string &message, int error);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_ERROR_H
