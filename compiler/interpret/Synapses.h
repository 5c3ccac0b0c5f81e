// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrices of which only some entries are stored, and the same as a whole: what num.to_dense and
// num.at_synapses mean.
#ifndef BASALT_COMPILER_INTERPRET_SYNAPSES_H
#define BASALT_COMPILER_INTERPRET_SYNAPSES_H

#include "compiler/interpret/Tensor.h"

#include <string>

namespace basalt::interp {

/// Where the entries of a matrix are.
struct Synapses {
  const Tensor &offsets, &targets;
};

/// Calls `visit(entry, target, source)` for each entry, in order. Sets `error` if they are not in
/// order or have targets beyond `rows`.
void forEachEntry(Synapses synapses, int64_t rows, std::string &error,
                  llvm::function_ref<void(int64_t, int64_t, int64_t)> visit);

/// The matrix of type `type` with these entries. Sets `error` if they are not in order.
Tensor matrixOf(const Tensor &values, Synapses synapses, mlir::RankedTensorType type,
                std::string &error);

/// What stands in the matrix where the entries are. Sets `error` if they are not in order.
Tensor entriesOf(const Tensor &matrix, Synapses synapses, std::string &error);

/// `line` becomes what `step.advance` makes of it: its columns move on by one, and the entries of
/// the sources that spike are added to the column that their delay less `first` says. Without
/// `delays` it has one column, or no axis of columns. Sets `error` if entries are not in order.
void advanceLine(Tensor &line, const Tensor &weights, const Tensor *delays, int64_t first,
                 Synapses synapses, const Tensor &spikes, std::string &error);

/// Column 0 of a line.
Tensor dueOf(const Tensor &line);

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_SYNAPSES_H
