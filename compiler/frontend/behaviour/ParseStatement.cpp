// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statements. One that is wrong is reported once and skipped, so that the others can be looked at.

#include "compiler/frontend/behaviour/ParserImpl.h"

#include "llvm/ADT/STLExtras.h"

using namespace basalt::frontend::behaviour;
using llvm::Twine;

namespace {

/// The operator of an augmented assignment.
std::optional<BinaryOp> getAugmentedOp(TokenKind kind) {
  switch (kind) {
  case TokenKind::PlusEqual:
    return BinaryOp::Add;
  case TokenKind::MinusEqual:
    return BinaryOp::Sub;
  case TokenKind::StarEqual:
    return BinaryOp::Mul;
  case TokenKind::StarStarEqual:
    return BinaryOp::Pow;
  case TokenKind::SlashEqual:
    return BinaryOp::Div;
  case TokenKind::SlashSlashEqual:
    return BinaryOp::FloorDiv;
  case TokenKind::PercentEqual:
    return BinaryOp::Mod;
  case TokenKind::AtEqual:
    return BinaryOp::MatMul;
  case TokenKind::LessLessEqual:
    return BinaryOp::ShiftLeft;
  case TokenKind::GreaterGreaterEqual:
    return BinaryOp::ShiftRight;
  case TokenKind::AmpEqual:
    return BinaryOp::BitAnd;
  case TokenKind::PipeEqual:
    return BinaryOp::BitOr;
  case TokenKind::CaretEqual:
    return BinaryOp::BitXor;
  default:
    return std::nullopt;
  }
}

} // namespace

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

const Block *Parser::parseWholeBlock() {
  Token first = peek();
  llvm::SmallVector<const Stmt *, 8> statements;
  parseStatements(statements, /*brace=*/nullptr);
  SourceSpan span{locOf(first), previous().end};
  return ast.create<Block>(span, save(statements));
}

const Block *Parser::parseBraces(const Twine &after) {
  // The brace may stand on a line of its own.
  size_t next = cursor;
  while (tokens[next].is(TokenKind::Newline))
    ++next;
  if (tokens[next].is(TokenKind::LBrace))
    cursor = next;

  Token opening = peek();
  if (opening.is(TokenKind::Colon)) {
    sawColonBlock = true;
    return error(opening, "blocks stand in braces: expected '{', found ':'");
  }
  if (!expect(TokenKind::LBrace, "'{' after " + after))
    return nullptr;
  NestingScope scope(*this);
  if (scope.isTooDeep())
    return nullptr;
  llvm::SmallVector<const Stmt *, 8> statements;
  parseStatements(statements, &opening);
  takeIf(TokenKind::RBrace);
  return ast.create<Block>(spanFrom(opening), save(statements));
}

void Parser::parseStatements(llvm::SmallVectorImpl<const Stmt *> &statements, const Token *brace) {
  while (true) {
    while (peek().isAny(TokenKind::Newline, TokenKind::Semicolon))
      take();
    if (at(TokenKind::Eof)) {
      if (brace && !reportedMissingBrace) {
        reportedMissingBrace = true;
        unexpected("'}'", brace);
      }
      return;
    }
    if (at(TokenKind::RBrace)) {
      if (brace)
        return;
      error(take(), "'}' without '{'");
      continue;
    }

    size_t start = cursor;
    const Stmt *statement = parseStatement();
    if (statement && !atStatementEnd())
      statement = unexpected("the end of the statement");
    if (statement)
      statements.push_back(statement);
    else
      recover(start);
  }
}

//===----------------------------------------------------------------------===//
// Recovery
//===----------------------------------------------------------------------===//

bool Parser::startsStatementInBrackets(size_t token) const {
  if (tokens[token].isAny(TokenKind::Let, TokenKind::If, TokenKind::For, TokenKind::Return,
                          TokenKind::Assert, TokenKind::LBrace, TokenKind::RBrace))
    return true;
  return tokens[token].is(TokenKind::Name) && getAugmentedOp(tokens[token + 1].kind);
}

void Parser::recover(size_t statementStart) {
  ignoreNewlines = 0;
  unsigned brackets = 0;
  unsigned braces = 0;
  // The semicolons of C's `for (...; ...; ...)` are inside.
  bool isLoop = tokens[statementStart].is(TokenKind::For);
  size_t errorAt = std::max(cursor, statementStart + 1);
  for (cursor = statementStart; !at(TokenKind::Eof); ++cursor) {
    TokenKind kind = peek().kind;
    bool inError = cursor >= errorAt;
    // Brackets that are never closed must not swallow what follows.
    bool startsLine = cursor > statementStart && tokens[cursor - 1].is(TokenKind::Newline);
    if (startsLine && brackets > 0 && startsStatementInBrackets(cursor)) {
      brackets = 0;
      if (braces == 0)
        return;
    }
    if (inError && braces == 0) {
      if (kind == TokenKind::RBrace || (kind == TokenKind::Semicolon && !(isLoop && brackets > 0)))
        return;
      if (kind == TokenKind::Newline && brackets == 0) {
        // The 'else' of what is skipped goes with it.
        size_t next = cursor;
        while (tokens[next].is(TokenKind::Newline))
          ++next;
        bool skippedBlock = tokens[cursor - 1].is(TokenKind::RBrace);
        if (!(skippedBlock && tokens[next].is(TokenKind::Else)))
          return;
      }
    }
    if (kind == TokenKind::LParen || kind == TokenKind::LBracket)
      ++brackets;
    else if (kind == TokenKind::RParen || kind == TokenKind::RBracket)
      brackets -= brackets > 0;
    else if (kind == TokenKind::LBrace)
      ++braces, brackets = 0;
    else if (kind == TokenKind::RBrace)
      braces -= braces > 0, brackets = 0;
  }
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

const Stmt *Parser::parseStatement() {
  if (std::optional<std::string> message = explainStatementStart()) {
    // `elif c:` after `if c:` is the same mistake again.
    return sawColonBlock && atName("elif") ? nullptr : error(peek(), *message);
  }
  switch (peek().kind) {
  case TokenKind::Let:
    return parseLet();
  case TokenKind::If:
    return parseIf();
  case TokenKind::Else:
    return sawColonBlock ? nullptr : error(peek(), "'else' without 'if' before it");
  case TokenKind::For:
    return parseFor();
  case TokenKind::Return:
    return parseReturn();
  case TokenKind::Assert:
    return parseAssert();
  default:
    break;
  }
  bool isCall = peek(1).is(TokenKind::LParen);
  if (isCall && atName("print"))
    return parsePrint();
  if (isCall && (atName("pause") || atName("stop")))
    return parseControl();
  return parseSimple();
}

const Stmt *Parser::parseLet() {
  Token first = take();
  llvm::SmallVector<NameDecl, 2> names;
  if (!parseLetNames(names))
    return nullptr;
  if (at(TokenKind::Colon))
    return error(peek(), "a 'let' has no type; write 'let x = i32(...)' to convert the value");
  if (getAugmentedOp(peek().kind))
    return error(peek(), "'let' introduces a variable: expected '=', found '" + peek().text + "'");
  if (!expect(TokenKind::Equal, "'=' and a value"))
    return nullptr;

  llvm::SmallVector<const Expr *, 2> values;
  Token firstValue = peek();
  if (!parseExprList(values))
    return nullptr;
  if (values.size() != 1 && values.size() != names.size())
    return error(firstValue, "expected 1 or " + Twine(names.size()) + " values for " +
                                 Twine(names.size()) + (names.size() == 1 ? " name" : " names") +
                                 ", found " + Twine(values.size()));
  return ast.create<LetStmt>(spanFrom(first), save(names), save(values));
}

bool Parser::parseLetNames(llvm::SmallVectorImpl<NameDecl> &names) {
  do {
    Token name = peek();
    if (name.is(TokenKind::LParen)) {
      error(name, "the names of a 'let' have no parentheses: 'let a, b = ...'");
      return false;
    }
    if (!expect(TokenKind::Name, "a name after 'let'"))
      return false;
    if (peek().isAny(TokenKind::LBracket, TokenKind::Dot)) {
      error(peek(), "'let' introduces a new name; to assign, leave it out");
      return false;
    }
    bool isTwice = llvm::any_of(names, [&](NameDecl &other) { return other.name == name.text; });
    if (isTwice) {
      error(name, "name '" + name.text + "' is introduced twice");
      return false;
    }
    names.push_back(declName(name));
  } while (takeIf(TokenKind::Comma));
  return true;
}

const Stmt *Parser::parseIf() {
  NestingScope scope(*this);
  if (scope.isTooDeep())
    return nullptr;
  Token first = take();
  const Expr *condition = parseExpr();
  const Block *thenBlock = condition ? parseBraces("the condition") : nullptr;
  if (!thenBlock)
    return nullptr;
  bool ok = true;
  const Block *elseBlock = parseElse(ok);
  if (!ok)
    return nullptr;
  return ast.create<IfStmt>(spanFrom(first), condition, thenBlock, elseBlock);
}

const Block *Parser::parseElse(bool &ok) {
  size_t next = cursor;
  while (tokens[next].is(TokenKind::Newline))
    ++next;
  if (!tokens[next].is(TokenKind::Else))
    return nullptr;
  cursor = next;
  take();
  if (!at(TokenKind::If)) {
    const Block *block = parseBraces("'else'");
    ok = block != nullptr;
    return block;
  }
  Token first = peek();
  const Stmt *statement = parseIf();
  ok = statement != nullptr;
  return ok ? ast.create<Block>(spanFrom(first), ast.copy(llvm::ArrayRef(statement))) : nullptr;
}

const Stmt *Parser::parseFor() {
  Token first = take();
  Token name = peek();
  if (name.is(TokenKind::LParen))
    return error(name, "a loop is written 'for k in range(a, b) { }'");
  if (!expect(TokenKind::Name, "the name of the loop variable"))
    return nullptr;
  if (at(TokenKind::Comma))
    return error(peek(), "a loop has one variable");
  if (!atName("in"))
    return mismatch("'in'");
  take();
  const Expr *iterable = parseExpr();
  const Block *body = iterable ? parseBraces("the range of the loop") : nullptr;
  if (!body)
    return nullptr;
  return ast.create<ForStmt>(spanFrom(first), declName(name), iterable, body);
}

const Stmt *Parser::parseReturn() {
  Token first = peek();
  if (place != Place::Function)
    return error(first, "'return' is only for functions");
  take();
  llvm::SmallVector<const Expr *, 2> values;
  if (atStatementEnd())
    return unexpected("a value after 'return'");
  if (!parseExprList(values))
    return nullptr;
  return ast.create<ReturnStmt>(spanFrom(first), save(values));
}

const Stmt *Parser::parseAssert() {
  Token first = take();
  const Expr *condition = parseExpr();
  if (!condition)
    return nullptr;
  // In Python this is a condition that always holds.
  if (llvm::isa<ListExpr>(condition))
    return error(condition->getLoc(), "write 'assert condition, \"message\"' without parentheses");
  const Expr *message = nullptr;
  if (takeIf(TokenKind::Comma)) {
    message = parseExpr();
    if (!message)
      return nullptr;
    if (!llvm::isa<StringLiteral>(message))
      return error(message->getLoc(), "the message of an 'assert' is a string in quotes");
  }
  return ast.create<AssertStmt>(spanFrom(first), condition,
                                llvm::cast_if_present<StringLiteral>(message));
}

const Stmt *Parser::parsePrint() {
  Token first = peek();
  const Expr *expr = parsePostfix();
  if (!expr)
    return nullptr;
  const auto *call = llvm::dyn_cast<CallExpr>(expr);
  if (!call || call->getCalleeName() != "print")
    return error(first, "'print' has no value");
  if (!call->getKeywords().empty())
    return error(call->getKeywords().front().loc,
                 "'print' has no named argument '" + call->getKeywords().front().name + "'");
  llvm::ArrayRef<const Expr *> args = call->getArgs();
  if (args.empty() || !llvm::isa<StringLiteral>(args.front()))
    return error(args.empty() ? expr->getLoc() : args.front()->getLoc(),
                 "expected a string as the first argument of 'print', as in print(\"v: {}\", v)");
  return ast.create<PrintStmt>(spanFrom(first), llvm::cast<StringLiteral>(args.front()),
                               args.drop_front());
}

const Stmt *Parser::parseControl() {
  Token first = take();
  Token opening = open();
  if (!at(TokenKind::RParen) && !at(TokenKind::Eof))
    return error(peek(), "'" + first.text + "' takes no arguments");
  if (!close(TokenKind::RParen, opening))
    return nullptr;
  ControlKind control = first.text == "pause" ? ControlKind::Pause : ControlKind::Stop;
  return ast.create<ControlStmt>(spanFrom(first), control);
}

const Stmt *Parser::parseSimple() {
  Token first = peek();
  const Expr *expr = parseExpr();
  if (!expr)
    return nullptr;
  if (at(TokenKind::Equal) || getAugmentedOp(peek().kind))
    return parseAssign(first, expr);
  if (at(TokenKind::Comma))
    return error(peek(), "several names are assigned only by 'let': 'let a, b = ...'");
  if (const auto *call = llvm::dyn_cast<CallExpr>(expr))
    return ast.create<CallStmt>(spanFrom(first), call);
  if (!atStatementEnd())
    return unexpected("a statement");
  if (llvm::isa<CompareExpr>(expr))
    return error(first, "a comparison is not a statement; write '=' to assign");
  return error(first, "expected a statement, found a value that nothing uses");
}

const Stmt *Parser::parseAssign(const Token &first, const Expr *target) {
  const auto *index = llvm::dyn_cast<IndexExpr>(target);
  const Expr *variable = index ? index->getBase() : target;
  if (index && llvm::isa<IndexExpr>(variable))
    return error(first, "cannot assign to an index of an index; write 'v[i, j] = ...'");
  if (llvm::isa<ListExpr>(variable))
    return error(first, "several names are assigned only by 'let': 'let a, b = ...'");
  if (!llvm::isa<NameExpr>(variable))
    return error(first, "cannot assign to this; expected a name or a name with an index");
  Token op = take();
  const Expr *value = parseExpr();
  if (!value)
    return nullptr;
  if (at(TokenKind::Equal))
    return error(peek(), "only one assignment in a statement");
  return ast.create<AssignStmt>(spanFrom(first), target, getAugmentedOp(op.kind), locOf(op), value);
}
