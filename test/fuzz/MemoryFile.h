// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A file in memory, so that no input waits for a disk.
#ifndef BASALT_TEST_FUZZ_MEMORYFILE_H
#define BASALT_TEST_FUZZ_MEMORYFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace basalt::fuzz {

/// Ends the process, so that the fuzzer keeps the input, unless `holds`.
void expect(bool holds, llvm::StringRef what);

class MemoryFile {
public:
  /// Readers choose by suffixes, so there is a name with each of them.
  explicit MemoryFile(llvm::ArrayRef<llvm::StringRef> suffixes);
  /// Replaces what is in it; returns the path with that suffix.
  std::string write(llvm::StringRef bytes, llvm::StringRef suffix);

private:
  std::string folder;
  int descriptor;
};

} // namespace basalt::fuzz

#endif // BASALT_TEST_FUZZ_MEMORYFILE_H
