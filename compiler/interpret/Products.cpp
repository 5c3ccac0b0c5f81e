// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products with dense matrices and kernels. Sums begin with 0 and go in index order; factors that
// are zero add nothing.
#include "compiler/interpret/Accumulate.h"
#include "compiler/interpret/Families.h"
#include "compiler/interpret/Positions.h"

#include "dialect/num/Num.h"

using namespace mlir;

namespace basalt::interp {

static Tensor multiply(num::MatVecOp op, Inputs &inputs) {
  const Tensor &matrix = inputs[0], &vector = inputs[1];
  Tensor result(op.getType());
  int64_t columns = vector.size();
  for (int64_t i = 0; i < result.size(); ++i)
    for (int64_t j = 0; j < columns; ++j)
      if (!isZero(vector, j))
        addProduct(result, i, matrix, i * columns + j, vector, j);
  return result;
}

static Tensor deliver(num::DeliverOp op, Inputs &inputs) {
  const Tensor &matrix = inputs[0], &delays = inputs[1], &vector = inputs[2];
  Tensor result = op.getOnto() ? Tensor(inputs[3]) : Tensor(op.getType());
  int64_t columns = vector.size(), slots = result.shape()[1];
  for (int64_t i = 0; i < matrix.size(); ++i) {
    int64_t row = i / columns, column = i % columns, slot = delays.integer(i);
    if (slot >= 0 && slot < slots && !isZero(vector, column))
      addProduct(result, row * slots + slot, matrix, i, vector, column);
  }
  return result;
}

/// Adds what the element of the kernel at `at` (output channel, x, y, channel of the group)
/// contributes to the output at `x`, `y`.
static void addTap(num::Conv2DOp op, Tensor &result, const Position &out, const Tensor &input,
                   const Tensor &kernel, int64_t tap) {
  Position at = positionOf(tap, kernel.shape());
  int64_t perGroup = kernel.shape()[0] / static_cast<int64_t>(op.getGroups());
  Position from(3);
  for (int axis : {0, 1}) {
    from[axis] = out[axis] * op.getStride()[axis] + at[axis + 1] * op.getDilation()[axis] -
                 op.getPadding()[axis];
    if (from[axis] < 0 || from[axis] >= input.shape()[axis])
      return;
  }
  from[2] = at[0] / perGroup * kernel.shape()[3] + at[3];
  int64_t source = elementAt(from, input.shape());
  if (!isZero(input, source))
    addProduct(result, elementAt({out[0], out[1], at[0]}, result.shape()), kernel, tap, input,
               source);
}

static Tensor convolve(num::Conv2DOp op, Inputs &inputs) {
  const Tensor &input = inputs[0], &kernel = inputs[1];
  Tensor result(op.getType());
  for (int64_t x = 0; x < result.shape()[0]; ++x)
    for (int64_t y = 0; y < result.shape()[1]; ++y)
      for (int64_t tap = 0; tap < kernel.size(); ++tap)
        addTap(op, result, {x, y}, input, kernel, tap);
  return result;
}

std::optional<Tensor> evaluateProducts(Operation *op, Inputs &inputs) {
  if (auto matvec = dyn_cast<num::MatVecOp>(op))
    return multiply(matvec, inputs);
  if (auto deliverOp = dyn_cast<num::DeliverOp>(op))
    return deliver(deliverOp, inputs);
  if (auto conv = dyn_cast<num::Conv2DOp>(op))
    return convolve(conv, inputs);
  return std::nullopt;
}

} // namespace basalt::interp
