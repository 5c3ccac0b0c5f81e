// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/support/Resources.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

std::string basalt::findLibrary() {
  std::string self = fs::getMainExecutable(nullptr, nullptr);
  llvm::SmallString<256> installed(path::parent_path(path::parent_path(self)));
  path::append(installed, "share", "basalt", "lib");
  for (llvm::StringRef folder : {installed.str(), llvm::StringRef(BASALT_BUILD_LIBRARY)})
    if (fs::exists(folder + "/std.yaml"))
      return folder.str();
  return "";
}
