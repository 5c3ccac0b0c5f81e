// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In which steps a guard can hold, as far as that follows from the number of the step: processes
// whose guards never hold together do not wait for each other, nor race.
#ifndef BASALT_COMPILER_SCHEDULE_PERIODS_H
#define BASALT_COMPILER_SCHEDULE_PERIODS_H

#include "mlir/IR/Region.h"

namespace basalt {

/// Steps that leave a remainder when they are divided by a number; if that is 0, the one step that
/// is the remainder.
struct Period {
  int64_t steps;
  int64_t remainder;
};

/// A guard whose body this is holds only in steps that are in all of them.
using Periods = llvm::SmallVector<Period, 1>;
Periods periodsOf(mlir::Region &guard);

/// Whether two such guards never hold in one step.
bool areDisjoint(const Periods &a, const Periods &b);

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_PERIODS_H
