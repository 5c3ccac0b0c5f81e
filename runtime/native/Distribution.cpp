// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attempt a at the number of element i is a function of block i of the key's part a.
#include "runtime/native/Distribution.h"

#include "runtime/native/Draws.h"
#include "runtime/native/Poisson.h"

using namespace basalt::rt;

static constexpr size_t kBatch = 64;

//===--- One number from one block ---===//

/// Of mean 0 and deviation 1 (Box and Muller).
[[gnu::always_inline]] static inline double standardNormal(uint64_t low, uint64_t high) {
  constexpr double kTwoPi = 6.283185307179586;
  double radius = sqrtFloat(logFloat(1 - unitInterval(low)) * -2);
  return radius * cosFloat(unitInterval(high) * kTwoPi);
}

/// Calls `function(i, number)` for the `count` blocks. The kind is decided outside of the loop, so
/// that it becomes vectors.
template <typename Function>
static void forReals(const Distribution &d, const uint64_t *low, const uint64_t *high, size_t count,
                     Function function) {
  switch (d.kind) {
  case DistributionKind::Uniform:
    for (size_t i = 0; i < count; ++i)
      function(i, d.first + (d.second - d.first) * unitInterval(low[i]));
    return;
  case DistributionKind::Normal:
    for (size_t i = 0; i < count; ++i)
      function(i, d.first + d.second * standardNormal(low[i], high[i]));
    return;
  case DistributionKind::Lognormal:
    for (size_t i = 0; i < count; ++i)
      function(i, expFloat(d.first + d.second * standardNormal(low[i], high[i])));
    return;
  case DistributionKind::Exponential:
    for (size_t i = 0; i < count; ++i)
      function(i, -d.first * logFloat(1 - unitInterval(low[i])));
    return;
  default:
    for (size_t i = 0; i < count; ++i)
      function(i, d.first);
  }
}

static int64_t integerOf(const Distribution &d, uint64_t low) {
  if (d.kind == DistributionKind::Poisson)
    return poisson(d.first, RandomKey{low, 0}, 0); // the bits are a key of their own
  // As draws in behaviours are (docs/semantics.md).
  return add(d.low, mulShr(int64_t(low & INT64_MAX), sub(d.high, d.low), 63));
}

//===--- Many numbers ---===//

static bool isInside(const Distribution &d, double number) {
  return d.min <= number && number <= d.max;
}
static bool isInside(const Distribution &d, int64_t number) {
  return d.least <= number && number <= d.greatest;
}

/// Draws element `id` again until it is inside, from attempt 1 on.
template <typename Number, typename Draw>
static bool drawAgain(const Distribution &d, RandomKey key, uint64_t id, Number &number,
                      Draw draw) {
  for (int64_t attempt = 1; attempt < kMaxAttempts; ++attempt) {
    RandomKey part = key.with(attempt);
    RandomBlock block = philox({id, part.half}, part.key);
    number = draw(block);
    if (isInside(d, number))
      return true;
  }
  return false;
}

static double realOf(const Distribution &d, RandomBlock block) {
  double result = 0;
  forReals(d, &block.low, &block.high, 1, [&](size_t, double number) { result = number; });
  return result;
}

static bool drawRealBatch(const Distribution &d, RandomKey key, RandomKey firstPart,
                          const uint64_t *ids, size_t count, double *numbers) {
  uint64_t low[kBatch], high[kBatch];
  fillBlocks(ids, count, firstPart, low, high);
  forReals(d, low, high, count, [&](size_t i, double number) { numbers[i] = number; });
  bool found = true;
  for (size_t i = 0; i < count; ++i)
    if (__builtin_expect(!isInside(d, numbers[i]), 0))
      found &= drawAgain(d, key, ids[i], numbers[i],
                         [&](RandomBlock block) { return realOf(d, block); });
  return found;
}

static bool drawIntegerBatch(const Distribution &d, RandomKey key, RandomKey firstPart,
                             const uint64_t *ids, size_t count, int64_t *numbers) {
  uint64_t low[kBatch], high[kBatch];
  fillBlocks(ids, count, firstPart, low, high);
  bool found = true;
  for (size_t i = 0; i < count; ++i) {
    numbers[i] = integerOf(d, low[i]);
    if (!isInside(d, numbers[i]))
      found &= drawAgain(d, key, ids[i], numbers[i],
                         [&](RandomBlock block) { return integerOf(d, block.low); });
  }
  return found;
}

bool basalt::rt::drawReals(const Distribution &distribution, RandomKey key, const uint64_t *ids,
                           size_t count, double *numbers) {
  if (distribution.kind == DistributionKind::Constant) {
    std::fill_n(numbers, count, distribution.first);
    return true;
  }
  bool found = true;
  RandomKey firstPart = key.with(0);
  for (size_t i = 0; i < count; i += kBatch) {
    size_t size = std::min(kBatch, count - i);
    if (!drawsIntegers(distribution)) {
      found &= drawRealBatch(distribution, key, firstPart, ids + i, size, numbers + i);
      continue;
    }
    int64_t integers[kBatch];
    found &= drawIntegerBatch(distribution, key, firstPart, ids + i, size, integers);
    std::copy_n(integers, size, numbers + i);
  }
  return found;
}

bool basalt::rt::drawIntegers(const Distribution &distribution, RandomKey key, const uint64_t *ids,
                              size_t count, int64_t *numbers) {
  if (distribution.kind == DistributionKind::Constant) {
    std::fill_n(numbers, count, distribution.low);
    return true;
  }
  bool found = true;
  RandomKey firstPart = key.with(0);
  for (size_t i = 0; i < count; i += kBatch) {
    size_t size = std::min(kBatch, count - i);
    if (drawsIntegers(distribution)) {
      found &= drawIntegerBatch(distribution, key, firstPart, ids + i, size, numbers + i);
      continue;
    }
    double reals[kBatch];
    found &= drawRealBatch(distribution, key, firstPart, ids + i, size, reals);
    for (size_t k = 0; k < size; ++k)
      numbers[i + k] = toInt(roundEven(reals[k]));
  }
  return found;
}
