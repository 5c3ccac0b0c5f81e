// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The init blocks of neurons, which no chip can run: they are done when an image is made.
#ifndef BASALT_COMPILER_NEUROCORE_LOWER_INIT_H
#define BASALT_COMPILER_NEUROCORE_LOWER_INIT_H

#include "dialect/step/Step.h"

#include "llvm/ADT/StringSet.h"

namespace basalt::neurocore {

/// Makes the synapses of all rules: a chip has them from the start.
llvm::LogicalResult realiseRules(step::ProgramOp program, uint64_t seed);

/// Runs the init tasks of the instances `neurons` and erases them: states begin with what they have
/// left. Notes the states that they read or wrote in `touched`.
llvm::LogicalResult evaluateInit(step::ProgramOp program, const llvm::StringSet<> &neurons,
                                 uint64_t seed, llvm::StringSet<> &touched);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_LOWER_INIT_H
