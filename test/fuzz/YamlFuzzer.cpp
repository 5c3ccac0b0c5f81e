// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer on the front end: bytes of Basalt files are changed without any respect for YAML.
#include "test/fuzz/Compile.h"

#include <cstddef>
#include <cstdint>

using namespace basalt::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  compile({reinterpret_cast<const char *>(data), size}, Until::Proc);
  return 0;
}
