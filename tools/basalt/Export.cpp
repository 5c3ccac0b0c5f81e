// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt export`: a network as a file of NIR.
#include "tools/basalt/Commands.h"
#include "tools/basalt/Session.h"

#include "compiler/export/NirExport.h"
#include "compiler/support/Files.h"
#include "compiler/support/Resources.h"

#include "llvm/ADT/StringRef.h"

using namespace basalt;
using namespace basalt::driver;

int basalt::driver::exportNetwork(const Arguments &arguments) {
  if (!llvm::StringRef(arguments.output).ends_with(".nir"))
    throw rt::UsageError(
        "a network is exported to a file whose name ends in .nir: give one with -o" +
        (arguments.output.empty() ? "" : ", not '" + arguments.output + "'"));
  Session session(arguments);
  if (rt::ExitCode code = session.advance(Stage::Resolved); code != rt::kDone)
    return code;
  mlir::FailureOr<std::string> bytes =
      exporter::exportNir(session.module(), session.defaults(), findLibrary());
  if (failed(bytes)) {
    session.flushDiagnostics();
    return rt::kFailed;
  }
  // A network that cannot run, as with a circle that has no order, is not exported.
  if (rt::ExitCode code = session.advance(Stage::Step); code != rt::kDone)
    return code;
  std::string reason;
  if (failed(writeFile(arguments.output, *bytes, &reason)))
    throw rt::InputError(reason);
  return rt::kDone;
}
