// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading in a process of its own, so that a library which crashes on a damaged file does no harm.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_ISOLATED_H
#define BASALT_COMPILER_FRONTEND_BUILD_ISOLATED_H

#include <functional>
#include <optional>
#include <string>

namespace basalt::frontend {

/// A minute of a processor is enough for the largest files.
constexpr unsigned long maxReadSeconds = 60;

/// What `read` returns, any bytes; nothing if it crashes or takes longer. Throws what it throws, if
/// that is a PartError or an rt::InputError.
std::optional<std::string> readIsolated(const std::function<std::string()> &read,
                                        unsigned long maxSeconds = maxReadSeconds);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_ISOLATED_H
