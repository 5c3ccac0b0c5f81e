// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// exp, log and the like, by the one implementation of the run-time library.
#include "compiler/interpret/Families.h"

#include "dialect/num/Num.h"

using namespace mlir;

namespace basalt::interp {

std::optional<Tensor> evaluateTranscendentals(Operation *op, Inputs &inputs) {
  if (!isa<num::ExpOp, num::LogOp, num::SinOp, num::CosOp, num::TanhOp, num::PowFOp>(op))
    return std::nullopt;
  inputs.error = "'" + op->getName().getStringRef().str() + "' is not supported yet";
  return Tensor(op->getResult(0).getType());
}

} // namespace basalt::interp
