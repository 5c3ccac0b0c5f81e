// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers that wrap when they are stored, now or some time later, as counters do.
#ifndef BASALT_COMPILER_SCHEDULE_LATEWRAPS_H
#define BASALT_COMPILER_SCHEDULE_LATEWRAPS_H

#include "compiler/schedule/RangeAnalysis.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace basalt {

/// What makes a value fit the type it is stored in, or null. An explicit cast is extended again
/// before anything is done with it, so what is cut right before it is stored is cut by the store.
mlir::arith::TruncIOp cutOf(mlir::Value stored, mlir::Type declared);

/// Whether numbers do not all fit the type.
bool wraps(const Numbers &given, mlir::Type declared);

/// By the value that is cut: the number it has in the first time step in which it does not fit.
struct LateWrap {
  Numbers number;
  int64_t step;
};
using LateWraps = llvm::DenseMap<mlir::Value, LateWrap>;

/// Counts on beyond the first steps where numbers are known, as far as that takes little time.
/// What wraps in the `first` steps is not looked for.
LateWraps findLateWraps(step::ProgramOp program, const RangeAnalysis &first,
                        const llvm::StringSet<> &changing);

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_LATEWRAPS_H
