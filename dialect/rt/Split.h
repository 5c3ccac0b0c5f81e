// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What operations that can be split say about the memory that they use. See RtSplit.td.
#ifndef BASALT_DIALECT_RT_SPLIT_H
#define BASALT_DIALECT_RT_SPLIT_H

#include "mlir/IR/OpDefinition.h"

namespace basalt::rtop {

/// The attribute of a statement in rt.parallel that may stop the run: if several do, the first one
/// in order, and of that the thread with the lowest range, is the one that is reported.
inline constexpr llvm::StringLiteral kMayFail = "rt.may_fail";

/// Memory that an operation uses.
struct SplitAccess {
  mlir::Value memory;     // a memref, or null:
  llvm::StringRef object; // the name of something else that has a state, as a port or a projection
  bool isWrite;
  /// Only what belongs to the elements that are done: of `n` elements in memory of `k * n`, those
  /// from `k * low` to before `k * high`. Otherwise it may be anything.
  bool isOwn;
};

} // namespace basalt::rtop

#include "dialect/rt/RtSplit.h.inc"

#endif // BASALT_DIALECT_RT_SPLIT_H
