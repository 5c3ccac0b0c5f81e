// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes inferred types into processes, and copies those whose instances differ.
#ifndef BASALT_COMPILER_RESOLVE_SPECIALISE_H
#define BASALT_COMPILER_RESOLVE_SPECIALISE_H

#include "compiler/resolve/InferenceState.h"

namespace basalt {

/// Gives each process below `root` the types that `state` found for its instances; one copy for
/// each different set of types. The nodes keep pointing to the processes as they were.
void specialise(mlir::ModuleOp module, InstanceNode &root, const InferenceState &state);

} // namespace basalt

#endif // BASALT_COMPILER_RESOLVE_SPECIALISE_H
