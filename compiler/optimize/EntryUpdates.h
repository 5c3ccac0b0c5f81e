// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recognising updates of the stored entries of some sources or targets: `where(spikes, f(w), w)`.
#ifndef BASALT_COMPILER_OPTIMIZE_ENTRYUPDATES_H
#define BASALT_COMPILER_OPTIMIZE_ENTRYUPDATES_H

#include "dialect/num/Num.h"
#include "dialect/step/Step.h"

#include "mlir/IR/OwningOpRef.h"

namespace basalt::optimize {

/// What a kernel is given: entries, a vector (of one axis, or along one of two), or for every entry
/// a scalar or a tensor of one element.
struct EntryInput {
  mlir::Value value;
  step::EntryRole role;
};

struct EntryUpdate {
  mlir::Value before, after; ///< the entries of the state
  EntryInput mask;           ///< by source or by target
  llvm::SmallVector<EntryInput> inputs;
  mlir::OwningOpRef<step::KernelOp> kernel; ///< of the entry and the inputs
};

/// The updates, in order, that make of the value of a state what `set` gives it, if those are all
/// that does and nothing else in the block of `set` touches the state. None if there are none.
llvm::SmallVector<EntryUpdate> matchEntryUpdates(step::SetOp set, step::ProgramOp program);

} // namespace basalt::optimize

#endif // BASALT_COMPILER_OPTIMIZE_ENTRYUPDATES_H
