// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The transcendental functions against the 80-bit ones of libm, their special values against C's,
// and their bits against a golden hash: every compiler and level of optimisation must give the
// same.
#include "runtime/native/Transcendental.h"

#include "Ulps.h"

#include <gtest/gtest.h>

using namespace basalt::rt;

namespace {

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

TEST(Transcendental, SingleIsRoundedOnce) {
  Samples samples;
  for (int i = 0; i < 1000; ++i) {
    float x = float(samples.uniform(-20, 20));
    EXPECT_EQ(expFloat(x), float(expFloat(double(x))));
    EXPECT_EQ(sinFloat(x), float(sinFloat(double(x))));
    EXPECT_EQ(cosFloat(x), float(cosFloat(double(x))));
    EXPECT_EQ(tanhFloat(x), float(tanhFloat(double(x))));
    EXPECT_EQ(logFloat(std::fabs(x)), float(logFloat(std::fabs(double(x)))));
  }
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
    }
  }
  EXPECT_EQ(hash, 12801753616024690518u);
}

} // namespace
