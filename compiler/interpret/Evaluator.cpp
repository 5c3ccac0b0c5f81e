// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dispatch of the evaluator.
#include "compiler/interpret/Evaluator.h"

#include "compiler/interpret/Families.h"
#include "dialect/num/Num.h"

using namespace mlir;

namespace basalt::interp {

FailureOr<SmallVector<Tensor>> evaluate(Operation *op, ArrayRef<Tensor> operands,
                                        std::string *error) {
  Inputs inputs{operands, {}};
  for (auto family :
       {evaluateIntegers, evaluateFloats, evaluateTranscendentals, evaluateConversions,
        evaluateShapes, evaluateRandom, evaluateReductions, evaluateProducts, evaluateSynapses}) {
    std::optional<Tensor> result = family(op, inputs);
    if (!result)
      continue;
    if (inputs.error.empty())
      return SmallVector<Tensor>{std::move(*result)};
    if (error)
      *error = inputs.error;
    return failure();
  }
  if (error)
    *error = "'" + op->getName().getStringRef().str() + "' is not a value operation";
  return failure();
}

} // namespace basalt::interp
