// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exporters write integers as floats, and one number where there should be two.
#include "compiler/import/NirParameters.h"

#include "compiler/import/Network.h"

#include <cmath>

namespace basalt::import {

const rt::NpyArray *NirParameters::numbers(const std::string &name, bool isOptional) const {
  const Hdf5Node *data = node.group->find(name);
  if (!data) {
    if (!isOptional)
      report.error("'" + node.group->path + "' has no '" + name + "', which every " + node.type +
                   " needs");
    return nullptr;
  }
  if (data->kind == Hdf5Node::Kind::Unreadable) {
    report.error(data->problem);
    return nullptr;
  }
  if (data->kind != Hdf5Node::Kind::Numbers) {
    error(name, "must hold numbers");
    return nullptr;
  }
  const rt::NpyArray &array = data->numbers;
  for (size_t i = 0; i < array.size(); ++i)
    if (std::isnan(numberAt(array, i))) {
      error(name, "holds a NaN, at element " + std::to_string(i));
      return nullptr;
    }
  if (array.size() == 0) {
    error(name, "has no elements");
    return nullptr;
  }
  return &array;
}

std::optional<std::vector<int64_t>> NirParameters::ints(const std::string &name, size_t count,
                                                        int64_t least,
                                                        std::optional<int64_t> otherwise) const {
  if (!node.group->find(name) && otherwise)
    return std::vector<int64_t>(count, *otherwise);
  const rt::NpyArray *array = numbers(name);
  if (!array)
    return std::nullopt;
  if (array->size() != count && array->size() != 1) {
    error(name, "must hold " + std::to_string(count) + " integers, found " +
                    std::to_string(array->size()) + " numbers");
    return std::nullopt;
  }
  std::vector<int64_t> result;
  constexpr int64_t most = int64_t(1) << 31;
  for (size_t i = 0; i < count; ++i) {
    double value = numberAt(*array, array->size() == 1 ? 0 : i);
    if (value != std::floor(value) || value < double(least) || value > double(most)) {
      error(name,
            "must hold integers from " + std::to_string(least) + " on, found " + spell(value));
      return std::nullopt;
    }
    result.push_back(int64_t(value));
  }
  return result;
}

} // namespace basalt::import
