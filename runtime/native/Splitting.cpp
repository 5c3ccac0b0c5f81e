// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Both distributions are log-concave, so one method of rejection does, whatever the parameters
// (L. Devroye, Non-Uniform Random Variate Generation, 1986, section X.1.3: with p the probability
// of the mode m, that of m + x is at most p * min(1, exp(1 - p |x|))). Probabilities come from
// C. Loader's saddle-point expansion (Fast and accurate computation of binomial probabilities,
// 2000), which loses nothing for large numbers.
#include "runtime/native/Splitting.h"

#include "runtime/native/Draws.h"
#include "runtime/native/Poisson.h"

using namespace basalt::rt;

static constexpr double kTwoPi = 6.283185307179586;

/// log(n!) less Stirling's log(sqrt(2 pi n) (n / e)^n), for n from 1.
static double stirlingError(double n) {
  if (n >= 16) {
    double inverse = 1 / n, square = inverse * inverse;
    return inverse *
           (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680))));
  }
  double factorial = 1;
  for (double i = 2; i <= n; ++i)
    factorial *= i;
  return logFloat(factorial) - (logFloat(kTwoPi * n) / 2 + n * logFloat(n) - n);
}

/// The logarithm of the probability of k successes in n trials of probability p = 1 - q.
static double logBinomial(double k, double n, double p, double q) {
  if (k == 0 || k == n) // log(1 - x) as in inverseLogOfFailure
    return n == 0 ? 0 : n / inverseLogOfFailure(k == 0 ? p : q);
  double successes = n * p, failures = n * q, others = n - k;
  return stirlingError(n) - stirlingError(k) - stirlingError(others) -
         successes * detail::poissonDeviance((k - successes) / successes) -
         failures * detail::poissonDeviance((others - failures) / failures) +
         logFloat(n / (kTwoPi * k * others)) / 2;
}

/// A number from `least` to `greatest`, by the logarithm of the probability of each.
template <typename LogProbability>
static int64_t drawLogConcave(int64_t least, int64_t mode, int64_t greatest, RandomKey key,
                              LogProbability logProbability) {
  mode = std::clamp(mode, least, greatest);
  double logOfMode = logProbability(mode);
  // A smaller p is correct as well; so rounding does no harm.
  double p = expFloat(logOfMode) * (1 - 1e-9), w = 1 + p / 2;
  for (uint64_t attempt = 0;; ++attempt) {
    RandomBlock first = philox({2 * attempt, key.half}, key.key),
                second = philox({2 * attempt + 1, key.half}, key.key);
    double v = unitInterval(first.high);
    double y = unitInterval(first.low) * (1 + w) <= w ? v * w / p : (w - logFloat(1 - v)) / p;
    double x = roundEven(y);
    if (x > 0x1p62)
      continue;
    int64_t number = mode + ((second.high >> 63) ? -int64_t(x) : int64_t(x));
    if (number < least || number > greatest)
      continue;
    double hat = std::min(1.0, expFloat(w - p * y));
    if (unitInterval(second.low) * hat <= expFloat(logProbability(number) - logOfMode))
      return number;
  }
}

/// How many of `count` random bits are set.
static int64_t countBits(int64_t count, RandomKey key) {
  DrawStream draws(key, 0, (count + 63) / 64);
  int64_t set = 0;
  for (; count >= 64; count -= 64)
    set += __builtin_popcountll(draws.next());
  return count == 0 ? set : set + __builtin_popcountll(draws.next() >> (64 - count));
}

int64_t basalt::rt::drawBinomial(int64_t count, int64_t part, int64_t whole, RandomKey key) {
  constexpr int64_t kFewBits = 4096; // from here on rejection is faster
  if (part == 0 || part == whole || count == 0)
    return part == 0 ? 0 : count;
  if (part == whole - part && count <= kFewBits)
    return countBits(count, key);
  double p = double(part) / double(whole), q = double(whole - part) / double(whole);
  auto n = double(count);
  return drawLogConcave(0, int64_t((n + 1) * p), count, key,
                        [&](int64_t k) { return logBinomial(double(k), n, p, q); });
}

int64_t basalt::rt::drawHypergeometric(int64_t count, int64_t part, int64_t whole, RandomKey key) {
  int64_t rest = whole - part;
  int64_t least = std::max<int64_t>(0, count - rest), greatest = std::min(count, part);
  if (least == greatest)
    return least;
  // That of k successes in `part` trials and count - k in the others, if there are `count` in all.
  double p = double(count) / double(whole), q = double(whole - count) / double(whole);
  auto n = double(count), first = double(part), second = double(rest);
  double logOfAll = logBinomial(n, first + second, p, q);
  return drawLogConcave(least, int64_t((n + 1) * (first + 1) / (first + second + 2)), greatest, key,
                        [&](int64_t k) {
                          return logBinomial(double(k), first, p, q) +
                                 logBinomial(n - double(k), second, p, q) - logOfAll;
                        });
}
