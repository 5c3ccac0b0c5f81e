// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The texts of run-time errors.
#include "runtime/native/Error.h"

#include <system_error>

using namespace basalt::rt;

/// The diagnostic as a compiler would print it, so that editors find the place.
static std::string describe(const Site &site, int64_t timeStep, const std::string &message) {
  std::string result;
  if (site.file && *site.file)
    result = std::string(site.file) + ":" + std::to_string(site.line) + ":" +
             std::to_string(site.column) + ": ";
  result += "error: " + message + " (";
  if (site.instance && *site.instance)
    result += "instance '" + std::string(site.instance) + "', ";
  return result + "time step " + std::to_string(timeStep) + ")";
}

RunError::RunError(const Site &site, int64_t timeStep, const std::string &message)
    : std::runtime_error(describe(site, timeStep, message)), text(message), step(timeStep) {}

void basalt::rt::throwSystemError(const std::string &message, int error) {
  throw InputError(message + ": " + std::generic_category().message(error));
}
