// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Initial values take the types of their Vars as soon as these are known.
#ifndef BASALT_COMPILER_RESOLVE_INITIALVALUES_H
#define BASALT_COMPILER_RESOLVE_INITIALVALUES_H

#include "dialect/proc/Proc.h"

namespace basalt {

/// Converts the values that the process declares for Vars of concrete type.
llvm::LogicalResult convertDeclaredValues(proc::ProcessOp process);

/// Converts the values that the instance gives for Vars of concrete type.
llvm::LogicalResult convertGivenValues(proc::InstanceOp instance);

/// Once a model is selected: what a hierarchical one passes on to its children is of no more use at
/// the instance.
void settlePassedOnValues(proc::InstanceOp instance);

} // namespace basalt

#endif // BASALT_COMPILER_RESOLVE_INITIALVALUES_H
