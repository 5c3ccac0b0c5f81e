// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Row-major positions: what index operations, reductions and transforms of ports count with.
#ifndef BASALT_COMPILER_INTERPRET_POSITIONS_H
#define BASALT_COMPILER_INTERPRET_POSITIONS_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace basalt::interp {

/// One index for each axis.
using Position = llvm::SmallVector<int64_t, 4>;

/// The row-major number of the element at `position`.
inline int64_t elementAt(llvm::ArrayRef<int64_t> position, llvm::ArrayRef<int64_t> shape) {
  int64_t element = 0;
  for (size_t axis = 0; axis < shape.size(); ++axis)
    element = element * shape[axis] + position[axis];
  return element;
}

/// Where the element of that row-major number is; the inverse of `elementAt`.
inline Position positionOf(int64_t element, llvm::ArrayRef<int64_t> shape) {
  Position position(shape.size());
  for (size_t axis = shape.size(); axis-- > 0; element /= shape[axis])
    position[axis] = element % shape[axis];
  return position;
}

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_POSITIONS_H
