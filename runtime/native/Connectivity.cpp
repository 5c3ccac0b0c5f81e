// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parts of rules that do not depend on what is done with synapses.
#include "runtime/native/Connectivity.h"

#include "runtime/native/Splitting.h"

using namespace basalt::rt;

void detail::Chooser::choose(int64_t count, int64_t newExtent, RandomKey key) {
  // What was drawn before is not drawn any more.
  for (int32_t number : drawn)
    isDrawn[size_t(number / 64)] = 0;
  drawn.clear();
  extent = newExtent;
  isDrawn.resize(size_t(extent / 64 + 1));
  isComplement = count > extent / 2;
  int64_t wanted = isComplement ? extent - count : count;
  for (DrawStream draws(key, 0, wanted + wanted / 8); int64_t(drawn.size()) < wanted;) {
    int64_t number = numberBelow(extent, draws.next());
    uint64_t &word = isDrawn[size_t(number / 64)], bit = uint64_t(1) << (number % 64);
    if (!(word & bit))
      drawn.push_back(int32_t(number));
    word |= bit;
  }
}

int64_t detail::splitCount(const Rule &rule, int64_t count, int64_t low, int64_t left, int64_t size,
                           RandomKey key) {
  // A part of the targets is known by where it begins and how often it can be halved.
  RandomKey ofPart = key.with(low << 6 | (64 - __builtin_clzll(uint64_t(size - 1))));
  if (rule.multapses)
    return drawBinomial(count, left, size, ofPart);
  int64_t places = sourcesOfTarget(rule);
  return drawHypergeometric(count, left * places, size * places, ofPart);
}
