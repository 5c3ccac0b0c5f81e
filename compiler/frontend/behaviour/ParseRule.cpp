// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Learning rules. They have the tokens of expressions and a grammar of their own: `^` is a power,
// and everything is a sum of products.

#include "compiler/frontend/behaviour/ParserImpl.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace basalt::frontend::behaviour;
using llvm::StringRef;

llvm::ArrayRef<StringRef> basalt::frontend::behaviour::ruleVariables() {
  static constexpr StringRef names[] = {"x0", "x1", "x2", "y0", "y1", "y2", "y3", "w", "d", "t"};
  return names;
}

bool basalt::frontend::behaviour::isRuleEpoch(StringRef name) {
  return name.size() == 2 && name[0] == 'u' && llvm::isDigit(name[1]);
}

static bool isVariable(StringRef name) {
  return llvm::is_contained(ruleVariables(), name) || isRuleEpoch(name);
}

mlir::FailureOr<Rule> Parser::parseWholeRule() {
  Rule rule{locOf(peek()), {}};
  llvm::SmallVector<RuleProduct, 4> products;
  do {
    RuleProduct product{locOf(peek()), false, {}};
    if (at(TokenKind::Plus) || at(TokenKind::Minus))
      product.isNegative = take().is(TokenKind::Minus);
    if (!parseRuleProduct(product))
      return mlir::failure();
    products.push_back(product);
  } while (at(TokenKind::Plus) || at(TokenKind::Minus));
  if (at(TokenKind::RParen)) {
    error(peek(), "')' without '('");
    return mlir::failure();
  }
  if (!expectEnd("'*', '+', '-' or the end of the rule"))
    return mlir::failure();
  rule.products = save(products);
  return rule;
}

bool Parser::parseRuleProduct(RuleProduct &product) {
  llvm::SmallVector<RuleFactor, 4> factors;
  do {
    // A sign within a product: `x0 * -2 * y1`.
    if (takeIf(TokenKind::Minus))
      product.isNegative = !product.isNegative;
    mlir::Location loc = locOf(peek());
    RuleFactor factor{loc, {}, loc, false, {}, false, false};
    if (!parseRuleFactor(factor))
      return false;
    factors.push_back(factor);
  } while (takeIf(TokenKind::Star));
  if (at(TokenKind::StarStar) || at(TokenKind::Slash)) {
    error(peek(), at(TokenKind::Slash)
                      ? "a rule has no '/'; multiply by a power of two, as in '2^-3'"
                      : "a power is written '2^3' in a rule");
    return false;
  }
  product.factors = save(factors);
  return true;
}

bool Parser::parseRuleFactor(RuleFactor &factor) {
  factor.isSign = atName("sgn") && peek(1).is(TokenKind::LParen);
  if (factor.isSign)
    take();
  if (!at(TokenKind::LParen))
    return parseRuleOperand(factor, /*isNegative=*/false);
  Token opening = open();
  bool isFirst = true;
  do {
    bool isNegative = at(TokenKind::Minus);
    if (isNegative || at(TokenKind::Plus))
      take();
    if (!isFirst && factor.literal && !factor.variable.empty()) {
      error(peek(), "a bracket holds one variable and one number, as in '(y1 - 3)'");
      return false;
    }
    if (!parseRuleOperand(factor, isNegative))
      return false;
    isFirst = false;
  } while (at(TokenKind::Plus) || at(TokenKind::Minus));
  if (at(TokenKind::Star)) {
    error(peek(), "a bracket holds one variable and one number, as in '(y1 - 3)', and no product");
    return false;
  }
  return close(TokenKind::RParen, opening, "'+', '-' or ");
}

/// A variable or a literal, into the place that the factor has for it.
bool Parser::parseRuleOperand(RuleFactor &factor, bool isNegative) {
  Token first = peek();
  if (first.is(TokenKind::Name) && isVariable(first.text)) {
    if (!factor.variable.empty()) {
      error(first, "a bracket has one variable; this is the second");
      return false;
    }
    take();
    factor.variable = ast.copy(first.text);
    factor.variableLoc = locOf(first);
    factor.isVariableNegative = isNegative;
    return true;
  }
  if (factor.literal) {
    error(first, "a bracket has one number; this is the second");
    return false;
  }
  RuleLiteral literal{locOf(first), 1, 0, {}};
  if (!parseRuleLiteral(literal))
    return false;
  factor.literal = literal;
  factor.isLiteralNegative = isNegative;
  return true;
}

bool Parser::parseRuleLiteral(RuleLiteral &literal) {
  Token token = peek();
  if (token.is(TokenKind::Name)) {
    literal.name = ast.copy(take().text);
    return true;
  }
  if (token.is(TokenKind::Float)) {
    error(token, "a rule has whole numbers and powers of two: '" + token.text +
                     "' must be written as in '3*2^-1'");
    return false;
  }
  if (!token.is(TokenKind::Int)) {
    unexpected("a number, a variable, a parameter, '(' or 'sgn('");
    return false;
  }
  const Expr *number = parseIntLiteral(take());
  if (!number)
    return false;
  literal.mantissa = llvm::cast<IntLiteral>(number)->getValue();
  if (!at(TokenKind::Caret))
    return true;
  if (literal.mantissa != 2) {
    error(token, "only 2 can have a power in a rule: expected '2', found '" + token.text + "'");
    return false;
  }
  take();
  bool isNegative = takeIf(TokenKind::Minus);
  if (!isNegative)
    takeIf(TokenKind::Plus);
  if (!at(TokenKind::Int)) {
    unexpected("an integer after '^'");
    return false;
  }
  const Expr *exponent = parseIntLiteral(take());
  if (!exponent)
    return false;
  int64_t value = llvm::cast<IntLiteral>(exponent)->getValue();
  literal.mantissa = 1;
  literal.exponent = isNegative ? -value : value;
  return true;
}
