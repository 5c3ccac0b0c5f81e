// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt import`: a trained network as YAML, with its arrays in a folder beside it.
#include "tools/basalt/Commands.h"

#include "compiler/support/Files.h"
#include "runtime/native/Error.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace basalt;
using namespace basalt::driver;
namespace path = llvm::sys::path;

/// Integers as integers, everything else as floats.
static void writeArray(const std::string &file, const rt::NpyArray &array) {
  bool isFloat = array.kind == 'f';
  rt::NpyWriter writer(file, isFloat ? rt::NpyWriter::Type::Float64 : rt::NpyWriter::Type::Int64);
  for (size_t i = 0; i < array.size(); ++i) {
    int64_t integer = isFloat ? 0 : array.intAt(i);
    double number = isFloat ? array.floatAt(i) : 0;
    writer.write(isFloat ? static_cast<const void *>(&number) : &integer, sizeof(integer));
  }
  writer.finish(array.shape);
  writer.publish();
}

int basalt::driver::importNetwork(const Arguments &arguments) {
  const std::string &file = arguments.input.file;
  if (!import::isImportable(file))
    throw rt::InputError(
        "'" + file + "' is no file of a trained network; expected NIR (.nir) or lava-dl (.net)");
  if (arguments.output.empty())
    throw rt::UsageError("a network needs a file to be written to: give one with -o");
  std::string folder = path::stem(arguments.output).str() + "_data";
  import::Imported imported = import::importFile(file, folder, arguments.input.import);
  llvm::errs() << import::format(imported.messages, file);
  if (imported.hasErrors())
    return rt::kFailed;
  llvm::SmallString<128> base(path::parent_path(arguments.output));
  std::string reason;
  for (const auto &[name, array] : imported.network.arrays) {
    llvm::SmallString<128> target(base);
    path::append(target, name);
    if (failed(createDirectories(path::parent_path(target), &reason)))
      throw rt::InputError(reason);
    writeArray(target.str().str(), array);
  }
  if (failed(writeFile(arguments.output, imported.network.yaml, &reason)))
    throw rt::InputError(reason);
  return rt::kDone;
}
