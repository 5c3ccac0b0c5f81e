// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The arithmetic of instructions over arrays, for 32 and 64 bits. Loops of nothing else, so that
// they become vector instructions; an array may be source and destination at once.
#ifndef BASALT_RUNTIME_NEUROCORE_KERNELS_H
#define BASALT_RUNTIME_NEUROCORE_KERNELS_H

#include "runtime/native/Arithmetic.h"
#include "runtime/neurocore/Image.h"
#include "runtime/neurocore/Microcode.h"

#include <cstddef>
#include <type_traits>

// The element i of a destination depends on the elements i of sources alone.
#if defined(__clang__)
#define BASALT_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define BASALT_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace basalt::nc::kernels {

template <typename T, typename F> inline void unary(T *d, const T *a, size_t n, F f) {
  BASALT_INDEPENDENT
  for (size_t i = 0; i < n; ++i)
    d[i] = f(a[i]);
}

template <typename T, typename F> inline void binary(T *d, const T *a, const T *b, size_t n, F f) {
  BASALT_INDEPENDENT
  for (size_t i = 0; i < n; ++i)
    d[i] = f(a[i], b[i]);
}

/// The truth value as 0 or 1 in `d`, as no or all bits in `c`.
template <typename T, typename F>
inline void compare(int32_t *d, int32_t *c, const T *a, const T *b, size_t n, F f) {
  BASALT_INDEPENDENT
  for (size_t i = 0; i < n; ++i) {
    int32_t holds = f(a[i], b[i]);
    d[i] = holds;
    c[i] = -holds;
  }
}

template <typename T> inline void select(T *d, const int32_t *c, const T *a, const T *b, size_t n) {
  BASALT_INDEPENDENT
  for (size_t i = 0; i < n; ++i)
    d[i] = c[i] ? a[i] : b[i];
}

/// d where the mask is zero stays.
template <typename T> inline void blend(T *d, const T *a, const int32_t *mask, size_t n) {
  BASALT_INDEPENDENT
  for (size_t i = 0; i < n; ++i)
    d[i] = mask[i] ? a[i] : d[i];
}

/// The type that holds products.
template <typename T> struct Wider;
template <> struct Wider<int32_t> {
  using Type = int64_t;
};
template <> struct Wider<int64_t> {
  __extension__ using Type = __int128;
};

template <typename T>
inline void multiply(T *d, const T *a, const T *b, size_t n, unsigned shift, Round round) {
  using W = typename Wider<T>::Type;
  if (round == Round::Floor)
    return binary(d, a, b, n, [=](T x, T y) { return T((W(x) * y) >> shift); });
  W low = (W(1) << shift) - 1;
  if (round == Round::TowardZero)
    return binary(d, a, b, n, [=](T x, T y) {
      W product = W(x) * y;
      return T((product + (product < 0 ? low : 0)) >> shift);
    });
  W half = shift ? W(1) << (shift - 1) : 0;
  // Ties away from zero: the amount is rounded.
  binary(d, a, b, n, [=](T x, T y) {
    W product = W(x) * y;
    return T((product + half - (product < 0 && shift ? 1 : 0)) >> shift);
  });
}

/// x / 2^k toward zero, k from 0.
constexpr int64_t shiftToZero(int64_t x, uint64_t k) {
  if (k > 63)
    return 0;
  int64_t low = k ? int64_t((uint64_t(1) << k) - 1) : 0;
  return (x + (x < 0 ? low : 0)) >> k;
}

/// The shifts for any amount.
constexpr int64_t shiftBy(Op op, int64_t x, int64_t amount) {
  if (op == Op::Shl)
    return rt::shl(x, amount);
  if (op == Op::Sar)
    return rt::shr(x, amount);
  return amount >= 0 ? shiftToZero(x, uint64_t(amount)) : rt::shr(x, amount);
}

template <typename T>
inline void shift(Op op, T *d, const T *a, const T *b, size_t n, unsigned imm) {
  binary(d, a, b, n,
         [=](T x, T k) { return T(shiftBy(op, int64_t(x), rt::add(int64_t(k), int64_t(imm)))); });
}

/// The same with one amount for all.
template <typename T> inline void shift(Op op, T *d, const T *a, size_t n, unsigned imm) {
  using U = std::make_unsigned_t<T>;
  if (op == Op::Shl)
    return unary(d, a, n, [=](T x) { return T(U(x) << imm); });
  if (op == Op::Sar)
    return unary(d, a, n, [=](T x) { return T(x >> imm); });
  T low = T((U(1) << imm) - 1);
  unary(d, a, n, [=](T x) { return T((x + (x < 0 ? low : 0)) >> imm); });
}

/// Brings values to `bits` bits, as a store or SAT, SATS and WRAP do it.
template <typename T>
inline void fit(T *d, const T *a, size_t n, unsigned bits, bool isSigned, StoreMode mode) {
  using U = std::make_unsigned_t<T>;
  constexpr unsigned kBits = 8 * sizeof(T);
  unsigned unused = bits < kBits ? kBits - bits : 0;
  if (mode == StoreMode::Wrap && isSigned)
    return unary(d, a, n, [=](T x) { return T(T(U(x) << unused) >> unused); });
  if (mode == StoreMode::Wrap) {
    U mask = U(~U(0)) >> unused;
    return unary(d, a, n, [=](T x) { return T(U(x) & mask); });
  }
  // An unsigned value of all bits cannot be told from a negative one, so it ends one bit before.
  unsigned valueBits = isSigned || unused == 0 ? kBits - unused - 1 : bits;
  T most = T((U(1) << valueBits) - 1);
  T least = isSigned ? (mode == StoreMode::Saturate ? T(-most - 1) : T(-most)) : T(0);
  unary(d, a, n, [=](T x) { return x < least ? least : most < x ? most : x; });
}

} // namespace basalt::nc::kernels

#endif // BASALT_RUNTIME_NEUROCORE_KERNELS_H
