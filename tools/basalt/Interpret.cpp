// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt run --interpret`: the reference interpreter in the place of a compiled simulator.
// Options, recording and output are the runtime's, so both do the same with them.
#include "tools/basalt/Commands.h"
#include "tools/basalt/Session.h"

#include "compiler/interpret/Interpreter.h"
#include "runtime/native/Run.h"

using namespace basalt;
using namespace basalt::driver;

int basalt::driver::interpret(const Arguments &arguments) {
  Session session(arguments);
  if (rt::ExitCode code = session.advance(Stage::Resolved); code != rt::kDone)
    return code;
  mlir::FailureOr<std::unique_ptr<interp::Interpreter>> simulation =
      interp::Interpreter::create(session.module());
  session.flushDiagnostics();
  if (failed(simulation))
    return rt::kInternal;
  rt::RunOptions defaults =
      rt::parseArguments(session.defaults().arguments, arguments.input.file).options;
  return rt::run(**simulation, rt::mergeOptions(defaults, arguments.runOptions));
}
