// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random numbers that are functions of keys, so that a draw depends on nothing else: no state, no
// order, no threads. Shared by generated code, interpreter and compiler, as Arithmetic.h is.
//
// The function is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1,
// 2, 3; SC 2011), a bijection of 128-bit counters for each 64-bit key.
#ifndef BASALT_RUNTIME_NATIVE_RANDOM_H
#define BASALT_RUNTIME_NATIVE_RANDOM_H

#include <cstddef>
#include <cstdint>

namespace basalt::rt {

/// 128 bits as Philox sees them, the first word in the low half of `low`.
struct RandomBlock {
  uint64_t low, high;
};

namespace detail {
constexpr void philoxRound(uint32_t &c0, uint32_t &c1, uint32_t &c2, uint32_t &c3, uint32_t k0,
                           uint32_t k1) {
  uint64_t first = uint64_t(0xd2511f53u) * c0, second = uint64_t(0xcd9e8d57u) * c2;
  c0 = uint32_t(second >> 32) ^ c1 ^ k0;
  c1 = uint32_t(second);
  c2 = uint32_t(first >> 32) ^ c3 ^ k1;
  c3 = uint32_t(first);
}

/// The key of the next round, of ten.
constexpr void nextPhiloxKey(uint32_t &k0, uint32_t &k1) {
  k0 += 0x9e3779b9u;
  k1 += 0xbb67ae85u;
}
} // namespace detail

constexpr RandomBlock philox(RandomBlock counter, uint64_t key) {
  uint32_t c0 = uint32_t(counter.low), c1 = uint32_t(counter.low >> 32),
           c2 = uint32_t(counter.high), c3 = uint32_t(counter.high >> 32);
  uint32_t k0 = uint32_t(key), k1 = uint32_t(key >> 32);
  for (int round = 0; round < 10; ++round, detail::nextPhiloxKey(k0, k1))
    detail::philoxRound(c0, c1, c2, c3, k0, k1);
  return {c0 | uint64_t(c1) << 32, c2 | uint64_t(c3) << 32};
}

/// What a draw is keyed by: a key of Philox and half a counter; the other half is the element. All
/// 128 bits depend on all keys, so that draws in very long runs of very large networks do not meet.
struct RandomKey {
  uint64_t key, half;

  /// The key for one more number. From one key, different numbers lead to different ones.
  constexpr RandomKey with(int64_t number) const {
    RandomBlock block = philox({uint64_t(number), half}, key);
    return {block.low, block.high};
  }
};

/// The key that `stream` and the other numbers make, in order.
template <typename... Numbers> constexpr RandomKey randomKey(int64_t stream, Numbers... numbers) {
  RandomKey key{uint64_t(stream), sizeof...(Numbers)};
  ((key = key.with(int64_t(numbers))), ...);
  return key;
}

/// The random bits of element `i`: half of a block, so two elements share one.
constexpr int64_t randomBits(RandomKey key, uint64_t i) {
  RandomBlock block = philox({i / 2, key.half}, key.key);
  return int64_t(i % 2 ? block.high : block.low);
}

/// 32 random bits for element `i`, for draws that need no more: four elements share a block. The
/// words are those of `randomBits` in the order of memory.
constexpr uint32_t randomWord(RandomKey key, uint64_t i) {
  return uint32_t(uint64_t(randomBits(key, i / 2)) >> (i % 2 * 32));
}

/// A block for what element `i` needs beside its bits or its word: no other draw sees it.
constexpr RandomBlock randomExtra(RandomKey key, uint64_t i) {
  return philox({~i, key.half}, key.key);
}

namespace detail {
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "vectors are read as they lie in memory");

/// Vectors as the compilers know them: of whatever width the processor has they make several
/// instructions. Loops over arrays would do, but not every compiler keeps those in registers.
using Numbers64 [[gnu::vector_size(64)]] = uint64_t;

/// Eight blocks from `first` on, as they lie in memory. Each word has a lane of 64 bits, whose
/// upper half means nothing before the end: multiplication looks at the lower half only.
[[gnu::always_inline]] inline void eightBlocks(uint64_t first, RandomKey key,
                                               Numbers64 (&memory)[2]) {
  constexpr uint64_t kLow = 0xffffffff;
  Numbers64 a = Numbers64{0, 1, 2, 3, 4, 5, 6, 7} + first, b = a >> 32;
  Numbers64 c = Numbers64{} + key.half, d = c >> 32;
  uint32_t k0 = uint32_t(key.key), k1 = uint32_t(key.key >> 32);
  for (int round = 0; round < 10; ++round, nextPhiloxKey(k0, k1)) {
    Numbers64 x = (a & kLow) * uint64_t(0xd2511f53u), y = (c & kLow) * uint64_t(0xcd9e8d57u);
    a = (y >> 32) ^ b ^ uint64_t(k0);
    b = y;
    c = (x >> 32) ^ d ^ uint64_t(k1);
    d = x;
  }
  Numbers64 low = (a & kLow) | (b << 32), high = (c & kLow) | (d << 32);
  memory[0] = __builtin_shufflevector(low, high, 0, 8, 1, 9, 2, 10, 3, 11);
  memory[1] = __builtin_shufflevector(low, high, 4, 12, 5, 13, 6, 14, 7, 15);
}
} // namespace detail

/// The random bits of `count` elements from `first` on. Not inlined: many instances may draw.
[[gnu::noinline]] inline void fillRandomBits(int64_t *bits, size_t count, RandomKey key,
                                             uint64_t first = 0) {
  constexpr size_t kElements = 16; // of eight blocks
  detail::Numbers64 memory[2];
  for (size_t done = 0, part; done < count; done += part) {
    size_t skipped = (first + done) % 2;
    detail::eightBlocks((first + done) / 2, key, memory);
    part = kElements - skipped < count - done ? kElements - skipped : count - done;
    __builtin_memcpy(bits + done, reinterpret_cast<const int64_t *>(memory) + skipped, part * 8);
  }
}

/// 53 of 64 random bits as a number from 0 to 1, which is excluded.
constexpr double unitInterval(uint64_t bits) { return double(int64_t(bits >> 11)) * 0x1p-53; }

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_RANDOM_H
