// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer on the readers of arrays in files. An input is such a file; its first bytes say which
// reader it is for.
#include "compiler/frontend/build/TensorFile.h"
#include "compiler/frontend/yaml/Reader.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace basalt;
using namespace basalt::frontend;

/// In a folder of its own, named by its suffix alone.
static std::string pathOf(StringRef bytes) {
  static const std::string folder = [] {
    SmallString<128> path;
    if (llvm::sys::fs::createUniqueDirectory("basalt-array-fuzzer", path))
      abort();
    return path.str().str();
  }();
  StringRef suffix = ".npy";
  if (bytes.starts_with("PK"))
    suffix = ".npz";
  else if (bytes.starts_with("\x89HDF"))
    suffix = ".h5";
  return folder + "/array" + suffix.str();
}

static void write(const std::string &path, StringRef bytes) {
  std::error_code error;
  llvm::raw_fd_ostream stream(path, error);
  stream << bytes;
  if (error)
    abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  StringRef bytes(reinterpret_cast<const char *>(data), size);
  std::string path = pathOf(bytes);
  write(path, bytes);
  MLIRContext context(MLIRContext::Threading::DISABLED);
  unsigned errors = 0;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &) { ++errors; });
  SourceFiles sources;
  yaml::Reader reader(sources, &context);
  auto node = reader.read(sources.addBuffer("net.yaml", "file: " + path));
  DataFiles files{sources, {}};
  if (succeeded(readTensorFile(**node, files)) != (errors == 0)) {
    llvm::errs() << "broken promise: a failure has an error, a success has none\n";
    abort();
  }
  return 0;
}
