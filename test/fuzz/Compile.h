// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the fuzzers of whole programs do with an input, and what must be true of the result.
#ifndef BASALT_TEST_FUZZ_COMPILE_H
#define BASALT_TEST_FUZZ_COMPILE_H

#include "compiler/frontend/Frontend.h"

#include "llvm/ADT/StringRef.h"

namespace basalt::fuzz {

/// How far a text is taken.
enum class Until {
  Proc, ///< through the front end
  Step, ///< and through resolve and schedule
};

/// Compiles `text`. Ends the process, so that the fuzzer keeps the input, if that fails without an
/// error, succeeds with one, or if an error has no place or speaks of our IR.
void compile(llvm::StringRef text, Until until, const frontend::FrontendOptions &options = {});

} // namespace basalt::fuzz

#endif // BASALT_TEST_FUZZ_COMPILE_H
