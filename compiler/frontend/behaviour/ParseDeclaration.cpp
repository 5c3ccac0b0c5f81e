// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declarations of Vars, parameters and ports, and limits.

#include "compiler/frontend/behaviour/ParserImpl.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace basalt::frontend::behaviour;
using llvm::StringRef;

namespace {

/// A value that says everything by itself: numbers, booleans, strings, and lists of them.
bool isLiteral(const Expr *expr) {
  if (llvm::isa<IntLiteral, FloatLiteral, BoolLiteral, StringLiteral>(expr))
    return true;
  if (const auto *unary = llvm::dyn_cast<UnaryExpr>(expr))
    return (unary->getOp() == UnaryOp::Minus || unary->getOp() == UnaryOp::Plus) &&
           llvm::isa<IntLiteral, FloatLiteral>(unary->getOperand());
  const auto *list = llvm::dyn_cast<ListExpr>(expr);
  return list && llvm::all_of(list->getElements(), isLiteral);
}

} // namespace

StringRef Parser::textFrom(const Token &token) const {
  return text.drop_front(token.text.data() - text.data()).rtrim();
}

bool Parser::looksTyped() const {
  if (!at(TokenKind::Name))
    return false;
  if (peek().text == "sparse" && peek(1).is(TokenKind::Name))
    return true;
  return peek(1).isAny(TokenKind::LBracket, TokenKind::Equal);
}

mlir::FailureOr<Declaration> Parser::parseWholeDeclaration(BareValues bareValues) {
  mlir::Location loc = locOf(peek());
  Declaration declaration{loc, false, false, false, {}, loc, {}, nullptr, {}, loc, {}};
  bool isWord = at(TokenKind::Name) && peek(1).is(TokenKind::Eof);
  if (isWord && peek().text == "required") {
    if (bareValues == BareValues::Forbidden) {
      error(loc, "'required' is for parameters; a Var without '=' must be given anyway, so write "
                 "its type");
      return mlir::failure();
    }
    declaration.isRequired = true;
    return declaration;
  }
  bool isTyped = looksTyped() || (isWord && bareValues == BareValues::Forbidden);
  if (!isTyped && bareValues == BareValues::Forbidden) {
    unexpected("a type, as in 'f64[3] = 0'");
    return mlir::failure();
  }
  if (mlir::failed(isTyped ? parseTyped(declaration) : parseBare(declaration)))
    return mlir::failure();
  return declaration;
}

mlir::LogicalResult Parser::parseTyped(Declaration &declaration) {
  if (atName("sparse") && peek(1).is(TokenKind::Name)) {
    take();
    declaration.isSparse = true;
  }
  Token type = take();
  declaration.typeName = ast.copy(type.text);
  declaration.typeLoc = locOf(type);
  mlir::FailureOr<std::optional<Shape>> shape = parseOptionalShape();
  if (mlir::failed(shape))
    return mlir::failure();
  declaration.shape = *shape;
  if (at(TokenKind::Eof))
    return mlir::success();

  if (!expect(TokenKind::Equal, declaration.shape ? "'=' or the end of the declaration"
                                                  : "'[', '=' or the end of the declaration"))
    return mlir::failure();
  declaration.initLoc = locOf(peek());
  declaration.initText = ast.copy(textFrom(peek()));
  if (at(TokenKind::Eof)) {
    unexpected("a value after '='");
    return mlir::failure();
  }
  if (declaration.typeName == "rule")
    return mlir::success();
  declaration.init = parseExpr();
  return mlir::success(declaration.init && expectEnd("an operator or the end of the value"));
}

mlir::LogicalResult Parser::parseBare(Declaration &declaration) {
  if (at(TokenKind::Eof)) {
    unexpected("a type or a value");
    return mlir::failure();
  }
  declaration.bareText = ast.copy(text.trim());
  if (at(TokenKind::Name)) {
    declaration.isBareWord = peek(1).is(TokenKind::Eof);
    if (declaration.isBareWord) {
      declaration.typeName = declaration.bareText;
      declaration.init = parseExpr();
      return mlir::success(declaration.init); // `None` is a word, but no name
    }
    return mlir::success();
  }
  // Anything that is no literal is a string, so nothing in it can be wrong.
  beQuiet();
  const Expr *value = parseWholeExpression();
  if (value && isLiteral(value))
    declaration.init = value;
  return mlir::success();
}

mlir::FailureOr<std::optional<Shape>> Parser::parseOptionalShape() {
  if (!at(TokenKind::LBracket))
    return std::optional<Shape>();
  Token opening = open();
  llvm::SmallVector<const Expr *, 4> extents;
  while (!at(TokenKind::RBracket)) {
    Token first = peek();
    bool isStar = takeIf(TokenKind::Star);
    const Expr *extent = parseExpr();
    if (extent && isStar)
      extent = make<StarExpr>(first, extent);
    if (!extent)
      return mlir::failure();
    extents.push_back(extent);
    if (!takeIf(TokenKind::Comma))
      break;
  }
  if (at(TokenKind::Equal)) {
    mismatch("',' or ']'", &opening);
    return mlir::failure();
  }
  if (!close(TokenKind::RBracket, opening, "',' or "))
    return mlir::failure();
  return std::optional<Shape>(save(extents));
}

mlir::FailureOr<PortDeclaration> Parser::parseWholePort() {
  Token first = peek();
  mlir::Location loc = locOf(first);
  auto kind = llvm::StringSwitch<std::optional<PortKind>>(first.text)
                  .Case("in", PortKind::In)
                  .Case("out", PortKind::Out)
                  .Case("ref", PortKind::Ref)
                  .Case("var", PortKind::Var)
                  .Default(std::nullopt);
  if (!kind) {
    if (first.is(TokenKind::Error))
      error(first, first.value);
    else
      error(first, "expected 'in', 'out', 'ref' or 'var', found " + describe(first));
    return mlir::failure();
  }
  PortDeclaration port{loc, *kind, {}, loc, {}, {}, loc};
  take();
  Token name = peek();
  bool isVar = port.kind == PortKind::Var;
  if (!expect(TokenKind::Name, isVar ? "the name of a Var" : "the type of the port"))
    return mlir::failure();
  if (!isVar && name.text == "sparse" && at(TokenKind::Name)) {
    error(name, "ports are not sparse");
    return mlir::failure();
  }
  (isVar ? port.varName : port.typeName) = ast.copy(name.text);
  (isVar ? port.varLoc : port.typeLoc) = locOf(name);
  if (!isVar) {
    mlir::FailureOr<std::optional<Shape>> shape = parseOptionalShape();
    if (mlir::failed(shape))
      return mlir::failure();
    port.shape = *shape;
  }
  if (at(TokenKind::Equal)) {
    error(peek(), "a port has no initial value");
    return mlir::failure();
  }
  if (!expectEnd("the end of the port"))
    return mlir::failure();
  return port;
}

mlir::FailureOr<Limit> Parser::parseWholeLimit() {
  Token first = peek();
  Limit limit{locOf(first), nullptr, nullptr};
  if (!at(TokenKind::DotDot) && !(limit.lower = parseExpr()))
    return mlir::failure();
  if (!expect(TokenKind::DotDot, "'..' of a range such as 0..4095"))
    return mlir::failure();
  if (!at(TokenKind::Eof) && !(limit.upper = parseExpr()))
    return mlir::failure();
  if (!limit.lower && !limit.upper) {
    error(first, "a limit needs a number before or after '..'");
    return mlir::failure();
  }
  if (!expectEnd("the end of the limit"))
    return mlir::failure();
  return limit;
}
