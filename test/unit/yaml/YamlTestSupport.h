// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- YamlTestSupport.h - a document read from a string ------------------===//
//
// Reads a text and keeps the diagnostics as `line:column: text`, notes after their error as
// `note line:column: text`.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_TEST_UNIT_YAML_YAMLTESTSUPPORT_H
#define BASALT_TEST_UNIT_YAML_YAMLTESTSUPPORT_H

#include "compiler/frontend/yaml/Reader.h"
#include "compiler/frontend/yaml/Schema.h"
#include "compiler/support/SourceFiles.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"
#include <string>
#include <vector>

namespace basalt::frontend::yaml {

class Document {
public:
  explicit Document(llvm::StringRef text, ReaderLimits limits = {})
      : handler(&context, [this](mlir::Diagnostic &d) { take(d); }),
        reader(sources, &context, limits) {
    llvm::FailureOr<const Node *> read = reader.read(sources.addBuffer("test.yaml", text));
    if (llvm::succeeded(read))
      root = *read;
  }

  /// The value reached by keys and indices, e.g. {"a", "0", "b"}.
  const Node &at(std::initializer_list<llvm::StringRef> path) const {
    const Node *node = root;
    for (llvm::StringRef step : path) {
      unsigned index = 0;
      const bool isIndex = node->isSequence() && !step.getAsInteger(10, index);
      node = isIndex ? node->items()[index] : node->find(step);
      EXPECT_NE(node, nullptr) << "no " << step.str();
    }
    return *node;
  }

  /// Null if reading failed.
  const Node *root = nullptr;
  std::vector<std::string> errors;
  SourceFiles sources;

private:
  static std::string place(mlir::Location loc) {
    auto file = llvm::dyn_cast<mlir::FileLineColLoc>(loc);
    return file ? std::to_string(file.getLine()) + ":" + std::to_string(file.getColumn()) : "?";
  }
  void take(mlir::Diagnostic &diagnostic) {
    errors.push_back(place(diagnostic.getLocation()) + ": " + diagnostic.str());
    for (const mlir::Diagnostic &note : diagnostic.getNotes())
      errors.push_back("note " + place(note.getLocation()) + ": " + note.str());
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  mlir::ScopedDiagnosticHandler handler;
  Reader reader;
};

using Lines = std::vector<std::string>;

/// "line:column" of a node.
inline std::string placeOf(const Node &node) {
  return std::to_string(node.line()) + ":" + std::to_string(node.column());
}

/// "line:column" of the first character of a scalar's text.
inline std::string textPlaceOf(const Node &node) {
  return std::to_string(node.textLine()) + ":" + std::to_string(node.textColumn());
}

} // namespace basalt::frontend::yaml

#endif // BASALT_TEST_UNIT_YAML_YAMLTESTSUPPORT_H
