// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a warning is given its name. The only way to emit one; a meta test looks for others.
#ifndef BASALT_COMPILER_SUPPORT_EMITWARNING_H
#define BASALT_COMPILER_SUPPORT_EMITWARNING_H

#include "compiler/support/Warnings.h"
#include "mlir/IR/Diagnostics.h"

namespace basalt {

/// A warning with its name, which is in the metadata of the diagnostic.
mlir::InFlightDiagnostic emitWarning(mlir::Location loc, Warning warning);

/// The name that emitWarning has given to a diagnostic.
std::optional<Warning> warningOf(mlir::Diagnostic &diagnostic);

} // namespace basalt

#endif // BASALT_COMPILER_SUPPORT_EMITWARNING_H
