// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums of products, in the precision of their elements.
#ifndef BASALT_COMPILER_INTERPRET_ACCUMULATE_H
#define BASALT_COMPILER_INTERPRET_ACCUMULATE_H

#include "compiler/interpret/Tensor.h"

#include "runtime/native/Arithmetic.h"

namespace basalt::interp {

/// Whether element `i` adds nothing to a product, whatever it is multiplied with.
inline bool isZero(const Tensor &tensor, int64_t i) {
  return tensor.isFloat() ? tensor.real(i) == 0 : tensor.integer(i) == 0;
}

/// Adds element `j` of `weights` times element `k` of `factors` to element `i` of `into`. All have
/// one element type.
inline void addProduct(Tensor &into, int64_t i, const Tensor &weights, int64_t j,
                       const Tensor &factors, int64_t k) {
  if (!into.isFloat())
    into.setInteger(i, rt::add(into.integer(i), rt::mul(weights.integer(j), factors.integer(k))));
  else if (into.isSingle())
    into.setReal(i, static_cast<float>(into.real(i)) +
                        static_cast<float>(weights.real(j)) * static_cast<float>(factors.real(k)));
  else
    into.setReal(i, into.real(i) + weights.real(j) * factors.real(k));
}

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_ACCUMULATE_H
