// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the hardware does to weights is undone before, where that is possible.
#include "compiler/import/NetWeights.h"

#include <algorithm>

namespace basalt::import {

std::optional<rt::NpyArray> readMatrix(const NetReader &layer, const std::string &name) {
  std::optional<rt::NpyArray> matrix = layer.integers(name);
  if (!matrix)
    return std::nullopt;
  if (matrix->shape.size() == 1)
    matrix->shape.insert(matrix->shape.begin(), 1);
  if (matrix->shape.size() != 2) {
    layer.error(name, "has the shape " + spell(matrix->shape) + ", expected targets and sources");
    return std::nullopt;
  }
  return matrix;
}

std::optional<Value> readDelays(const NetReader &layer, const std::vector<int64_t> &shape,
                                Report &report) {
  std::optional<rt::NpyArray> delays = layer.integers("delay");
  if (!delays)
    return std::nullopt;
  int64_t targets = shape[0], sources = shape[1], given = int64_t(delays->size());
  if (given != 1 && given != targets && given != sources) {
    layer.error("delay", "has " + std::to_string(given) + " delays, but there are " +
                             std::to_string(targets) + " targets and " + std::to_string(sources) +
                             " sources");
    return std::nullopt;
  }
  constexpr int64_t most = 62;
  std::vector<int64_t> values;
  bool isClipped = false;
  for (int64_t target = 0; target < targets; ++target)
    for (int64_t from = 0; from < sources; ++from) {
      int64_t delay = delays->intAt(size_t(given == 1 ? 0 : given == targets ? target : from));
      isClipped |= delay > most;
      if (delay < 0) {
        layer.error("delay", "holds " + std::to_string(delay) + ", which is before now");
        return std::nullopt;
      }
      values.push_back(std::min(delay, most));
    }
  if (isClipped)
    report.warning("'" + layer.path() +
                   "/delay' has delays of more than 62 steps, which are taken as 62");
  if (given == 1)
    return std::to_string(values.front());
  return makeArray(shape, values);
}

rt::NpyArray toLavaKernel(const rt::NpyArray &file, bool isTurned) {
  int64_t targets = file.shape[0], sources = file.shape[1], height = file.shape[2],
          width = file.shape[3];
  std::vector<int64_t> values;
  for (int64_t o = 0; o < targets; ++o)
    for (int64_t k = 0; k < width; ++k)
      for (int64_t l = 0; l < height; ++l)
        for (int64_t i = 0; i < sources; ++i) {
          int64_t x = isTurned ? width - 1 - k : k, y = isTurned ? height - 1 - l : l;
          values.push_back(file.intAt(size_t(((o * sources + i) * height + y) * width + x)));
        }
  return makeArray({targets, width, height, sources}, values);
}

DenseWeights exactWeights(const std::vector<rt::NpyArray> &matrices, const std::string &path,
                          Report &report) {
  int64_t least = 0, most = 0;
  bool isOdd = false;
  for (const rt::NpyArray &matrix : matrices)
    for (size_t i = 0; i < matrix.size(); ++i) {
      least = std::min(least, matrix.intAt(i));
      most = std::max(most, matrix.intAt(i));
      isOdd |= matrix.intAt(i) % 2 != 0;
    }
  bool isMixed = least < 0 && most > 0;
  int64_t low = isMixed ? -256 : least < 0 ? -255 : 0, high = isMixed ? 254 : least < 0 ? 0 : 255;
  if (least < low || most > high)
    report.warning("'" + path + "' has weights from " + std::to_string(least) + " to " +
                   std::to_string(most) + "; they are clipped to " + std::to_string(low) + " to " +
                   std::to_string(high));
  // Of both signs there is one bit less, unless the weights are small enough to be doubled.
  bool isDoubled = isMixed && isOdd && most <= 127 && least >= -128;
  DenseWeights result;
  for (const rt::NpyArray &matrix : matrices) {
    std::vector<int64_t> values(matrix.size());
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = std::clamp(matrix.intAt(i), low, high) * (isDoubled ? 2 : 1);
    result.matrices.push_back(makeArray(matrix.shape, values));
  }
  if (isDoubled)
    result.values.push_back({"weight_exp", "-1"});
  if (isMixed && matrices.size() > 1)
    result.values.push_back({"sign_mode", "MIXED"});
  return result;
}

} // namespace basalt::import
