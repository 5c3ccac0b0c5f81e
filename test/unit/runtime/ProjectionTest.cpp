// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Projections beside the delay lines in memory that they stand for: the same bits in each step.
#include "DelayLine.h"

#include <cmath>
#include <limits>

using namespace basalt::rt;

namespace {

template <typename Sum, typename Weight>
using Entries = std::vector<typename DelayLine<Sum, Weight>::Entry>;

/// Pseudo-random entries in order of their sources, several at some places; the weights are what
/// `weight` says of a random number.
template <typename Sum, typename Weight, typename Function>
Entries<Sum, Weight> randomEntries(const LineShape &shape, size_t count, int32_t lastDelay,
                                   Function weight) {
  std::mt19937 random(4);
  Entries<Sum, Weight> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back({int64_t(random() % uint64_t(shape.sources)),
                      int32_t(random() % uint64_t(shape.targets)),
                      int32_t(random() % uint32_t(lastDelay + 1)), Weight(weight(random()))});
  std::stable_sort(result.begin(), result.end(),
                   [](const auto &a, const auto &b) { return a.source < b.source; });
  return result;
}

/// Steps with spikes of about one source in `rarity`, compared in each.
template <typename Sum, typename Weight>
void runSteps(DelayLine<Sum, Weight> &line, int steps, uint32_t rarity) {
  for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i)
    line.step([&](int64_t) { return line.random() % rarity == 0; });
  line.expectLine();
}

template <typename Sum, typename Weight, typename Function>
void expectSameSums(Function weight, uint8_t bits = sizeof(Weight) * 8) {
  LineShape shape{200, 90, 6};
  for (unsigned parts : {1, 3}) {
    DelayLine<Sum, Weight> line(
        shape, randomEntries<Sum, Weight>(shape, 3000, shape.columns, weight), parts, bits);
    runSteps(line, 20, 4);
  }
}

double fraction(uint32_t random) { return double(int32_t(random)) / 3e7; }

//===--- Weights ---===//

TEST(Projection, FloatWeights) {
  expectSameSums<double, double>(fraction);
  expectSameSums<double, float>(fraction);
  expectSameSums<float, float>(fraction);
}

TEST(Projection, FloatWeightsThatAreAllTheSame) {
  expectSameSums<double, double>([](uint32_t) { return 0.1; });
  expectSameSums<double, float>([](uint32_t) { return 0.1F; });
  expectSameSums<float, float>([](uint32_t) { return -0.1F; });
}

TEST(Projection, FloatWeightsThatAreNoNumbers) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const double values[] = {inf, -inf, std::nan(""), -0.0, 0.0, 1e308, 5e-324};
  expectSameSums<double, double>([&](uint32_t random) { return values[random % 7]; });
  expectSameSums<double, double>([](uint32_t) { return -0.0; });
  expectSameSums<double, double>([](uint32_t) { return std::nan(""); });
  // Two zeros differ in their bits only.
  expectSameSums<double, double>([](uint32_t random) { return random % 2 ? -0.0 : 0.0; });
}

/// Integers lie in the narrowest type that holds all weights, whatever theirs is.
TEST(Projection, IntegerWeights) {
  expectSameSums<int32_t, int8_t>([](uint32_t random) { return int32_t(random) % 128; });
  expectSameSums<int32_t, int8_t>([](uint32_t random) { return int32_t(random) % 8; }, 4);
  expectSameSums<int32_t, int16_t>([](uint32_t random) { return int32_t(random) % 100; });
  expectSameSums<int32_t, int16_t>([](uint32_t random) { return int32_t(random) % 32768; });
  expectSameSums<int32_t, int32_t>([](uint32_t random) { return random % 2 ? 127 : -128; });
  expectSameSums<int32_t, int32_t>([](uint32_t random) { return random % 2 ? 127 : 128; });
  expectSameSums<int32_t, int32_t>([](uint32_t random) { return random % 2 ? 0 : -129; });
  expectSameSums<int32_t, int32_t>([](uint32_t random) { return random % 2 ? 0 : 32768; });
  expectSameSums<int32_t, int32_t>([](uint32_t random) { return random % (1 << 23); }, 24);
  expectSameSums<int64_t, int8_t>([](uint32_t random) { return int32_t(random) % 128; });
  expectSameSums<int64_t, int64_t>([](uint32_t random) { return random % 2 ? 0 : -32769; });
  expectSameSums<int64_t, int64_t>([](uint32_t random) { return int64_t(random) * 2 - 5; });
}

TEST(Projection, IntegerWeightsThatAreAllTheSame) {
  expectSameSums<int32_t, int8_t>([](uint32_t) { return -128; });
  expectSameSums<int32_t, int32_t>([](uint32_t) { return 0; });
  expectSameSums<int64_t, int64_t>([](uint32_t) { return -3 * (int64_t(1) << 40); });
}

TEST(Projection, SumsWrap) {
  expectSameSums<int32_t, int32_t>([](uint32_t random) { return int32_t(random); });
  expectSameSums<int32_t, int32_t>([](uint32_t) { return INT32_MIN; });
  expectSameSums<int32_t, int32_t>([](uint32_t) { return INT32_MAX; });
  expectSameSums<int64_t, int64_t>(
      [](uint32_t random) { return int64_t(uint64_t(random) << 32 | random); });
  expectSameSums<int64_t, int64_t>([](uint32_t) { return INT64_MIN; });
}

//===--- Shapes ---===//

/// Above 65,536 targets a part counts them in 32 bits.
TEST(Projection, ManyTargets) {
  for (int64_t targets : {65535, 65536, 65537, 140000})
    for (unsigned parts : {1, 2}) {
      LineShape shape{targets, 20, 3};
      auto entries = randomEntries<double, double>(shape, 2000, shape.columns, fraction);
      entries.push_back({19, int32_t(targets - 1), 1, 1.5});
      DelayLine<double, double> line(shape, entries, parts);
      runSteps(line, 6, 3);
    }
}

TEST(Projection, AnyNumberOfParts) {
  LineShape shape{300, 40, 5};
  auto entries = randomEntries<double, double>(shape, 2500, shape.columns, fraction);
  for (unsigned parts : {1, 2, 4, 5, 16}) { // more than there are pieces of 64 targets
    DelayLine<double, double> line(shape, entries, parts);
    runSteps(line, 12, 5);
    EXPECT_EQ(line.projection().partCount(), parts);
  }
}

TEST(Projection, SmallestShapes) {
  for (int64_t columns : {1, 2, 5}) {
    DelayLine<double, double> one({1, 1, columns}, {{0, 0, 1, 0.1}});
    runSteps(one, 12, 2);
    DelayLine<double, double> none({1, 1, columns}, {});
    runSteps(none, 4, 1);
    DelayLine<int32_t, int8_t> last({3, 2, columns}, {{1, 2, int32_t(columns), 7}});
    runSteps(last, 12, 2);
  }
}

TEST(Projection, OneColumnWithoutDelays) {
  LineShape shape{70, 30, 0}; // a line without an axis of columns
  DelayLine<double, double> floats(shape, randomEntries<double, double>(shape, 500, 0, fraction),
                                   2);
  runSteps(floats, 10, 3);
  DelayLine<int32_t, int32_t> integers(
      shape, randomEntries<int32_t, int32_t>(shape, 500, 0, [](uint32_t r) { return int32_t(r); }));
  runSteps(integers, 10, 3);
}

/// They deliver nothing, and there may be nothing else.
TEST(Projection, DelaysOutsideTheColumns) {
  LineShape shape{4, 3, 2};
  DelayLine<double, double> some(shape, {{0, 1, 0, 1.5},
                                         {0, 1, 1, 2.5},
                                         {0, 2, -1, 3.5},
                                         {1, 0, 2, 4.5},
                                         {1, 0, 3, 5.5},
                                         {2, 3, INT32_MAX, 6.5},
                                         {2, 3, INT32_MIN, 7.5}});
  runSteps(some, 8, 2);
  EXPECT_EQ(some.projection().synapses(), 2u);
  DelayLine<double, double> none(shape, {{0, 1, 0, 1.5}, {1, 2, 9, 2.5}});
  runSteps(none, 8, 1);
  EXPECT_EQ(none.projection().synapses(), 0u);
}

TEST(Projection, CountsSynapsesAndEvents) {
  LineShape shape{100, 2, 3};
  DelayLine<double, double> line(shape, {{0, 1, 1, 1.5}, {0, 99, 2, 2.5}, {1, 5, 3, 4.5}}, 2);
  uint64_t estimated = line.projection().estimate(2).bytes;
  EXPECT_LE(estimated, 3u * 10 + 2 * (2 * 3 + 1) * 4 + 2 * 8);
  line.step([](int64_t source) { return source == 0; });
  EXPECT_EQ(line.projection().synapses(), 3u);
  EXPECT_GE(line.projection().bytes(), 3u * 10);
  EXPECT_LE(line.projection().bytes(), estimated);
  EXPECT_EQ(line.projection().events(), 0u);
  for (int i = 0; i < 3; ++i)
    line.step([&](int64_t source) { return i == 0 && source == 1; });
  EXPECT_EQ(line.projection().events(), 2u);
  line.step([](int64_t) { return false; });
  EXPECT_EQ(line.projection().events(), 3u);
}

//===--- From outside ---===//

/// Probes and gets look at the line, which changes nothing.
TEST(Projection, TheLineIsThereWhenItIsAskedFor) {
  LineShape shape{90, 40, 7};
  DelayLine<float, float> line(shape,
                               randomEntries<float, float>(shape, 900, shape.columns, fraction), 2);
  line.expectLine(); // before anything was laid out
  for (int i = 0; i < 20; ++i) {
    runSteps(line, 1, 3);
    line.expectLine();
  }
}

TEST(Projection, TheLineBeginsWithItsInitialValue) {
  LineShape shape{5, 4, 3};
  auto entries = randomEntries<double, double>(shape, 30, shape.columns, fraction);
  DelayLine<double, double> line(shape, entries);
  line.initially([](size_t i) { return i % 2 ? 0.1 * double(i) : -0.0; });
  runSteps(line, 8, 2);
}

TEST(Projection, TheLineIsSet) {
  LineShape shape{70, 40, 7};
  DelayLine<double, double> line(
      shape, randomEntries<double, double>(shape, 900, shape.columns, fraction), 2);
  for (double value : {2.5, -0.0, 0.0, 1e300}) {
    runSteps(line, 10, 3);
    line.setLine([&](size_t i) { return i % 3 ? value : double(i); });
    line.expectLine();
    runSteps(line, 2, 3); // what was set is still on its way, and is set again
    line.setLine([&](size_t i) { return -value * double(i); });
  }
  runSteps(line, 10, 3);
}

/// What is on its way was sent with the weight and the delay of its time.
TEST(Projection, WeightsAreSet) {
  LineShape shape{70, 40, 7};
  DelayLine<double, double> line(
      shape, randomEntries<double, double>(shape, 900, shape.columns, fraction), 2);
  runSteps(line, 10, 3);
  line.setWeights([](double weight) { return weight + 0.3; });
  line.expectLine();
  runSteps(line, 3, 3);
  line.setWeights([](double) { return 0.7; }); // these take no memory
  runSteps(line, 3, 3);
  line.setWeights([&](double) { return fraction(uint32_t(line.random())); });
  line.setLine([](size_t i) { return double(i); });
  line.expectLine();
  runSteps(line, 10, 3);
}

TEST(Projection, DelaysAreSet) {
  LineShape shape{70, 40, 7};
  DelayLine<int64_t, int32_t> line(
      shape, randomEntries<int64_t, int32_t>(shape, 900, shape.columns,
                                             [](uint32_t random) { return int32_t(random); }));
  runSteps(line, 10, 3);
  for (int32_t more : {1, -3, 100, -97}) { // 100: none is left
    line.setDelays([&](int32_t delay) { return delay + more; });
    line.expectLine();
    runSteps(line, 3, 3);
  }
}

} // namespace
