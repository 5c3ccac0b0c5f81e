// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that are the fixed compartment of a target: a leaky integrator that spikes, whatever way
// its author has written it.
#ifndef BASALT_COMPILER_NEUROCORE_SELECT_COMPARTMENT_H
#define BASALT_COMPILER_NEUROCORE_SELECT_COMPARTMENT_H

#include "compiler/neurocore/form/Population.h"
#include "runtime/neurocore/Target.h"

namespace basalt::neurocore {

/// Makes the population one of fixed compartments (Population::isFixed): slots, constants and
/// parameters become those of a compartment. Its kernel is in the form of simplifyKernel. Reports
/// the term that is none of a compartment, and numbers that its fields do not hold. Outputs that
/// nobody needs may go; `drop` is called before number i does.
llvm::LogicalResult matchCompartment(const Flat &flat, Population &population,
                                     const nc::Target &target,
                                     llvm::function_ref<void(unsigned)> drop);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_SELECT_COMPARTMENT_H
