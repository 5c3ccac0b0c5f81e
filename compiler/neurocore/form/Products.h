// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of weights with messages, as synapses: each entry that adds something, with where its
// weight and delay are.
#ifndef BASALT_COMPILER_NEUROCORE_FORM_PRODUCTS_H
#define BASALT_COMPILER_NEUROCORE_FORM_PRODUCTS_H

#include "compiler/neurocore/form/Moves.h"

namespace basalt::neurocore {

/// A synapse: which element of a message, which element of the product.
struct Synapse {
  int32_t source, target, weight, delay;
  int32_t weightElement, delayElement; ///< of the Vars; -1 if there is none
};

/// Synapses of one message.
struct Connection {
  mlir::Value message; ///< in the graph
  bool binary = false; ///< whether its elements count 1 unless they are 0
  std::vector<Synapse> synapses;
};

struct Product {
  mlir::Operation *op = nullptr;
  mlir::StringAttr weights, delays; ///< states; null: constants
  int64_t first = 0;                ///< the delay, as the state has it, that counts as 0
  int64_t targets = 0;              ///< elements of the product, without the axis of delays
  int64_t slots = 1;                ///< of the axis of delays
  std::vector<Connection> connections;
};

/// Whether the op adds up products with a message that arrives.
bool isProduct(mlir::Operation *op);

llvm::FailureOr<Product> readProduct(const Flat &flat, mlir::Operation *op);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_FORM_PRODUCTS_H
