// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A process of the source: its declarations parsed, with those it takes over by `extends`.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_PROCESSCLASS_H
#define BASALT_COMPILER_FRONTEND_BUILD_PROCESSCLASS_H

#include "compiler/frontend/behaviour/Parser.h"
#include "compiler/frontend/yaml/Node.h"

#include "llvm/ADT/StringSet.h"

#include <deque>

namespace basalt::frontend {

/// A parameter or a Var.
struct ValueDecl {
  llvm::StringRef name;
  mlir::Location loc; ///< of the name
  bool isVar = false;
  bool isRequired = false; ///< no default
  bool isShareable = true;
  llvm::StringRef typeName; ///< empty: a parameter without a type
  std::optional<llvm::SmallVector<const behaviour::Expr *>> shape;
  /// The default, in one of three forms.
  const behaviour::Expr *init = nullptr;
  const yaml::Node *initNode = nullptr;
  std::optional<llvm::StringRef> text;
  mlir::Location initLoc;
  /// Stores the nonzeros of a matrix.
  bool isSparse = false;
};

struct PortDecl {
  llvm::StringRef name;
  mlir::Location loc;
  behaviour::PortKind kind;
  llvm::StringRef typeName;
  std::optional<llvm::SmallVector<const behaviour::Expr *>> shape;
  llvm::StringRef varName; ///< of a VarPort
  mlir::Location varLoc;
};

struct ProcessClass {
  llvm::StringRef name;
  mlir::Location loc;
  std::deque<ValueDecl> values; ///< parameters and Vars, in order
  std::deque<PortDecl> ports;
  llvm::StringMap<const yaml::Node *> limits;
  const yaml::Node *models = nullptr; ///< a list, or null
  /// Names that `aliases` of hierarchical models declare as Vars.
  llvm::StringSet<> aliases;
  /// Names of extents that stand for several axes somewhere (`*shape`), and so do wherever they
  /// stand.
  llvm::StringSet<> starredNames;
  /// Every word that stands in an expression (`$...`) in models: what a hierarchical process passes
  /// on to its children is among them.
  llvm::StringSet<> expressionWords;
  /// Every word that stands in models, shapes and limits: a parameter that is not among them only
  /// reaches initial values.
  llvm::StringSet<> structuralWords;
  /// Every word that stands in limits: the value of a Var among them makes the type of another.
  llvm::StringSet<> limitWords;

  const ValueDecl *findValue(llvm::StringRef name) const;
  const PortDecl *findPort(llvm::StringRef name) const;
  /// The sparse Var whose stored entries `decl` has a value for each of (`i32[weights]`, or it is
  /// that Var), or null.
  const ValueDecl *findPattern(const ValueDecl &decl) const;
  /// The place where a parameter, Var or port is declared.
  std::optional<mlir::Location> declaredAt(llvm::StringRef name) const;
};

/// The type of a parameter that is a record, whichever.
inline constexpr llvm::StringLiteral kRecordType = "record";

/// Parses the process `name`; `base` is the class that it extends, or null. Errors are reported.
mlir::FailureOr<std::unique_ptr<ProcessClass>>
parseProcessClass(llvm::StringRef name, mlir::Location nameLoc, const yaml::Node &node,
                  const ProcessClass *base, behaviour::AstContext &ast);

/// Parses the record `name`, whose parameters are the values of the result.
mlir::FailureOr<std::unique_ptr<ProcessClass>>
parseRecordClass(llvm::StringRef name, mlir::Location nameLoc, const yaml::Node &node,
                 const ProcessClass *base, behaviour::AstContext &ast);

/// Reports that there is no type of that name.
mlir::LogicalResult refuseType(mlir::Location loc, llvm::StringRef name);

/// The text of a scalar as a source of the behaviour parser; reports text without exact places.
mlir::FailureOr<behaviour::Source> sourceOf(const yaml::Node &node, mlir::MLIRContext *context,
                                            llvm::StringRef what);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_PROCESSCLASS_H
