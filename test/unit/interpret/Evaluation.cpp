// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parses and evaluates the cases of the evaluator's tests.
#include "Evaluation.h"

#include "dialect/num/Num.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Parser/Parser.h"
#include <gtest/gtest.h>

using namespace mlir;

namespace basalt::interp {

MLIRContext &testContext() {
  static MLIRContext context;
  context.loadDialect<arith::ArithDialect, num::NumDialect>();
  return context;
}

static std::string typeOf(const std::string &constant) {
  auto value = dyn_cast_or_null<TypedAttr>(parseAttribute(constant, &testContext()));
  EXPECT_TRUE(value) << constant;
  std::string text;
  llvm::raw_string_ostream(text) << value.getType();
  return text;
}

OwningOpRef<ModuleOp> parseCase(const Case &given) {
  std::string text, names, types;
  for (size_t i = 0; i < given.operands.size(); ++i) {
    std::string name = "%" + std::to_string(i), comma = i ? ", " : "";
    text += name + " = arith.constant " + given.operands[i] + "\n";
    names += comma + name;
    types += comma + typeOf(given.operands[i]);
  }
  std::string properties = given.properties.empty() ? "" : " <{" + given.properties + "}>";
  text += "%r = \"" + given.op + "\"(" + names + ")" + properties + " : (" + types + ") -> " +
          typeOf(given.expected) + "\n";
  return parseSourceString<ModuleOp>(text, &testContext());
}

static Tensor valueOf(const std::string &constant) {
  Attribute value = parseAttribute(constant, &testContext());
  if (auto elements = dyn_cast<ElementsAttr>(value))
    return Tensor::fromAttr(elements);
  return Tensor::fromScalarAttr(cast<TypedAttr>(value));
}

static FailureOr<Tensor> evaluateLast(ModuleOp module, std::string *error) {
  Operation *op = &module.getBody()->back();
  SmallVector<Tensor> operands;
  for (Value operand : op->getOperands())
    operands.push_back(Tensor::fromAttr(*constantOf(operand)));
  FailureOr<SmallVector<Tensor>> results = evaluate(op, operands, error);
  if (failed(results))
    return failure();
  return results->front();
}

static std::string spell(const Tensor &value) {
  std::string text;
  llvm::raw_string_ostream(text) << value.toAttr();
  return text;
}

static bool isSame(const Tensor &a, const Tensor &b) {
  if (!a.isFloat() || a.elementType() != b.elementType() || a.shape() != b.shape())
    return a == b;
  for (int64_t i = 0; i < a.size(); ++i) {
    bool nan = std::isnan(a.real(i)) && std::isnan(b.real(i));
    if (!nan && llvm::bit_cast<uint64_t>(a.real(i)) != llvm::bit_cast<uint64_t>(b.real(i)))
      return false;
  }
  return true;
}

void expectValue(const Case &given) {
  SCOPED_TRACE(given.op + " " + given.properties);
  OwningOpRef<ModuleOp> module = parseCase(given);
  ASSERT_TRUE(module);
  Tensor expected = valueOf(given.expected);
  std::string error;
  FailureOr<Tensor> value = evaluateLast(*module, &error);
  ASSERT_TRUE(succeeded(value)) << error;
  EXPECT_TRUE(isSame(*value, expected)) << spell(*value) << ", expected " << spell(expected);
  std::optional<DenseElementsAttr> folded = foldToConstant(&module->getBody()->back());
  ASSERT_TRUE(folded);
  EXPECT_TRUE(isSame(Tensor::fromAttr(*folded), expected));
}

std::string errorOf(const Case &given) {
  OwningOpRef<ModuleOp> module = parseCase(given);
  EXPECT_TRUE(module);
  std::string error;
  EXPECT_TRUE(failed(evaluateLast(*module, &error)));
  EXPECT_FALSE(foldToConstant(&module->getBody()->back()));
  return error;
}

} // namespace basalt::interp
