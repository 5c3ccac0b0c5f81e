// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Folders for a while.
#include "tools/basalt/TemporaryFolder.h"

#include "runtime/native/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"

using namespace basalt::driver;
namespace fs = llvm::sys::fs;

TemporaryFolder::TemporaryFolder(const std::string &parent) {
  llvm::SmallString<128> prefix(parent);
  if (prefix.empty())
    llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, prefix);
  std::string above(prefix);
  // What is relative would otherwise be taken as one in the system's folder for temporary files.
  if (std::error_code error = fs::make_absolute(prefix))
    throw rt::InputError("cannot create a folder in '" + above + "': " + error.message());
  llvm::sys::path::append(prefix, "basalt");
  llvm::SmallString<128> result;
  if (std::error_code error = fs::createUniqueDirectory(prefix, result))
    throw rt::InputError("cannot create a folder in '" + above + "': " + error.message());
  folder = result.str().str();
}

std::string TemporaryFolder::file(const std::string &name) {
  std::string path = folder + "/" + name;
  // The folder itself would stay, empty: only files are removed by a signal.
  llvm::sys::RemoveFileOnSignal(path);
  files.push_back(path);
  return path;
}

void TemporaryFolder::release() {
  for (const std::string &path : files)
    llvm::sys::DontRemoveFileOnSignal(path);
  files.clear();
  folder.clear();
}

void TemporaryFolder::remove() {
  if (folder.empty())
    return;
  fs::remove_directories(folder, /*IgnoreErrors=*/true);
  release();
}
