// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights and delays of synapses that a rule makes.
#include "runtime/native/ProjectionEntries.h"

#include <algorithm>
#include <cmath>

using namespace basalt::rt;

bool ProjectionEntries::haveRule() const {
  return states[pattern().offsets].rule && states[info.weights].distribution &&
         (info.delays == kNoState || states[info.delays].distribution);
}

bool ProjectionEntries::makeByRule(uint64_t withSeed) {
  if (!haveRule())
    return false;
  seed = withSeed;
  return true;
}

ColumnRange ProjectionEntries::possibleColumns() const {
  if (info.delays == kNoState)
    return {0, 0};
  if (!seed)
    return {0, columnCount - 1};
  return columnsOf(*states[info.delays].distribution);
}

/// Where delays from that distribution can be.
ColumnRange ProjectionEntries::columnsOf(const Distribution &delays) const {
  ColumnRange all{0, columnCount - 1};
  auto within = [&](double low, double high) {
    auto column = [&](double delay) {
      double number = std::nearbyint(delay) - double(info.first);
      return int64_t(std::clamp(number, -1.0, double(columnCount)));
    };
    return ColumnRange{std::max(all.low, column(low)), std::min(all.high, column(high))};
  };
  switch (delays.kind) {
  case DistributionKind::Constant:
    return within(double(delays.low), double(delays.low));
  case DistributionKind::Integers:
    return within(double(std::max(delays.least, delays.low)),
                  double(std::min(delays.greatest, delays.high - 1)));
  case DistributionKind::Uniform:
    return within(std::max(delays.min, delays.first), std::min(delays.max, delays.second));
  case DistributionKind::PerBlock: {
    ColumnRange hull{columnCount, -1};
    for (int64_t i = 0; i < delays.blockCount; ++i)
      if (ColumnRange one = columnsOf(delays.blocks[i]); one.low <= one.high)
        hull = {std::min(hull.low, one.low), std::max(hull.high, one.high)};
    return hull;
  }
  default:
    return within(delays.min, delays.max);
  }
}

std::optional<Weight> ProjectionEntries::commonWeight() const {
  if (!seed || states[info.weights].distribution->kind != DistributionKind::Constant)
    return std::nullopt;
  const StateInfo &weights = states[info.weights];
  Weight weight{0};
  uint64_t any = 0;
  if (hasFloats)
    drawValues(weights, keyOf(weights), kNoBlock, &any, 1, &weight.real);
  else
    drawValues(weights, keyOf(weights), kNoBlock, &any, 1, &weight.integer);
  return weight;
}

void ProjectionEntries::drawNumbers(Batch &batch, bool withWeights) const {
  if (info.delays == kNoState) {
    std::fill_n(batch.columns, batch.count, int64_t(0));
  } else {
    const StateInfo &delays = states[info.delays];
    drawValues(delays, keyOf(delays), batch.block, batch.ids, batch.count, batch.columns);
    for (size_t i = 0; i < batch.count; ++i)
      batch.columns[i] = sub(batch.columns[i], info.first);
  }
  if (!withWeights) {
    std::fill_n(batch.weights, batch.count, Weight{0});
    return;
  }
  const StateInfo &weights = states[info.weights];
  if (hasFloats) {
    double numbers[kBatch];
    drawValues(weights, keyOf(weights), batch.block, batch.ids, batch.count, numbers);
    for (size_t i = 0; i < batch.count; ++i)
      batch.weights[i].real = numbers[i];
  } else {
    int64_t numbers[kBatch];
    drawValues(weights, keyOf(weights), batch.block, batch.ids, batch.count, numbers);
    for (size_t i = 0; i < batch.count; ++i)
      batch.weights[i].integer = numbers[i];
  }
}
