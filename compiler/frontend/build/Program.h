// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A Basalt file with everything it imports, read and checked for form.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_PROGRAM_H
#define BASALT_COMPILER_FRONTEND_BUILD_PROGRAM_H

#include "compiler/frontend/behaviour/Parser.h"
#include "compiler/frontend/typing/Names.h"
#include "compiler/frontend/yaml/Reader.h"

namespace basalt::frontend {

/// The files of a program, the main file first. Nodes live as long as this.
class Program {
public:
  Program(SourceFiles &sources, mlir::MLIRContext *context)
      : context(context), reader(sources, context) {}

  /// Reads the file and what it imports, and parses all functions. Errors are reported.
  mlir::LogicalResult read(llvm::StringRef path);

  const yaml::Node &main() const { return *documents.front().root; }
  const Functions &functions() const { return functionsByName; }

  struct Document {
    const yaml::Node *root;
    std::string path;
  };
  llvm::ArrayRef<Document> all() const { return documents; }

private:
  mlir::LogicalResult readDocument(llvm::StringRef path, mlir::Location requestedAt,
                                   llvm::ArrayRef<std::string> importers);
  mlir::LogicalResult readImports(const yaml::Node &root, llvm::StringRef path,
                                  llvm::ArrayRef<std::string> importers);
  mlir::LogicalResult parseFunctions(const yaml::Node &root);
  mlir::LogicalResult checkHiddenNames();

  mlir::MLIRContext *context;
  yaml::Reader reader;
  behaviour::AstContext ast;
  std::vector<Document> documents;
  Functions functionsByName;
};

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_PROGRAM_H
