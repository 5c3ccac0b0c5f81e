// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Suggest.cpp - "did you mean" ---------------------------------------===//

#include "compiler/support/Suggest.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using llvm::ArrayRef;
using llvm::StringRef;

/// Longer names are no misspellings of anything, and the distance takes quadratic time.
static constexpr size_t maxNameLength = 128;

static unsigned substitutionCost(char a, char b) {
  if (a == b)
    return 0;
  return llvm::toLower(a) == llvm::toLower(b) ? 1 : 2;
}

unsigned basalt::editDistanceInHalves(StringRef a, StringRef b) {
  const size_t width = b.size() + 1;
  // Rows i-2, i-1 and i of the usual table.
  llvm::SmallVector<unsigned> before(width), previous(width), current(width);
  for (size_t j = 0; j < width; ++j)
    previous[j] = 2 * j;
  for (size_t i = 1; i <= a.size(); ++i) {
    current[0] = 2 * i;
    for (size_t j = 1; j < width; ++j) {
      unsigned best = std::min(previous[j], current[j - 1]) + 2;
      best = std::min(best, previous[j - 1] + substitutionCost(a[i - 1], b[j - 1]));
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped)
        best = std::min(best, before[j - 2] + 2);
      current[j] = best;
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::optional<StringRef> basalt::suggest(StringRef name, ArrayRef<StringRef> candidates) {
  if (name.empty() || name.size() > maxNameLength)
    return std::nullopt;
  std::optional<StringRef> best;
  unsigned bestDistance = 0;
  for (StringRef candidate : candidates) {
    if (candidate.empty() || candidate.size() > maxNameLength || candidate == name)
      continue;
    // Of one or two letters half may be wrong (`V` for `v`), not all.
    const size_t length = std::max(name.size(), candidate.size());
    const unsigned allowed = length <= 2 ? 1 : 2 * ((length + 2) / 3);
    const size_t lengthGap = length - std::min(name.size(), candidate.size());
    if (2 * lengthGap > allowed)
      continue;
    const unsigned distance = editDistanceInHalves(name, candidate);
    if (distance <= allowed && (!best || distance < bestDistance)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

std::string basalt::didYouMean(StringRef name, ArrayRef<StringRef> candidates) {
  const std::optional<StringRef> best = suggest(name, candidates);
  return best ? ("; did you mean '" + *best + "'?").str() : std::string();
}
