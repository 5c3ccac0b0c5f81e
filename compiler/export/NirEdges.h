// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connections as edges of a graph of NIR.
#ifndef BASALT_COMPILER_EXPORT_NIREDGES_H
#define BASALT_COMPILER_EXPORT_NIREDGES_H

#include "compiler/export/NirNode.h"

namespace basalt::exporter {

/// Nodes by instance.
using NodesOf = llvm::DenseMap<mlir::Operation *, size_t>;

/// Gives the nodes their sources, as the connections of the network say. Processes that stand
/// between nodes go, or become nodes; where a connection reshapes a Flatten is added. After it all
/// roles are Plain or Gone. Connections that no edge of NIR is like are reported; those of
/// instances that are no nodes are left out.
mlir::LogicalResult connectNodes(std::vector<Node> &nodes, const NodesOf &nodesOf,
                                 proc::NetworkOp network);

} // namespace basalt::exporter

#endif // BASALT_COMPILER_EXPORT_NIREDGES_H
