// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// x^y, as the functions of Transcendental.h: one implementation for all, without branches and
// tables, with the same bits everywhere. Plasticity of synapses takes a power for each event, so
// this one is made for vectors: products are split by fused multiply-add, which IEEE defines to the
// last bit (an instruction where it counts, a library call where it does not).
//
// Errors, measured against 80-bit arithmetic (PowerTest): below 0.9 ulp for double, and for float
// below 0.501 ulp.
#ifndef BASALT_RUNTIME_NATIVE_POWER_H
#define BASALT_RUNTIME_NATIVE_POWER_H

#include "runtime/native/Transcendental.h"

#define BASALT_ALWAYS_INLINE [[gnu::always_inline]] inline

namespace basalt::rt {

namespace detail {

/// a * b + c, rounded once.
BASALT_ALWAYS_INLINE double fused(double a, double b, double c) { return __builtin_fma(a, b, c); }

/// a * b, exact (but for what is below the range of numbers).
BASALT_ALWAYS_INLINE Pair fusedProduct(double a, double b) {
  double product = a * b;
  return {product, fused(a, b, -product)};
}

/// The logarithm of a finite x > 0, to about 2^-65 of it.
BASALT_ALWAYS_INLINE Pair logPair(double x) {
  LogReduction reduced = reduceLog(x);
  // log m = 2 artanh s = 2 s (1 + z / 3 + z^2 / 5 + ...), with s = (m - 1) / (m + 1) and z = s^2.
  double f = reduced.m - 1.0, d = reduced.m + 1.0; // f is exact
  double dLow = reduced.m - (d - 1.0);
  double inverse = 1.0 / d;
  double s = f * inverse;
  double sLow = fused(-s, dLow, fused(-s, d, f)) * inverse;
  Pair z = fusedProduct(s, s);
  z.low = fused(2.0 * s, sLow, z.low);

  // Even and odd powers by themselves: half the time to wait.
  double zz = z.high * z.high;
  double even = 1.0 / 25.0, odd = 1.0 / 23.0;
  even = fused(even, zz, 1.0 / 21.0);
  odd = fused(odd, zz, 1.0 / 19.0);
  even = fused(even, zz, 1.0 / 17.0);
  odd = fused(odd, zz, 1.0 / 15.0);
  even = fused(even, zz, 1.0 / 13.0);
  odd = fused(odd, zz, 1.0 / 11.0);
  even = fused(even, zz, 1.0 / 9.0);
  odd = fused(odd, zz, 1.0 / 7.0);
  even = fused(even, zz, 1.0 / 5.0);
  double tail = zz * fused(odd, z.high, even);

  constexpr double kThird = 0x1.5555555555555p-2, kThirdLow = 0x1.5555555555555p-56;
  Pair third = fusedProduct(z.high, kThird);
  third.low += fused(z.high, kThirdLow, z.low * kThird);
  Pair u = fastTwoSum(third.high, tail);
  u.low += third.low;
  Pair series = fusedProduct(2.0 * s, u.high);                      // 2 s (z / 3 + ...)
  series.low += 2.0 * (fused(s, u.low, fused(sLow, u.high, sLow))); // and 2 s in two parts
  Pair logM = fastTwoSum(2.0 * s, series.high);
  logM.low += series.low;

  // Unless k is 0, k log 2 is the greater part.
  Pair sum = fastTwoSum(reduced.k * kLn2High, logM.high);
  return fastTwoSum(sum.high, sum.low + fused(reduced.k, kLn2Low, logM.low));
}

/// e^r - 1 - r for |r| <= 0.35.
BASALT_ALWAYS_INLINE double fusedExpTail(double r) {
  double rr = r * r;
  double even = 1.0 / 479001600.0, odd = 1.0 / 6227020800.0; // 1 / 12! and 1 / 13!
  even = fused(even, rr, 1.0 / 3628800.0);
  odd = fused(odd, rr, 1.0 / 39916800.0);
  even = fused(even, rr, 1.0 / 40320.0);
  odd = fused(odd, rr, 1.0 / 362880.0);
  even = fused(even, rr, 1.0 / 720.0);
  odd = fused(odd, rr, 1.0 / 5040.0);
  even = fused(even, rr, 1.0 / 24.0);
  odd = fused(odd, rr, 1.0 / 120.0);
  even = fused(even, rr, 0.5);
  odd = fused(odd, rr, 1.0 / 6.0);
  return rr * fused(odd, r, even);
}

/// e^(x + xLow), where xLow is small against x; overflows to infinity and underflows to 0.
BASALT_ALWAYS_INLINE double expOfPair(Pair x) {
  // Beyond these the result does not change any more. A NaN passes both.
  double low = ((x.high > 710.0) | (x.high < -746.0)) ? 0.0 : x.low;
  double high = x.high > 710.0 ? 710.0 : x.high;
  high = high < -746.0 ? -746.0 : high;
  ExpReduction e = reduceExp(high, low);
  double tail = fused(e.r.low, 1.0 + e.r.high, fusedExpTail(e.r.high));
  Pair head = fastTwoSum(1.0, e.r.high);
  double result = head.high + (head.low + tail);
  // In two steps, since 2^k itself may be out of range; at most the second one rounds.
  int64_t half = e.k >> 1;
  return result * powerOfTwo(half) * powerOfTwo(e.k - half);
}

/// `a` if `holds`, else `b`. By mask: where `holds` is the same in all of a loop, g++ 12 vectorises
/// no
/// `?:`.
BASALT_ALWAYS_INLINE double choose(bool holds, double a, double b) {
  uint64_t mask = 0 - uint64_t(holds);
  return fromBits<double>((bits(a) & mask) | (bits(b) & ~mask));
}

/// Beyond 2^64 an exponent gives 0, 1 or infinity whatever it is.
BASALT_ALWAYS_INLINE double clampExponent(double y) {
  return choose(y > 0x1p64, 0x1p64, choose(y < -0x1p64, -0x1p64, y));
}

/// The special cases of C and NumPy; `result` is |x|^y where there is none.
BASALT_ALWAYS_INLINE double finishPower(double x, double y, double result) {
  double size = absFloat(x);
  double ofZero = choose(y < 0.0, kInf, 0.0), ofInfinity = choose(y < 0.0, 0.0, kInf);
  result = choose(size == 0.0, ofZero, result);
  result = choose(size == kInf, ofInfinity, result);

  bool isInteger = truncFloat(y) == y;
  bool isOdd = isInteger & (truncFloat(0.5 * y) * 2.0 != y);
  result = fromBits<double>(bits(result) ^ (bits(x) & (uint64_t(isOdd) << 63)));
  result = choose((x < 0.0) & (size != kInf) & !isInteger, kNaN, result);
  result = choose(y != y, y, result);
  result = choose(x != x, x, result);
  return choose((x == 1.0) | (y == 0.0), 1.0, result);
}

} // namespace detail

/// x^y with the special cases of C and NumPy.
BASALT_ALWAYS_INLINE double powFloat(double x, double y) {
  double exponent = detail::clampExponent(y);
  detail::Pair log = detail::logPair(absFloat(x));
  detail::Pair product = detail::fusedProduct(log.high, exponent);
  product.low = detail::fused(log.low, exponent, product.low);
  return detail::finishPower(x, y, detail::expOfPair(product));
}

/// In double, which has digits to spare.
BASALT_ALWAYS_INLINE float powFloat(float x, float y) {
  using detail::fused;
  double exponent = detail::clampExponent(double(y));
  // log |x|, as in logPair, to about 2^-45.
  detail::LogReduction reduced = detail::reduceNormalLog(absFloat(double(x)));
  double s = (reduced.m - 1.0) / (reduced.m + 1.0);
  double z = s * s, zz = z * z;
  double even = fused(2.0 / 13.0, zz, 2.0 / 9.0), odd = fused(2.0 / 15.0, zz, 2.0 / 11.0);
  even = fused(even, zz, 2.0 / 5.0);
  odd = fused(odd, zz, 2.0 / 7.0);
  even = fused(even, zz, 2.0);
  odd = fused(odd, zz, 2.0 / 3.0);
  double log = fused(reduced.k, 0x1.62e42fefa39efp-1, s * fused(odd, z, even));

  // e to the product, to about 2^-42. Beyond these bounds a float is 0 or infinity.
  double product = log * exponent;
  product = product > 100.0 ? 100.0 : product;
  product = product < -120.0 ? -120.0 : product;
  detail::Nearest k = detail::nearest(product * detail::kLog2E);
  double r = fused(k.real, -detail::kLn2Low, fused(k.real, -detail::kLn2High, product));
  double rr = r * r;
  even = fused(1.0 / 3628800.0, rr, 1.0 / 40320.0);
  odd = fused(1.0 / 362880.0, rr, 1.0 / 5040.0);
  even = fused(even, rr, 1.0 / 720.0);
  odd = fused(odd, rr, 1.0 / 120.0);
  even = fused(even, rr, 1.0 / 24.0);
  odd = fused(odd, rr, 1.0 / 6.0);
  even = fused(even, rr, 0.5);
  odd = fused(odd, rr, 1.0);
  even = fused(even, rr, 1.0);
  double result = fused(odd, r, even) * detail::powerOfTwo(k.integer);
  return float(detail::finishPower(double(x), double(y), result));
}

} // namespace basalt::rt

#undef BASALT_ALWAYS_INLINE

#endif // BASALT_RUNTIME_NATIVE_POWER_H
