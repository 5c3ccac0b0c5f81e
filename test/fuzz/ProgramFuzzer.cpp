// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer on resolve and schedule: words, numbers and blocks of Basalt files are changed such
// that what comes out is most often still YAML, and often a program.
#include "test/fuzz/Compile.h"
#include "test/fuzz/TextMutator.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

using namespace basalt::fuzz;

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t mostSize);

static std::string textOf(const uint8_t *data, size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

static size_t store(const std::string &text, uint8_t *data, size_t mostSize) {
  size_t size = std::min(text.size(), mostSize);
  std::copy_n(text.begin(), size, data);
  return size;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t mostSize,
                                          unsigned seed) {
  if (seed % 8 == 0)
    return LLVMFuzzerMutate(data, size, mostSize); // knows the dictionary
  return store(TextMutator(seed).mutate(textOf(data, size)), data, mostSize);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t firstSize,
                                            const uint8_t *second, size_t secondSize, uint8_t *out,
                                            size_t mostSize, unsigned seed) {
  std::string text =
      TextMutator(seed).crossOver(textOf(first, firstSize), textOf(second, secondSize));
  return store(text, out, mostSize);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  compile({reinterpret_cast<const char *>(data), size}, Until::Step);
  return 0;
}
