// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A bar on standard error for what takes long before the first step.
#ifndef BASALT_RUNTIME_NATIVE_PROGRESS_H
#define BASALT_RUNTIME_NATIVE_PROGRESS_H

#include <chrono>
#include <cstdint>
#include <string>

namespace basalt::rt {

/// Shown if standard error is a terminal and there is more than a second of it; gone in the end.
class Progress {
public:
  /// `what` is done in `total` parts.
  Progress(std::string what, uint64_t total);
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;
  ~Progress();

  /// `parts` more are done. Cheap, but not for each element.
  void add(uint64_t parts);

  /// The bar as text, without the end of a line: `making synapses [=====     ] 50 %`.
  static std::string bar(const std::string &what, uint64_t done, uint64_t total);

private:
  using Clock = std::chrono::steady_clock;

  std::string what;
  uint64_t total, done = 0;
  bool isTerminal, isShown = false;
  Clock::time_point next; // when it is shown, or shown again
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_PROGRESS_H
