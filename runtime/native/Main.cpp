// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The main program of a generated simulator.
#include "runtime/native/Error.h"
#include "runtime/native/Generated.h"
#include "runtime/native/InitialData.h"
#include "runtime/native/Memory.h"
#include "runtime/native/Options.h"
#include "runtime/native/Run.h"

#include <csignal>
#include <unistd.h>

using namespace basalt::rt;

/// The options that the network itself gives.
static RunOptions defaultOptions(const InitialData &data, const char *name) {
  try {
    return parseArguments(data.defaults(), name).options;
  } catch (const UsageError &error) {
    throw InputError(std::string("the default options of the program cannot be used: ") +
                     error.what());
  }
}

static int runArguments(int argc, char **argv, const Program &program) {
  CommandLine line = parseArguments({argv + (argc > 0), argv + argc}, program.name);
  if (line.message) {
    FileOutput output(STDOUT_FILENO, "standard output");
    output.write(*line.message);
    output.flush();
    return kDone;
  }
  NativeSimulation simulation(program);
  RunOptions options;
  {
    InitialData data = line.options.data ? InitialData::fromFile(*line.options.data)
                                         : InitialData::fromExecutable("/proc/self/exe");
    simulation.declare(data);
    options = mergeOptions(defaultOptions(data, program.name), line.options);
    checkMemory(simulation, options);
    simulation.initialise(data);
  }
  return run(simulation, options);
}

int basalt::rt::runMain(int argc, char **argv, const Program &program) {
  // A closed pipe is an error of `write`, not the silent end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  return reportErrors([&] { return runArguments(argc, argv, program); });
}
