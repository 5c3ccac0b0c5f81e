// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pages of the system.
#include "runtime/native/Pages.h"

#include <new>
#include <sys/mman.h>

using namespace basalt::rt;

Pages::Pages(size_t bytes) : bytes(bytes) {
  if (bytes == 0)
    return;
  void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    throw std::bad_alloc();
  // Rows are read in random order: with small pages each would miss the translation buffers, too.
  constexpr size_t kHuge = size_t(1) << 21;
  if (bytes >= kHuge)
    madvise(memory, bytes, MADV_HUGEPAGE);
  first = static_cast<char *>(memory);
}

Pages::~Pages() {
  if (first)
    munmap(first, bytes);
}
