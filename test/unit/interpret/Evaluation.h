// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of operations, given as text: `{"arith.addi", {}, {"dense<1> : tensor<2xi64>", …},
// "dense<…>"}`.
#ifndef BASALT_TEST_UNIT_INTERPRET_EVALUATION_H
#define BASALT_TEST_UNIT_INTERPRET_EVALUATION_H

#include "compiler/interpret/Evaluator.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

#include <string>
#include <vector>

namespace basalt::interp {

/// One operation with constant operands, and its value.
struct Case {
  std::string op;
  std::string properties; // inside `<{ }>`; may be empty
  std::vector<std::string> operands;
  std::string expected; // `dense<…> : tensor<…>`, or a scalar
};

/// Of the products: see ProductCases.cpp.
std::vector<Case> productCases();
std::vector<Case> convolutionCases();
std::vector<Case> synapseCases();
/// See RandomCases.cpp.
std::vector<Case> gatherCases();
std::vector<Case> randomCases();

/// The process-wide context of the tests, with arith and num.
mlir::MLIRContext &testContext();

/// A module with the operands as constants and then the operation, which is its last one.
mlir::OwningOpRef<mlir::ModuleOp> parseCase(const Case &given);

/// Evaluates the operation twice, directly and as a constant folding, and compares with what is
/// expected (any NaN is equal to any other).
void expectValue(const Case &given);

/// The text of the error that evaluation ends with.
std::string errorOf(const Case &given);

} // namespace basalt::interp

#endif // BASALT_TEST_UNIT_INTERPRET_EVALUATION_H
