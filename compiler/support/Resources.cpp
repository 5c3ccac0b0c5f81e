// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/support/Resources.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// The folder `name` of share/basalt, else `build`; the one that has the file `proof`.
static std::string findFolder(llvm::StringRef name, llvm::StringRef build, llvm::StringRef proof) {
  std::string self = fs::getMainExecutable(nullptr, nullptr);
  llvm::SmallString<256> installed(path::parent_path(path::parent_path(self)));
  path::append(installed, "share", "basalt", name);
  for (llvm::StringRef folder : {installed.str(), build})
    if (fs::exists(folder + "/" + proof))
      return folder.str();
  return "";
}

std::string basalt::findLibrary() { return findFolder("lib", BASALT_BUILD_LIBRARY, "std.yaml"); }

std::string basalt::findTargets() {
  return findFolder("targets", BASALT_BUILD_TARGETS, "tiny.yaml");
}

std::vector<std::string> basalt::namesIn(llvm::StringRef folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; it != end && !error; it.increment(error))
    if (path::extension(it->path()) == ".yaml")
      names.push_back(path::stem(it->path()).str());
  llvm::sort(names);
  return names;
}
