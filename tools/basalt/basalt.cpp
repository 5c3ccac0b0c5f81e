// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// basalt: the compiler as its users see it. See docs/driver.md.
#include "tools/basalt/Arguments.h"
#include "tools/basalt/Commands.h"

#include "runtime/native/Error.h"
#include "runtime/native/Output.h"
#include "runtime/native/Run.h"
#include <csignal>
#include <unistd.h>

using namespace basalt;
using namespace basalt::driver;

static int execute(const Arguments &arguments) {
  if (arguments.message) {
    rt::FileOutput output(STDOUT_FILENO, "standard output");
    output.write(*arguments.message);
    output.flush();
    return rt::kDone;
  }
  switch (arguments.command) {
  case Command::Check:
    return check(arguments);
  case Command::Compile:
    return compile(arguments);
  case Command::Run:
    return !arguments.interpret.empty() ? interpret(arguments) : run(arguments);
  case Command::Import:
    return importNetwork(arguments);
  case Command::Targets:
    return targets(arguments);
  case Command::Emulate:
    return emulate(arguments);
  case Command::Inspect:
    return inspect(arguments);
  }
  return rt::kInternal;
}

int main(int argc, char **argv) {
  // A closed pipe is an error of `write`, not the silent end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  return rt::reportErrors([&] { return execute(parseCommandLine({argv + 1, argv + argc})); });
}
