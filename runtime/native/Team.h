// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that work together: started once, then woken for each piece of work that is shared. Made
// for pieces of some microseconds, thousands of which a second of simulated time has.
//
// Results must not depend on how many threads there are. So work is cut into ranges whose results
// do not depend on each other, and what fails is what would have failed first on one thread.
#ifndef BASALT_RUNTIME_NATIVE_TEAM_H
#define BASALT_RUNTIME_NATIVE_TEAM_H

#include "runtime/native/Partition.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace basalt::rt {

/// More threads than any machine that we know of has cores.
inline constexpr unsigned kMaxThreads = 1024;

/// Cores on which this process may run: by its affinity and the share of time of its control group.
unsigned usableCores();

class Team {
public:
  /// Starts `threads - 1` threads, at least none; the calling one is the first of the team. Throws
  /// InputError if the system gives no more.
  explicit Team(unsigned threads);
  Team(const Team &) = delete;
  Team &operator=(const Team &) = delete;
  ~Team();

  unsigned size() const { return threads; }

  /// Calls `body(thread)` once for each number below size(), each in its own thread, 0 in the one
  /// that calls, and returns when all are done. Of what they throw, the exception of the lowest
  /// number is thrown again. Not to be called from within `body`, nor by two threads at once.
  template <typename Body> void run(const Body &body) {
    runAll([](const void *b, unsigned thread) { (*static_cast<const Body *>(b))(thread); }, &body);
  }

  /// Calls `body(item)` once for each number below `count`, in any thread: who has done one takes
  /// the next, so that items may differ in cost. Of what they throw, the exception of the lowest
  /// number is thrown again, and nothing above it need have been called. The rest is as for run.
  template <typename Body> void forEach(size_t count, const Body &body) {
    eachOf(count, [](const void *b, size_t item) { (*static_cast<const Body *>(b))(item); }, &body);
  }

private:
  struct Shared;
  using Part = void (*)(const void *body, unsigned thread);
  using Item = void (*)(const void *body, size_t item);

  void runAll(Part part, const void *body);
  void eachOf(size_t count, Item item, const void *body);

  unsigned threads;
  std::unique_ptr<Shared> shared; // what all see; null if there is one thread
};

/// team.forEach, or a plain loop if there is no team.
template <typename Body> void forEach(Team *team, size_t count, const Body &body) {
  if (team)
    return team->forEach(count, body);
  for (size_t item = 0; item < count; ++item)
    body(item);
}

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_TEAM_H
