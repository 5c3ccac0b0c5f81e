// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What `basalt check --report=remote` prints.
#ifndef BASALT_COMPILER_SCHEDULE_REMOTEREPORT_H
#define BASALT_COMPILER_SCHEDULE_REMOTEREPORT_H

#include "mlir/IR/BuiltinOps.h"

namespace basalt {

/// Prints a table of the Vars of a scheduled program that processes access that do not own them:
/// readers and writers in each phase, and whether something orders them; then how many other Vars
/// there are, and how many of all no step changes.
void printRemoteReport(mlir::ModuleOp module, llvm::raw_ostream &out);

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_REMOTEREPORT_H
