// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The graph of a .nir file with its nested graphs opened: nodes and edges, not yet what they mean.
#ifndef BASALT_COMPILER_IMPORT_NIRGRAPH_H
#define BASALT_COMPILER_IMPORT_NIRGRAPH_H

#include "compiler/import/Hdf5Tree.h"
#include "compiler/import/NirMetadata.h"

#include <optional>
#include <utility>

namespace basalt::import {

struct NirNode {
  std::string name; ///< with those of the graphs around it: `rnn.lif`
  std::string type;
  const Hdf5Node *group;
};

struct NirGraph {
  std::string version; ///< empty: the file does not say
  NirMetadata metadata;
  std::vector<NirNode> nodes;
  /// Source and target, sorted; a pair stands there once for each way through nested graphs.
  std::vector<std::pair<size_t, size_t>> edges;
  std::vector<std::pair<size_t, size_t>> feedback; ///< those of the metadata, sorted
};

/// The graph of a file, which must outlive it. Inputs and Outputs of nested graphs are gone, edges
/// lead through them. What is wrong goes to the report.
NirGraph readNirGraph(const Hdf5Node &root, Report &report);

/// One string, as in `type`; reports what is wrong with it.
std::optional<std::string> readWord(const Hdf5Node &group, const std::string &name, Report &report);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NIRGRAPH_H
