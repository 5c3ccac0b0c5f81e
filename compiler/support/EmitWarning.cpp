// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The name of a warning, in the metadata of its diagnostic.
#include "compiler/support/EmitWarning.h"

using namespace basalt;

mlir::InFlightDiagnostic basalt::emitWarning(mlir::Location loc, Warning warning) {
  mlir::InFlightDiagnostic diagnostic = mlir::emitWarning(loc);
  diagnostic.getUnderlyingDiagnostic()->getMetadata().push_back(
      mlir::DiagnosticArgument(infoOf(warning).name));
  return diagnostic;
}

std::optional<Warning> basalt::warningOf(mlir::Diagnostic &diagnostic) {
  for (mlir::DiagnosticArgument &argument : diagnostic.getMetadata())
    if (argument.getKind() == mlir::DiagnosticArgument::DiagnosticArgumentKind::String)
      if (std::optional<Warning> warning = warningNamed(argument.getAsString()))
        return warning;
  return std::nullopt;
}
