// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parser's cursor, locations and errors, and the functions of Parser.h.

#include "compiler/frontend/behaviour/ParserImpl.h"

using namespace basalt::frontend::behaviour;
using llvm::StringRef;
using llvm::Twine;

Parser::Parser(const Source &source, AstContext &ast, Newlines newlines, Place place)
    : text(source.text), ast(ast), file(mlir::StringAttr::get(source.ctx, source.file)),
      tokens(Lexer(source.text, {source.line, source.column}, ast).lexAll()),
      ignoreNewlines(newlines == Newlines::Ignored ? 1 : 0), place(place) {
  if (ignoreNewlines)
    skipNewlines();
}

bool Parser::NestingScope::isTooDeep() const {
  if (parser.nesting <= maxNesting)
    return false;
  parser.error(parser.peek(), "nested more than " + Twine(maxNesting) + " levels deep");
  return true;
}

//===----------------------------------------------------------------------===//
// Cursor
//===----------------------------------------------------------------------===//

const Token &Parser::peek(unsigned ahead) const {
  size_t index = cursor;
  while (ahead > 0 && !tokens[index].is(TokenKind::Eof)) {
    ++index;
    if (!(ignoreNewlines && tokens[index].is(TokenKind::Newline)))
      --ahead;
  }
  return tokens[index];
}

Token Parser::take() {
  Token token = tokens[cursor];
  if (token.is(TokenKind::Eof))
    return token;
  lastTaken = cursor++;
  if (ignoreNewlines)
    skipNewlines();
  return token;
}

bool Parser::takeIf(TokenKind kind) {
  if (!at(kind))
    return false;
  take();
  return true;
}

bool Parser::expect(TokenKind kind, const Twine &what) {
  if (takeIf(kind))
    return true;
  unexpected(what);
  return false;
}

bool Parser::expectEnd(const Twine &what) {
  if (at(TokenKind::Eof))
    return true;
  unexpected(what);
  return false;
}

Token Parser::open() {
  ++ignoreNewlines;
  return take();
}

bool Parser::close(TokenKind kind, const Token &opening, const Twine &alternatives) {
  if (at(kind)) {
    --ignoreNewlines;
    take();
    return true;
  }
  StringRef closing = kind == TokenKind::RParen ? "')'" : "']'";
  unexpected(alternatives + closing, &opening);
  return false;
}

void Parser::skipNewlines() {
  while (tokens[cursor].is(TokenKind::Newline))
    ++cursor;
}

//===----------------------------------------------------------------------===//
// Locations and errors
//===----------------------------------------------------------------------===//

mlir::Location Parser::locOf(Position position) const {
  return mlir::FileLineColLoc::get(file, position.line, position.column);
}

std::nullptr_t Parser::error(mlir::Location loc, const Twine &message, const Token *opening) {
  failed = true;
  if (quiet)
    return nullptr;
  mlir::InFlightDiagnostic diagnostic = mlir::emitError(loc, message);
  if (opening)
    diagnostic.attachNote(locOf(*opening)) << "to match this '" << opening->text << "'";
  return nullptr;
}

std::nullptr_t Parser::unexpected(const Twine &expected, const Token *opening) {
  const Token &token = peek();
  if (std::optional<std::string> message = explainHabit(token))
    return error(token, *message);
  return mismatch(expected, opening);
}

std::nullptr_t Parser::mismatch(const Twine &expected, const Token *opening) {
  const Token &token = peek();
  if (token.is(TokenKind::Error))
    return error(token, token.value);
  return error(token, "expected " + expected + ", found " + describe(token), opening);
}

std::string Parser::describe(const Token &token) {
  switch (token.kind) {
  case TokenKind::Eof:
    return "the end of the text";
  case TokenKind::Newline:
    return "the end of the line";
  case TokenKind::String:
    return "a string";
  default:
    return ("'" + token.text + "'").str();
  }
}

//===----------------------------------------------------------------------===//
// Parser.h
//===----------------------------------------------------------------------===//

namespace basalt::frontend::behaviour {

mlir::FailureOr<const Block *> parseBlock(const Source &source, AstContext &ast) {
  Parser parser(source, ast, Newlines::EndStatements);
  const Block *block = parser.parseWholeBlock();
  if (parser.hasFailed())
    return mlir::failure();
  return block;
}

mlir::FailureOr<const Expr *> parseExpression(const Source &source, AstContext &ast) {
  const Expr *expr = Parser(source, ast, Newlines::Ignored).parseWholeExpression();
  if (!expr)
    return mlir::failure();
  return expr;
}

mlir::FailureOr<llvm::ArrayRef<const FunctionDecl *>> parseFunctions(const Source &source,
                                                                     AstContext &ast) {
  return Parser(source, ast, Newlines::EndStatements, Place::Function).parseWholeFunctions();
}

mlir::FailureOr<Declaration> parseDeclaration(const Source &source, AstContext &ast,
                                              BareValues bareValues) {
  return Parser(source, ast, Newlines::Ignored).parseWholeDeclaration(bareValues);
}

mlir::FailureOr<PortDeclaration> parsePortDeclaration(const Source &source, AstContext &ast) {
  return Parser(source, ast, Newlines::Ignored).parseWholePort();
}

mlir::FailureOr<Connection> parseConnection(const Source &source, AstContext &ast) {
  return Parser(source, ast, Newlines::Ignored).parseWholeConnection();
}

mlir::FailureOr<ConnectionEnd> parseMemberPath(const Source &source, AstContext &ast) {
  return Parser(source, ast, Newlines::Ignored).parseWholePath();
}

mlir::FailureOr<Limit> parseLimit(const Source &source, AstContext &ast) {
  return Parser(source, ast, Newlines::Ignored).parseWholeLimit();
}

mlir::FailureOr<Rule> parseRule(const Source &source, AstContext &ast) {
  return Parser(source, ast, Newlines::Ignored).parseWholeRule();
}

} // namespace basalt::frontend::behaviour
