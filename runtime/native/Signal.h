// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A number that one thread writes and others wait for: first spinning, which takes a fraction of a
// microsecond where each thread has a core, then asleep in the kernel, so that nobody burns a core
// that another thread needs.
#ifndef BASALT_RUNTIME_NATIVE_SIGNAL_H
#define BASALT_RUNTIME_NATIVE_SIGNAL_H

#include <atomic>
#include <climits>
#include <cstdint>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace basalt::rt {

/// Tells the processor that this is a loop that waits.
inline void relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// In a cache line of its own, so that those who wait disturb nobody else.
class alignas(64) Signal {
public:
  uint32_t get() const { return value.load(std::memory_order_acquire); }

  /// What the writer did before is seen by who has waited for `next`.
  void set(uint32_t next) {
    // Both in one order with what a sleeper does: either it sees the number or we see the sleeper.
    value.store(next, std::memory_order_seq_cst);
    if (sleepers.load(std::memory_order_seq_cst) != 0)
      syscall(SYS_futex, word(), FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
  }

  /// Returns when the number is no longer `old`; looks `spins` times before it sleeps.
  uint32_t waitWhile(uint32_t old, unsigned spins) {
    for (unsigned i = 0; i < spins; ++i) {
      if (uint32_t now = get(); now != old)
        return now;
      relax();
    }
    sleepers.fetch_add(1, std::memory_order_seq_cst);
    while (value.load(std::memory_order_seq_cst) == old)
      syscall(SYS_futex, word(), FUTEX_WAIT_PRIVATE, old, nullptr, nullptr, 0);
    sleepers.fetch_sub(1, std::memory_order_relaxed);
    return get();
  }

private:
  static_assert(sizeof(std::atomic<uint32_t>) == 4, "a futex is a plain word");
  uint32_t *word() { return reinterpret_cast<uint32_t *>(&value); }

  std::atomic<uint32_t> value{0}, sleepers{0};
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_SIGNAL_H
