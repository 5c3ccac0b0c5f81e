// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights, kernels and delays of .net files, as the processes of Lava have them.
#ifndef BASALT_COMPILER_IMPORT_NETWEIGHTS_H
#define BASALT_COMPILER_IMPORT_NETWEIGHTS_H

#include "compiler/import/NetLayer.h"

namespace basalt::import {

/// (targets, sources); one target may have a flat list.
std::optional<rt::NpyArray> readMatrix(const NetReader &layer, const std::string &name);

/// Of each synapse of a matrix of that shape, or one number. As many as there are targets are those
/// of the targets, else of the sources.
std::optional<Value> readDelays(const NetReader &layer, const std::vector<int64_t> &shape,
                                Report &report);

/// (O, I, KH, KW) as (O, x, y, I), `isTurned` where Lava convolves and the file correlates.
rt::NpyArray toLavaKernel(const rt::NpyArray &file, bool isTurned);

/// Weights of a process Dense that come out as the given ones.
struct DenseWeights {
  std::vector<rt::NpyArray> matrices;
  std::vector<Setting> values; ///< exponent and sign, if they are not the usual ones
};

/// As the hardware has them, weights of both signs go from -256 to 254 and large ones are even. The
/// matrices are those of one layer, whose weights have one form.
DenseWeights exactWeights(const std::vector<rt::NpyArray> &matrices, const std::string &path,
                          Report &report);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NETWEIGHTS_H
