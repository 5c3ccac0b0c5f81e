// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of weights with messages, as synapses: each entry that adds something, with where its
// weight and delay are. There can be very many, so they are not listed, but made source by source.
#ifndef BASALT_COMPILER_NEUROCORE_FORM_PRODUCTS_H
#define BASALT_COMPILER_NEUROCORE_FORM_PRODUCTS_H

#include "compiler/neurocore/form/Moves.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include <functional>

namespace basalt::neurocore {

/// A synapse of a source: which element of the product it leads to.
struct Synapse {
  int32_t target, weight, delay;
  int32_t weightElement, delayElement; ///< of the Vars; -1 if there is none
};

/// One of the messages that the vector of a product is made of.
struct Connection {
  mlir::Value message; ///< in the graph
  bool binary = false; ///< whether its elements count 1 unless they are 0
  /// Elements of the vector that are element i of the message: begins[i] to begins[i + 1] - 1 of
  /// `places`.
  std::vector<int32_t> begins, places;

  int64_t sourceCount() const { return int64_t(begins.size()) - 1; }
};

struct Product {
  mlir::Operation *op = nullptr;
  mlir::StringAttr weights, delays; ///< states; null: constants
  int64_t first = 0;                ///< the delay, as the state has it, that counts as 0
  int64_t targets = 0;              ///< elements of the product, without the axis of delays
  int64_t slots = 1;                ///< of the axis of delays
  std::vector<Connection> connections;
  /// The synapses of an element of the vector.
  using Visit = llvm::function_ref<void(const Synapse &)>;
  std::function<void(int64_t place, Visit visit)> column;

  /// The synapses of an element of a message.
  void visitSource(const Connection &connection, int64_t source, Visit visit) const {
    for (int32_t i = connection.begins[size_t(source)]; i < connection.begins[size_t(source) + 1];
         ++i)
      column(connection.places[size_t(i)], visit);
  }
  /// All synapses of a connection.
  void visitAll(const Connection &connection, Visit visit) const {
    for (int32_t place : connection.places)
      column(place, visit);
  }
};

/// Whether the op adds up products with a message that arrives.
bool isProduct(mlir::Operation *op);

llvm::FailureOr<Product> readProduct(const Flat &flat, mlir::Operation *op);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_FORM_PRODUCTS_H
