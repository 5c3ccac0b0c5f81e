// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the small texts of a YAML file parse to: declarations of Vars, parameters and ports,
// connections, limits. Plain values; what they point to is owned by the AstContext.

#ifndef BASALT_COMPILER_FRONTEND_BEHAVIOUR_DECLARATIONS_H
#define BASALT_COMPILER_FRONTEND_BEHAVIOUR_DECLARATIONS_H

#include "compiler/frontend/behaviour/Ast.h"

namespace basalt::frontend::behaviour {

/// The extents between the brackets of a type; a StarExpr where `*` stands.
using Shape = llvm::ArrayRef<const Expr *>;

/// A Var, a parameter or a field of a record: `sparse num[n, m] = 0`, `i64 = 1`, `required`, `[1,
/// 2]`.
struct Declaration {
  mlir::Location loc;
  bool isSparse = false;
  /// The word `required`, alone.
  bool isRequired = false;
  /// The text is one word and bare values are allowed: it is a type or a string, and the caller,
  /// who knows the types, chooses. `typeName` and `bareText` both hold the word, `init` its
  /// NameExpr.
  bool isBareWord = false;
  /// Empty if there is no type.
  llvm::StringRef typeName;
  mlir::Location typeLoc;
  /// Absent without brackets; `[]` is an empty shape.
  std::optional<Shape> shape;
  /// The value. Null if there is none, if it is the text of a `rule`, or if a bare value is neither
  /// a literal nor a word (then it is a string, in `bareText`).
  const Expr *init = nullptr;
  /// The text after `=` as it stands, trimmed. Of a `rule` it is all there is: rules have a grammar
  /// of their own.
  llvm::StringRef initText;
  mlir::Location initLoc;
  /// The whole text, trimmed, if it is a bare value, else empty.
  llvm::StringRef bareText;
};

enum class PortKind { In, Out, Ref, Var };

/// A port: `in num[shape]`, `ref i32[1]`, `var weights`.
struct PortDeclaration {
  mlir::Location loc;
  PortKind kind;
  /// Empty for kind Var.
  llvm::StringRef typeName;
  mlir::Location typeLoc;
  /// Absent without brackets and for kind Var.
  std::optional<Shape> shape;
  /// Of kind Var: the Var it gives access to.
  llvm::StringRef varName;
  mlir::Location varLoc;
};

enum class TransformKind { Reshape, Flatten, Transpose, Slice };

/// A virtual port applied to an end of a connection.
struct Transform {
  TransformKind kind;
  mlir::Location loc;
  /// Of `.reshape(2, 5)` and `.transpose(1, 0)`; also a single list.
  llvm::ArrayRef<const Expr *> args;
  /// Of a slice.
  llvm::ArrayRef<IndexItem> items;
};

/// An end of a connection: `lif.s_out`, `s_out`, `concat(a.s_out, b.s_out, axis=0)`, each with
/// virtual ports after it.
struct ConnectionEnd {
  SourceSpan span;
  /// The instance, empty for a port or Var of the enclosing process.
  llvm::StringRef instance;
  mlir::Location instanceLoc;
  /// The port or Var; empty if this is a concatenation.
  llvm::StringRef member;
  mlir::Location memberLoc;
  /// What is concatenated (at least one); empty otherwise.
  llvm::ArrayRef<const ConnectionEnd *> parts;
  /// Of a concatenation; null for axis 0.
  const Expr *axis = nullptr;
  /// In the order they apply.
  llvm::ArrayRef<Transform> transforms;

  bool isConcat() const { return !parts.empty(); }
};

/// `a.s_out, b.s_out -> c.a_in`; both sides have at least one end. Destinations are plain.
struct Connection {
  mlir::Location loc;
  mlir::Location arrowLoc;
  llvm::ArrayRef<const ConnectionEnd *> sources;
  llvm::ArrayRef<const ConnectionEnd *> destinations;
};

/// `0..4095`, `1..`, `..5`: both ends inclusive, at least one given.
struct Limit {
  mlir::Location loc;
  const Expr *lower = nullptr;
  const Expr *upper = nullptr;
};

} // namespace basalt::frontend::behaviour

#endif // BASALT_COMPILER_FRONTEND_BEHAVIOUR_DECLARATIONS_H
