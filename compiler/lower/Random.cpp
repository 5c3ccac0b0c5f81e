// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowering of random draws to memory that the run-time library fills.
#include "compiler/lower/Lowering.h"

#include "dialect/rt/Rt.h"

using namespace mlir;

namespace basalt::lower {

void Lowering::lowerRandom(Operation *op) {
  Location loc = op->getLoc();
  Value result = op->getResult(0);
  Value target =
      isArray(result.getType()) ? targetFor(result, op) : newScratch(loc, result.getType());
  auto scalarsOf = [&](ValueRange keys) {
    return llvm::map_to_vector(keys, [&](Value key) { return scalarOf(key); });
  };
  if (auto bits = dyn_cast<num::RandomBitsOp>(op)) {
    rtop::FillRandomOp::create(builder, loc, target, bits.getStream(), scalarsOf(bits.getKeys()));
  } else {
    auto poisson = cast<num::RandomPoissonOp>(op);
    Value lambda = poisson.getLambda();
    lambda = isArray(lambda.getType()) ? memoryOf(lambda) : scalarOf(lambda);
    rtop::FillPoissonOp::create(builder, loc, target, poisson.getStream(), lambda,
                                scalarsOf(poisson.getKeys()));
  }
  if (isArray(result.getType()))
    arrays[result] = target;
  else
    scalars[result] = memref::LoadOp::create(builder, loc, target, constantIndex(loc, 0));
}

} // namespace basalt::lower
