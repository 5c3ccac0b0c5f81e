// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The commands of `basalt`. Each returns an exit code, or throws an error of
// runtime/native/Error.h.
#ifndef BASALT_TOOLS_BASALT_COMMANDS_H
#define BASALT_TOOLS_BASALT_COMMANDS_H

#include "tools/basalt/Arguments.h"

namespace basalt::driver {

int check(const Arguments &arguments);
int compile(const Arguments &arguments);
/// Becomes the simulator if all goes well.
int run(const Arguments &arguments);
/// `run --interpret`.
int interpret(const Arguments &arguments);
int importNetwork(const Arguments &arguments);
int exportNetwork(const Arguments &arguments);
int targets(const Arguments &arguments);
int emulate(const Arguments &arguments);
int inspect(const Arguments &arguments);
/// Of an image, or of a network, which is compiled.
int report(const Arguments &arguments);
/// Prints the JSON Schema of the language.
int schema();
/// Serves an editor until it says to exit.
int lsp();

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_COMMANDS_H
