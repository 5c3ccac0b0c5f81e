// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// States that keep what synapses bring until the next step. On a chip such a state is accumulators:
// what is done with the sum before it is kept is done by whoever reads it.
#ifndef BASALT_COMPILER_NEUROCORE_FORM_BUFFERS_H
#define BASALT_COMPILER_NEUROCORE_FORM_BUFFERS_H

#include "compiler/neurocore/form/Products.h"

namespace basalt::neurocore {

/// A state that is, element by element, a sum of products times 2^shift, wrapped to its type; with
/// a ring, one for each step to come: column k is what arrives k steps after the next.
struct Buffer {
  mlir::StringAttr state;
  step::StateOp op;
  int64_t shift = 0;
  int64_t weightShift = 0; ///< each weight is shifted by this much, before it is added up
  unsigned wrap = 0;       ///< the bits that it is wrapped to, if fewer than it is stored in
  bool ring = false;
  int64_t columns = 1;
  int64_t elements = 0; ///< of a column
  std::vector<Product> products;
};

using Buffers = llvm::MapVector<mlir::StringAttr, Buffer>;

/// The buffer that `value` reads, or null.
const Buffer *bufferOf(const Buffers &buffers, mlir::Value value);

/// All of them. Reports products that are used otherwise.
llvm::FailureOr<Buffers> findBuffers(const Flat &flat);

/// What accumulators hold at the start, for column `column`: one value for each element. Nothing if
/// no sum is that.
std::optional<llvm::SmallVector<int64_t>> initialSums(const Buffer &buffer, int64_t column,
                                                      unsigned bits);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_FORM_BUFFERS_H
