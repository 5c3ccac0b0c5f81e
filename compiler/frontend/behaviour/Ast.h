// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The syntax tree of the behaviour language: statements and functions (here) over expressions
// (Expr.h). Nodes are immutable, owned by an AstContext, and told apart by llvm::isa / llvm::cast.

#ifndef BASALT_COMPILER_FRONTEND_BEHAVIOUR_AST_H
#define BASALT_COMPILER_FRONTEND_BEHAVIOUR_AST_H

#include "compiler/frontend/behaviour/Expr.h"

#include <optional>

namespace basalt::frontend::behaviour {

enum class StmtKind { Let, Assign, If, For, Return, Assert, Print, Control, Call };

/// A statement. Its location is that of its first character.
class Stmt {
public:
  StmtKind getKind() const { return kind; }
  mlir::Location getLoc() const { return span.loc; }
  /// The position just after the last character.
  Position getEnd() const { return span.end; }

protected:
  Stmt(StmtKind kind, SourceSpan span) : span(span), kind(kind) {}

private:
  SourceSpan span;
  StmtKind kind;
};

/// Statements in order: a phase, or what stands between braces (the span includes them).
class Block {
public:
  Block(SourceSpan span, llvm::ArrayRef<const Stmt *> statements)
      : span(span), statements(statements) {}
  mlir::Location getLoc() const { return span.loc; }
  Position getEnd() const { return span.end; }
  llvm::ArrayRef<const Stmt *> getStatements() const { return statements; }
  bool empty() const { return statements.empty(); }

private:
  SourceSpan span;
  llvm::ArrayRef<const Stmt *> statements;
};

/// A name where it is introduced.
struct NameDecl {
  llvm::StringRef name;
  mlir::Location loc;
};

/// `let x = e`, `let a, b = f(x)`, `let a, b = e1, e2`. There is one value, or one for each name;
/// the names differ.
class LetStmt : public Stmt {
public:
  LetStmt(SourceSpan span, llvm::ArrayRef<NameDecl> names, llvm::ArrayRef<const Expr *> values)
      : Stmt(StmtKind::Let, span), names(names), values(values) {}
  llvm::ArrayRef<NameDecl> getNames() const { return names; }
  llvm::ArrayRef<const Expr *> getValues() const { return values; }
  static bool classof(const Stmt *stmt) { return stmt->getKind() == StmtKind::Let; }

private:
  llvm::ArrayRef<NameDecl> names;
  llvm::ArrayRef<const Expr *> values;
};

/// `v = e`, `v += e`, `v[i] = e`, `v[mask] += e`.
class AssignStmt : public Stmt {
public:
  AssignStmt(SourceSpan span, const Expr *target, std::optional<BinaryOp> op, mlir::Location opLoc,
             const Expr *value)
      : Stmt(StmtKind::Assign, span), target(target), op(op), opLoc(opLoc), value(value) {}
  /// A NameExpr, or an IndexExpr whose base is a NameExpr.
  const Expr *getTarget() const { return target; }
  /// The variable that is written.
  const NameExpr *getVariable() const {
    const auto *index = getIndex();
    return llvm::cast<NameExpr>(index ? index->getBase() : target);
  }
  /// The target with its index, or null if the whole variable is written.
  const IndexExpr *getIndex() const { return llvm::dyn_cast<IndexExpr>(target); }
  /// The operator of an augmented assignment.
  std::optional<BinaryOp> getOp() const { return op; }
  /// Where `=` or `+=` stands.
  mlir::Location getOpLoc() const { return opLoc; }
  const Expr *getValue() const { return value; }
  static bool classof(const Stmt *stmt) { return stmt->getKind() == StmtKind::Assign; }

private:
  const Expr *target;
  std::optional<BinaryOp> op;
  mlir::Location opLoc;
  const Expr *value;
};

/// `if c { } else { }`. `else if` is an else block that holds just another IfStmt.
class IfStmt : public Stmt {
public:
  IfStmt(SourceSpan span, const Expr *condition, const Block *thenBlock, const Block *elseBlock)
      : Stmt(StmtKind::If, span), condition(condition), thenBlock(thenBlock), elseBlock(elseBlock) {
  }
  const Expr *getCondition() const { return condition; }
  const Block *getThen() const { return thenBlock; }
  /// Null if there is no `else`.
  const Block *getElse() const { return elseBlock; }
  static bool classof(const Stmt *stmt) { return stmt->getKind() == StmtKind::If; }

private:
  const Expr *condition;
  const Block *thenBlock;
  const Block *elseBlock;
};

/// `for k in range(a, b) { }`, `for p in rule.products { }`.
class ForStmt : public Stmt {
public:
  ForStmt(SourceSpan span, NameDecl variable, const Expr *iterable, const Block *body)
      : Stmt(StmtKind::For, span), variable(variable), iterable(iterable), body(body) {}
  const NameDecl &getVariable() const { return variable; }
  const Expr *getIterable() const { return iterable; }
  /// The call if the loop is over `range(...)`, else null. The number of arguments is not checked.
  const CallExpr *getRange() const {
    const auto *call = llvm::dyn_cast<CallExpr>(iterable);
    return call && call->getCalleeName() == "range" ? call : nullptr;
  }
  const Block *getBody() const { return body; }
  static bool classof(const Stmt *stmt) { return stmt->getKind() == StmtKind::For; }

private:
  NameDecl variable;
  const Expr *iterable;
  const Block *body;
};

/// `return e`, `return a, b`; only in functions, with at least one value.
class ReturnStmt : public Stmt {
public:
  ReturnStmt(SourceSpan span, llvm::ArrayRef<const Expr *> values)
      : Stmt(StmtKind::Return, span), values(values) {}
  llvm::ArrayRef<const Expr *> getValues() const { return values; }
  static bool classof(const Stmt *stmt) { return stmt->getKind() == StmtKind::Return; }

private:
  llvm::ArrayRef<const Expr *> values;
};

/// `assert c, "message"`.
class AssertStmt : public Stmt {
public:
  AssertStmt(SourceSpan span, const Expr *condition, const StringLiteral *message)
      : Stmt(StmtKind::Assert, span), condition(condition), message(message) {}
  const Expr *getCondition() const { return condition; }
  /// Null if there is none.
  const StringLiteral *getMessage() const { return message; }
  static bool classof(const Stmt *stmt) { return stmt->getKind() == StmtKind::Assert; }

private:
  const Expr *condition;
  const StringLiteral *message;
};

/// `print("v: {}", v)`. Whether the number of `{}` fits is not checked here.
class PrintStmt : public Stmt {
public:
  PrintStmt(SourceSpan span, const StringLiteral *format, llvm::ArrayRef<const Expr *> args)
      : Stmt(StmtKind::Print, span), format(format), args(args) {}
  const StringLiteral *getFormat() const { return format; }
  /// The arguments after the format.
  llvm::ArrayRef<const Expr *> getArgs() const { return args; }
  static bool classof(const Stmt *stmt) { return stmt->getKind() == StmtKind::Print; }

private:
  const StringLiteral *format;
  llvm::ArrayRef<const Expr *> args;
};

enum class ControlKind { Pause, Stop };

/// `pause()`, `stop()`.
class ControlStmt : public Stmt {
public:
  ControlStmt(SourceSpan span, ControlKind control)
      : Stmt(StmtKind::Control, span), control(control) {}
  ControlKind getControl() const { return control; }
  static bool classof(const Stmt *stmt) { return stmt->getKind() == StmtKind::Control; }

private:
  ControlKind control;
};

/// A call whose result is not used: `s_out.send(s)`, `ref.write(x)`.
class CallStmt : public Stmt {
public:
  CallStmt(SourceSpan span, const CallExpr *call) : Stmt(StmtKind::Call, span), call(call) {}
  const CallExpr *getCall() const { return call; }
  static bool classof(const Stmt *stmt) { return stmt->getKind() == StmtKind::Call; }

private:
  const CallExpr *call;
};

/// A parameter of a function; `defaultValue` is null if it must be given.
struct FunctionParam {
  llvm::StringRef name;
  mlir::Location loc;
  const Expr *defaultValue = nullptr;
};

/// `fn f(x, k=1) = e` or `fn f(x) { ...; return e }`. The first form has a body of one ReturnStmt.
class FunctionDecl {
public:
  FunctionDecl(SourceSpan span, NameDecl name, llvm::ArrayRef<FunctionParam> params,
               const Block *body)
      : span(span), name(name), params(params), body(body) {}
  mlir::Location getLoc() const { return span.loc; }
  Position getEnd() const { return span.end; }
  llvm::StringRef getName() const { return name.name; }
  mlir::Location getNameLoc() const { return name.loc; }
  llvm::ArrayRef<FunctionParam> getParams() const { return params; }
  const Block *getBody() const { return body; }

private:
  SourceSpan span;
  NameDecl name;
  llvm::ArrayRef<FunctionParam> params;
  const Block *body;
};

} // namespace basalt::frontend::behaviour

#endif // BASALT_COMPILER_FRONTEND_BEHAVIOUR_AST_H
