// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt run --interpret`: an interpreter in the place of a compiled simulator.
// Options, recording and output are the runtime's, so both do the same with them.
#include "tools/basalt/Commands.h"
#include "tools/basalt/Session.h"

#include "compiler/interpret/Interpreter.h"
#include "compiler/interpret/StepInterpreter.h"
#include "runtime/native/Memory.h"
#include "runtime/native/Run.h"

using namespace basalt;
using namespace basalt::driver;

/// The module of a session as a simulation; null, with a diagnostic, if it cannot be one.
static std::unique_ptr<rt::Simulation> simulate(mlir::ModuleOp module, bool processes) {
  if (!processes)
    return std::make_unique<interp::StepInterpreter>(module);
  auto simulation = interp::Interpreter::create(module);
  return succeeded(simulation) ? std::move(*simulation) : nullptr;
}

int basalt::driver::interpret(const Arguments &arguments) {
  bool processes = arguments.interpret == "proc";
  Session session(arguments);
  // The stage `proc` itself has names that are not resolved yet.
  Stage stage = processes ? Stage::Resolved : *stageNamed(arguments.interpret);
  if (rt::ExitCode code = session.advance(stage); code != rt::kDone)
    return code;
  std::unique_ptr<rt::Simulation> simulation = simulate(session.module(), processes);
  session.flushDiagnostics();
  if (!simulation)
    return rt::kInternal;
  rt::RunOptions defaults =
      rt::parseArguments(session.defaults().arguments, arguments.input.file).options;
  rt::RunOptions options = rt::mergeOptions(defaults, arguments.runOptions);
  if (options.memoryLimit) // what the machine has, the interpreter has taken already
    rt::checkMemory(*simulation, options);
  return rt::run(*simulation, options);
}
