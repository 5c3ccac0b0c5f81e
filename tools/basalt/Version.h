// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who this compiler is, for `--version` and for the keys of the cache.
#ifndef BASALT_TOOLS_BASALT_VERSION_H
#define BASALT_TOOLS_BASALT_VERSION_H

#include <string>

namespace basalt::driver {

/// "basalt 0.1.0 (LLVM 22.1.8, run-time contract 1)".
std::string versionText();

/// Changes with every change of this executable and of the runtime's sources. Text without spaces.
std::string buildId();

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_VERSION_H
