// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Resources.h - files that come with Basalt --------------------------===//
#ifndef BASALT_COMPILER_SUPPORT_RESOURCES_H
#define BASALT_COMPILER_SUPPORT_RESOURCES_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace basalt {

/// The folder of the standard library: share/basalt/lib beside the folder of the running program if
/// it is installed, else that of the source tree. Empty if neither is there.
std::string findLibrary();

/// Likewise the folder of the descriptions of chips, share/basalt/targets.
std::string findTargets();

/// The names of the .yaml files of such a folder, without the suffix, in alphabetical order.
std::vector<std::string> namesIn(llvm::StringRef folder);

} // namespace basalt

#endif // BASALT_COMPILER_SUPPORT_RESOURCES_H
