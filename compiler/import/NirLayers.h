// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The layers of a graph together: their shapes, and the order in which they run.
#ifndef BASALT_COMPILER_IMPORT_NIRLAYERS_H
#define BASALT_COMPILER_IMPORT_NIRLAYERS_H

#include "compiler/import/NirLayer.h"

namespace basalt::import {

/// An edge: what its source sends, in the same time step or in the next.
struct NirLink {
  size_t source;
  bool isLate = false;
};

/// The layers of a graph, in the order in which they run.
struct NirLayers {
  std::vector<NirLayer> layers;
  std::vector<std::vector<NirLink>> sources; ///< of each layer, in the order of the layers
};

/// Reads the layers of the graph, gives each its shapes, and cuts circles: the edge that leaves the
/// last layer with a state before a circle closes waits for the next step. What is wrong goes to
/// the report.
NirLayers readNirLayers(const NirGraph &graph, const NirChoices &choices, Report &report);

/// Sets `input` and `output` of all layers; reports those that do not fit or remain unknown.
void inferShapes(NirLayers &layers, Report &report);

/// Whether shapes differ in axes of one element alone, such as that of a batch.
bool isSameButForOnes(const Shape &a, const Shape &b);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NIRLAYERS_H
