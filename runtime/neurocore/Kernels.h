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
#define BASALT_BLOCK _Pragma("clang loop vectorize(assume_safety) unroll(disable)")
#else
#define BASALT_INDEPENDENT _Pragma("GCC ivdep")
#define BASALT_BLOCK BASALT_INDEPENDENT
#endif

// For functions whose arguments decide what remains of them.
#define BASALT_ALWAYS_INLINE inline __attribute__((always_inline))

namespace basalt::nc::kernels {

/// Neurons that are computed at once. Chunks are whole blocks, so that their loops have no rest.
inline constexpr size_t kBlock = 16;

/// f(i) for i below n, in any order.
template <typename F> inline void forEach(size_t n, F f) {
  size_t i = 0;
  for (; i + kBlock <= n; i += kBlock) {
    BASALT_BLOCK
    for (size_t j = 0; j < kBlock; ++j)
      f(i + j);
  }
  for (; i < n; ++i)
    f(i);
}

template <typename T, typename F> inline void unary(T *d, const T *a, size_t n, F f) {
  forEach(n, [=](size_t i) { d[i] = f(a[i]); });
}

template <typename T, typename F> inline void binary(T *d, const T *a, const T *b, size_t n, F f) {
  forEach(n, [=](size_t i) { d[i] = f(a[i], b[i]); });
}

/// The truth value as 0 or 1 in `d`, as no or all bits in `c`.
template <typename T, typename F>
inline void compare(int32_t *d, int32_t *c, const T *a, const T *b, size_t n, F f) {
  forEach(n, [=](size_t i) {
    int32_t holds = f(a[i], b[i]);
    d[i] = holds;
    c[i] = -holds;
  });
}

template <typename T> inline void select(T *d, const int32_t *c, const T *a, const T *b, size_t n) {
  forEach(n, [=](size_t i) {
    // Of two places the compiler would choose one and then load, which is slow for vectors.
    T x = a[i], y = b[i];
    d[i] = c[i] ? x : y;
  });
}

/// d where the mask is zero stays.
template <typename T> inline void blend(T *d, const T *a, const int32_t *mask, size_t n) {
  forEach(n, [=](size_t i) {
    T x = a[i], y = d[i];
    d[i] = mask[i] ? x : y;
  });
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
  using U = std::make_unsigned_t<T>;
  // Amounts are nearly always those that a machine shifts by.
  U most = 0;
  for (size_t i = 0; i < n; ++i) {
    U amount = U(b[i]) + U(imm);
    most = amount > most ? amount : most;
  }
  if (most < 8 * sizeof(T)) {
    if (op == Op::Shl)
      return binary(d, a, b, n, [=](T x, T k) { return T(U(x) << (U(k) + imm)); });
    if (op == Op::Sar)
      return binary(d, a, b, n, [=](T x, T k) { return T(x >> (U(k) + imm)); });
    return binary(d, a, b, n, [=](T x, T k) {
      T low = T((U(1) << (U(k) + imm)) - 1);
      return T((x + (x < 0 ? low : 0)) >> (U(k) + imm));
    });
  }
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
  if (mode == StoreMode::WrapUp) {
    T least = T(T(U(1) << (kBits - 1)) >> unused);
    return unary(d, a, n, [=](T x) {
      T low = T(T(U(x) << unused) >> unused);
      return low == least ? T(0 - U(low)) : low;
    });
  }
  // An unsigned value of all bits cannot be told from a negative one, so it ends one bit before.
  unsigned valueBits = isSigned || unused == 0 ? kBits - unused - 1 : bits;
  T most = T((U(1) << valueBits) - 1);
  T least = isSigned ? (mode == StoreMode::Saturate ? T(-most - 1) : T(-most)) : T(0);
  unary(d, a, n, [=](T x) { return x < least ? least : most < x ? most : x; });
}

/// What an instruction computes that neither compares nor sends, branches or draws. `c` is the
/// condition of SEL.
template <typename T>
BASALT_ALWAYS_INLINE void arithmetic(const Instruction &in, T *d, const T *a, const T *b,
                                     const int32_t *c, size_t n) {
  using U = std::make_unsigned_t<T>;
  switch (in.op) {
  case Op::Mov:
    return unary(d, a, n, [](T x) { return x; });
  case Op::Sel:
    return select(d, c, a, b, n);
  case Op::Add:
    return binary(d, a, b, n, [](T x, T y) { return T(U(x) + U(y)); });
  case Op::Sub:
    return binary(d, a, b, n, [](T x, T y) { return T(U(x) - U(y)); });
  case Op::Neg:
    return unary(d, a, n, [](T x) { return T(0 - U(x)); });
  case Op::Abs:
    return unary(d, a, n, [](T x) { return x < 0 ? T(0 - U(x)) : x; });
  case Op::Min:
    return binary(d, a, b, n, [](T x, T y) { return y < x ? y : x; });
  case Op::Max:
    return binary(d, a, b, n, [](T x, T y) { return x < y ? y : x; });
  case Op::Muls:
    return multiply(d, a, b, n, in.imm, in.round);
  case Op::Shl:
  case Op::Sar:
  case Op::Srz:
    if (in.b == operands::Zero)
      return shift(in.op, d, a, n, in.imm);
    return shift(in.op, d, a, b, n, in.imm);
  case Op::And:
    return binary(d, a, b, n, [](T x, T y) { return T(x & y); });
  case Op::Or:
    return binary(d, a, b, n, [](T x, T y) { return T(x | y); });
  case Op::Xor:
    return binary(d, a, b, n, [](T x, T y) { return T(x ^ y); });
  case Op::Sat:
    return fit(d, a, n, unsigned(in.value), true, StoreMode::Saturate);
  case Op::Sats:
    return fit(d, a, n, unsigned(in.value), true, StoreMode::SaturateSymmetric);
  case Op::Wrap:
    return fit(d, a, n, unsigned(in.value), true, StoreMode::Wrap);
  default:
    return;
  }
}

template <typename T>
BASALT_ALWAYS_INLINE void compare(Op op, int32_t *d, int32_t *c, const T *a, const T *b, size_t n) {
  if (op == Op::Gt)
    return compare(d, c, a, b, n, [](T x, T y) { return x > y; });
  if (op == Op::Ge)
    return compare(d, c, a, b, n, [](T x, T y) { return x >= y; });
  if (op == Op::Lt)
    return compare(d, c, a, b, n, [](T x, T y) { return x < y; });
  compare(d, c, a, b, n, [](T x, T y) { return x == y; });
}

} // namespace basalt::nc::kernels

#endif // BASALT_RUNTIME_NEUROCORE_KERNELS_H
