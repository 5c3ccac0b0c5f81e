// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that do a step's work together: started once, woken for each part of a step.
#ifndef BASALT_RUNTIME_NEUROCORE_WORKERS_H
#define BASALT_RUNTIME_NEUROCORE_WORKERS_H

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace basalt::nc {

class Workers {
public:
  /// `count` includes the thread that calls.
  explicit Workers(unsigned count);
  Workers(const Workers &) = delete;
  Workers &operator=(const Workers &) = delete;
  ~Workers();

  unsigned count() const { return unsigned(threads.size()) + 1; }
  /// Calls `work` with each number below count(), each in its own thread, and returns when all are
  /// done. Throws what one of them has thrown.
  void run(const std::function<void(unsigned)> &work);

private:
  void loop(unsigned number);
  void call(unsigned number);

  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable wake, done;
  const std::function<void(unsigned)> *work = nullptr;
  uint64_t round = 0;
  unsigned busy = 0;
  bool ends = false;
  std::exception_ptr error;
};

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_WORKERS_H
