// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The names are links to the open file.
#include "test/fuzz/MemoryFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <sys/mman.h>
#include <unistd.h>

using namespace basalt::fuzz;
using llvm::StringRef;

void basalt::fuzz::expect(bool holds, StringRef what) {
  if (holds)
    return;
  llvm::errs() << "broken promise: " << what << "\n";
  abort();
}

MemoryFile::MemoryFile(llvm::ArrayRef<StringRef> suffixes) : descriptor(::memfd_create("fuzz", 0)) {
  llvm::SmallString<128> path;
  expect(descriptor >= 0 && !llvm::sys::fs::createUniqueDirectory("basalt-fuzzer", path),
         "there is a file to write to");
  folder = path.str().str();
  std::string target = "/proc/self/fd/" + std::to_string(descriptor);
  for (StringRef suffix : suffixes)
    expect(::symlink(target.c_str(), (folder + "/file" + suffix.str()).c_str()) == 0, "a link");
}

std::string MemoryFile::write(StringRef bytes, StringRef suffix) {
  expect(::ftruncate(descriptor, 0) == 0 &&
             ::pwrite(descriptor, bytes.data(), bytes.size(), 0) == ssize_t(bytes.size()),
         "a file in memory can be written");
  return folder + "/file" + suffix.str();
}
