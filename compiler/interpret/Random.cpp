// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random bits, and numbers made of them.
#include "runtime/native/Random.h"
#include "compiler/interpret/Families.h"

#include "dialect/num/Num.h"

using namespace mlir;

namespace basalt::interp {

static Tensor randomBits(num::RandomBitsOp op, Inputs &inputs) {
  rt::RandomKey key{op.getStream(), inputs.operands.size()};
  for (const Tensor &number : inputs.operands)
    key = key.with(number.integer(0));
  return makeIntegers(op, [&](int64_t i) { return rt::randomBits(key, i); });
}

std::optional<Tensor> evaluateRandom(Operation *op, Inputs &inputs) {
  if (auto bits = dyn_cast<num::RandomBitsOp>(op))
    return randomBits(bits, inputs);
  if (isa<num::PoissonOp>(op))
    return makeIntegers(
        op, [&](int64_t i) { return rt::poisson(inputs[0].real(i), inputs[1].integer(i)); });
  return std::nullopt;
}

} // namespace basalt::interp
