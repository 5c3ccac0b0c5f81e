// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The processes, or the records, that the files of a program declare.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_CLASSTABLE_H
#define BASALT_COMPILER_FRONTEND_BUILD_CLASSTABLE_H

#include "compiler/frontend/build/ProcessClass.h"
#include "compiler/frontend/typing/Names.h"

namespace basalt::frontend {

/// Each is parsed when it is asked for, since it may extend one of any file.
class ClassTable {
public:
  /// What the table has: a process or a record.
  enum Kind { Process, Record };

  ClassTable(Kind kind, const FileScopes &scopes) : kind(kind), scopes(scopes) {}

  /// Makes a declaration of a file known. One of the library is parsed when it is used.
  void add(llvm::StringRef file, const yaml::Entry &entry, bool isStandard);
  /// Parses all of the program's own files, also what nothing uses, so that its errors are seen.
  mlir::LogicalResult parseAll();
  /// What `name` means at `use`.
  mlir::FailureOr<const ProcessClass *> find(llvm::StringRef name, mlir::Location use);

private:
  struct Source {
    const yaml::Entry *entry = nullptr;
    std::unique_ptr<ProcessClass> parsed;
    enum { Pending, Parsing, Done, Failed } state = Pending;
    bool isStandard = false;
  };
  void noteMentions(llvm::StringRef name, mlir::InFlightDiagnostic &error) const;
  mlir::FailureOr<const ProcessClass *> parse(Source &source);
  mlir::FailureOr<std::unique_ptr<ProcessClass>> parseEntry(const yaml::Entry &entry);

  Kind kind;
  const FileScopes &scopes;
  behaviour::AstContext ast;
  /// By file and name.
  llvm::StringMap<llvm::StringMap<Source>> sources;
};

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_CLASSTABLE_H
