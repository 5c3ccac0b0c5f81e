// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a file says of how it is run: keys of `metadata`, of the graph or of a node. NIR gives them
// no meaning; `basalt export` writes them.
#ifndef BASALT_COMPILER_IMPORT_NIRMETADATA_H
#define BASALT_COMPILER_IMPORT_NIRMETADATA_H

#include "compiler/import/Hdf5Tree.h"
#include "compiler/import/Report.h"

#include <map>
#include <optional>

namespace basalt::import {

struct NirMetadata {
  std::optional<double> dt; ///< seconds
  std::optional<int> latency;
  /// Of `integrator`, `reset`, `cuba_order` and `drive`, those that there are.
  std::map<std::string, std::string> words;
  /// Of a graph, names of source and target in turn: edges that carry what was sent in the step
  /// before.
  std::vector<std::string> feedback;
  /// Of a node: its sources, in the order in which they are added up.
  std::vector<std::string> sources;
};

/// Of a graph or a node. Values that are not known get a warning and are ignored.
NirMetadata readNirMetadata(const Hdf5Node &group, Report &report);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NIRMETADATA_H
