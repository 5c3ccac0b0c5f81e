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
  case Command::Export:
    return exportNetwork(arguments);
  case Command::Targets:
    return targets(arguments);
  case Command::Emulate:
    return emulate(arguments);
  case Command::Inspect:
    return inspect(arguments);
  case Command::Report:
    return report(arguments);
  case Command::Schema:
    return schema();
  case Command::Lsp:
    return lsp();
  }
  return rt::kInternal;
}

/// Errors that are no diagnostics, in the form of those.
static int executeInJson(const Arguments &arguments) {
  auto report = [](const std::exception &error, rt::ExitCode code) {
    printMessage(llvm::errs(), DiagnosticForm::Json, mlir::DiagnosticSeverity::Error, error.what());
    return code;
  };
  try {
    return execute(arguments);
  } catch (const rt::InputError &error) {
    return report(error, rt::kFailed);
  } catch (const rt::UsageError &error) {
    return report(error, rt::kUsage);
  }
}

int main(int argc, char **argv) {
  // A closed pipe is an error of `write`, not the silent end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  return rt::reportErrors([&] {
    Arguments arguments = parseCommandLine({argv + 1, argv + argc});
    bool isJson = arguments.diagnostics.form == DiagnosticForm::Json;
    return isJson ? executeInJson(arguments) : execute(arguments);
  });
}
