// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the names of a behaviour or expression may mean besides its own locals.
#ifndef BASALT_COMPILER_FRONTEND_TYPING_NAMES_H
#define BASALT_COMPILER_FRONTEND_TYPING_NAMES_H

#include "compiler/frontend/behaviour/Ast.h"
#include "dialect/proc/Proc.h"

#include "llvm/ADT/StringMap.h"

namespace basalt::frontend {

/// What a name means.
struct Meaning {
  enum Kind {
    Unknown,  ///< there is no such name
    Poisoned, ///< there is, but an error about it has been reported
    Constant, ///< a parameter or extent: `constant`
    Member,   ///< a Var or port: `member`
  };
  Kind kind = Unknown;
  /// An IntegerAttr (i64, or i1 for a bool), FloatAttr (f64), StringAttr or DenseElementsAttr, or
  /// an object (see Record.h).
  mlir::Attribute constant;
  /// Whether the constant takes the other operand's type: it was given without a type.
  bool isWeak = false;
  mlir::Operation *member = nullptr;
  /// Which entries the elements of a constant stand for, if it is of a sparse Var.
  proc::SparseAttr sparse = {};
};

/// A scope of constants and members: that of a process type, or of YAML expressions.
class Names {
public:
  virtual ~Names() = default;
  virtual Meaning lookup(llvm::StringRef name, mlir::Location use) = 0;
  /// The element type that a type name is bound to, or null.
  virtual mlir::Type lookupType(llvm::StringRef name) { return {}; }
  /// All names, for suggestions.
  virtual void list(llvm::SmallVectorImpl<llvm::StringRef> &names) = 0;
};

/// The files of a program and what they import: a name that is used in a file means what that file
/// calls so, else what its imports do, else what any other file does. So a program may have a
/// function or process of a name that a library has, without changing what the library means.
class FileScopes {
public:
  /// Makes a file known, with the files that it imports in order.
  void add(llvm::StringRef file, llvm::ArrayRef<llvm::StringRef> imports);
  /// All files in the order in which a name that is used at `use` is looked for.
  llvm::SmallVector<llvm::StringRef> order(mlir::Location use) const;

private:
  void visit(llvm::StringRef file, llvm::SmallVectorImpl<llvm::StringRef> &order) const;

  std::vector<std::string> files;
  llvm::StringMap<std::vector<std::string>> imports;
};

/// The functions that can be called.
class Functions {
public:
  void addFile(llvm::StringRef file, llvm::ArrayRef<llvm::StringRef> imports) {
    scopes.add(file, imports);
  }
  /// Adds a function to a file; if that has one of the same name, returns that.
  const behaviour::FunctionDecl *add(llvm::StringRef file, const behaviour::FunctionDecl *function);
  /// What `name` means at `use`, or null.
  const behaviour::FunctionDecl *find(llvm::StringRef name, mlir::Location use) const;
  /// Some function of that name is declared in some file.
  bool contains(llvm::StringRef name) const;
  /// All names, for suggestions.
  void list(llvm::SmallVectorImpl<llvm::StringRef> &names) const;

private:
  FileScopes scopes;
  using OfFile = llvm::StringMap<const behaviour::FunctionDecl *>;
  llvm::StringMap<OfFile> byFile;
};

/// The file that a location is in; empty if that is not known.
llvm::StringRef fileOf(mlir::Location loc);

/// Adds to an error in another file, such as one of the library, which instance has led there.
void noteInstance(mlir::Diagnostic &diagnostic, mlir::Location instance);

/// The names of a process type under one of its models.
class ProcessNames : public Names {
public:
  ProcessNames(proc::ProcessOp process, proc::ModelOp model) : process(process), model(model) {}
  Meaning lookup(llvm::StringRef name, mlir::Location use) override;
  mlir::Type lookupType(llvm::StringRef name) override;
  void list(llvm::SmallVectorImpl<llvm::StringRef> &names) override;

private:
  proc::ProcessOp process;
  proc::ModelOp model;
};

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_TYPING_NAMES_H
