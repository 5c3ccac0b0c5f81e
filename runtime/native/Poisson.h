// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Poisson numbers, as functions of a mean, a key and an element. `poisson` is the definition;
// `fillPoisson` gives the same numbers for many elements, with a table and vectors.
//
// Small means: of the 2^32 values of the element's word, each number k gets as many as its chance
// has whole 2^-32, in order. What is left over in all chances together makes the last values of the
// word; for them k is drawn once more, from the fractions. So the chances are right to 2^-53, and
// nearly all draws need 32 bits and a few comparisons.
#ifndef BASALT_RUNTIME_NATIVE_POISSON_H
#define BASALT_RUNTIME_NATIVE_POISSON_H

#include "runtime/native/Arithmetic.h"
#include "runtime/native/Random.h"
#include "runtime/native/Transcendental.h"

namespace basalt::rt {

namespace detail {

/// Means from here on are not small.
inline constexpr double kLargePoisson = 32;

//===-- Small means
//-------------------------------------------------------------------------------===//

/// The chances of 0, 1, 2, ..., in units of 2^-32.
struct PoissonChances {
  double lambda, chance;
  int32_t k = 0;

  explicit PoissonChances(double lambda) : lambda(lambda), chance(0x1p32 * expFloat(-lambda)) {}
  void next() { chance *= lambda / double(++k); }
  uint64_t whole() const { return uint64_t(int64_t(chance)); }
  double fraction() const { return chance - double(int64_t(chance)); }
  /// Whether this chance and all to come are smaller than `least`.
  bool areBelow(double least) const { return k > lambda && chance < least; }
};

/// A number drawn from the fractions of the chances, which add up to `rest`.
inline int32_t fractionalPoisson(double lambda, uint64_t rest, RandomKey key, uint64_t i) {
  double number = unitInterval(randomExtra(key, i).low) * double(int64_t(rest));
  PoissonChances chances(lambda);
  for (;; chances.next()) {
    number -= chances.fraction();
    if (number < 0 || chances.areBelow(0x1p-40))
      return chances.k;
  }
}

inline int32_t smallPoisson(double lambda, RandomKey key, uint64_t i) {
  uint64_t word = randomWord(key, i), passed = 0;
  for (PoissonChances chances(lambda); !chances.areBelow(1); chances.next()) {
    passed += chances.whole();
    if (word < passed)
      return chances.k;
  }
  return fractionalPoisson(lambda, (uint64_t(1) << 32) - passed, key, i);
}

//===-- Large means
//-------------------------------------------------------------------------------===//

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

/// Transformed rejection with squeeze (W. Hoermann, The transformed rejection method for generating
/// Poisson random variables, Insurance: Mathematics and Economics 12, 1993: algorithm PTRS).
inline double largePoisson(double lambda, RandomKey key, uint64_t i) {
  double b = 0.931 + 2.53 * sqrtFloat(lambda), a = -0.059 + 0.02483 * b;
  double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4), accepted = 0.9277 - 3.6224 / (b - 2);
  RandomBlock block = randomExtra(key, i);
  for (;; block = philox(block, key.key)) {
    double u = unitInterval(block.low) - 0.5, v = unitInterval(block.high);
    double edge = 0.5 - absFloat(u);
    double k = floorFloat((2 * a / edge + b) * u + lambda + 0.43);
    if (edge >= 0.07 && v <= accepted)
      return k;
    if (k < 0 || (edge < 0.013 && v > edge))
      continue;
    if (logFloat(v * inverseAlpha / (a / (edge * edge) + b)) <= logPoisson(lambda, k))
      return k;
  }
}

inline int32_t saturatedPoisson(double lambda, RandomKey key, uint64_t i) {
  // Twice the largest number is never reached by chance.
  double k = lambda < 0x1p32 ? largePoisson(lambda, key, i) : lambda;
  return k < 0x1p31 ? int32_t(k) : INT32_MAX;
}

} // namespace detail

/// A Poisson number of mean `lambda`, at most 2^31 - 1, a function of the key and the element; 0
/// for a mean that is not above 0, and for NaN.
inline int32_t poisson(double lambda, RandomKey key, uint64_t i) {
  if (!(lambda > 0))
    return 0;
  return lambda < detail::kLargePoisson ? detail::smallPoisson(lambda, key, i)
                                        : detail::saturatedPoisson(lambda, key, i);
}

//===-- Many elements
//-----------------------------------------------------------------------------===//

namespace detail {

/// Where the words of each number end, for a small mean.
struct PoissonTable {
  double lambda;      ///< 0 in a table that is not made yet
  int32_t first;      ///< the least number that words lead to
  uint32_t common;    ///< so many thresholds matter to all but a few words
  uint32_t count;     ///< of thresholds
  uint32_t uncommon;  ///< words from here on need more than the common thresholds
  uint64_t rest;      ///< so many words are beyond all of them
  uint32_t words[96]; ///< the thresholds, ascending: a word leads to `first` and one more for each
                      ///< that it reaches
};

inline void makePoissonTable(double lambda, PoissonTable &table) {
  constexpr uint64_t kWords = uint64_t(1) << 32, kFew = kWords >> 12;
  table.lambda = lambda;
  table.first = 0;
  table.common = table.count = 0;
  uint64_t passed = 0;
  for (PoissonChances chances(lambda); !chances.areBelow(1); chances.next()) {
    passed += chances.whole();
    if (passed == 0)
      ++table.first;
    else if (passed < kWords)
      table.words[table.count++] = uint32_t(passed);
    if (kWords - passed > kFew)
      table.common = table.count;
  }
  table.rest = kWords - passed;
  table.uncommon = table.common < table.count ? table.words[table.common]
                   : table.rest               ? -uint32_t(table.rest)
                                              : UINT32_MAX;
}

/// The table of a mean, one of those that this thread has made before.
inline const PoissonTable &poissonTable(double lambda) {
  constexpr unsigned kBits = 5;
  static thread_local PoissonTable tables[1 << kBits];
  PoissonTable &table = tables[bits(lambda) * 0x9e3779b97f4a7c15u >> (64 - kBits)];
  if (table.lambda != lambda)
    makePoissonTable(lambda, table);
  return table;
}

using Numbers32 [[gnu::vector_size(64)]] = uint32_t;
using Truths32 [[gnu::vector_size(64)]] = int32_t;

struct PoissonGroup {
  static constexpr size_t kElements = 64; // of sixteen blocks
  Numbers32 words[4], numbers[4];

  /// The numbers of the elements from `4 * block` on.
  [[gnu::always_inline]] void draw(const PoissonTable &table, RandomKey key, uint64_t block) {
    Numbers64 low[2], high[2];
    eightBlocks(block, key, low);
    eightBlocks(block + 8, key, high);
    words[0] = Numbers32(low[0]);
    words[1] = Numbers32(low[1]);
    words[2] = Numbers32(high[0]);
    words[3] = Numbers32(high[1]);
    for (Numbers32 &part : numbers)
      part = Numbers32{} + uint32_t(table.first);
    for (uint32_t i = 0; i < table.common; ++i)
      count(table.words[i]);
    if (__builtin_expect(!reaches(table.uncommon), 1))
      return;
    for (uint32_t i = table.common; i < table.count; ++i)
      count(table.words[i]);
    if (table.rest && __builtin_expect(reaches(-uint32_t(table.rest)), 0)) {
      PoissonGroup group = *this; // whose address leaves this function, so this one has none
      group.drawFractions(table, key, block);
      *this = group;
    }
  }

private:
  [[gnu::always_inline]] void count(uint32_t threshold) {
    for (size_t part = 0; part < 4; ++part)
      numbers[part] -= Numbers32(words[part] >= threshold); // true is -1
  }
  [[gnu::always_inline]] bool reaches(uint32_t threshold) const {
    Truths32 any = words[0] >= threshold;
    for (size_t part = 1; part < 4; ++part)
      any |= words[part] >= threshold;
    Numbers64 wide = Numbers64(any);
    uint64_t result = 0;
    for (size_t i = 0; i < 8; ++i)
      result |= wide[i];
    return result;
  }
  [[gnu::noinline, gnu::cold]] void drawFractions(const PoissonTable &table, RandomKey key,
                                                  uint64_t block) {
    for (size_t i = 0; i < kElements; ++i)
      if (words[i / 16][i % 16] >= -uint32_t(table.rest))
        numbers[i / 16][i % 16] =
            uint32_t(fractionalPoisson(table.lambda, table.rest, key, 4 * block + i));
  }
};

} // namespace detail

/// `poisson` for `count` elements from `first` on, of one mean. Not inlined: many instances may
/// draw.
[[gnu::noinline]] inline void fillPoisson(int32_t *numbers, size_t count, RandomKey key,
                                          double lambda, uint64_t first = 0) {
  if (!(lambda > 0 && lambda < detail::kLargePoisson)) {
    for (size_t i = 0; i < count; ++i)
      numbers[i] = poisson(lambda, key, first + i);
    return;
  }
  const detail::PoissonTable &table = detail::poissonTable(lambda);
  detail::PoissonGroup group;
  for (size_t done = 0, part; done < count; done += part) {
    size_t skipped = (first + done) % 4, rest = group.kElements - skipped;
    group.draw(table, key, (first + done) / 4);
    part = rest < count - done ? rest : count - done;
    __builtin_memcpy(numbers + done, reinterpret_cast<const int32_t *>(group.numbers) + skipped,
                     part * sizeof(int32_t));
  }
}

namespace detail {

/// How many numbers are the first one, from there on.
inline size_t lengthOfRun(const double *numbers, size_t count) {
  constexpr size_t kGroup = 32;
  size_t length = 1;
  for (bool isSame = true; length + kGroup <= count; length += kGroup) {
    for (size_t i = 0; i < kGroup; ++i)
      isSame &= numbers[length + i] == numbers[0];
    if (!isSame)
      break;
  }
  while (length < count && numbers[length] == numbers[0])
    ++length;
  return length;
}

} // namespace detail

/// The same where each element has a mean of its own. Neighbours of one mean are drawn together.
[[gnu::noinline]] inline void fillPoisson(int32_t *numbers, size_t count, RandomKey key,
                                          const double *lambda, uint64_t first = 0) {
  constexpr size_t kWorthwhile = 12;
  for (size_t from = 0, to; from < count; from = to) {
    to = from + detail::lengthOfRun(lambda + from, count - from);
    if (to - from >= kWorthwhile)
      fillPoisson(numbers + from, to - from, key, lambda[from], first + from);
    else
      for (size_t i = from; i < to; ++i)
        numbers[i] = poisson(lambda[i], key, first + i);
  }
}

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_POISSON_H
