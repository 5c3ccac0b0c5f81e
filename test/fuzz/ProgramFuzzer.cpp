// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer on resolve and schedule: words, numbers and blocks of Basalt files are changed such
// that what comes out is most often still YAML, and often a program.
#include "test/fuzz/Compile.h"
#include "test/fuzz/TextMutator.h"

#include <cstddef>
#include <cstdint>

using namespace basalt::fuzz;

static llvm::StringRef textOf(const uint8_t *data, size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t mostSize,
                                          unsigned seed) {
  return mutateText(data, size, mostSize, seed);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t firstSize,
                                            const uint8_t *second, size_t secondSize, uint8_t *out,
                                            size_t mostSize, unsigned seed) {
  return crossTexts(textOf(first, firstSize), textOf(second, secondSize), out, mostSize, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  compile(textOf(data, size), Until::Step);
  return 0;
}
