// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that wait for rounds of work.
#include "runtime/neurocore/Workers.h"

using namespace basalt::nc;

Workers::Workers(unsigned count) {
  for (unsigned number = 1; number < count; ++number)
    threads.emplace_back([this, number] { loop(number); });
}

Workers::~Workers() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    ends = true;
  }
  wake.notify_all();
  for (std::thread &thread : threads)
    thread.join();
}

void Workers::call(unsigned number) {
  try {
    (*work)(number);
  } catch (...) {
    std::lock_guard<std::mutex> lock(mutex);
    if (!error)
      error = std::current_exception();
  }
}

void Workers::loop(unsigned number) {
  uint64_t seen = 0;
  while (true) {
    {
      std::unique_lock<std::mutex> lock(mutex);
      wake.wait(lock, [&] { return ends || round != seen; });
      if (ends)
        return;
      seen = round;
    }
    call(number);
    std::lock_guard<std::mutex> lock(mutex);
    if (--busy == 0)
      done.notify_one();
  }
}

void Workers::run(const std::function<void(unsigned)> &given) {
  if (threads.empty())
    return given(0);
  {
    std::lock_guard<std::mutex> lock(mutex);
    work = &given;
    busy = unsigned(threads.size());
    error = nullptr;
    ++round;
  }
  wake.notify_all();
  call(0);
  std::unique_lock<std::mutex> lock(mutex);
  done.wait(lock, [&] { return busy == 0; });
  if (error)
    std::rethrow_exception(error);
}
