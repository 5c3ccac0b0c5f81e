// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Options about chips, and of reports on them.
#ifndef BASALT_TOOLS_BASALT_CHIPARGUMENTS_H
#define BASALT_TOOLS_BASALT_CHIPARGUMENTS_H

#include "tools/basalt/Arguments.h"

namespace CLI {
class App;
}

namespace basalt::driver {

/// Adds those that say which chip a network is compiled for, and how it is put onto that.
void addChipArguments(CLI::App &app, Arguments &arguments);
/// Adds those of `basalt report` but for the network's and the chip's.
void addReportArguments(CLI::App &app, Arguments &arguments);

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_CHIPARGUMENTS_H
