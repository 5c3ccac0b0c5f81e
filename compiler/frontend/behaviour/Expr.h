// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expressions of the behaviour language. Nodes are immutable, owned by an AstContext, and told
// apart by llvm::isa / llvm::cast. They say what was written and nothing about types or meaning.

#ifndef BASALT_COMPILER_FRONTEND_BEHAVIOUR_EXPR_H
#define BASALT_COMPILER_FRONTEND_BEHAVIOUR_EXPR_H

#include "compiler/frontend/behaviour/AstContext.h"

#include "mlir/IR/Location.h"
#include "llvm/Support/Casting.h"

#include <algorithm>
#include <cstdint>

namespace basalt::frontend::behaviour {

/// A place in the file: line and column in bytes, both from 1.
struct Position {
  unsigned line = 0;
  unsigned column = 0;
};

/// What every node knows about its text: where it starts and the position just after its last
/// character.
struct SourceSpan {
  mlir::Location loc;
  Position end;
};

enum class ExprKind {
  IntLiteral,
  FloatLiteral,
  StringLiteral,
  BoolLiteral,
  Name,
  Unary,
  Binary,
  Compare,
  Logical,
  Call,
  Member,
  Index,
  List,
  Star,
};

/// An expression. Its location is that of its first character, parentheses around it excluded.
class Expr {
public:
  ExprKind getKind() const { return kind; }
  mlir::Location getLoc() const { return span.loc; }
  /// The position just after the last character.
  Position getEnd() const { return span.end; }
  const SourceSpan &getSpan() const { return span; }
  /// The number of nodes on the longest way down; the parser bounds it, so recursion over a tree is
  /// safe.
  unsigned getHeight() const { return height; }

protected:
  Expr(ExprKind kind, SourceSpan span, unsigned heightBelow = 0)
      : span(span), kind(kind), height(heightBelow + 1) {}

  static unsigned heightOf(const Expr *expr) { return expr ? expr->getHeight() : 0; }
  static unsigned heightOf(llvm::ArrayRef<const Expr *> list) {
    unsigned height = 0;
    for (const Expr *expr : list)
      height = std::max(height, heightOf(expr));
    return height;
  }

private:
  SourceSpan span;
  ExprKind kind;
  unsigned height;
};

/// `5`, `1_000`, `0xff`, `0b1010`. A negative value occurs only as `-9223372036854775808`, the one
/// number that has no positive counterpart.
class IntLiteral : public Expr {
public:
  IntLiteral(SourceSpan span, int64_t value) : Expr(ExprKind::IntLiteral, span), value(value) {}
  int64_t getValue() const { return value; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::IntLiteral; }

private:
  int64_t value;
};

/// `0.5`, `1e-3`. The spelling (without underscores) is for those who round to another type.
class FloatLiteral : public Expr {
public:
  FloatLiteral(SourceSpan span, double value, llvm::StringRef spelling)
      : Expr(ExprKind::FloatLiteral, span), value(value), spelling(spelling) {}
  double getValue() const { return value; }
  llvm::StringRef getSpelling() const { return spelling; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::FloatLiteral; }

private:
  double value;
  llvm::StringRef spelling;
};

/// A string with its escapes resolved.
class StringLiteral : public Expr {
public:
  StringLiteral(SourceSpan span, llvm::StringRef value)
      : Expr(ExprKind::StringLiteral, span), value(value) {}
  llvm::StringRef getValue() const { return value; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::StringLiteral; }

private:
  llvm::StringRef value;
};

/// `true` or `false`.
class BoolLiteral : public Expr {
public:
  BoolLiteral(SourceSpan span, bool value) : Expr(ExprKind::BoolLiteral, span), value(value) {}
  bool getValue() const { return value; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::BoolLiteral; }

private:
  bool value;
};

/// A name: of a variable, parameter, port, function, type, module (`random`), ...
class NameExpr : public Expr {
public:
  NameExpr(SourceSpan span, llvm::StringRef name) : Expr(ExprKind::Name, span), name(name) {}
  llvm::StringRef getName() const { return name; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::Name; }

private:
  llvm::StringRef name;
};

enum class UnaryOp { Minus, Plus, Invert, Not };

/// `-x`, `+x`, `~x`, `not x`.
class UnaryExpr : public Expr {
public:
  UnaryExpr(SourceSpan span, UnaryOp op, const Expr *operand)
      : Expr(ExprKind::Unary, span, heightOf(operand)), op(op), operand(operand) {}
  UnaryOp getOp() const { return op; }
  const Expr *getOperand() const { return operand; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::Unary; }

private:
  UnaryOp op;
  const Expr *operand;
};

enum class BinaryOp {
  Add,
  Sub,
  Mul,
  Div,
  FloorDiv,
  Mod,
  MatMul,
  Pow,
  ShiftLeft,
  ShiftRight,
  BitAnd,
  BitXor,
  BitOr,
};

/// `a + b` and the other operators that take two operands and are neither comparison nor
/// `and`/`or`.
class BinaryExpr : public Expr {
public:
  BinaryExpr(SourceSpan span, BinaryOp op, mlir::Location opLoc, const Expr *lhs, const Expr *rhs)
      : Expr(ExprKind::Binary, span, std::max(heightOf(lhs), heightOf(rhs))), op(op), opLoc(opLoc),
        lhs(lhs), rhs(rhs) {}
  BinaryOp getOp() const { return op; }
  /// Where the operator stands.
  mlir::Location getOpLoc() const { return opLoc; }
  const Expr *getLhs() const { return lhs; }
  const Expr *getRhs() const { return rhs; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::Binary; }

private:
  BinaryOp op;
  mlir::Location opLoc;
  const Expr *lhs;
  const Expr *rhs;
};

enum class CompareOp { Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual };

/// One operator of a comparison and what stands right of it.
struct CompareLink {
  CompareOp op;
  mlir::Location opLoc;
  const Expr *operand;
};

/// `a < b`, and Python's chains: `a < b <= c` means `a < b and b <= c` with b evaluated once.
class CompareExpr : public Expr {
public:
  CompareExpr(SourceSpan span, const Expr *first, llvm::ArrayRef<CompareLink> links)
      : Expr(ExprKind::Compare, span, heightBelow(first, links)), first(first), links(links) {}
  /// The leftmost operand.
  const Expr *getFirst() const { return first; }
  /// The operators and further operands, at least one.
  llvm::ArrayRef<CompareLink> getLinks() const { return links; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::Compare; }

private:
  static unsigned heightBelow(const Expr *first, llvm::ArrayRef<CompareLink> links) {
    unsigned height = heightOf(first);
    for (const CompareLink &link : links)
      height = std::max(height, heightOf(link.operand));
    return height;
  }

  const Expr *first;
  llvm::ArrayRef<CompareLink> links;
};

enum class LogicalOp { And, Or };

/// `a and b`, `a or b`.
class LogicalExpr : public Expr {
public:
  LogicalExpr(SourceSpan span, LogicalOp op, mlir::Location opLoc, const Expr *lhs, const Expr *rhs)
      : Expr(ExprKind::Logical, span, std::max(heightOf(lhs), heightOf(rhs))), op(op), opLoc(opLoc),
        lhs(lhs), rhs(rhs) {}
  LogicalOp getOp() const { return op; }
  mlir::Location getOpLoc() const { return opLoc; }
  const Expr *getLhs() const { return lhs; }
  const Expr *getRhs() const { return rhs; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::Logical; }

private:
  LogicalOp op;
  mlir::Location opLoc;
  const Expr *lhs;
  const Expr *rhs;
};

/// An argument given by name: `axis=0`.
struct KeywordArg {
  llvm::StringRef name;
  mlir::Location loc;
  const Expr *value;
};

/// `f(a, k=b)`. The callee is a NameExpr or a MemberExpr (`port.send(x)`, `random.normal(...)`).
/// Positional arguments stand before keywords, and no keyword occurs twice.
class CallExpr : public Expr {
public:
  CallExpr(SourceSpan span, const Expr *callee, llvm::ArrayRef<const Expr *> args,
           llvm::ArrayRef<KeywordArg> keywords)
      : Expr(ExprKind::Call, span, heightBelow(callee, args, keywords)), callee(callee), args(args),
        keywords(keywords) {}
  const Expr *getCallee() const { return callee; }
  /// The name of the callee if it is a plain name, else empty.
  llvm::StringRef getCalleeName() const {
    const auto *name = llvm::dyn_cast<NameExpr>(callee);
    return name ? name->getName() : llvm::StringRef();
  }
  llvm::ArrayRef<const Expr *> getArgs() const { return args; }
  llvm::ArrayRef<KeywordArg> getKeywords() const { return keywords; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::Call; }

private:
  static unsigned heightBelow(const Expr *callee, llvm::ArrayRef<const Expr *> args,
                              llvm::ArrayRef<KeywordArg> keywords) {
    unsigned height = std::max(heightOf(callee), heightOf(args));
    for (const KeywordArg &keyword : keywords)
      height = std::max(height, heightOf(keyword.value));
    return height;
  }

  const Expr *callee;
  llvm::ArrayRef<const Expr *> args;
  llvm::ArrayRef<KeywordArg> keywords;
};

/// `base.member`.
class MemberExpr : public Expr {
public:
  MemberExpr(SourceSpan span, const Expr *base, llvm::StringRef member, mlir::Location memberLoc)
      : Expr(ExprKind::Member, span, heightOf(base)), base(base), member(member),
        memberLoc(memberLoc) {}
  const Expr *getBase() const { return base; }
  llvm::StringRef getMember() const { return member; }
  mlir::Location getMemberLoc() const { return memberLoc; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::Member; }

private:
  const Expr *base;
  llvm::StringRef member;
  mlir::Location memberLoc;
};

enum class IndexItemKind { Expr, Slice, Ellipsis, NewAxis };

/// One item between the brackets of an index.
struct IndexItem {
  IndexItemKind kind;
  mlir::Location loc;
  /// Of kind Expr: the index, a number, a mask or an integer tensor.
  const Expr *expr = nullptr;
  /// Of kind Slice; null for what is left out.
  const Expr *start = nullptr;
  const Expr *stop = nullptr;
  const Expr *step = nullptr;

  /// The height of the highest expression in it.
  unsigned getHeight() const {
    unsigned height = 0;
    for (const Expr *part : {expr, start, stop, step})
      if (part)
        height = std::max(height, part->getHeight());
    return height;
  }
};

/// `base[i, 1:3, ..., newaxis]`, with at least one item.
class IndexExpr : public Expr {
public:
  IndexExpr(SourceSpan span, const Expr *base, llvm::ArrayRef<IndexItem> items)
      : Expr(ExprKind::Index, span, heightBelow(base, items)), base(base), items(items) {}
  const Expr *getBase() const { return base; }
  llvm::ArrayRef<IndexItem> getItems() const { return items; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::Index; }

private:
  static unsigned heightBelow(const Expr *base, llvm::ArrayRef<IndexItem> items) {
    unsigned height = heightOf(base);
    for (const IndexItem &item : items)
      height = std::max(height, item.getHeight());
    return height;
  }

  const Expr *base;
  llvm::ArrayRef<IndexItem> items;
};

/// `[a, b]`, or `(a, b)`, `(a,)`, `()` as a tuple. Both mean the same; the difference is for
/// messages.
class ListExpr : public Expr {
public:
  ListExpr(SourceSpan span, llvm::ArrayRef<const Expr *> elements, bool tuple)
      : Expr(ExprKind::List, span, heightOf(elements)), elements(elements), tuple(tuple) {}
  llvm::ArrayRef<const Expr *> getElements() const { return elements; }
  bool isTuple() const { return tuple; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::List; }

private:
  llvm::ArrayRef<const Expr *> elements;
  bool tuple;
};

/// `*shape` among the extents of a declaration: binds, or splices, any number of extents.
class StarExpr : public Expr {
public:
  StarExpr(SourceSpan span, const Expr *operand)
      : Expr(ExprKind::Star, span, heightOf(operand)), operand(operand) {}
  const Expr *getOperand() const { return operand; }
  static bool classof(const Expr *expr) { return expr->getKind() == ExprKind::Star; }

private:
  const Expr *operand;
};

/// How an operator is written.
llvm::StringRef getSpelling(UnaryOp op);
llvm::StringRef getSpelling(BinaryOp op);
llvm::StringRef getSpelling(CompareOp op);
llvm::StringRef getSpelling(LogicalOp op);

} // namespace basalt::frontend::behaviour

#endif // BASALT_COMPILER_FRONTEND_BEHAVIOUR_EXPR_H
