// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strongly connected components, and the shortest way round in each.
#include "compiler/schedule/Cycles.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/GraphTraits.h"
#include "llvm/ADT/SCCIterator.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace mlir;

namespace {
struct Node {
  unsigned number;
  SmallVector<Node *, 2> waits;
};
} // namespace

template <> struct llvm::GraphTraits<Node *> {
  using NodeRef = Node *;
  using ChildIteratorType = SmallVector<Node *, 2>::iterator;
  static NodeRef getEntryNode(Node *node) { return node; }
  static ChildIteratorType child_begin(Node *node) { return node->waits.begin(); }
  static ChildIteratorType child_end(Node *node) { return node->waits.end(); }
};

namespace basalt {

/// Breadth first, so the first way that comes round is one of the shortest.
static SmallVector<unsigned> shortestCycle(const WaitGraph &graph, unsigned first) {
  llvm::DenseMap<unsigned, unsigned> from;
  SmallVector<unsigned> queue{first};
  for (size_t next = 0; next < queue.size(); ++next)
    for (unsigned to : graph[queue[next]]) {
      if (to == first) {
        SmallVector<unsigned> cycle{queue[next]};
        while (cycle.back() != first)
          cycle.push_back(from.at(cycle.back()));
        std::reverse(cycle.begin(), cycle.end());
        return cycle;
      }
      if (from.try_emplace(to, queue[next]).second)
        queue.push_back(to);
    }
  llvm_unreachable("the node is on a cycle");
}

SmallVector<SmallVector<unsigned>> findCycles(const WaitGraph &graph) {
  std::vector<Node> nodes(graph.size() + 1);
  Node &root = nodes.back(); // waits for all, so that they can be reached
  for (auto [number, waits] : llvm::enumerate(graph)) {
    nodes[number].number = number;
    nodes[number].waits = llvm::map_to_vector<2>(waits, [&](unsigned to) { return &nodes[to]; });
    root.waits.push_back(&nodes[number]);
  }
  SmallVector<unsigned> firsts;
  for (auto component = llvm::scc_begin(&root); !component.isAtEnd(); ++component)
    if (component.hasCycle()) {
      auto numbers = llvm::map_range(*component, [](Node *node) { return node->number; });
      firsts.push_back(*llvm::min_element(numbers));
    }
  llvm::sort(firsts);
  return llvm::map_to_vector(firsts, [&](unsigned first) { return shortestCycle(graph, first); });
}

} // namespace basalt
