// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "runtime/native/Progress.h"

#include <algorithm>
#include <cstdio>
#include <unistd.h>
#include <utility>

using namespace basalt::rt;

static constexpr std::chrono::milliseconds kPatience(1000), kRefresh(100);

Progress::Progress(std::string what, uint64_t total)
    : what(std::move(what)), total(total), isTerminal(::isatty(STDERR_FILENO) == 1),
      next(Clock::now() + kPatience) {}

std::string Progress::bar(const std::string &what, uint64_t done, uint64_t total) {
  constexpr uint64_t kWidth = 40;
  double share = total == 0 ? 1 : double(std::min(done, total)) / double(total);
  auto filled = size_t(share * double(kWidth));
  return what + " [" + std::string(filled, '=') + std::string(kWidth - filled, ' ') + "] " +
         std::to_string(int(share * 100)) + " %";
}

void Progress::add(uint64_t parts) {
  done += parts;
  if (!isTerminal || Clock::now() < next)
    return;
  isShown = true;
  next = Clock::now() + kRefresh;
  std::fputs(("\r" + bar(what, done, total)).c_str(), stderr);
  std::fflush(stderr);
}

Progress::~Progress() {
  if (!isShown)
    return;
  std::fputs("\r\033[K", stderr); // to the beginning of the line, and clear it
  std::fflush(stderr);
}
