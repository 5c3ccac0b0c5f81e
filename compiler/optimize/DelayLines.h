// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recognising delay lines: states that move on by a column in each step and have spikes delivered
// onto them.
#ifndef BASALT_COMPILER_OPTIMIZE_DELAYLINES_H
#define BASALT_COMPILER_OPTIMIZE_DELAYLINES_H

#include "compiler/schedule/StateAccesses.h"
#include "dialect/num/Num.h"
#include "dialect/step/Step.h"

namespace basalt::optimize {

/// A value that is column 0 of a line, perhaps in a wider type, and where the line was read for it.
struct DueValue {
  mlir::Value value;
  step::GetOp get;
};

/// A state that a projection can stand for, and the code that is then no longer needed.
struct DelayLine {
  mlir::StringAttr line, weights, delays; ///< states; `delays` may be null
  int64_t first = 0;                      ///< the delay whose synapses deliver into column 0
  mlir::Value spikes;                     ///< of type i1
  llvm::SmallVector<DueValue> dues;       ///< each value once
  step::SetOp set;                        ///< which moves the line on
  llvm::SmallVector<step::SetOp> earlier; ///< which have set columns to zero before
};

/// The delay line that `set` moves on, if it is one. `symbols` are those of the program.
std::optional<DelayLine> matchDelayLine(step::SetOp set, const mlir::SymbolTable &symbols,
                                        const StateAccesses &accesses);

} // namespace basalt::optimize

#endif // BASALT_COMPILER_OPTIMIZE_DELAYLINES_H
