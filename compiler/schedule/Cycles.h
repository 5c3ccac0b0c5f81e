// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cycles among things that wait for each other.
#ifndef BASALT_COMPILER_SCHEDULE_CYCLES_H
#define BASALT_COMPILER_SCHEDULE_CYCLES_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"

#include <vector>

namespace basalt {

/// Whom each node waits for, by number.
using WaitGraph = std::vector<mlir::SmallVector<unsigned, 2>>;

/// A cycle of each set of nodes that all wait for each other: the shortest one through its first
/// node, which it begins with; each node waits for the next, the last one for the first. In the
/// order of their first nodes.
mlir::SmallVector<mlir::SmallVector<unsigned>> findCycles(const WaitGraph &graph);

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_CYCLES_H
