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
  /// `library` is the folder of the standard library; empty: there is none.
  Program(SourceFiles &sources, mlir::MLIRContext *context, llvm::StringRef library)
      : context(context), reader(sources, context), library(library) {}

  /// Reads the file and what it imports, and parses all functions. The standard library is read as
  /// well, if something is named that no other file declares. Errors are reported.
  mlir::LogicalResult read(llvm::StringRef path);

  const yaml::Node &main() const { return *documents.front().root; }
  /// Whether a file has keys that mean nothing, which has been reported.
  bool hasStrayKeys() const { return strayKeys; }
  const Functions &functions() const { return allFunctions; }
  const FileScopes &scopes() const { return fileScopes; }

  struct Document {
    const yaml::Node *root;
    std::string path;                 ///< canonical
    bool isStandard;                  ///< read because the standard library is implicit
    std::vector<std::string> imports; ///< as locations name them

    /// As locations name it.
    llvm::StringRef file() const { return root->loc().getFilename().getValue(); }
  };
  /// The main file first, then the others as they were read.
  llvm::ArrayRef<Document> all() const { return documents; }

private:
  /// Reads a file unless that has been done; the result is its name in locations.
  mlir::FailureOr<llvm::StringRef> readDocument(llvm::StringRef path, mlir::Location requestedAt,
                                                llvm::ArrayRef<std::string> importers);
  mlir::LogicalResult readImports(size_t document, llvm::StringRef path,
                                  llvm::ArrayRef<std::string> importers);
  mlir::FailureOr<std::string> importPath(const yaml::Node &item, llvm::StringRef importer);
  mlir::LogicalResult parseFunctions(const yaml::Node &root);
  mlir::LogicalResult checkHiddenNames(llvm::StringRef section, llvm::StringRef what);
  bool needsStandard() const;
  void recordScopes();

  mlir::MLIRContext *context;
  yaml::Reader reader;
  std::string library;
  bool readingStandard = false;
  bool strayKeys = false;
  behaviour::AstContext ast;
  std::vector<Document> documents;
  FileScopes fileScopes;
  Functions allFunctions;
};

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_PROGRAM_H
