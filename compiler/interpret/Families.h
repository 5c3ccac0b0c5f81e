// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parts of the evaluator, one for each family of operations.
#ifndef BASALT_COMPILER_INTERPRET_FAMILIES_H
#define BASALT_COMPILER_INTERPRET_FAMILIES_H

#include "compiler/interpret/Tensor.h"

#include "mlir/IR/Operation.h"

#include <optional>
#include <string>

namespace basalt::interp {

/// The operands of an operation that is evaluated, and a place for what goes wrong. After a part
/// has set `error`, the tensor it returns means nothing.
struct Inputs {
  llvm::ArrayRef<Tensor> operands;
  std::string error;

  const Tensor &operator[](size_t i) const { return operands[i]; }
};

// Each returns the result of `op`, or nothing if the operation is not of its family.

/// Elementwise arithmetic and comparison of integers.
std::optional<Tensor> evaluateIntegers(mlir::Operation *op, Inputs &inputs);
/// Elementwise arithmetic and comparison of floats.
std::optional<Tensor> evaluateFloats(mlir::Operation *op, Inputs &inputs);
/// exp, log and the like.
std::optional<Tensor> evaluateTranscendentals(mlir::Operation *op, Inputs &inputs);
/// Constants, select, and conversions between element types.
std::optional<Tensor> evaluateConversions(mlir::Operation *op, Inputs &inputs);
/// Operations that move elements.
std::optional<Tensor> evaluateShapes(mlir::Operation *op, Inputs &inputs);
/// Reductions along axes.
std::optional<Tensor> evaluateReductions(mlir::Operation *op, Inputs &inputs);
/// Products with dense matrices and kernels.
std::optional<Tensor> evaluateProducts(mlir::Operation *op, Inputs &inputs);
/// Operations on stored entries.
std::optional<Tensor> evaluateSynapses(mlir::Operation *op, Inputs &inputs);
/// Random bits, and numbers made of them.
std::optional<Tensor> evaluateRandom(mlir::Operation *op, Inputs &inputs);

/// A result of the type of `op` whose element `i` is `element(i)`, an int64_t.
template <typename Function> Tensor makeIntegers(mlir::Operation *op, Function element) {
  Tensor result(op->getResult(0).getType());
  result.setIntegers(element);
  return result;
}

/// A result of the type of `op` whose element `i` is `element(i)`, a double.
template <typename Function> Tensor makeReals(mlir::Operation *op, Function element) {
  Tensor result(op->getResult(0).getType());
  for (int64_t i = 0; i < result.size(); ++i)
    result.setReal(i, element(i));
  return result;
}

/// Applies `function`, which takes floats or doubles alike, to element `i` of each operand in the
/// precision of the operands.
template <typename Function>
Tensor mapReals(mlir::Operation *op, Inputs &inputs, Function function) {
  bool single = inputs[0].isSingle(), unary = inputs.operands.size() == 1;
  const Tensor &a = inputs[0], &b = inputs[unary ? 0 : 1];
  return makeReals(op, [&](int64_t i) -> double {
    if (single)
      return function(static_cast<float>(a.real(i)), static_cast<float>(b.real(i)));
    return function(a.real(i), b.real(i));
  });
}

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_FAMILIES_H
