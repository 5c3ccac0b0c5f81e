// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parameters of a node of NIR, as datasets of its group. What is wrong goes to the report.
#ifndef BASALT_COMPILER_IMPORT_NIRPARAMETERS_H
#define BASALT_COMPILER_IMPORT_NIRPARAMETERS_H

#include "compiler/import/NirGraph.h"

namespace basalt::import {

class NirParameters {
public:
  NirParameters(const NirNode &node, Report &report) : node(node), report(report) {}

protected:
  /// Numbers without a NaN, or null.
  const rt::NpyArray *numbers(const std::string &name, bool isOptional = false) const;
  /// `count` integers, of which the file may have one for all of them; `otherwise` if it has none.
  std::optional<std::vector<int64_t>> ints(const std::string &name, size_t count, int64_t least,
                                           std::optional<int64_t> otherwise = std::nullopt) const;
  std::string path(const std::string &name) const { return node.group->path + "/" + name; }
  void error(const std::string &name, const std::string &text) const {
    report.error("'" + path(name) + "' " + text);
  }

  const NirNode &node;
  Report &report;
};

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NIRPARAMETERS_H
