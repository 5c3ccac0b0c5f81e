// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights and delays of synapses that a rule makes.
#include "runtime/native/ProjectionEntries.h"

#include "runtime/native/Error.h"

#include <algorithm>
#include <cmath>

using namespace basalt::rt;

ColumnRange ProjectionEntries::possibleColumns() const {
  if (info.delays == kNoState)
    return {0, 0};
  ColumnRange all{0, columnCount - 1};
  if (!rule)
    return all;
  const Distribution &delays = rule->delays;
  auto within = [&](double low, double high) {
    auto column = [&](double delay) { return sub(toInt(std::nearbyint(delay)), info.first); };
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
  default:
    return within(delays.min, delays.max);
  }
}

std::optional<Weight> ProjectionEntries::commonWeight() const {
  if (!rule || rule->weights.kind != DistributionKind::Constant)
    return std::nullopt;
  Weight weight{0};
  if (!hasFloats)
    weight.integer = wrap(rule->weights.low, weightElement().bits);
  else if (weightElement().bits == 32)
    weight.real = double(float(rule->weights.first));
  else
    weight.real = rule->weights.first;
  return weight;
}

void ProjectionEntries::drawNumbers(Batch &batch, bool withWeights) const {
  bool found = true;
  if (info.delays == kNoState) {
    std::fill_n(batch.columns, batch.count, int64_t(0));
  } else {
    found = drawIntegers(rule->delays, rule->delayKey, batch.ids, batch.count, batch.columns);
    Element element = states[info.delays].element;
    for (size_t i = 0; i < batch.count; ++i)
      batch.columns[i] = sub(wrap(batch.columns[i], element.bits), info.first);
  }
  if (!withWeights) {
    std::fill_n(batch.weights, batch.count, Weight{0});
  } else if (hasFloats) {
    double numbers[kBatch];
    found &= drawReals(rule->weights, rule->weightKey, batch.ids, batch.count, numbers);
    bool isSingle = weightElement().bits == 32;
    for (size_t i = 0; i < batch.count; ++i)
      batch.weights[i].real = isSingle ? double(float(numbers[i])) : numbers[i];
  } else {
    int64_t numbers[kBatch];
    found &= drawIntegers(rule->weights, rule->weightKey, batch.ids, batch.count, numbers);
    for (size_t i = 0; i < batch.count; ++i)
      batch.weights[i].integer = wrap(numbers[i], weightElement().bits);
  }
  if (!found)
    throw InputError("a number for '" + std::string(states[info.weights].name) +
                     "' or its delays cannot be found between 'min' and 'max' of its distribution");
}
