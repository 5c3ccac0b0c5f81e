// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that work together. A round: the first thread writes down what is to be done and raises
// the number of the round; each other thread does its part and raises its own number to the same.
#include "runtime/native/Team.h"

#include "runtime/native/Error.h"
#include "runtime/native/Signal.h"

#include <algorithm>
#include <exception>
#include <fstream>
#include <pthread.h>
#include <sched.h>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

using namespace basalt::rt;

//===-- Cores
//------------------------------------------------------------------------------------===//

/// How many cores' worth of time the control group of this process has, or 0 if it has no limit.
static unsigned coresOfControlGroup() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0)
    return 0;
  return unsigned(std::max(1.0, std::strtod(quota.c_str(), nullptr) / period));
}

static unsigned coresOfAffinity() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0)
    return unsigned(CPU_COUNT(&set));
  return std::thread::hardware_concurrency(); // more cores than the set has places for
}

unsigned basalt::rt::usableCores() {
  unsigned cores = std::max(1u, coresOfAffinity()), limit = coresOfControlGroup();
  return limit ? std::min(cores, limit) : cores;
}

//===-- Forks
//------------------------------------------------------------------------------------===//
// A process that forks, as Python's multiprocessing does, leaves its threads behind: its child has
// one, which then does the parts of all.

static std::atomic<unsigned> forks{0};

static unsigned countForks() {
  static const int registered = pthread_atfork(nullptr, nullptr, [] { ++forks; });
  (void)registered; // without memory for it, a child would hang: as good as any other failure
  return forks;
}

//===-- The team
//---------------------------------------------------------------------------------===//

/// Some ten microseconds: longer than a step's serial parts mostly are.
static constexpr unsigned kSpins = 1 << 10;

/// Rounds have numbers other than this one.
static constexpr uint32_t kEnd = UINT32_MAX;

struct Team::Shared {
  /// Of one thread.
  struct alignas(64) Member {
    Signal done; // the last round in which this thread did its part
    std::exception_ptr error;
    std::thread thread;
  };

  explicit Shared(unsigned threads) : members(threads), forksBefore(countForks()) {}
  ~Shared();
  void start();
  void loop(unsigned thread);
  void call(unsigned thread);
  void callAll();
  bool isLeftBehind() const { return forks.load(std::memory_order_relaxed) != forksBefore; }

  Signal round;
  Part part = nullptr;
  const void *body = nullptr;
  std::vector<Member> members;
  unsigned spins = 0;
  unsigned forksBefore;
};

void Team::Shared::start() {
  // Who spins while another waits for its core delays it.
  spins = members.size() <= usableCores() ? kSpins : 0;
  for (unsigned i = 1; i < members.size(); ++i) {
    try {
      members[i].thread = std::thread([this, i] { loop(i); });
    } catch (const std::system_error &error) {
      throwSystemError("cannot start thread " + std::to_string(i + 1) + " of " +
                           std::to_string(members.size()),
                       error.code().value());
    }
  }
}

Team::Shared::~Shared() {
  round.set(kEnd);
  for (Member &member : members) {
    if (!member.thread.joinable())
      continue;
    if (isLeftBehind())
      member.thread.detach();
    else
      member.thread.join();
  }
}

void Team::Shared::call(unsigned thread) {
  try {
    part(body, thread);
  } catch (...) {
    members[thread].error = std::current_exception();
  }
}

void Team::Shared::loop(unsigned thread) {
  uint32_t seen = 0;
  while (true) {
    seen = round.waitWhile(seen, spins);
    if (seen == kEnd)
      return;
    call(thread);
    members[thread].done.set(seen);
  }
}

Team::Team(unsigned threads) : threads(std::max(1u, threads)) {
  if (this->threads == 1)
    return;
  shared = std::make_unique<Shared>(this->threads);
  shared->start();
}

Team::~Team() = default;

void Team::Shared::callAll() {
  if (isLeftBehind()) {
    for (unsigned i = 0; i < members.size(); ++i)
      call(i);
    return;
  }
  uint32_t last = round.get();
  round.set(last + 1 == kEnd ? 1 : last + 1);
  call(0);
  for (size_t i = 1; i < members.size(); ++i)
    members[i].done.waitWhile(last, spins);
}

void Team::runAll(Part part, const void *body) {
  if (!shared)
    return part(body, 0);
  shared->part = part;
  shared->body = body;
  shared->callAll();
  std::exception_ptr first;
  for (Shared::Member &member : shared->members)
    if (std::exception_ptr error = std::exchange(member.error, nullptr); error && !first)
      first = error;
  if (first)
    std::rethrow_exception(first);
}

void Team::eachOf(size_t count, Item item, const void *body) {
  std::atomic<size_t> next{0}, failed{count};
  std::vector<std::exception_ptr> errors(threads);
  std::vector<size_t> failures(threads, count);
  run([&](unsigned thread) {
    // Items are taken in order, so whatever is below one that failed has been taken.
    for (size_t i = next++; i < failed; i = next++) {
      try {
        item(body, i);
      } catch (...) {
        errors[thread] = std::current_exception();
        failures[thread] = i;
        for (size_t old = failed; i < old && !failed.compare_exchange_weak(old, i);) {
        }
        return;
      }
    }
  });
  size_t first = size_t(std::min_element(failures.begin(), failures.end()) - failures.begin());
  if (errors[first])
    std::rethrow_exception(errors[first]);
}
