// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Graphs cut into parts of given sizes with little between them, by multilevel bisection:
// neighbours are merged until few vertices are left, these are cut, and the cut is made better at
// each step back.
#ifndef BASALT_COMPILER_NEUROCORE_PLACE_PARTITION_H
#define BASALT_COMPILER_NEUROCORE_PLACE_PARTITION_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace basalt::neurocore {

/// Undirected: each edge stands at both of its ends.
struct Graph {
  struct Edge {
    unsigned to;
    int64_t weight;
  };
  std::vector<int64_t> weights;  ///< of vertices; may be 0
  std::vector<size_t> begins{0}; ///< of the edges of each vertex, and the end
  std::vector<Edge> edges;

  unsigned size() const { return unsigned(weights.size()); }
  llvm::ArrayRef<Edge> edgesOf(unsigned vertex) const {
    return llvm::ArrayRef(edges).slice(begins[vertex], begins[vertex + 1] - begins[vertex]);
  }
};

/// For each vertex one of `parts` parts, of nearly the same weight each. The same graph gives the
/// same parts. Takes time in proportion to the edges and the logarithm of `parts`.
std::vector<unsigned> partition(const Graph &graph, unsigned parts);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_PLACE_PARTITION_H
