// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A layer of a .net file of lava-dl: what stands in the file, checked, with the axes of Lava.
#ifndef BASALT_COMPILER_IMPORT_NETLAYER_H
#define BASALT_COMPILER_IMPORT_NETLAYER_H

#include "compiler/import/Hdf5Tree.h"
#include "compiler/import/Network.h"
#include "compiler/import/Report.h"

#include <optional>

namespace basalt::import {

/// Reads what a group holds; what is wrong goes to the report, with its path.
class NetReader {
public:
  NetReader(const Hdf5Node &group, Report &report) : group(group), report(report) {}

  const std::string &path() const { return group.path; }
  bool has(const std::string &name) const { return group.find(name); }
  /// A string, alone or as the only one of a list.
  std::optional<std::string> word(const std::string &name) const;
  /// Integers; what is behind the point of others is dropped, with a warning.
  std::optional<rt::NpyArray> integers(const std::string &name) const;
  /// One of them, from `least` to `most`.
  std::optional<int64_t> integer(const std::string &name, int64_t least, int64_t most) const;
  /// Two for the axes (H, W), as (x, y); one counts for both.
  std::vector<int64_t> pair(const std::string &name, int64_t least, int64_t otherwise) const;
  void error(const std::string &name, const std::string &text) const {
    report.error("'" + path() + "/" + name + "' " + text);
  }
  /// Warns of datasets that layers, or groups `neuron`, do not have.
  void checkNames() const;
  NetReader inner(const std::string &name) const { return {*group.find(name), report}; }

private:
  const Hdf5Node &group;
  Report &report;
};

/// The neurons of a layer, as a process.
struct NetNeuron {
  std::string className;
  std::vector<Setting> values; ///< but for the shape
  bool isComplex = false;      ///< has inputs a_real_in and a_imag_in in the place of a_in
  bool isGraded = false;       ///< sends numbers
};

/// Of the `count`th layer that is built. `bias` is that of the layer, if it has one.
std::optional<NetNeuron> readNetNeuron(const NetReader &layer, bool isInput, int64_t count,
                                       const struct NetOptions &options, Report &report);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NETLAYER_H
