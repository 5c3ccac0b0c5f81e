// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random bits, and numbers made of them.
#include "compiler/interpret/Families.h"
#include "runtime/native/Poisson.h"

#include "dialect/num/Num.h"

using namespace mlir;

namespace basalt::interp {

static rt::RandomKey keyOf(uint64_t stream, ArrayRef<Tensor> numbers) {
  rt::RandomKey key{stream, numbers.size()};
  for (const Tensor &number : numbers)
    key = key.with(number.integer(0));
  return key;
}

std::optional<Tensor> evaluateRandom(Operation *op, Inputs &inputs) {
  if (auto bits = dyn_cast<num::RandomBitsOp>(op))
    return makeIntegers(op, [key = keyOf(bits.getStream(), inputs.operands)](int64_t i) {
      return rt::randomBits(key, i);
    });
  if (auto poisson = dyn_cast<num::RandomPoissonOp>(op)) {
    const Tensor &lambda = inputs[0];
    rt::RandomKey key = keyOf(poisson.getStream(), inputs.operands.drop_front());
    return makeIntegers(op, [&](int64_t i) {
      return rt::poisson(lambda.real(lambda.rank() == 0 ? 0 : i), key, i);
    });
  }
  return std::nullopt;
}

} // namespace basalt::interp
