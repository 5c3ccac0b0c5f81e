// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer on the parser of behaviours, declarations and connections. What parses is printed, and
// must parse again to the same.
#include "compiler/frontend/behaviour/AstPrinter.h"
#include "compiler/frontend/behaviour/Parser.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace {
/// Parses one text in one context.
class Parsing {
public:
  Parsing()
      : context(MLIRContext::Threading::DISABLED),
        handler(&context, [this](Diagnostic &diagnostic) {
          errors += diagnostic.getSeverity() == DiagnosticSeverity::Error;
          isTooDeep |= StringRef(diagnostic.str()).contains(" levels");
        }) {}

  void parseAsEverything(StringRef text);

private:
  Source source(StringRef text) { return {text, &context, "net.yaml", 1, 1}; }
  void expect(bool holds, const char *what) {
    if (holds)
      return;
    llvm::errs() << "broken promise: " << what << "\n";
    abort();
  }
  /// A failure has an error, a success has none.
  template <typename Parsed> void check(const Parsed &parsed, const char *what) {
    expect(succeeded(parsed) == (errors == 0), what);
    errors = 0;
  }
  std::string printed(StringRef text);
  void checkRoundTrip(StringRef text);

  MLIRContext context;
  unsigned errors = 0;
  bool isTooDeep = false; // an error has said so
  ScopedDiagnosticHandler handler;
};
} // namespace

std::string Parsing::printed(StringRef text) {
  AstContext ast;
  auto block = parseBlock(source(text), ast);
  errors = 0;
  return succeeded(block) ? toString(*block) : "";
}

void Parsing::checkRoundTrip(StringRef text) {
  std::string first = printed(text);
  if (first.empty())
    return;
  isTooDeep = false;
  std::string second = printed(first);
  // The printer writes more brackets than there were.
  expect(second == first || isTooDeep, "a tree that was printed parses to the same");
}

void Parsing::parseAsEverything(StringRef text) {
  AstContext ast;
  check(parseBlock(source(text), ast), "block");
  check(parseExpression(source(text), ast), "expression");
  check(parseFunctions(source(text), ast), "functions");
  check(parseDeclaration(source(text), ast, BareValues::Forbidden), "Var");
  check(parseDeclaration(source(text), ast, BareValues::Allowed), "parameter");
  check(parsePortDeclaration(source(text), ast), "port");
  check(parseConnection(source(text), ast), "connection");
  check(parseMemberPath(source(text), ast), "path");
  check(parseLimit(source(text), ast), "limit");
  check(parseRule(source(text), ast), "rule");
  checkRoundTrip(text);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Parsing().parseAsEverything({reinterpret_cast<const char *>(data), size});
  return 0;
}
