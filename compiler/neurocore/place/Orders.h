// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In which order the neurons of populations stand. Cores get ranges of that, so that an order is
// good if neurons that get spikes of the same sources, or send them to each other, stand together.
#ifndef BASALT_COMPILER_NEUROCORE_PLACE_ORDERS_H
#define BASALT_COMPILER_NEUROCORE_PLACE_ORDERS_H

#include "compiler/neurocore/place/Blocks.h"

namespace basalt::neurocore {

/// Of each population of a network.
struct Orders {
  /// Which neuron stands at each place; empty: each at its own.
  std::vector<std::vector<int32_t>> neurons;
  /// Where cores should begin, for populations that have an order; others have nothing.
  Borders borders;

  bool empty() const {
    return llvm::all_of(neurons, [](const auto &order) { return order.empty(); });
  }
};

/// Writes orders down in the populations, in the place of those that they have.
void setOrders(NetworkOp network, const Orders &orders);

/// Any orders, as the seed has it: for tests, since results may not depend on them.
Orders shuffledOrders(NetworkOp network, uint64_t seed);

/// Looks for orders in which populations need fewer axons, or fewer cores, than now, cut at
/// `borders`. The populations of `slicer` have no order. Nothing is random.
class OrderFinder {
public:
  OrderFinder(const Slicer &slicer, const Borders &borders);

  /// For as many parts as `parts` has; none for populations that have one part, or for which it is
  /// not worth it.
  Orders find(const Borders &parts) const;

private:
  const Slicer &slicer;
  const Borders &borders;
  std::vector<std::optional<Blocks>> blocks; ///< of each population
};

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_PLACE_ORDERS_H
