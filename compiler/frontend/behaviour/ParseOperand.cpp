// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operands: literals, names, brackets, and the calls, members and indices that follow them.

#include "compiler/frontend/behaviour/ParserImpl.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace basalt::frontend::behaviour;
using llvm::StringRef;

namespace {

/// -2**63 has no positive counterpart, so its digits are good only after a minus.
constexpr uint64_t lowestMagnitude = uint64_t(1) << 63;

std::string stripUnderscores(StringRef number) {
  std::string digits;
  for (char c : number)
    if (c != '_')
      digits += c;
  return digits;
}

/// The value of an Int token unless it is beyond 64 bits.
std::optional<uint64_t> getMagnitude(StringRef number) {
  std::string digits = stripUnderscores(number);
  unsigned radix = 10;
  StringRef body = digits;
  if (body.size() > 2 && llvm::isAlpha(body[1])) {
    char letter = llvm::toLower(body[1]);
    radix = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
    body = body.drop_front(2);
  }
  uint64_t value;
  if (body.getAsInteger(radix, value))
    return std::nullopt;
  return value;
}

} // namespace

//===----------------------------------------------------------------------===//
// Postfixes
//===----------------------------------------------------------------------===//

const Expr *Parser::parsePostfix() {
  Token first = peek();
  const Expr *expr = parsePrimary();
  while (expr) {
    if (at(TokenKind::Dot))
      expr = parseMember(expr, first);
    else if (at(TokenKind::LParen))
      expr = parseCall(expr, first);
    else if (at(TokenKind::LBracket))
      expr = parseIndex(expr, first);
    else
      break;
  }
  return expr;
}

const Expr *Parser::parseMember(const Expr *base, const Token &first) {
  take();
  Token name = peek();
  // After a dot a keyword is only a word.
  bool isKeyword = !name.is(TokenKind::Error) && !name.text.empty() && llvm::isAlpha(name.text[0]);
  if (!name.is(TokenKind::Name) && !isKeyword)
    return unexpected("a name after '.'");
  take();
  return make<MemberExpr>(first, base, ast.copy(name.text), locOf(name));
}

const Expr *Parser::parseCall(const Expr *callee, const Token &first) {
  if (!llvm::isa<NameExpr, MemberExpr>(callee))
    return error(peek(), "only a name can be called; for a product write '*'");
  NestingScope scope(*this);
  if (scope.isTooDeep())
    return nullptr;
  Token opening = open();
  llvm::SmallVector<const Expr *, 4> args;
  llvm::SmallVector<KeywordArg, 2> keywords;
  while (!at(TokenKind::RParen)) {
    if (!parseArgument(args, keywords))
      return nullptr;
    if (!takeIf(TokenKind::Comma))
      break;
  }
  if (!close(TokenKind::RParen, opening, "',' or "))
    return nullptr;
  return make<CallExpr>(first, callee, save(args), save(keywords));
}

bool Parser::parseArgument(llvm::SmallVectorImpl<const Expr *> &args,
                           llvm::SmallVectorImpl<KeywordArg> &keywords) {
  bool isKeyword = at(TokenKind::Name) && peek(1).is(TokenKind::Equal);
  if (!isKeyword) {
    if (at(TokenKind::Star) || at(TokenKind::StarStar)) {
      error(peek(), "'" + peek().text + "' cannot unpack arguments");
      return false;
    }
    if (!keywords.empty() && !at(TokenKind::Error)) {
      error(peek(), "a positional argument cannot follow the named argument '" +
                        keywords.back().name + "'");
      return false;
    }
    const Expr *arg = parseExpr();
    args.push_back(arg);
    return arg != nullptr;
  }
  Token name = take();
  take();
  for (const KeywordArg &keyword : keywords)
    if (keyword.name == name.text) {
      error(name, "argument '" + name.text + "' is given twice");
      return false;
    }
  const Expr *value = parseExpr();
  if (!value)
    return false;
  keywords.push_back({ast.copy(name.text), locOf(name), value});
  return true;
}

const Expr *Parser::parseIndex(const Expr *base, const Token &first) {
  NestingScope scope(*this);
  if (scope.isTooDeep())
    return nullptr;
  Token opening = open();
  llvm::SmallVector<IndexItem, 4> items;
  if (mlir::failed(parseIndexItems(items)) || !close(TokenKind::RBracket, opening, "',' or "))
    return nullptr;
  return make<IndexExpr>(first, base, save(items));
}

mlir::LogicalResult Parser::parseIndexItems(llvm::SmallVectorImpl<IndexItem> &items) {
  do {
    if (at(TokenKind::RBracket) && !items.empty())
      break;
    if (!parseIndexItem(items))
      return mlir::failure();
  } while (takeIf(TokenKind::Comma));
  return mlir::success();
}

bool Parser::parseIndexItem(llvm::SmallVectorImpl<IndexItem> &items) {
  Token first = peek();
  IndexItem item{IndexItemKind::Expr, locOf(first)};
  if (takeIf(TokenKind::Ellipsis)) {
    item.kind = IndexItemKind::Ellipsis;
    items.push_back(item);
    return true;
  }
  if (atName("newaxis") && peek(1).isAny(TokenKind::Comma, TokenKind::RBracket)) {
    take();
    item.kind = IndexItemKind::NewAxis;
    items.push_back(item);
    return true;
  }
  if (at(TokenKind::RBracket)) {
    unexpected("an index");
    return false;
  }

  const Expr *parts[3] = {nullptr, nullptr, nullptr};
  unsigned colons = 0;
  while (true) {
    if (!peek().isAny(TokenKind::Colon, TokenKind::Comma, TokenKind::RBracket))
      if (!(parts[colons] = parseExpr()))
        return false;
    if (colons == 2 || !takeIf(TokenKind::Colon))
      break;
    ++colons;
  }
  if (colons == 0 && !parts[0]) {
    unexpected("an index");
    return false;
  }
  if (colons == 0) {
    item.expr = parts[0];
  } else {
    item.kind = IndexItemKind::Slice;
    item.start = parts[0];
    item.stop = parts[1];
    item.step = parts[2];
  }
  items.push_back(item);
  return true;
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

const Expr *Parser::parsePrimary() {
  switch (peek().kind) {
  case TokenKind::Int:
    return parseIntLiteral(take());
  case TokenKind::Float:
    return parseFloatLiteral(take());
  case TokenKind::String: {
    Token token = take();
    return make<StringLiteral>(token, token.value);
  }
  case TokenKind::True:
  case TokenKind::False: {
    Token token = take();
    return make<BoolLiteral>(token, token.is(TokenKind::True));
  }
  case TokenKind::Name:
    return parseName();
  case TokenKind::LParen:
    return parseParenthesised();
  case TokenKind::LBracket:
    return parseList();
  default:
    break;
  }
  if (std::optional<std::string> message = explainMissingOperand())
    return error(peek(), *message);
  return unexpected("an expression");
}

const Expr *Parser::parseName() {
  const Token &word = peek();
  bool isForeign = word.text == "True" || word.text == "False" || word.text == "None" ||
                   (word.text == "lambda" && peek(1).isAny(TokenKind::Name, TokenKind::Colon));
  if (isForeign)
    return unexpected("an expression");
  Token token = take();
  return make<NameExpr>(token, ast.copy(token.text));
}

/// The expressions up to `closing`, which is not taken; whether a comma ended the last one.
std::optional<bool> Parser::parseElements(TokenKind closing, Elements &elements) {
  while (!at(closing)) {
    const Expr *element = parseExpr();
    if (!element)
      return std::nullopt;
    elements.push_back(element);
    if (!takeIf(TokenKind::Comma))
      return false;
  }
  return true;
}

const Expr *Parser::parseParenthesised() {
  NestingScope scope(*this);
  if (scope.isTooDeep())
    return nullptr;
  Token opening = open();
  Elements elements;
  std::optional<bool> endsWithComma = parseElements(TokenKind::RParen, elements);
  if (!endsWithComma || !close(TokenKind::RParen, opening))
    return nullptr;
  if (elements.size() == 1 && !*endsWithComma)
    return elements.front();
  return make<ListExpr>(opening, save(elements), /*tuple=*/true);
}

const Expr *Parser::parseList() {
  NestingScope scope(*this);
  if (scope.isTooDeep())
    return nullptr;
  Token opening = open();
  Elements elements;
  if (!parseElements(TokenKind::RBracket, elements) ||
      !close(TokenKind::RBracket, opening, "',' or "))
    return nullptr;
  return make<ListExpr>(opening, save(elements), /*tuple=*/false);
}

const Expr *Parser::parseIntLiteral(const Token &token) {
  std::optional<uint64_t> magnitude = getMagnitude(token.text);
  if (!magnitude || *magnitude >= lowestMagnitude)
    return error(token, "integer '" + token.text + "' does not fit in 64 bits");
  return make<IntLiteral>(token, static_cast<int64_t>(*magnitude));
}

const Expr *Parser::parseLowestInt() {
  if (!at(TokenKind::Minus) || !peek(1).is(TokenKind::Int) ||
      getMagnitude(peek(1).text) != lowestMagnitude)
    return nullptr;
  if (peek(2).isAny(TokenKind::StarStar, TokenKind::Dot, TokenKind::LParen, TokenKind::LBracket))
    return nullptr;
  Token minus = take();
  take();
  return make<IntLiteral>(minus, INT64_MIN);
}

const Expr *Parser::parseFloatLiteral(const Token &token) {
  std::string digits = stripUnderscores(token.text);
  double value;
  if (StringRef(digits).getAsDouble(value, /*AllowInexact=*/true) || std::isinf(value))
    return error(token, "number '" + token.text + "' is beyond the range of f64");
  return make<FloatLiteral>(token, value, ast.copy(StringRef(digits)));
}
