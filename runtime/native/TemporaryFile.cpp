// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The list of files to remove is read by a signal handler, which may interrupt anything: it is made
// of atomics, and its entries are reused but never freed.
#include "runtime/native/TemporaryFile.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <unistd.h>
#include <utility>

using namespace basalt::rt;

namespace basalt::rt {
/// One file to remove; null: a free entry.
struct PendingRemoval {
  std::atomic<const char *> path{nullptr};
  PendingRemoval *next = nullptr;
};
} // namespace basalt::rt

static std::atomic<PendingRemoval *> pendingRemovals{nullptr};

static constexpr int kEndingSignals[] = {SIGHUP, SIGINT, SIGTERM};
static struct sigaction previousActions[std::size(kEndingSignals)];

/// Removes the files and lets the signal do what it would have done without us.
static void removeAndEnd(int signal) {
  int savedError = errno;
  for (PendingRemoval *entry = pendingRemovals.load(); entry; entry = entry->next)
    if (const char *path = entry->path.exchange(nullptr))
      ::unlink(path);
  for (size_t i = 0; i < std::size(kEndingSignals); ++i)
    if (kEndingSignals[i] == signal)
      ::sigaction(signal, &previousActions[i], nullptr);
  errno = savedError;
  ::raise(signal); // comes when this handler returns
}

static bool installHandlers() {
  struct sigaction action = {};
  action.sa_handler = removeAndEnd;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < std::size(kEndingSignals); ++i) {
    ::sigaction(kEndingSignals[i], nullptr, &previousActions[i]);
    if (previousActions[i].sa_handler != SIG_IGN) // as `nohup` wants it
      ::sigaction(kEndingSignals[i], &action, nullptr);
  }
  return true;
}

static PendingRemoval *enlist(const char *path) {
  for (PendingRemoval *entry = pendingRemovals.load(); entry; entry = entry->next) {
    const char *free = nullptr;
    if (entry->path.compare_exchange_strong(free, path))
      return entry;
  }
  auto *entry = new PendingRemoval;
  entry->path = path;
  entry->next = pendingRemovals.load();
  while (!pendingRemovals.compare_exchange_weak(entry->next, entry))
    ;
  return entry;
}

void TemporaryFile::adopt(std::string path) {
  [[maybe_unused]] static bool installed = installHandlers();
  name = std::move(path);
  pending = enlist(name.c_str());
}

void TemporaryFile::release() {
  if (pending)
    pending->path = nullptr;
  pending = nullptr;
}

TemporaryFile::~TemporaryFile() {
  if (!pending)
    return;
  ::unlink(name.c_str());
  release();
}
