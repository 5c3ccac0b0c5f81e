// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// x^y against the 80-bit one of libm, its special values against C's, and its bits against a golden
// hash: every compiler and level of optimisation must give the same.
#include "runtime/native/Power.h"

#include "Ulps.h"

#include <gtest/gtest.h>

using namespace basalt::rt;

namespace {

TEST(Power, AnyArguments) {
  Samples samples;
  double worst = 0, atX = 0, atY = 0;
  for (int i = 0; i < 3 * kSamples; ++i) {
    double x = 0, y = 0;
    if (i % 3 == 0) { // any base, results over the whole range
      x = samples.wide(-1074, 1023);
      y = samples.uniform(-3, 3);
    } else if (i % 3 == 1) {
      x = samples.wide(-1, 1);
      y = samples.sign() * samples.wide(0, 10);
    } else { // close to 1, with large exponents
      x = 1 + samples.sign() * samples.wide(-40, -1);
      y = samples.sign() * samples.wide(-10, 45);
    }
    double error = ulps(powFloat(x, y), powl(x, y));
    if (error > worst) {
      worst = error;
      atX = x;
      atY = y;
    }
  }
  EXPECT_LT(worst, kTolerance) << "at " << std::hexfloat << atX << " " << atY;
}

// A result that is a double comes out as it is.
TEST(Power, ExactPowers) {
  for (int64_t base = -40; base <= 40; ++base)
    for (int64_t exponent = 0; exponent < 60; ++exponent) {
      long double exact = powl((long double)base, (long double)exponent);
      if (std::fabs(exact) >= 0x1p53L)
        break;
      EXPECT_EQ(powFloat(double(base), double(exponent)), double(exact)) << base << " " << exponent;
    }
  for (int k = -1074; k < 1024; ++k)
    EXPECT_EQ(powFloat(2.0, double(k)), std::ldexp(1.0, k));
  for (double root = 1; root < 1000; ++root)
    EXPECT_EQ(powFloat(root * root, 0.5), root);
}

TEST(Power, SpecialValues) {
  const double values[] = {0.0,  -0.0,  1.0,    -1.0,   0.5,     -0.5,   2.0,
                           -2.0, 3.0,   -3.0,   2.5,    -2.5,    kInf,   -kInf,
                           kNaN, 1e300, -1e300, 1e-300, -1e-300, 0x1p53, 0x1p60};
  for (double x : values)
    for (double y : values) {
      double actual = powFloat(x, y), expected = std::pow(x, y);
      SCOPED_TRACE(testing::Message() << x << " to the power " << y);
      if (expected != expected) {
        EXPECT_NE(actual, actual);
        continue;
      }
      EXPECT_LE(ulps(actual, expected), 1.0) << actual << " against " << expected;
      EXPECT_EQ(std::signbit(actual), std::signbit(expected));
    }
}

/// The distance of `actual` from `exact` in units of the last place of a float.
double floatUlps(float actual, long double exact) {
  float rounded = float(exact);
  if (!std::isfinite(actual) || !std::isfinite(rounded))
    return actual == rounded ? 0 : kInf;
  int exponent = 0;
  std::frexp(rounded == 0 ? FLT_MIN : rounded, &exponent);
  return double(std::fabs(actual - exact) / std::ldexp(1.0L, std::max(exponent - 24, -149)));
}

TEST(Power, Single) {
  Samples samples;
  double worst = 0;
  float atX = 0, atY = 0;
  for (int i = 0; i < 3 * kSamples; ++i) {
    double x = 0, y = 0;
    if (i % 3 == 0) {
      x = samples.wide(-149, 127.9);
      y = samples.uniform(-2, 2);
    } else if (i % 3 == 1) {
      x = samples.wide(-1, 1);
      y = samples.sign() * samples.wide(0, 7);
    } else {
      x = 1 + samples.sign() * samples.wide(-23, -1);
      y = samples.sign() * samples.wide(-10, 29);
    }
    float single = float(x), exponent = float(y);
    double error = floatUlps(powFloat(single, exponent), powl(single, exponent));
    if (error > worst) {
      worst = error;
      atX = single;
      atY = exponent;
    }
  }
  EXPECT_LT(worst, 0.501) << "at " << std::hexfloat << atX << " " << atY;
}

TEST(Power, SingleExactAndSpecial) {
  for (int64_t base = -40; base <= 40; ++base)
    for (int64_t exponent = 0; exponent < 60; ++exponent) {
      double exact = std::pow(double(base), double(exponent));
      if (std::fabs(exact) >= 0x1p24)
        break;
      EXPECT_EQ(powFloat(float(base), float(exponent)), float(exact)) << base << " " << exponent;
    }
  for (int k = -149; k < 128; ++k)
    EXPECT_EQ(powFloat(2.0f, float(k)), std::ldexp(1.0f, k));
  const float infinity = std::numeric_limits<float>::infinity();
  const float values[] = {0.0f, -0.0f, 1.0f, -1.0f,    0.5f,      -0.5f,  2.0f,   -2.0f,
                          3.0f, -3.0f, 2.5f, infinity, -infinity, 1e-40f, -1e30f, float(kNaN)};
  for (float x : values)
    for (float y : values) {
      float actual = powFloat(x, y), expected = std::pow(x, y);
      SCOPED_TRACE(testing::Message() << x << " to the power " << y);
      if (expected != expected) {
        EXPECT_NE(actual, actual);
        continue;
      }
      EXPECT_LE(floatUlps(actual, expected), 1.0) << actual << " against " << expected;
      EXPECT_EQ(std::signbit(actual), std::signbit(expected));
    }
}

TEST(Power, SameBitsEverywhere) {
  // Arguments from a generator of our own: distributions differ between libraries.
  uint64_t state = 1, hash = 14695981039346656037u;
  for (int i = 0; i < 20000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    double any = detail::fromBits<double>(state);
    double moderate = double(int64_t(state) >> 20) * 0x1p-37; // up to 64
    for (double x : {any, moderate}) {
      mix(hash, powFloat(absFloat(any), x));
      mix(hash, powFloat(moderate, x));
      mix(hash, double(powFloat(float(moderate), float(x))));
    }
  }
  EXPECT_EQ(hash, 675093370310686074u);
}

/// In a loop, where compilers make vectors of it: the same numbers.
TEST(Power, Vectors) {
  double x[64], y[64], together[64];
  Samples samples;
  for (int i = 0; i < 64; ++i) {
    x[i] = samples.wide(-80, 80);
    y[i] = samples.uniform(-3, 3);
  }
  for (int i = 0; i < 64; ++i)
    together[i] = powFloat(x[i], y[i]);
  for (int i = 0; i < 64; ++i) {
    volatile double one = x[i];
    EXPECT_EQ(powFloat(double(one), y[i]), together[i]);
  }
}

} // namespace
