// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parses the texts of a Basalt file that are not YAML: behaviours, functions, expressions,
// declarations, connections, limits. All functions report errors through the MLIR context's
// diagnostics, at exact positions, several of them where statements can be told apart, and then
// fail. Nothing that is returned refers to the source text; it lives as long as the AstContext.

#ifndef BASALT_COMPILER_FRONTEND_BEHAVIOUR_PARSER_H
#define BASALT_COMPILER_FRONTEND_BEHAVIOUR_PARSER_H

#include "compiler/frontend/behaviour/Declarations.h"
#include "compiler/frontend/behaviour/Rule.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/LLVM.h"

namespace basalt::frontend::behaviour {

/// A text and where it stands. Its first character is at (line, column), both from 1, in bytes;
/// each further line starts at `column` again, since block scalars have a constant indent.
struct Source {
  llvm::StringRef text;
  mlir::MLIRContext *ctx;
  llvm::StringRef file;
  unsigned line;
  unsigned column;
};

/// Parses the statements of a phase. `return` is an error.
mlir::FailureOr<const Block *> parseBlock(const Source &source, AstContext &ast);

/// Parses one expression, e.g. a guard, or a YAML string after its `$`. Newlines do not matter.
mlir::FailureOr<const Expr *> parseExpression(const Source &source, AstContext &ast);

/// Parses the text of `functions:`.
mlir::FailureOr<llvm::ArrayRef<const FunctionDecl *>> parseFunctions(const Source &source,
                                                                     AstContext &ast);

/// Whether a declaration may be a value without a type, as that of a parameter may.
enum class BareValues { Forbidden, Allowed };

/// Parses the declaration of a Var or a parameter.
mlir::FailureOr<Declaration> parseDeclaration(const Source &source, AstContext &ast,
                                              BareValues bareValues);

/// Parses the declaration of a port.
mlir::FailureOr<PortDeclaration> parsePortDeclaration(const Source &source, AstContext &ast);

/// Parses `source -> destination`.
mlir::FailureOr<Connection> parseConnection(const Source &source, AstContext &ast);

/// Parses one plain end, `lif.v` or `v`: what an alias or a probe names.
mlir::FailureOr<ConnectionEnd> parseMemberPath(const Source &source, AstContext &ast);

/// Parses an inclusive range.
mlir::FailureOr<Limit> parseLimit(const Source &source, AstContext &ast);

/// Parses a learning rule.
mlir::FailureOr<Rule> parseRule(const Source &source, AstContext &ast);

} // namespace basalt::frontend::behaviour

#endif // BASALT_COMPILER_FRONTEND_BEHAVIOUR_PARSER_H
