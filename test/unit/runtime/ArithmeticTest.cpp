// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The arithmetic against 128-bit arithmetic and against what Python and NumPy answer.
#include "runtime/native/Arithmetic.h"

#include <cmath>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

using namespace basalt::rt;

namespace {

__extension__ typedef __int128 Wide;

constexpr int64_t kMin = INT64_MIN, kMax = INT64_MAX;

/// Numbers on both sides of every limit.
std::vector<int64_t> interesting() {
  std::vector<int64_t> values = {0, 1, 2, 3, 5, 7, 10, 1000003, -1, -2, -3, -5, -7, -10, -1000003};
  for (int bits : {7, 8, 15, 16, 23, 24, 31, 32, 52, 53, 62})
    for (int64_t offset : {-1, 0, 1}) {
      values.push_back((int64_t(1) << bits) + offset);
      values.push_back(-(int64_t(1) << bits) + offset);
    }
  for (int64_t offset : {0, 1, 2}) {
    values.push_back(kMin + offset);
    values.push_back(kMax - offset);
  }
  return values;
}

/// floor(a / 2^k) for wide a.
Wide floorShift(Wide a, int k) { return a >> k; }

Wide floorQuotient(Wide a, Wide b) {
  Wide quotient = a / b;
  return quotient * b != a && ((a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

TEST(Arithmetic, WrapsLikeTheLowBitsOfTheExactResult) {
  for (int64_t a : interesting()) {
    EXPECT_EQ(neg(a), int64_t(-Wide(a)));
    EXPECT_EQ(absInt(a), int64_t(a < 0 ? -Wide(a) : Wide(a)));
    EXPECT_EQ(sign(a), a > 0 ? 1 : a < 0 ? -1 : 0);
    for (int64_t b : interesting()) {
      EXPECT_EQ(add(a, b), int64_t(Wide(a) + b));
      EXPECT_EQ(sub(a, b), int64_t(Wide(a) - b));
      EXPECT_EQ(mul(a, b), int64_t(Wide(a) * b));
      EXPECT_EQ(minInt(a, b), std::min(a, b));
      EXPECT_EQ(maxInt(a, b), std::max(a, b));
    }
  }
}

TEST(Arithmetic, DivisionRoundsDownAndIsTotal) {
  for (int64_t a : interesting()) {
    EXPECT_EQ(floordiv(a, 0), 0);
    EXPECT_EQ(mod(a, 0), 0);
    for (int64_t b : interesting()) {
      if (b == 0)
        continue;
      Wide quotient = floorQuotient(a, b);
      EXPECT_EQ(floordiv(a, b), int64_t(quotient)) << a << " // " << b;
      EXPECT_EQ(mod(a, b), int64_t(Wide(a) - quotient * b)) << a << " % " << b;
    }
  }
  EXPECT_EQ(floordiv(kMin, -1), kMin);
  EXPECT_EQ(mod(kMin, -1), 0);
}

TEST(Arithmetic, ShiftsByAnyAmount) {
  for (int64_t x : interesting()) {
    for (int k = 0; k <= 63; ++k) {
      EXPECT_EQ(shift(x, k), int64_t(uint64_t(x) << k));
      EXPECT_EQ(shift(x, -k), int64_t(floorShift(x, k)));
      EXPECT_EQ(shl(x, k), shift(x, k));
      EXPECT_EQ(shr(x, k), shift(x, -k));
      EXPECT_EQ(shr(x, -k), shift(x, k));
    }
    for (int64_t k : {int64_t(64), int64_t(65), int64_t(128), kMax}) {
      EXPECT_EQ(shift(x, k), 0);
      EXPECT_EQ(shift(x, -k), x < 0 ? -1 : 0);
      EXPECT_EQ(shr(x, k), x < 0 ? -1 : 0);
      EXPECT_EQ(shr(x, -k), 0);
    }
    EXPECT_EQ(shift(x, kMin), x < 0 ? -1 : 0);
    EXPECT_EQ(shr(x, kMin), 0); // a shift to the left by more than there is
  }
}

TEST(Arithmetic, Power) {
  for (int64_t x : interesting()) {
    uint64_t product = 1;
    for (int k = 0; k < 70; ++k) {
      EXPECT_EQ(ipow(x, k), int64_t(product));
      product *= uint64_t(x);
    }
    EXPECT_EQ(ipow(x, -1), 0);
    EXPECT_EQ(ipow(x, kMin), 0);
  }
  EXPECT_EQ(ipow(1, kMax), 1);
  EXPECT_EQ(ipow(-1, kMax), -1);
  EXPECT_EQ(ipow(2, 63), kMin);
}

TEST(Arithmetic, MulShrTowardZero) {
  for (int64_t a : interesting())
    for (int64_t b : interesting())
      for (int k : {0, 1, 5, 12, 31, 32, 62, 63}) {
        Wide product = Wide(a) * b;
        Wide magnitude = floorShift(product < 0 ? -product : product, k);
        EXPECT_EQ(mulShr(a, b, k), int64_t(product < 0 ? -magnitude : magnitude))
            << a << " * " << b << " / 2^" << k;
      }
  EXPECT_EQ(mulShr(-1, 1, 12), 0);
  EXPECT_EQ(mulShr(3, 5, -2), 60);
  EXPECT_EQ(mulShr(kMin, kMin, 126), 1);
  EXPECT_EQ(mulShr(kMin, kMin, 127), 0);
  EXPECT_EQ(mulShr(kMin, kMax, kMax), 0);
  EXPECT_EQ(mulShr(kMin, kMax, kMin), 0);
}

/// Numbers near the ends and the powers of two, and many between.
std::vector<int32_t> manyIn32() {
  std::vector<int32_t> result;
  for (int bit = 0; bit < 32; ++bit)
    for (int64_t near : {-2, -1, 0, 1, 2})
      for (int64_t sign : {-1, 1})
        result.push_back(int32_t(uint32_t(sign * ((int64_t(1) << bit) + near))));
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i)
    result.push_back(int32_t(random()) >> (random() % 32));
  return result;
}

TEST(Arithmetic, MulShrOf32Bits) {
  std::vector<int32_t> numbers = manyIn32();
  for (int32_t k = 0; k <= 16; ++k)
    for (int32_t b : {0, 1, 2, 3, (1 << k) / 3, (1 << k) / 2, (1 << k) - 2, (1 << k) - 1, 1 << k})
      for (int32_t a : numbers)
        if (b >= 0 && b <= 1 << k)
          ASSERT_EQ(mulShr32(a, b, k), mulShr(a, b, k)) << a << " " << b << " " << k;
  // The decay of a neuron, every factor.
  for (int32_t b = 0; b <= 4096; ++b)
    for (int32_t a :
         {INT32_MIN, -8388608, -8388607, -4097, -4096, -1, 0, 1, 4095, 8388607, INT32_MAX})
      ASSERT_EQ(mulShr32(a, b, 12), mulShr(a, b, 12)) << a << " " << b;
}

TEST(Arithmetic, LowBitsIn32Bits) {
  std::vector<int32_t> numbers = manyIn32();
  for (int32_t a : numbers) {
    for (int32_t b : {0, 1, -1, 4096, 16777216, INT32_MAX, INT32_MIN, 1234567}) {
      ASSERT_EQ(add32(a, b), wrap<32>(add(a, b)));
      ASSERT_EQ(sub32(a, b), wrap<32>(sub(a, b)));
      ASSERT_EQ(mul32(a, b), wrap<32>(mul(a, b)));
      ASSERT_EQ(minInt32(a, b), minInt(a, b));
      ASSERT_EQ(maxInt32(a, b), maxInt(a, b));
    }
    for (int32_t k :
         {INT32_MIN, -65, -64, -33, -32, -31, -7, -1, 0, 1, 6, 30, 31, 32, 33, 63, 64, INT32_MAX})
      ASSERT_EQ(shift32(a, k), wrap<32>(shift(a, k))) << a << " " << k;
    ASSERT_EQ(wrap32<2>(a), wrap<2>(a));
    ASSERT_EQ(wrap32<24>(a), wrap<24>(a));
    ASSERT_EQ(wrap32<32>(a), a);
  }
}

TEST(Arithmetic, WrapAndMask) {
  EXPECT_EQ(wrap<8>(127), 127);
  EXPECT_EQ(wrap<8>(128), -128);
  EXPECT_EQ(wrap<24>(1 << 23), -(1 << 23));
  EXPECT_EQ(wrap<1>(3), 1);
  EXPECT_EQ(wrap<1>(-2), 0);
  EXPECT_EQ(wrap<64>(kMin), kMin);
  EXPECT_EQ(mask<12>(-1), 4095);
  EXPECT_EQ(mask<1>(-1), 1);
  EXPECT_EQ(mask<64>(-1), -1);
  EXPECT_EQ(mask<63>(-1), kMax);
  for (int64_t x : interesting()) {
    EXPECT_EQ(wrap(x, 24), wrap<24>(x));
    EXPECT_EQ(wrap(x, 1), wrap<1>(x));
    EXPECT_EQ(mask(x, 12), mask<12>(x));
    EXPECT_EQ(mask(x, 64), x);
  }
  // Usable in constant expressions, which refuse undefined behaviour.
  static_assert(floordiv(kMin, -1) == kMin && mod(-7, 3) == 2 && shift(1, 63) == kMin &&
                mulShr(-4097, 1, 12) == -1 && toInt(-2.7) == -2);
}

TEST(Arithmetic, FloatToInteger) {
  EXPECT_EQ(toInt(2.7), 2);
  EXPECT_EQ(toInt(-2.7), -2);
  EXPECT_EQ(toInt(-0.0), 0);
  EXPECT_EQ(toInt(NAN), 0);
  EXPECT_EQ(toInt(INFINITY), kMax);
  EXPECT_EQ(toInt(-INFINITY), kMin);
  EXPECT_EQ(toInt(0x1p63), kMax);
  EXPECT_EQ(toInt(-0x1p63), kMin);
  EXPECT_EQ(toInt(0x1.fffffffffffffp62), 0x7ffffffffffffc00);
  EXPECT_EQ(toInt(1e300), kMax);
}

/// Equal, with NaN equal to NaN and -0 different from 0.
template <typename T> void expectSame(T actual, T expected) {
  if (expected != expected)
    EXPECT_NE(actual, actual);
  else
    EXPECT_TRUE(actual == expected && std::signbit(actual) == std::signbit(expected))
        << actual << " is not " << expected;
}

template <typename T> class FloatArithmetic : public ::testing::Test {};
using FloatTypes = ::testing::Types<float, double>;
TYPED_TEST_SUITE(FloatArithmetic, FloatTypes);

TYPED_TEST(FloatArithmetic, MinimumAndMaximum) {
  using T = TypeParam;
  const T nan = std::numeric_limits<T>::quiet_NaN(), inf = std::numeric_limits<T>::infinity();
  expectSame<T>(minFloat(T(1), T(2)), 1);
  expectSame<T>(maxFloat(T(1), T(2)), 2);
  expectSame<T>(minFloat(T(0), T(-0.0)), T(-0.0));
  expectSame<T>(minFloat(T(-0.0), T(0)), T(-0.0));
  expectSame<T>(maxFloat(T(0), T(-0.0)), 0);
  expectSame<T>(maxFloat(T(-0.0), T(0)), 0);
  expectSame<T>(maxFloat(T(-0.0), T(-0.0)), T(-0.0));
  expectSame<T>(minFloat(T(-3), T(-3)), -3);
  expectSame<T>(maxFloat(T(-3), T(-3)), -3);
  for (T other : {T(0), T(-1), inf, -inf, nan}) {
    expectSame(minFloat(nan, other), nan);
    expectSame(minFloat(other, nan), nan);
    expectSame(maxFloat(nan, other), nan);
    expectSame(maxFloat(other, nan), nan);
  }
  expectSame(maxFloat(inf, T(1)), inf);
  expectSame(minFloat(-inf, T(1)), -inf);
}

TYPED_TEST(FloatArithmetic, SignAndRounding) {
  using T = TypeParam;
  expectSame(signFloat(T(-2)), T(-1));
  expectSame(signFloat(T(0.25)), T(1));
  expectSame(signFloat(T(-0.0)), T(0));
  expectSame(signFloat(T(NAN)), T(NAN));
  expectSame(absFloat(T(-0.0)), T(0));
  expectSame(absFloat(T(-INFINITY)), T(INFINITY));
  expectSame(roundEven(T(0.5)), T(0));
  expectSame(roundEven(T(1.5)), T(2));
  expectSame(roundEven(T(-2.5)), T(-2));
  expectSame(roundEven(T(-0.25)), T(-0.0));
  expectSame(truncFloat(T(-1.75)), T(-1));
  expectSame(floorFloat(T(-1.25)), T(-2));
  expectSame(ceilFloat(T(-1.75)), T(-1));
  expectSame(sqrtFloat(T(2.25)), T(1.5));
  expectSame(sqrtFloat(T(-1)), T(NAN));
}

// What NumPy 1.24 answers.
TYPED_TEST(FloatArithmetic, FloorDivisionAsInNumPy) {
  using T = TypeParam;
  const T nan = T(NAN), inf = T(INFINITY);
  struct Case {
    T a, b, quotient, rest;
  };
  const Case cases[] = {
      {7, 3, 2, 1},
      {-7, 3, -3, 2},
      {7, -3, -3, -2},
      {-7, -3, 2, -1},
      {6, 3, 2, 0},
      {-6, 3, -2, 0},
      {6, -3, -2, T(-0.0)},
      {T(-0.0), 3, T(-0.0), 0},
      {0, -3, T(-0.0), T(-0.0)},
      {T(0.5), 2, 0, T(0.5)},
      {T(-0.5), 2, -1, T(1.5)},
      {1, inf, 0, 1},
      {-1, inf, -1, inf},
      {1, -inf, -1, -inf},
      {-1, -inf, 0, -1},
      {inf, 1, nan, nan},
      {-inf, 1, nan, nan},
      {1, 0, inf, nan},
      {-1, 0, -inf, nan},
      {1, T(-0.0), -inf, nan},
      {0, 0, nan, nan},
      {nan, 1, nan, nan},
      {1, nan, nan, nan},
  };
  for (const Case &c : cases) {
    SCOPED_TRACE(testing::Message() << c.a << " by " << c.b);
    expectSame(floorDivFloat(c.a, c.b), c.quotient);
    expectSame(modFloat(c.a, c.b), c.rest);
  }
}

TEST(Arithmetic, FloorDivisionOfTenths) {
  // 0.1 is a little more than a tenth.
  expectSame(floorDivFloat(1.0, 0.1), 9.0);
  expectSame(modFloat(1.0, 0.1), 0.09999999999999995);
  expectSame(floorDivFloat(-1.0, 0.1), -10.0);
}

} // namespace
