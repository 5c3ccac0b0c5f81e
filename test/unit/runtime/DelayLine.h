// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A projection, and beside it the delay line in memory that it stands for, computed as the language
// says. Only what generated code and the scheduler use of projections is used.
#ifndef BASALT_TEST_UNIT_RUNTIME_DELAYLINE_H
#define BASALT_TEST_UNIT_RUNTIME_DELAYLINE_H

#include "runtime/native/Generated.h"
#include "runtime/native/Projection.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>
#include <type_traits>

/// With 0 columns the line has no axis of them, and there are no delays.
struct LineShape {
  int64_t targets, sources, columns;
};

template <typename Sum, typename Weight> class DelayLine {
public:
  /// A delay of 1 delivers into column 0.
  struct Entry {
    int64_t source;
    int32_t target, delay;
    Weight weight;
  };

  /// The weights are of the type `Weight`, of `bits` bits. There are as many threads as parts.
  DelayLine(const LineShape &given, const std::vector<Entry> &entries, unsigned parts = 1,
            uint8_t bits = sizeof(Weight) * 8)
      : shape(given), columns(size_t(std::max<int64_t>(given.columns, 1))), shares(parts, {}),
        line(size_t(given.targets) * columns), expected(line.size()) {
    offsets.assign(size_t(shape.sources) + 1, 0);
    for (const Entry &entry : entries) {
      ++offsets[size_t(entry.source) + 1];
      targets.push_back(entry.target);
      delays.push_back(entry.delay);
      weights.push_back(entry.weight);
    }
    for (size_t i = 1; i < offsets.size(); ++i)
      offsets[i] += offsets[i - 1];
    describe(bits);
  }

  /// The value of the line before the first step.
  template <typename Function> void initially(Function function) {
    for (size_t i = 0; i < line.size(); ++i)
      line[i] = expected[i] = Sum(function(i));
  }

  /// Runs a step in which the sources spike for which `spikes` holds, and compares what is due.
  template <typename Function> void step(Function spikes) {
    projections->prepare(&shares);
    ++ctx.timeStep;
    std::vector<Sum> due(size_t(shape.targets), Sum(77));
    basalt::rt::due(ctx, object.projection, due.data());
    for (size_t i = 0; i < due.size(); ++i)
      ASSERT_TRUE(areSame(due[i], expected[i * columns]))
          << "target " << i << " in step " << ctx.timeStep << ": " << due[i] << ", expected "
          << expected[i * columns];
    std::vector<uint8_t> bytes(size_t(shape.sources));
    for (size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = spikes(int64_t(i));
    basalt::rt::keepSpikes(ctx, object.history, bytes.data());
    advance(bytes);
  }

  void expectLine() {
    projections->refresh(kLine);
    for (size_t i = 0; i < line.size(); ++i)
      ASSERT_TRUE(areSame(line[i], expected[i]))
          << "element " << i << " after step " << ctx.timeStep << ": " << line[i] << ", expected "
          << expected[i];
  }

  template <typename Function> void setLine(Function function) {
    initially(function);
    projections->written(kLine);
  }
  template <typename Function> void setWeights(Function function) {
    std::transform(weights.begin(), weights.end(), weights.begin(), function);
    projections->written(kWeights);
  }
  template <typename Function> void setDelays(Function function) {
    std::transform(delays.begin(), delays.end(), delays.begin(), function);
    projections->written(kDelays);
  }

  const basalt::rt::Projection &projection() const { return *object.projection; }

  std::mt19937 random{7};

private:
  enum State { kLine, kWeights, kOffsets, kTargets, kDelays, kStates };
  struct Object {
    basalt::rt::SpikeHistory *history;
    basalt::rt::Projection *projection;
  };

  template <typename T> static basalt::rt::Element elementOf(uint8_t bits = sizeof(T) * 8) {
    return {std::is_floating_point_v<T> ? basalt::rt::Kind::Float : basalt::rt::Kind::Signed, bits};
  }
  /// By their bits, but which NaN it is, is not said.
  static bool areSame(Sum a, Sum b) {
    if constexpr (std::is_floating_point_v<Sum>)
      return (a == b && std::signbit(a) == std::signbit(b)) || (a != a && b != b);
    return a == b;
  }

  void describe(uint8_t bits) {
    using namespace basalt::rt;
    lineShape[0] = shape.targets;
    lineShape[1] = shape.columns;
    entryCount = int64_t(weights.size());
    offsetCount = shape.sources + 1;
    synapses = {{shape.targets, shape.sources}, kOffsets, kTargets};
    infos[kLine] = {"p.line",  elementOf<Sum>(), uint8_t(shape.columns ? 2 : 1),
                    lineShape, line.data(),      false};
    infos[kWeights] = {
        "p.weights", elementOf<Weight>(bits), 1, &entryCount, weights.data(), false, nullptr,
        &synapses};
    infos[kOffsets] = {"p.offsets", elementOf<int64_t>(), 1, &offsetCount, offsets.data(), false};
    infos[kTargets] = {"p.targets", elementOf<int32_t>(), 1, &entryCount, targets.data(), false};
    infos[kDelays] = {
        "p.delays", elementOf<int32_t>(), 1, &entryCount, delays.data(), false, nullptr, &synapses};
    history.sources = shape.sources;
    history.columns = int64_t(columns);
    history.field = offsetof(Object, history);
    info.line = kLine;
    info.weights = kWeights;
    info.delays = shape.columns ? size_t(kDelays) : kNoState;
    info.first = shape.columns ? 1 : 0;
    info.field = offsetof(Object, projection);
    Program program = {};
    program.histories = &history;
    program.projections = &info;
    program.historyCount = program.projectionCount = 1;
    projections =
        std::make_unique<Projections>(program, &object, Table<StateInfo>(infos, size_t(kStates)));
  }

  void advance(const std::vector<uint8_t> &spikes) {
    for (size_t i = 0; i < expected.size(); ++i)
      expected[i] = i % columns + 1 < columns ? expected[i + 1] : Sum(0);
    for (size_t source = 0; source < spikes.size(); ++source)
      for (auto e = size_t(offsets[source]); spikes[source] && e < size_t(offsets[source + 1]);
           ++e) {
        int64_t column = shape.columns ? int64_t(delays[e]) - 1 : 0;
        if (column >= 0 && column < int64_t(columns))
          add(expected[size_t(targets[e]) * columns + size_t(column)], weights[e]);
      }
  }
  static void add(Sum &sum, Weight weight) {
    if constexpr (std::is_floating_point_v<Sum>)
      sum += Sum(weight);
    else
      sum = Sum(std::make_unsigned_t<Sum>(sum) + std::make_unsigned_t<Sum>(Sum(weight)));
  }

  LineShape shape;
  size_t columns;
  basalt::rt::Shares shares;
  std::vector<Sum> line, expected; // as the state has it, and as it should be
  std::vector<int64_t> offsets;
  std::vector<int32_t> targets, delays;
  std::vector<Weight> weights;
  int64_t lineShape[2] = {}, entryCount = 0, offsetCount = 0;
  basalt::rt::Synapses synapses = {};
  basalt::rt::StateInfo infos[kStates] = {};
  basalt::rt::HistoryInfo history = {};
  basalt::rt::ProjectionInfo info = {};
  Object object = {};
  std::unique_ptr<basalt::rt::Projections> projections;
  basalt::rt::Context ctx;
};

#endif // BASALT_TEST_UNIT_RUNTIME_DELAYLINE_H
