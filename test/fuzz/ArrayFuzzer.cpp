// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer on the readers of arrays in files. An input is such a file; its first bytes say which
// reader it is for.
#include "compiler/frontend/build/TensorFile.h"
#include "compiler/frontend/yaml/Reader.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FileSystem.h"
#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;
using namespace basalt;
using namespace basalt::frontend;

namespace {
/// A file in memory, so that no input waits for a disk. Readers are chosen by suffixes, which links
/// to it have.
class MemoryFile {
public:
  MemoryFile();
  /// Replaces what is in it; returns a path that leads to it.
  std::string write(StringRef bytes);

private:
  std::string folder;
  int descriptor;
};
} // namespace

static void expect(bool holds, const char *what) {
  if (holds)
    return;
  llvm::errs() << "broken promise: " << what << "\n";
  abort();
}

MemoryFile::MemoryFile() : descriptor(::memfd_create("array", 0)) {
  SmallString<128> path;
  expect(descriptor >= 0 && !llvm::sys::fs::createUniqueDirectory("basalt-array-fuzzer", path),
         "there is a file to write to");
  folder = path.str().str();
  std::string target = "/proc/self/fd/" + std::to_string(descriptor);
  for (const char *suffix : {".npy", ".npz", ".h5"})
    expect(::symlink(target.c_str(), (folder + "/array" + suffix).c_str()) == 0, "a link");
}

std::string MemoryFile::write(StringRef bytes) {
  expect(::ftruncate(descriptor, 0) == 0 &&
             ::pwrite(descriptor, bytes.data(), bytes.size(), 0) == ssize_t(bytes.size()),
         "a file in memory can be written");
  StringRef suffix = ".npy";
  if (bytes.starts_with("PK"))
    suffix = ".npz";
  else if (bytes.starts_with("\x89HDF"))
    suffix = ".h5";
  return folder + "/array" + suffix.str();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  StringRef bytes(reinterpret_cast<const char *>(data), size);
  static MemoryFile file;
  std::string path = file.write(bytes);
  MLIRContext context(MLIRContext::Threading::DISABLED);
  unsigned errors = 0;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &) { ++errors; });
  SourceFiles sources;
  yaml::Reader reader(sources, &context);
  auto node = reader.read(sources.addBuffer("net.yaml", "file: " + path));
  DataFiles files{sources, {}};
  expect(succeeded(readTensorFile(**node, files)) == (errors == 0),
         "a failure has an error, a success has none");
  return 0;
}
