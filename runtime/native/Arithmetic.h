// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one definition of Basalt's arithmetic (language.md section 6): integers are 64-bit and total,
// floats are IEEE with NumPy's conventions. Generated code, the reference interpreter and the
// constant folder all call these functions, so they cannot disagree. Nothing here has undefined
// behaviour for any operand, and whatever a loop calls per element is branch-free where the
// hardware allows, so that it vectorises. Header only, and light: no standard library beyond the
// integer types.
#ifndef BASALT_RUNTIME_NATIVE_ARITHMETIC_H
#define BASALT_RUNTIME_NATIVE_ARITHMETIC_H

#include <cstdint>

namespace basalt::rt {

//===-- Integers
//---------------------------------------------------------------------------------===//
// Signed overflow is undefined in C++, so everything that wraps goes through unsigned.

constexpr int64_t add(int64_t a, int64_t b) { return int64_t(uint64_t(a) + uint64_t(b)); }
constexpr int64_t sub(int64_t a, int64_t b) { return int64_t(uint64_t(a) - uint64_t(b)); }
constexpr int64_t mul(int64_t a, int64_t b) { return int64_t(uint64_t(a) * uint64_t(b)); }
constexpr int64_t neg(int64_t a) { return int64_t(0 - uint64_t(a)); }

/// Quotient rounded to minus infinity; 0 for a divisor 0; the least number by -1 wraps.
constexpr int64_t floordiv(int64_t a, int64_t b) {
  if (b == 0)
    return 0;
  if (b == -1) // the one quotient that overflows is among these
    return neg(a);
  int64_t quotient = a / b, rest = a % b;
  return quotient - int64_t(rest != 0 && (rest ^ b) < 0);
}

/// What floordiv leaves: has the sign of the divisor; 0 for a divisor 0.
constexpr int64_t mod(int64_t a, int64_t b) {
  if (b == 0 || b == -1)
    return 0;
  int64_t rest = a % b;
  return (rest != 0 && (rest ^ b) < 0) ? rest + b : rest;
}

/// x * 2^-k for k >= 0, floor.
constexpr int64_t shiftRight(int64_t x, uint64_t k) { return x >> (k > 63 ? 63 : k); }
/// x * 2^k for k >= 0; beyond 63 all bits are gone.
constexpr int64_t shiftLeft(int64_t x, uint64_t k) {
  return k > 63 ? 0 : int64_t(uint64_t(x) << (k & 63));
}

/// x * 2^k, rounded to minus infinity for k < 0.
constexpr int64_t shift(int64_t x, int64_t k) {
  return k >= 0 ? shiftLeft(x, uint64_t(k)) : shiftRight(x, 0 - uint64_t(k));
}
/// `x << k`, a shift to the right for negative k.
constexpr int64_t shl(int64_t x, int64_t k) { return shift(x, k); }
/// `x >> k`, a shift to the left for negative k; not shift(x, -k), which wraps for the least k.
constexpr int64_t shr(int64_t x, int64_t k) {
  return k >= 0 ? shiftRight(x, uint64_t(k)) : shiftLeft(x, 0 - uint64_t(k));
}

/// x to the power k, wrapping; 0 for k < 0.
constexpr int64_t ipow(int64_t x, int64_t k) {
  if (k < 0)
    return 0;
  uint64_t result = 1, base = uint64_t(x);
  for (uint64_t rest = uint64_t(k); rest != 0; rest >>= 1) {
    result *= (rest & 1) ? base : 1;
    base *= base;
  }
  return int64_t(result);
}

/// a * b / 2^k rounded toward zero, exact, then wrapped to 64 bits; for any k (a negative one
/// multiplies).
constexpr int64_t mulShr(int64_t a, int64_t b, int64_t k) {
  __extension__ typedef __int128 Wide;
  if (k < 0)
    return shiftLeft(mul(a, b), 0 - uint64_t(k));
  if (k > 126) // |a * b| <= 2^126, and the one product that reaches it is cut below
    return 0;
  Wide product = Wide(a) * b;
  Wide bias = product < 0 ? (Wide(1) << k) - 1 : 0;
  return int64_t((product + bias) >> k);
}

/// The low N bits, sign-extended: what storing into an iN keeps. One bit is 0 or 1.
template <int N> constexpr int64_t wrap(int64_t x) {
  static_assert(N >= 1 && N <= 64, "an integer has 1 to 64 bits");
  if constexpr (N == 1)
    return x & 1;
  else
    return int64_t(uint64_t(x) << (64 - N)) >> (64 - N);
}

/// The low N bits, zero-extended: what reading a uN gives.
template <int N> constexpr int64_t mask(int64_t x) {
  static_assert(N >= 1 && N <= 64, "an integer has 1 to 64 bits");
  return int64_t(uint64_t(x) & (~uint64_t(0) >> (64 - N)));
}

/// The same for widths that are known only at run time (the interpreter).
constexpr int64_t wrap(int64_t x, int bits) {
  return bits == 1 ? x & 1 : int64_t(uint64_t(x) << (64 - bits)) >> (64 - bits);
}
constexpr int64_t mask(int64_t x, int bits) {
  return int64_t(uint64_t(x) & (~uint64_t(0) >> (64 - bits)));
}

/// Absolute value; that of the least number is itself.
constexpr int64_t absInt(int64_t x) { return x < 0 ? neg(x) : x; }
constexpr int64_t sign(int64_t x) { return int64_t(x > 0) - int64_t(x < 0); }
constexpr int64_t minInt(int64_t a, int64_t b) { return b < a ? b : a; }
constexpr int64_t maxInt(int64_t a, int64_t b) { return a < b ? b : a; }

//===-- The same in 32 bits
//-----------------------------------------------------------------------===//
// What generated code calls where 32 bits give the same result: a vector register holds twice as
// many of them.

constexpr int32_t add32(int32_t a, int32_t b) { return int32_t(uint32_t(a) + uint32_t(b)); }
constexpr int32_t sub32(int32_t a, int32_t b) { return int32_t(uint32_t(a) - uint32_t(b)); }
constexpr int32_t mul32(int32_t a, int32_t b) { return int32_t(uint32_t(a) * uint32_t(b)); }
constexpr int32_t minInt32(int32_t a, int32_t b) { return b < a ? b : a; }
constexpr int32_t maxInt32(int32_t a, int32_t b) { return a < b ? b : a; }
/// The low 32 bits of shift(x, k).
constexpr int32_t shift32(int32_t x, int32_t k) {
  uint32_t left = k > 31 ? 0 : uint32_t(x) << (k & 31), down = 0 - uint32_t(k);
  return k >= 0 ? int32_t(left) : x >> (down > 31 ? 31 : down);
}
/// The low N bits, sign-extended; of more than one.
template <int N> constexpr int32_t wrap32(int32_t x) {
  static_assert(N > 1 && N <= 32, "an integer of 2 to 32 bits");
  return int32_t(uint32_t(x) << (32 - N)) >> (32 - N);
}
/// mulShr(a, b, k) for 0 <= b <= 2^k and k <= 16: with |a| = h * 2^k + l that is h * b + l * b /
/// 2^k, of which no part needs more than 32 bits.
constexpr int32_t mulShr32(int32_t a, int32_t b, int32_t k) {
  uint32_t size = a < 0 ? 0 - uint32_t(a) : uint32_t(a), factor = uint32_t(b);
  uint32_t high = size >> k, low = size & ((uint32_t(1) << k) - 1);
  uint32_t result = high * factor + ((low * factor) >> k);
  return int32_t(a < 0 ? 0 - result : result);
}

//===-- Conversions
//------------------------------------------------------------------------------===//

/// Toward zero; NaN is 0; what is out of range saturates.
constexpr int64_t toInt(double x) {
  if (x != x)
    return 0;
  if (x >= 0x1p63)
    return INT64_MAX;
  return x < -0x1p63 ? INT64_MIN : int64_t(x);
}

//===-- Floats
//-----------------------------------------------------------------------------------===//
// Each for float and double. No function relies on the payload or sign of a NaN: where one goes in,
// the first one comes out unchanged.

namespace detail {
template <typename T> struct BitsOf;
template <> struct BitsOf<float> {
  using Type = uint32_t;
};
template <> struct BitsOf<double> {
  using Type = uint64_t;
};
template <typename T> constexpr typename BitsOf<T>::Type bits(T x) {
  return __builtin_bit_cast(typename BitsOf<T>::Type, x);
}
template <typename T> constexpr T fromBits(typename BitsOf<T>::Type x) {
  return __builtin_bit_cast(T, x);
}

/// Equal operands are the same bits or two zeros, so `and` and `or` choose between the zeros.
template <typename T> constexpr T minimum(T a, T b) {
  T lesser = a == b ? fromBits<T>(bits(a) | bits(b)) : (a < b ? a : b);
  return a != a ? a : (b != b ? b : lesser);
}
template <typename T> constexpr T maximum(T a, T b) {
  T greater = a == b ? fromBits<T>(bits(a) & bits(b)) : (a > b ? a : b);
  return a != a ? a : (b != b ? b : greater);
}
template <typename T> constexpr T signOf(T x) {
  T result = T(x > 0) - T(x < 0);
  return x != x ? x : result;
}
} // namespace detail

/// NumPy's minimum and maximum: a NaN wins; -0 is below +0.
constexpr float minFloat(float a, float b) { return detail::minimum(a, b); }
constexpr double minFloat(double a, double b) { return detail::minimum(a, b); }
constexpr float maxFloat(float a, float b) { return detail::maximum(a, b); }
constexpr double maxFloat(double a, double b) { return detail::maximum(a, b); }

/// -1, 0 or 1; a NaN stays.
constexpr float signFloat(float x) { return detail::signOf(x); }
constexpr double signFloat(double x) { return detail::signOf(x); }

constexpr float absFloat(float x) { return detail::fromBits<float>(detail::bits(x) & 0x7fffffffu); }
constexpr double absFloat(double x) {
  return detail::fromBits<double>(detail::bits(x) & 0x7fffffffffffffffu);
}

// IEEE defines each of these to the last bit, so the compiler's instruction or library call will
// do.
inline float roundEven(float x) { return __builtin_roundevenf(x); }
inline double roundEven(double x) { return __builtin_roundeven(x); }
inline float truncFloat(float x) { return __builtin_truncf(x); }
inline double truncFloat(double x) { return __builtin_trunc(x); }
inline float floorFloat(float x) { return __builtin_floorf(x); }
inline double floorFloat(double x) { return __builtin_floor(x); }
inline float ceilFloat(float x) { return __builtin_ceilf(x); }
inline double ceilFloat(double x) { return __builtin_ceil(x); }
inline float sqrtFloat(float x) { return __builtin_sqrtf(x); }
inline double sqrtFloat(double x) { return __builtin_sqrt(x); }

namespace detail {
inline float exactRemainder(float a, float b) { return __builtin_fmodf(a, b); }
inline double exactRemainder(double a, double b) { return __builtin_fmod(a, b); }
inline float copySign(float x, float s) { return __builtin_copysignf(x, s); }
inline double copySign(double x, double s) { return __builtin_copysign(x, s); }

template <typename T> inline T floorRemainder(T a, T b) {
  T rest = exactRemainder(a, b); // NaN for b = 0 and infinite a
  if (rest == 0)
    return copySign(T(0), b);
  return (rest < 0) != (b < 0) ? rest + b : rest;
}

template <typename T> inline T floorQuotient(T a, T b) {
  if (b == 0 || a != a || b != b)
    return a / b;
  T rest = exactRemainder(a, b);
  // a - rest is a multiple of b up to one rounding, which the last lines take away.
  T quotient = (a - rest) / b;
  if (rest != 0 && (rest < 0) != (b < 0))
    quotient -= 1;
  if (quotient == 0)
    return copySign(T(0), a / b);
  T below = floorFloat(quotient);
  return quotient - below > T(0.5) ? below + 1 : below;
}
} // namespace detail

/// `//` of Python and NumPy: IEEE division for a divisor 0.
inline float floorDivFloat(float a, float b) { return detail::floorQuotient(a, b); }
inline double floorDivFloat(double a, double b) { return detail::floorQuotient(a, b); }
/// `%` of Python and NumPy: has the sign of the divisor; NaN for a divisor 0.
inline float modFloat(float a, float b) { return detail::floorRemainder(a, b); }
inline double modFloat(double a, double b) { return detail::floorRemainder(a, b); }

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_ARITHMETIC_H
