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

#include "runtime/native/Arithmetic.h"
#include "runtime/native/Transcendental.h"

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

/// The random bits of element `i`.
constexpr int64_t randomBits(RandomKey key, uint64_t i) {
  return int64_t(philox({i, key.half}, key.key).low);
}

namespace detail {
/// The random bits of as many elements from `i` on as become vectors: with a loop around all rounds
/// compilers do not see that they could.
template <size_t N> inline void fillRandomLanes(int64_t *bits, uint64_t i, RandomKey key) {
  uint32_t c0[N], c1[N], c2[N], c3[N];
  for (size_t lane = 0; lane < N; ++lane) {
    c0[lane] = uint32_t(i + lane);
    c1[lane] = uint32_t((i + lane) >> 32);
    c2[lane] = uint32_t(key.half);
    c3[lane] = uint32_t(key.half >> 32);
  }
  uint32_t k0 = uint32_t(key.key), k1 = uint32_t(key.key >> 32);
  for (int round = 0; round < 10; ++round, nextPhiloxKey(k0, k1))
    for (size_t lane = 0; lane < N; ++lane)
      philoxRound(c0[lane], c1[lane], c2[lane], c3[lane], k0, k1);
  for (size_t lane = 0; lane < N; ++lane)
    bits[lane] = int64_t(c0[lane] | uint64_t(c1[lane]) << 32);
}
} // namespace detail

/// The random bits of `count` elements. Not inlined: many instances may draw.
[[gnu::noinline]] inline void fillRandomBits(int64_t *bits, size_t count, RandomKey key) {
  constexpr size_t kLanes = 16;
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    detail::fillRandomLanes<kLanes>(bits + i, i, key);
  for (; i < count; ++i)
    bits[i] = randomBits(key, i);
}

/// 53 of 64 random bits as a number from 0 to 1, which is excluded.
constexpr double unitInterval(uint64_t bits) { return double(int64_t(bits >> 11)) * 0x1p-53; }

//===-- Poisson numbers
//---------------------------------------------------------------------------===//

namespace detail {
/// (1 + d) * log(1 + d) - d, without the cancellation for small d.
inline double poissonDeviance(double d) {
  if (d < -0.125 || d > 0.125)
    return (1 + d) * logFloat(1 + d) - d;
  double sum = 0, power = -d;
  for (int n = 2; n < 20; ++n) {
    power *= -d;
    sum += power / (n * (n - 1));
  }
  return sum;
}

/// The logarithm of the probability of `k`, by Stirling's series for k!. For lambda from 10.
inline double logPoisson(double lambda, double k) {
  constexpr double kTwoPi = 6.283185307179586;
  if (k < 10) {
    double factorial = 1;
    for (double i = 2; i <= k; ++i)
      factorial *= i;
    return k * logFloat(lambda) - lambda - logFloat(factorial);
  }
  double inverse = 1 / k, square = inverse * inverse;
  double correction = inverse * (1.0 / 12 - square * (1.0 / 360 - square / 1260));
  return -lambda * poissonDeviance((k - lambda) / lambda) - logFloat(kTwoPi * k) / 2 - correction;
}

/// Inversion: adds up probabilities until they exceed a number of the unit interval.
inline int64_t smallPoisson(double lambda, uint64_t bits) {
  double number = unitInterval(bits), probability = expFloat(-lambda), sum = probability;
  int64_t k = 0;
  // In the end rounding might leave a sum below the number.
  while (number >= sum && (k < 10 || probability > 0x1p-60)) {
    ++k;
    probability *= lambda / double(k);
    sum += probability;
  }
  return k;
}

/// Transformed rejection with squeeze (W. Hoermann, The transformed rejection method for generating
/// Poisson random variables, Insurance: Mathematics and Economics 12, 1993: algorithm PTRS). Each
/// attempt is a function of the bits and its number.
inline int64_t largePoisson(double lambda, uint64_t bits) {
  constexpr uint64_t kStream = 0x6e6f7373696f70; // "poisson"
  double b = 0.931 + 2.53 * sqrtFloat(lambda), a = -0.059 + 0.02483 * b;
  double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4), accepted = 0.9277 - 3.6224 / (b - 2);
  for (uint64_t attempt = 0;; ++attempt) {
    RandomBlock block = philox({bits, attempt}, kStream);
    double u = unitInterval(block.low) - 0.5, v = unitInterval(block.high);
    double edge = 0.5 - absFloat(u);
    double k = floorFloat((2 * a / edge + b) * u + lambda + 0.43);
    if (edge >= 0.07 && v <= accepted)
      return toInt(k);
    if (k < 0 || (edge < 0.013 && v > edge))
      continue;
    if (logFloat(v * inverseAlpha / (a / (edge * edge) + b)) <= logPoisson(lambda, k))
      return toInt(k);
  }
}
} // namespace detail

/// A Poisson number of mean `lambda`, a function of 64 random bits; 0 for a mean that is not above
/// 0, and for NaN. Not inlined: it is long, and each use in a kernel is a loop of its own.
[[gnu::noinline]] inline int64_t poisson(double lambda, int64_t bits) {
  if (!(lambda > 0))
    return 0;
  if (lambda < 10)
    return detail::smallPoisson(lambda, uint64_t(bits));
  // The deviation of larger ones is below their precision, or close to it.
  return lambda > 0x1p62 ? toInt(lambda) : detail::largePoisson(lambda, uint64_t(bits));
}

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_RANDOM_H
