// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt check`: all that can be said about a network without making a program of it.
#include "tools/basalt/Commands.h"
#include "tools/basalt/Session.h"

#include "compiler/schedule/RemoteReport.h"

int basalt::driver::check(const Arguments &arguments) {
  Session session(arguments);
  if (!arguments.report.empty()) {
    rt::ExitCode code = session.advance(Stage::Step);
    // Those that nothing orders may be errors, of which the table says more.
    if (mlir::ModuleOp module = session.module(); module && code != rt::kInternal)
      printRemoteReport(module, llvm::outs());
    llvm::outs().flush();
    if (code != rt::kDone)
      return code;
  }
  return session.advance(Stage::Emitc);
}
