// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How far a computed number is from the exact one, arguments of any size, and a hash of bits.
#ifndef BASALT_TEST_UNIT_RUNTIME_ULPS_H
#define BASALT_TEST_UNIT_RUNTIME_ULPS_H

#include "runtime/native/Arithmetic.h"

#include <cfloat>
#include <cmath>
#include <limits>
#include <random>

namespace basalt::rt {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(),
                        kInf = std::numeric_limits<double>::infinity();
inline constexpr double kTolerance = 1.0; // ulp
inline constexpr int kSamples = 50000;

/// The distance of `actual` from `exact` in units of the last place.
inline double ulps(double actual, long double exact) {
  double rounded = double(exact);
  if (!std::isfinite(actual) || !std::isfinite(rounded))
    return actual == rounded || (actual != actual && rounded != rounded) ? 0 : kInf;
  int exponent = 0;
  std::frexp(rounded == 0 ? DBL_MIN : rounded, &exponent);
  return double(std::fabs(actual - exact) / std::ldexp(1.0L, std::max(exponent - 53, -1074)));
}

/// Arguments of the tests.
class Samples {
public:
  double uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(generator);
  }
  /// Of any size from 2^low to 2^high.
  double wide(double low, double high) { return std::exp2(uniform(low, high)); }
  double sign() { return generator() & 1 ? -1 : 1; }
  int64_t integer(int64_t below) { return int64_t(generator() % uint64_t(below)); }

private:
  std::mt19937_64 generator{20240607};
};

/// Mixes the bits of a result into a hash.
inline void mix(uint64_t &hash, double value) {
  hash = (hash ^ detail::bits(value == value ? value : kNaN)) * 1099511628211u;
}

} // namespace basalt::rt

#endif // BASALT_TEST_UNIT_RUNTIME_ULPS_H
