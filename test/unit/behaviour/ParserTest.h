// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the tests of the behaviour language share: parsing with the diagnostics caught as text.

#ifndef BASALT_TEST_UNIT_BEHAVIOUR_PARSERTEST_H
#define BASALT_TEST_UNIT_BEHAVIOUR_PARSERTEST_H

#include "compiler/frontend/behaviour/AstPrinter.h"
#include "compiler/frontend/behaviour/Parser.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include "gtest/gtest.h"

namespace basalt::test {

using namespace basalt::frontend::behaviour;

inline std::string toText(mlir::Location loc) {
  auto place = llvm::cast<mlir::FileLineColLoc>(loc);
  return std::to_string(place.getLine()) + ":" + std::to_string(place.getColumn());
}

inline std::string toText(Position position) {
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

/// Parses texts that start at line 1, column 1. What comes back is the printed tree, or "" after an
/// error; `errors` has "line:column: message" of each, notes after their errors.
class ParserTest : public testing::Test {
protected:
  ParserTest()
      : handler(&context, [this](mlir::Diagnostic &diagnostic) { catchError(diagnostic); }) {}

  Source source(llvm::StringRef text) { return {text, &context, "test.yaml", 1, 1}; }

  std::string expression(llvm::StringRef text) {
    auto result = parseExpression(source(text), ast);
    return mlir::succeeded(result) ? toString(*result) : "";
  }
  std::string block(llvm::StringRef text) {
    auto result = parseBlock(source(text), ast);
    return mlir::succeeded(result) ? toString(*result) : "";
  }
  std::string functions(llvm::StringRef text) {
    auto result = parseFunctions(source(text), ast);
    if (mlir::failed(result))
      return "";
    return llvm::join(llvm::map_range(*result, [](auto *f) { return toString(f); }), "\n");
  }
  std::string declaration(llvm::StringRef text, BareValues bareValues = BareValues::Forbidden) {
    auto result = parseDeclaration(source(text), ast, bareValues);
    return mlir::succeeded(result) ? toString(*result) : "";
  }
  std::string port(llvm::StringRef text) {
    auto result = parsePortDeclaration(source(text), ast);
    return mlir::succeeded(result) ? toString(*result) : "";
  }
  std::string connection(llvm::StringRef text) {
    auto result = parseConnection(source(text), ast);
    return mlir::succeeded(result) ? toString(*result) : "";
  }
  std::string path(llvm::StringRef text) {
    auto result = parseMemberPath(source(text), ast);
    return mlir::succeeded(result) ? toString(*result) : "";
  }
  std::string limit(llvm::StringRef text) {
    auto result = parseLimit(source(text), ast);
    return mlir::succeeded(result) ? toString(*result) : "";
  }

  /// The errors so far, one a line; forgets them.
  std::string takeErrors() {
    std::string text = llvm::join(errors, "\n");
    errors.clear();
    return text;
  }
  std::string blockErrors(llvm::StringRef text) {
    EXPECT_EQ(block(text), "") << text.str();
    return takeErrors();
  }
  std::string expressionErrors(llvm::StringRef text) {
    EXPECT_EQ(expression(text), "") << text.str();
    return takeErrors();
  }

  void TearDown() override { EXPECT_EQ(takeErrors(), ""); }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  AstContext ast;
  std::vector<std::string> errors;

private:
  void catchError(mlir::Diagnostic &diagnostic) {
    errors.push_back(toText(diagnostic.getLocation()) + ": " + diagnostic.str());
    for (mlir::Diagnostic &note : diagnostic.getNotes())
      errors.push_back("note " + toText(note.getLocation()) + ": " + note.str());
  }

  mlir::ScopedDiagnosticHandler handler;
};

} // namespace basalt::test

#endif // BASALT_TEST_UNIT_BEHAVIOUR_PARSERTEST_H
