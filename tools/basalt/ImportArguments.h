// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Options about files of trained networks.
#ifndef BASALT_TOOLS_BASALT_IMPORTARGUMENTS_H
#define BASALT_TOOLS_BASALT_IMPORTARGUMENTS_H

#include "compiler/import/Import.h"

namespace CLI {
class App;
}

namespace basalt::driver {

/// Adds them to a command.
void addImportArguments(CLI::App &app, import::ImportOptions &options);

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_IMPORTARGUMENTS_H
