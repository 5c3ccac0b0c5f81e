// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators, with Python's precedence: or, and, not, comparisons, |, ^, &, shifts, + -, * / // % @,
// signs, ** (which binds tighter than a sign on its left and groups to the right).

#include "compiler/frontend/behaviour/ParserImpl.h"

using namespace basalt::frontend::behaviour;

namespace {

struct BinaryOpInfo {
  BinaryOp op;
  unsigned precedence;
};

/// The operators that group to the left, higher precedence binding tighter; 0 for other tokens.
BinaryOpInfo getBinaryOpInfo(TokenKind kind) {
  switch (kind) {
  case TokenKind::Pipe:
    return {BinaryOp::BitOr, 1};
  case TokenKind::Caret:
    return {BinaryOp::BitXor, 2};
  case TokenKind::Amp:
    return {BinaryOp::BitAnd, 3};
  case TokenKind::LessLess:
    return {BinaryOp::ShiftLeft, 4};
  case TokenKind::GreaterGreater:
    return {BinaryOp::ShiftRight, 4};
  case TokenKind::Plus:
    return {BinaryOp::Add, 5};
  case TokenKind::Minus:
    return {BinaryOp::Sub, 5};
  case TokenKind::Star:
    return {BinaryOp::Mul, 6};
  case TokenKind::Slash:
    return {BinaryOp::Div, 6};
  case TokenKind::SlashSlash:
    return {BinaryOp::FloorDiv, 6};
  case TokenKind::Percent:
    return {BinaryOp::Mod, 6};
  case TokenKind::At:
    return {BinaryOp::MatMul, 6};
  default:
    return {BinaryOp::Add, 0};
  }
}

constexpr unsigned lowestPrecedence = 1;

std::optional<CompareOp> getCompareOp(TokenKind kind) {
  switch (kind) {
  case TokenKind::Less:
    return CompareOp::Less;
  case TokenKind::LessEqual:
    return CompareOp::LessEqual;
  case TokenKind::Greater:
    return CompareOp::Greater;
  case TokenKind::GreaterEqual:
    return CompareOp::GreaterEqual;
  case TokenKind::EqualEqual:
    return CompareOp::Equal;
  case TokenKind::NotEqual:
    return CompareOp::NotEqual;
  default:
    return std::nullopt;
  }
}

std::optional<UnaryOp> getSign(TokenKind kind) {
  switch (kind) {
  case TokenKind::Minus:
    return UnaryOp::Minus;
  case TokenKind::Plus:
    return UnaryOp::Plus;
  case TokenKind::Tilde:
    return UnaryOp::Invert;
  default:
    return std::nullopt;
  }
}

} // namespace

const Expr *Parser::parseWholeExpression() {
  const Expr *expr = parseExpr();
  if (!expr || !expectEnd("an operator or the end of the expression"))
    return nullptr;
  return expr;
}

bool Parser::parseExprList(llvm::SmallVectorImpl<const Expr *> &list) {
  do {
    const Expr *expr = parseExpr();
    if (!expr)
      return false;
    list.push_back(expr);
  } while (takeIf(TokenKind::Comma));
  return true;
}

const Expr *Parser::parseOr() {
  Token first = peek();
  const Expr *lhs = parseAnd();
  while (lhs && at(TokenKind::Or)) {
    mlir::Location opLoc = locOf(take());
    const Expr *rhs = parseAnd();
    lhs = rhs ? make<LogicalExpr>(first, LogicalOp::Or, opLoc, lhs, rhs) : nullptr;
  }
  return lhs;
}

const Expr *Parser::parseAnd() {
  Token first = peek();
  const Expr *lhs = parseNot();
  while (lhs && at(TokenKind::And)) {
    mlir::Location opLoc = locOf(take());
    const Expr *rhs = parseNot();
    lhs = rhs ? make<LogicalExpr>(first, LogicalOp::And, opLoc, lhs, rhs) : nullptr;
  }
  return lhs;
}

const Expr *Parser::parseNot() {
  if (!at(TokenKind::Not))
    return parseComparison();
  NestingScope scope(*this);
  if (scope.isTooDeep())
    return nullptr;
  Token first = take();
  const Expr *operand = parseNot();
  return operand ? make<UnaryExpr>(first, UnaryOp::Not, operand) : nullptr;
}

const Expr *Parser::parseComparison() {
  Token start = peek();
  const Expr *first = parseBinary(lowestPrecedence);
  llvm::SmallVector<CompareLink, 1> links;
  while (first) {
    std::optional<CompareOp> op = getCompareOp(peek().kind);
    if (!op)
      break;
    mlir::Location opLoc = locOf(take());
    const Expr *operand = parseBinary(lowestPrecedence);
    if (!operand)
      return nullptr;
    links.push_back({*op, opLoc, operand});
  }
  if (links.empty())
    return first;
  return make<CompareExpr>(start, first, save(links));
}

const Expr *Parser::parseBinary(unsigned minPrecedence) {
  Token first = peek();
  const Expr *lhs = parseUnary();
  while (lhs) {
    BinaryOpInfo info = getBinaryOpInfo(peek().kind);
    if (info.precedence < minPrecedence)
      break;
    mlir::Location opLoc = locOf(take());
    const Expr *rhs = parseBinary(info.precedence + 1);
    lhs = rhs ? make<BinaryExpr>(first, info.op, opLoc, lhs, rhs) : nullptr;
  }
  return lhs;
}

const Expr *Parser::parseUnary() {
  std::optional<UnaryOp> sign = getSign(peek().kind);
  if (!sign)
    return parsePower();
  if (const Expr *lowest = parseLowestInt())
    return lowest;
  NestingScope scope(*this);
  if (scope.isTooDeep())
    return nullptr;
  Token first = take();
  const Expr *operand = parseUnary();
  return operand ? make<UnaryExpr>(first, *sign, operand) : nullptr;
}

const Expr *Parser::parsePower() {
  Token first = peek();
  const Expr *base = parsePostfix();
  if (!base || !at(TokenKind::StarStar))
    return base;
  NestingScope scope(*this);
  if (scope.isTooDeep())
    return nullptr;
  mlir::Location opLoc = locOf(take());
  const Expr *exponent = parseUnary();
  return exponent ? make<BinaryExpr>(first, BinaryOp::Pow, opLoc, base, exponent) : nullptr;
}
