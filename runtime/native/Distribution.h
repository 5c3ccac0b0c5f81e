// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers from distributions, each a function of a key and the identity of what it belongs to (an
// element of a tensor, a synapse): at run time for networks by rule, in the compiler for values
// that are given as `{random: ...}`.
#ifndef BASALT_RUNTIME_NATIVE_DISTRIBUTION_H
#define BASALT_RUNTIME_NATIVE_DISTRIBUTION_H

#include "runtime/native/Contract.h"
#include "runtime/native/Random.h"

namespace basalt::rt {

/// So often is a number drawn again that is below `min` or above `max`.
inline constexpr int64_t kMaxAttempts = 1000;

/// The key of a given value: of the Var (or parameter) that `path` stands for, in a run with that
/// seed.
constexpr RandomKey valueKey(uint64_t seed, int64_t path) {
  constexpr int64_t kStream = 0x65756c6176; // "value"
  return randomKey(kStream, int64_t(seed), path);
}

/// Whether numbers from the distribution are whole by themselves.
constexpr bool drawsIntegers(const Distribution &distribution) {
  return distribution.kind == DistributionKind::Integers ||
         distribution.kind == DistributionKind::Poisson;
}

/// The numbers of the elements `ids`. False if one cannot be found within the bounds.
bool drawReals(const Distribution &distribution, RandomKey key, const uint64_t *ids, size_t count,
               double *numbers);
bool drawIntegers(const Distribution &distribution, RandomKey key, const uint64_t *ids,
                  size_t count, int64_t *numbers);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_DISTRIBUTION_H
