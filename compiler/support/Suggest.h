// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Suggest.h - "did you mean" -----------------------------------------===//
//
// Finds the name that a misspelt one was most likely meant to be. All diagnostics about unknown
// names go through here, so that they are equally generous everywhere.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_SUPPORT_SUGGEST_H
#define BASALT_COMPILER_SUPPORT_SUGGEST_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace basalt {

/// Number of insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`
/// (optimal string alignment), ignoring case at half weight: the result is in half steps.
unsigned editDistanceInHalves(llvm::StringRef a, llvm::StringRef b);

/// The candidate closest to `name`, if one is close enough to be a plausible misspelling: a third
/// of the letters may be wrong. The first of equally close candidates wins. A candidate that equals
/// `name` is no suggestion.
std::optional<llvm::StringRef> suggest(llvm::StringRef name,
                                       llvm::ArrayRef<llvm::StringRef> candidates);

/// "; did you mean 'x'?" or nothing: ready to be streamed after the message of an unknown name.
std::string didYouMean(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> candidates);

} // namespace basalt

#endif // BASALT_COMPILER_SUPPORT_SUGGEST_H
