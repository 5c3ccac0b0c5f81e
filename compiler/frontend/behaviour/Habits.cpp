// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Messages for what people write out of habit in Python or C. Only asked once something does not
// fit, so it can never refuse what is right.

#include "compiler/frontend/behaviour/ParserImpl.h"

#include "llvm/ADT/StringSwitch.h"

using namespace basalt::frontend::behaviour;
using llvm::StringRef;

namespace {

constexpr StringRef whereAdvice = "a choice is written 'where(condition, a, b)'";

} // namespace

std::optional<std::string> Parser::explainHabit(const Token &token) const {
  switch (token.kind) {
  case TokenKind::AmpAmp:
    return "'&&' is not an operator; write 'and'";
  case TokenKind::PipePipe:
    return "'||' is not an operator; write 'or'";
  case TokenKind::Bang:
    return "'!' is not an operator; write 'not'";
  case TokenKind::Question:
    return "'?' is not an operator; " + whereAdvice.str();
  case TokenKind::If:
    // Only right after an operand somebody means Python's `a if c else b`.
    if (cursor == 0 || lastTaken + 1 != cursor ||
        !previous().isAny(TokenKind::Name, TokenKind::Int, TokenKind::Float, TokenKind::RParen,
                          TokenKind::RBracket))
      return std::nullopt;
    return "'if' is not part of an expression; " + whereAdvice.str();
  case TokenKind::Equal:
    return "'=' assigns and cannot stand here; write '==' to compare";
  case TokenKind::String: {
    const Token &before = previous();
    if (before.is(TokenKind::Name) && token.touches(before))
      return "strings have no prefix such as '" + before.text.str() +
             "'; write print(\"v: {}\", v) to format";
    return std::nullopt;
  }
  case TokenKind::Name:
    return explainWord(token);
  default:
    return std::nullopt;
  }
}

std::optional<std::string> Parser::explainWord(const Token &word) const {
  StringRef instead = llvm::StringSwitch<StringRef>(word.text)
                          .Case("True", "write 'true'")
                          .Case("False", "write 'false'")
                          .Case("None", "in an index write 'newaxis'")
                          .Case("is", "write '=='")
                          .Case("in", "it stands only in 'for k in range(a, b)'")
                          .Case("xor", "write '^' or '!='")
                          .Case("elif", "write 'else if'")
                          .Default("");
  if (!instead.empty())
    return ("'" + word.text + "' is not in the language; " + instead).str();
  if (word.text == "lambda")
    return "'lambda' is not in the language; write 'fn f(x) = ...' under 'functions:'";
  return std::nullopt;
}

std::optional<std::string> Parser::explainStatementStart() const {
  const Token &word = peek();
  if (word.is(TokenKind::LBrace))
    return "a block needs an 'if', 'else' or 'for' before it";
  if (word.is(TokenKind::Fn))
    return "functions are defined under 'functions:', not in a block";
  // `++v` parses as two signs.
  if (word.isAny(TokenKind::Plus, TokenKind::Minus) && peek(1).is(word.kind) &&
      peek(1).touches(word)) {
    std::string sign = word.text.str();
    return "'" + sign + sign + "' is not an operator; write 'v " + sign + "= 1'";
  }
  if (!word.is(TokenKind::Name) ||
      peek(1).isAny(TokenKind::Equal, TokenKind::LBracket, TokenKind::Dot, TokenKind::PlusEqual))
    return std::nullopt;
  if (word.text == "print" && peek(1).is(TokenKind::String))
    return "expected '(' after 'print'";
  StringRef instead =
      llvm::StringSwitch<StringRef>(word.text)
          .Case("while", "loops are 'for k in range(a, b) { }'")
          .Case("elif", "write '} else if c {'")
          .Case("pass", "an empty block is '{ }'")
          .Cases({"break", "continue"}, "use 'if' inside the loop")
          .Cases({"switch", "match"}, "write 'if a { } else if b { }'")
          .Cases({"def", "lambda", "function"}, "write 'fn f(x) = ...' under 'functions:'")
          .Cases(
              {"import", "from", "class", "try", "raise", "with", "del", "global", "do", "yield"},
              "see the statements of behaviours")
          .Default("");
  if (!instead.empty())
    return ("'" + word.text + "' is not in the language; " + instead).str();
  if (peek(1).is(TokenKind::Name) && peek(2).is(TokenKind::Equal))
    return ("a variable is introduced by 'let': write 'let " + peek(1).text + " = ...'").str();
  return std::nullopt;
}

std::optional<std::string> Parser::explainMissingOperand() const {
  const Token &token = peek();
  if (token.is(TokenKind::Not))
    return "'not' after another operator needs parentheses: (not x)";
  if (token.is(TokenKind::If))
    return std::nullopt;
  if (token.is(TokenKind::Ellipsis))
    return "'...' stands only in an index, as in v[..., 0]";
  if (token.is(TokenKind::Colon))
    return "':' stands only in an index, as in v[1:3]";
  if (cursor == 0)
    return std::nullopt;

  const Token &last = previous();
  bool atEnd = token.isAny(TokenKind::Newline, TokenKind::Semicolon, TokenKind::RBrace,
                           TokenKind::Eof, TokenKind::RParen);
  if (!atEnd || !last.isAny(TokenKind::Plus, TokenKind::Minus))
    return std::nullopt;
  if (lastTaken == 0 || !tokens[lastTaken - 1].is(last.kind) ||
      !last.touches(tokens[lastTaken - 1]))
    return std::nullopt;
  std::string sign = last.text.str();
  return "'" + sign + sign + "' is not an operator; write 'v " + sign + "= 1'";
}
