// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer on the readers of arrays in files. An input is such a file; its first bytes say which
// reader it is for.
#include "compiler/frontend/build/TensorFile.h"
#include "compiler/frontend/yaml/Reader.h"
#include "test/fuzz/MemoryFile.h"

#include "mlir/IR/MLIRContext.h"

using namespace mlir;
using namespace basalt;
using namespace basalt::frontend;

static StringRef suffixFor(StringRef bytes) {
  if (bytes.starts_with("PK"))
    return ".npz";
  return bytes.starts_with("\x89HDF") ? ".h5" : ".npy";
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  StringRef bytes(reinterpret_cast<const char *>(data), size);
  static fuzz::MemoryFile file({".npy", ".npz", ".h5"});
  std::string path = file.write(bytes, suffixFor(bytes));
  MLIRContext context(MLIRContext::Threading::DISABLED);
  unsigned errors = 0;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &) { ++errors; });
  SourceFiles sources;
  yaml::Reader reader(sources, &context);
  auto node = reader.read(sources.addBuffer("net.yaml", "file: " + path));
  DataFiles files{sources, {}};
  fuzz::expect(succeeded(readTensorFile(**node, files)) == (errors == 0),
               "a failure has an error, a success has none");
  return 0;
}
