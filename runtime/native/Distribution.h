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

#include <utility>
#include <vector>

namespace basalt::rt {

/// So often is a number drawn again that is below `min` or above `max`.
inline constexpr int64_t kMaxAttempts = 1000;

/// The key of a given value: of the Var (or parameter) that `path` stands for, in a run with that
/// seed.
constexpr RandomKey valueKey(uint64_t seed, int64_t path) {
  constexpr int64_t kStream = 0x65756c6176; // "value"
  return randomKey(kStream, int64_t(seed), path);
}

/// Of synapses that belong to no block of a rule.
inline constexpr int64_t kNoBlock = -1;

/// The key of what is drawn for the synapses of a block, whose identities are those in the block.
constexpr RandomKey blockKey(RandomKey key, int64_t block) {
  return block == kNoBlock ? key : key.with(block);
}

/// What the numbers of the synapses of a block are drawn from.
constexpr const Distribution &ofBlock(const Distribution &distribution, int64_t block) {
  return distribution.kind == DistributionKind::PerBlock ? distribution.blocks[block]
                                                         : distribution;
}

/// A distribution with the memory of those of blocks.
struct OwnedDistribution {
  Distribution distribution;
  std::vector<Distribution> blocks;

  explicit OwnedDistribution(const Distribution &given, std::vector<Distribution> parts = {})
      : distribution(given), blocks(std::move(parts)) {
    if (given.kind == DistributionKind::PerBlock) {
      distribution.blockCount = int64_t(blocks.size());
      distribution.blocks = blocks.data();
    }
  }
  OwnedDistribution(OwnedDistribution &&) = default; // as OwnedRule
};

/// Whether numbers from the distribution are whole by themselves.
constexpr bool drawsIntegers(const Distribution &distribution) {
  if (distribution.kind != DistributionKind::PerBlock)
    return distribution.kind == DistributionKind::Integers ||
           distribution.kind == DistributionKind::Poisson;
  for (int64_t i = 0; i < distribution.blockCount; ++i)
    if (!drawsIntegers(distribution.blocks[i]))
      return false;
  return true;
}

/// The numbers of the elements `ids`, by a distribution that is none of PerBlock. False if one
/// cannot be found within the bounds.
bool drawReals(const Distribution &distribution, RandomKey key, const uint64_t *ids, size_t count,
               double *numbers);
bool drawIntegers(const Distribution &distribution, RandomKey key, const uint64_t *ids,
                  size_t count, int64_t *numbers);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_DISTRIBUTION_H
