// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exact binomial and hypergeometric numbers as functions of keys: how many of the things that are
// shared out between two parts fall to the first.
#ifndef BASALT_RUNTIME_NATIVE_SPLITTING_H
#define BASALT_RUNTIME_NATIVE_SPLITTING_H

#include "runtime/native/Random.h"

namespace basalt::rt {

/// How many of `count` independent trials succeed, each with the probability `part` of `whole`
/// (0 <= part <= whole, 0 < whole, all below 2^62).
int64_t drawBinomial(int64_t count, int64_t part, int64_t whole, RandomKey key);

/// How many of `count` things drawn without replacement from `whole` are of the first `part`
/// (0 <= part <= whole, 0 <= count <= whole, all below 2^62).
int64_t drawHypergeometric(int64_t count, int64_t part, int64_t whole, RandomKey key);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_SPLITTING_H
