// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The transcendental functions against the 80-bit ones of libm, their special values against C's,
// and their bits against a golden hash: every compiler and level of optimisation must give the
// same.
#include "runtime/native/Transcendental.h"

#include <cfloat>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>

using namespace basalt::rt;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(),
                 kInf = std::numeric_limits<double>::infinity();
constexpr double kTolerance = 1.0; // ulp
constexpr int kSamples = 50000;

/// The distance of `actual` from `exact` in units of the last place.
double ulps(double actual, long double exact) {
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

template <typename Function, typename Exact, typename Argument>
void expectAccurate(Function function, Exact exact, Argument argument) {
  Samples samples;
  double worst = 0, at = 0;
  for (int i = 0; i < kSamples; ++i) {
    double x = argument(samples);
    double error = ulps(function(x), exact((long double)x));
    if (error > worst) {
      worst = error;
      at = x;
    }
  }
  EXPECT_LT(worst, kTolerance) << "at " << std::hexfloat << at;
}

double ownExp(double x) { return expFloat(x); }
double ownLog(double x) { return logFloat(x); }
double ownSin(double x) { return sinFloat(x); }
double ownCos(double x) { return cosFloat(x); }
double ownTanh(double x) { return tanhFloat(x); }

TEST(Transcendental, Exp) {
  expectAccurate(ownExp, expl, [](Samples &s) { return s.uniform(-745.2, 709.7); });
  expectAccurate(ownExp, expl, [](Samples &s) { return s.uniform(-1, 1); });
  expectAccurate(ownExp, expl, [](Samples &s) { return s.sign() * s.wide(-1074, 0); });
  EXPECT_EQ(expFloat(0.0), 1.0);
  EXPECT_EQ(expFloat(kInf), kInf);
  EXPECT_EQ(expFloat(-kInf), 0.0);
  EXPECT_EQ(expFloat(709.782712893384), std::exp(709.782712893384)); // the greatest one
  EXPECT_EQ(expFloat(709.79), kInf);
  EXPECT_EQ(expFloat(1e300), kInf);
  EXPECT_EQ(expFloat(-745.13), 0x1p-1074);
  EXPECT_EQ(expFloat(-745.14), 0.0);
  EXPECT_EQ(expFloat(-1e300), 0.0);
  EXPECT_TRUE(std::isnan(expFloat(kNaN)));
}

TEST(Transcendental, Log) {
  expectAccurate(ownLog, logl, [](Samples &s) { return s.wide(-1074, 1023.9); });
  expectAccurate(ownLog, logl, [](Samples &s) { return s.uniform(0.3, 3); });
  expectAccurate(ownLog, logl, [](Samples &s) { return 1 + s.sign() * s.wide(-53, -1); });
  EXPECT_EQ(logFloat(1.0), 0.0);
  EXPECT_FALSE(std::signbit(logFloat(1.0)));
  EXPECT_EQ(logFloat(0.0), -kInf);
  EXPECT_EQ(logFloat(-0.0), -kInf);
  EXPECT_EQ(logFloat(kInf), kInf);
  EXPECT_TRUE(std::isnan(logFloat(-1.0)));
  EXPECT_TRUE(std::isnan(logFloat(-kInf)));
  EXPECT_TRUE(std::isnan(logFloat(kNaN)));
}

TEST(Transcendental, SinAndCos) {
  auto nearZero = [](Samples &s) { return s.uniform(-8, 8); };
  auto inRange = [](Samples &s) { return s.sign() * s.wide(-60, 30); };
  // Next to multiples of pi/2 the reduction has to find all the digits.
  auto nearMultiples = [](Samples &s) {
    return double(s.integer(1 << 28) * 1.57079632679489661923132169163975144L);
  };
  expectAccurate(ownSin, sinl, nearZero);
  expectAccurate(ownCos, cosl, nearZero);
  expectAccurate(ownSin, sinl, inRange);
  expectAccurate(ownCos, cosl, inRange);
  expectAccurate(ownSin, sinl, nearMultiples);
  expectAccurate(ownCos, cosl, nearMultiples);
  EXPECT_EQ(sinFloat(0.0), 0.0);
  EXPECT_TRUE(std::signbit(sinFloat(-0.0)));
  EXPECT_EQ(sinFloat(0x1p-1074), 0x1p-1074);
  EXPECT_EQ(cosFloat(-0.0), 1.0);
  for (double x : {kInf, -kInf, kNaN}) {
    EXPECT_TRUE(std::isnan(sinFloat(x)));
    EXPECT_TRUE(std::isnan(cosFloat(x)));
  }
  // Beyond 2^30 less and less is known, but never more than 1.
  EXPECT_NEAR(sinFloat(0x1.8p36), std::sin(0x1.8p36), 1e-4);
  for (double x = 0x1p30; x < 1e308; x *= 1.7) {
    EXPECT_LE(std::fabs(sinFloat(x)), 1.0) << x;
    EXPECT_LE(std::fabs(cosFloat(-x)), 1.0) << x;
  }
}

TEST(Transcendental, Tanh) {
  expectAccurate(ownTanh, tanhl, [](Samples &s) { return s.uniform(-23, 23); });
  expectAccurate(ownTanh, tanhl, [](Samples &s) { return s.uniform(-1, 1); });
  expectAccurate(ownTanh, tanhl, [](Samples &s) { return s.sign() * s.wide(-1074, 0); });
  EXPECT_EQ(tanhFloat(0.0), 0.0);
  EXPECT_TRUE(std::signbit(tanhFloat(-0.0)));
  EXPECT_EQ(tanhFloat(kInf), 1.0);
  EXPECT_EQ(tanhFloat(-kInf), -1.0);
  EXPECT_EQ(tanhFloat(1e300), 1.0);
  EXPECT_TRUE(std::isnan(tanhFloat(kNaN)));
}

TEST(Transcendental, Pow) {
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
TEST(Transcendental, ExactPowers) {
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

TEST(Transcendental, SpecialValuesOfPow) {
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

TEST(Transcendental, SingleIsRoundedOnce) {
  Samples samples;
  for (int i = 0; i < 1000; ++i) {
    float x = float(samples.uniform(-20, 20)), y = float(samples.uniform(-3, 3));
    EXPECT_EQ(expFloat(x), float(expFloat(double(x))));
    EXPECT_EQ(sinFloat(x), float(sinFloat(double(x))));
    EXPECT_EQ(cosFloat(x), float(cosFloat(double(x))));
    EXPECT_EQ(tanhFloat(x), float(tanhFloat(double(x))));
    EXPECT_EQ(logFloat(std::fabs(x)), float(logFloat(std::fabs(double(x)))));
    EXPECT_EQ(powFloat(std::fabs(x), y), float(powFloat(std::fabs(double(x)), double(y))));
  }
}

/// Mixes the bits of a result into a hash.
void mix(uint64_t &hash, double value) {
  hash = (hash ^ detail::bits(value == value ? value : kNaN)) * 1099511628211u;
}

TEST(Transcendental, SameBitsEverywhere) {
  // Arguments from a generator of our own: distributions differ between libraries.
  uint64_t state = 1, hash = 14695981039346656037u;
  for (int i = 0; i < 20000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    double any = detail::fromBits<double>(state);
    double moderate = double(int64_t(state) >> 20) * 0x1p-37; // up to 64
    for (double x : {any, moderate}) {
      mix(hash, expFloat(x));
      mix(hash, logFloat(x));
      mix(hash, sinFloat(x));
      mix(hash, cosFloat(x));
      mix(hash, tanhFloat(x));
      mix(hash, powFloat(absFloat(any), x));
      mix(hash, powFloat(moderate, x));
    }
  }
  EXPECT_EQ(hash, 8348938759696273511u);
}

} // namespace
