// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The texts of `functions:`: `fn f(x, k=1) = e` and `fn f(x) { ...; return e }`.

#include "compiler/frontend/behaviour/ParserImpl.h"

#include "llvm/ADT/STLExtras.h"

using namespace basalt::frontend::behaviour;

mlir::FailureOr<llvm::ArrayRef<const FunctionDecl *>> Parser::parseWholeFunctions() {
  llvm::SmallVector<const FunctionDecl *, 8> functions;
  while (true) {
    while (peek().isAny(TokenKind::Newline, TokenKind::Semicolon))
      take();
    if (at(TokenKind::Eof))
      break;
    const FunctionDecl *function = parseFunction();
    if (function && !peek().isAny(TokenKind::Newline, TokenKind::Semicolon, TokenKind::Eof)) {
      unexpected("the end of the function");
      function = nullptr;
    }
    if (function) {
      functions.push_back(function);
      continue;
    }
    // On to the next function: the next 'fn' that begins a line.
    ignoreNewlines = 0;
    bool atNext = at(TokenKind::Fn) && cursor > 0 && tokens[cursor - 1].is(TokenKind::Newline);
    while (!atNext && !at(TokenKind::Eof)) {
      bool startsLine = take().is(TokenKind::Newline);
      atNext = startsLine && at(TokenKind::Fn);
    }
  }
  if (failed)
    return mlir::failure();
  return save(functions);
}

const FunctionDecl *Parser::parseFunction() {
  Token first = peek();
  if (atName("def"))
    return error(first, "a function is written 'fn f(x) = e' or 'fn f(x) { ...; return e }'");
  if (!expect(TokenKind::Fn, "'fn'"))
    return nullptr;
  Token name = peek();
  if (!expect(TokenKind::Name, "the name of the function"))
    return nullptr;
  llvm::SmallVector<FunctionParam, 4> params;
  if (!parseFunctionParams(params))
    return nullptr;
  const Block *body = parseFunctionBody();
  if (!body)
    return nullptr;
  return ast.create<FunctionDecl>(spanFrom(first), declName(name), save(params), body);
}

bool Parser::parseFunctionParams(llvm::SmallVectorImpl<FunctionParam> &params) {
  if (!at(TokenKind::LParen)) {
    mismatch("'(' and the parameters");
    return false;
  }
  Token opening = open();
  while (!at(TokenKind::RParen)) {
    Token name = peek();
    if (!expect(TokenKind::Name, "the name of a parameter"))
      return false;
    bool isTwice = llvm::any_of(params, [&](auto &other) { return other.name == name.text; });
    if (isTwice) {
      error(name, "parameter '" + name.text + "' is declared twice");
      return false;
    }
    if (at(TokenKind::Colon)) {
      error(peek(), "parameters have no types; a function works for all types that fit");
      return false;
    }
    FunctionParam param{ast.copy(name.text), locOf(name)};
    if (takeIf(TokenKind::Equal)) {
      param.defaultValue = parseExpr();
      if (!param.defaultValue)
        return false;
    } else if (!params.empty() && params.back().defaultValue) {
      error(name, "parameter '" + name.text + "' without a default follows one with a default");
      return false;
    }
    params.push_back(param);
    if (!takeIf(TokenKind::Comma))
      break;
  }
  return close(TokenKind::RParen, opening, "',' or ");
}

const Block *Parser::parseFunctionBody() {
  if (at(TokenKind::Arrow)) {
    error(peek(), "functions declare no result type");
    return nullptr;
  }
  if (!at(TokenKind::Equal))
    return parseBraces("the parameters, or '='");
  take();
  skipNewlines();
  Token first = peek();
  llvm::SmallVector<const Expr *, 2> values;
  if (!parseExprList(values))
    return nullptr;
  SourceSpan span = spanFrom(first);
  const Stmt *result = ast.create<ReturnStmt>(span, save(values));
  return ast.create<Block>(span, ast.copy(llvm::ArrayRef(result)));
}
