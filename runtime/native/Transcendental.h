// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// exp, log, sin, cos and tanh (pow: Power.h): one implementation for generated code, the
// interpreter and the constant folder. libm is not used because its results differ between versions
// and between its scalar and vector variants. These functions give the same bits with any compiler
// at any level of optimisation, as long as it neither contracts nor reorders (-ffp-contract=off, no
// -ffast-math). They have no branches and no tables, so loops over them vectorise.
//
// Errors, measured against 80-bit arithmetic (TranscendentalTest): below 0.9 ulp for all of them.
// sin and cos reduce their argument properly up to |x| = 2^30; beyond, the error grows to |x| *
// 2^-53, and results stay within [-1, 1]. The float functions compute in double and round once.
//
// The polynomials are Taylor series: after the reductions their arguments are so small that a
// minimax fit would save one or two terms, and the coefficients can be checked by eye.
#ifndef BASALT_RUNTIME_NATIVE_TRANSCENDENTAL_H
#define BASALT_RUNTIME_NATIVE_TRANSCENDENTAL_H

#include "runtime/native/Arithmetic.h"

// A loop over a function vectorises only if the function is inlined, and compilers find these too
// long.
#define BASALT_ALWAYS_INLINE [[gnu::always_inline]] inline

namespace basalt::rt {

namespace detail {

/// Makes the last bit of a double worth 1, for numbers below 2^51: adding and subtracting it rounds
/// to the nearest integer, and the low bits of the sum are that integer.
inline constexpr double kRounder = 0x1.8p52;
inline constexpr double kNaN = __builtin_nan("");
inline constexpr double kInf = __builtin_inf();
inline constexpr double kLog2E = 0x1.71547652b82fep+0;
inline constexpr double kLn2High =
    0x1.62e42fefa38p-1; // 42 bits: its product with an exponent is exact
inline constexpr double kLn2Low = 0x1.ef35793c7673p-45;

/// An unevaluated sum, `low` being small against `high`.
struct Pair {
  double high, low;
};

/// a + b, exact.
BASALT_ALWAYS_INLINE Pair twoSum(double a, double b) {
  double sum = a + b;
  double part = sum - a;
  return {sum, (a - (sum - part)) + (b - part)};
}

/// a + b, exact if |a| >= |b|.
BASALT_ALWAYS_INLINE Pair fastTwoSum(double a, double b) {
  double sum = a + b;
  return {sum, b - (sum - a)};
}

/// The upper 26 bits of a number.
BASALT_ALWAYS_INLINE double upperHalf(double x) {
  return fromBits<double>(bits(x) & ~uint64_t(0x7ffffff));
}

/// a * b, exact to about 106 bits.
BASALT_ALWAYS_INLINE Pair twoProduct(double a, double b) {
  double product = a * b;
  double aHigh = upperHalf(a), bHigh = upperHalf(b);
  double aLow = a - aHigh, bLow = b - bHigh;
  double rest = ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
  return {product, rest};
}

/// 2^k for k in the range of normal numbers; some number for others.
BASALT_ALWAYS_INLINE double powerOfTwo(int64_t k) {
  return fromBits<double>((uint64_t(k) + 1023) << 52);
}

/// The nearest integer as a double and as an integer; for NaN and huge ones any integer.
struct Nearest {
  double real;
  int64_t integer;
};
BASALT_ALWAYS_INLINE Nearest nearest(double x) {
  double shifted = x + kRounder;
  return {shifted - kRounder, int64_t(bits(shifted) - bits(kRounder))};
}

/// A small integer as a double, without a conversion instruction (AVX2 has none for 64 bits).
BASALT_ALWAYS_INLINE double smallToDouble(int64_t x) {
  return fromBits<double>(uint64_t(x) + bits(kRounder)) - kRounder;
}

/// e^r - 1 - r for |r| <= 0.35.
BASALT_ALWAYS_INLINE double expTail(double r) {
  double p = 1.0 / 6227020800.0; // 1 / 13!
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  return r * r * p;
}

/// x = k ln 2 + r with |r| <= 0.35, for |x| <= 1100.
struct ExpReduction {
  int64_t k;
  Pair r;
};
BASALT_ALWAYS_INLINE ExpReduction reduceExp(double x, double xLow) {
  Nearest k = nearest(x * kLog2E);
  double high = x - k.real * kLn2High; // exact
  return {k.integer, fastTwoSum(high, xLow - k.real * kLn2Low)};
}

/// e^(x + xLow), where xLow is small against x; overflows to infinity and underflows to 0.
BASALT_ALWAYS_INLINE double expOfPair(double x, double xLow) {
  // Beyond these the result does not change any more. A NaN passes both.
  xLow = ((x > 710.0) | (x < -746.0)) ? 0.0 : xLow;
  x = x > 710.0 ? 710.0 : x;
  x = x < -746.0 ? -746.0 : x;
  ExpReduction e = reduceExp(x, xLow);
  double tail = expTail(e.r.high) + e.r.low * (1.0 + e.r.high);
  Pair head = fastTwoSum(1.0, e.r.high);
  double result = head.high + (head.low + tail);
  // In two steps, since 2^k itself may be out of range; at most the second one rounds.
  int64_t half = e.k >> 1;
  return result * powerOfTwo(half) * powerOfTwo(e.k - half);
}

/// x = 2^k m with m from sqrt(1/2) to sqrt(2), for finite x > 0; the first one for normal numbers.
struct LogReduction {
  double k, m;
};
BASALT_ALWAYS_INLINE LogReduction reduceNormalLog(double x) {
  uint64_t pattern = bits(x);
  constexpr uint64_t kSqrtHalf = 0x3fe6a09e667f3bcd;
  int64_t exponent = int64_t(pattern - kSqrtHalf) >> 52;
  return {smallToDouble(exponent), fromBits<double>(pattern - (uint64_t(exponent) << 52))};
}
BASALT_ALWAYS_INLINE LogReduction reduceLog(double x) {
  bool subnormal = x < 0x1p-1022;
  LogReduction result = reduceNormalLog(subnormal ? x * 0x1p54 : x);
  result.k -= subnormal ? 54.0 : 0.0;
  return result;
}

/// x = n pi/2 + r with |r| <= pi/4, n modulo 4.
struct Quadrant {
  int64_t n;
  Pair r;
};
BASALT_ALWAYS_INLINE Quadrant reduceQuadrant(double x) {
  // pi/2 in parts of 23 bits, whose products with n < 2^30 are exact, and a rest.
  Nearest n = nearest(x * 0x1.45f306dc9c883p-1);
  Pair a = twoSum(x, -(n.real * 0x1.921fb4p+0));
  Pair b = twoSum(a.high, -(n.real * 0x1.4442dp-24));
  Pair c = twoSum(b.high, -(n.real * 0x1.846988p-48));
  Pair d = twoSum(c.high, -(n.real * 0x1.8cc514p-72));
  double low = ((a.low + b.low) + c.low) + d.low;
  Pair r = fastTwoSum(d.high, low - n.real * 0x1.80dc1cd129025p-95);
  // Where the products are not exact any more r can be anything; the series must stay bounded.
  bool inRange = (r.high >= -0.8) & (r.high <= 0.8);
  return {n.integer, {inRange ? r.high : 0.0, inRange ? r.low : 0.0}};
}

/// sin(r) and cos(r) for |r| <= pi/4.
BASALT_ALWAYS_INLINE double sinSeries(Pair r) {
  double z = r.high * r.high;
  double p = 1.0 / 355687428096000.0; // 1 / 17!
  p = p * z - 1.0 / 1307674368000.0;
  p = p * z + 1.0 / 6227020800.0;
  p = p * z - 1.0 / 39916800.0;
  p = p * z + 1.0 / 362880.0;
  p = p * z - 1.0 / 5040.0;
  p = p * z + 1.0 / 120.0;
  p = p * z - 1.0 / 6.0;
  return r.high + (r.high * z * p + r.low * (1.0 - 0.5 * z));
}
BASALT_ALWAYS_INLINE double cosSeries(Pair r) {
  double z = r.high * r.high;
  double p = -1.0 / 6402373705728000.0; // -1 / 18!
  p = p * z + 1.0 / 20922789888000.0;
  p = p * z - 1.0 / 87178291200.0;
  p = p * z + 1.0 / 479001600.0;
  p = p * z - 1.0 / 3628800.0;
  p = p * z + 1.0 / 40320.0;
  p = p * z - 1.0 / 720.0;
  p = p * z + 1.0 / 24.0;
  Pair head = fastTwoSum(1.0, -0.5 * z);
  return head.high + (head.low + (z * z * p - r.high * r.low));
}

/// sin(x + quarters pi/2).
BASALT_ALWAYS_INLINE double sinOfQuarters(double x, int64_t quarters) {
  Quadrant q = reduceQuadrant(x);
  int64_t n = int64_t(uint64_t(q.n) + uint64_t(quarters));
  // With masks: from `?:` on such long operands compilers make branches, which do not vectorise.
  uint64_t useCos = 0 - uint64_t(n & 1), flip = uint64_t(n & 2) << 62;
  uint64_t sine = bits(sinSeries(q.r)), cosine = bits(cosSeries(q.r));
  return fromBits<double>(((sine & ~useCos) | (cosine & useCos)) ^ flip);
}

} // namespace detail

BASALT_ALWAYS_INLINE double expFloat(double x) {
  double result = detail::expOfPair(x, 0.0);
  return x != x ? x : result;
}

/// The natural logarithm; NaN below 0.
BASALT_ALWAYS_INLINE double logFloat(double x) {
  detail::LogReduction reduced = detail::reduceLog(x);
  // log(1 + f) = f - f^2 / 2 + s (f^2 / 2 + R), where 2 s + s R is the series of 2 artanh s.
  double f = reduced.m - 1.0;
  double s = f / (2.0 + f);
  double z = s * s;
  double p = 2.0 / 25.0;
  p = p * z + 2.0 / 23.0;
  p = p * z + 2.0 / 21.0;
  p = p * z + 2.0 / 19.0;
  p = p * z + 2.0 / 17.0;
  p = p * z + 2.0 / 15.0;
  p = p * z + 2.0 / 13.0;
  p = p * z + 2.0 / 11.0;
  p = p * z + 2.0 / 9.0;
  p = p * z + 2.0 / 7.0;
  p = p * z + 2.0 / 5.0;
  p = p * z + 2.0 / 3.0;
  double half = 0.5 * f * f;
  double correction = half - (s * (half + z * p) + reduced.k * detail::kLn2Low);
  double result = reduced.k * detail::kLn2High - (correction - f);
  result = x == detail::kInf ? x : result;
  result = x == 0.0 ? -detail::kInf : result;
  result = x < 0.0 ? detail::kNaN : result;
  return x != x ? x : result;
}

BASALT_ALWAYS_INLINE double sinFloat(double x) {
  double result = detail::sinOfQuarters(x, 0);
  result = absFloat(x) < 0x1p-27 ? x : result; // keeps -0
  result = absFloat(x) == detail::kInf ? detail::kNaN : result;
  return x != x ? x : result;
}

BASALT_ALWAYS_INLINE double cosFloat(double x) {
  double result = detail::sinOfQuarters(x, 1);
  result = absFloat(x) == detail::kInf ? detail::kNaN : result;
  return x != x ? x : result;
}

BASALT_ALWAYS_INLINE double tanhFloat(double x) {
  // t / (t + 2) with t = e^|2 x| - 1; beyond 22 it rounds to 1.
  double size = absFloat(x);
  size = size > 22.0 ? 22.0 : size;
  detail::ExpReduction e = detail::reduceExp(2.0 * size, 0.0);
  detail::Pair p = detail::fastTwoSum(e.r.high, detail::expTail(e.r.high));
  p.low += e.r.low * (1.0 + e.r.high);
  double scale = detail::powerOfTwo(e.k);
  detail::Pair t = detail::twoSum(scale - 1.0, scale * p.high);
  t.low += scale * p.low;
  detail::Pair d = detail::twoSum(2.0, t.high);
  d.low += t.low;
  double quotient = t.high / d.high;
  detail::Pair product = detail::twoProduct(quotient, d.high);
  double rest = ((t.high - product.high) - product.low) + (t.low - quotient * d.low);
  double result = quotient + rest / d.high;
  constexpr uint64_t kSign = uint64_t(1) << 63;
  result = detail::fromBits<double>((detail::bits(result) & ~kSign) | (detail::bits(x) & kSign));
  return x != x ? x : result;
}

BASALT_ALWAYS_INLINE float expFloat(float x) { return float(expFloat(double(x))); }
BASALT_ALWAYS_INLINE float logFloat(float x) { return float(logFloat(double(x))); }
BASALT_ALWAYS_INLINE float sinFloat(float x) { return float(sinFloat(double(x))); }
BASALT_ALWAYS_INLINE float cosFloat(float x) { return float(cosFloat(double(x))); }
BASALT_ALWAYS_INLINE float tanhFloat(float x) { return float(tanhFloat(double(x))); }

} // namespace basalt::rt

#undef BASALT_ALWAYS_INLINE

#endif // BASALT_RUNTIME_NATIVE_TRANSCENDENTAL_H
