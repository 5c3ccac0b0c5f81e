// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokens of the behaviour language, among them some that other languages have and this one has not:
// they exist for the sake of good messages.

#ifndef BASALT_COMPILER_FRONTEND_BEHAVIOUR_TOKEN_H
#define BASALT_COMPILER_FRONTEND_BEHAVIOUR_TOKEN_H

#include "compiler/frontend/behaviour/Expr.h"

#include "llvm/ADT/StringRef.h"

namespace basalt::frontend::behaviour {

enum class TokenKind {
  Eof,
  Newline,
  Error,
  Name,
  Int,
  Float,
  String,
  // Keywords.
  Let,
  If,
  Else,
  For,
  Return,
  Fn,
  Assert,
  True,
  False,
  And,
  Or,
  Not,
  // Punctuation.
  LParen,
  RParen,
  LBracket,
  RBracket,
  LBrace,
  RBrace,
  Comma,
  Semicolon,
  Colon,
  Dot,
  DotDot,
  Ellipsis,
  Arrow,
  // Operators.
  Plus,
  Minus,
  Star,
  StarStar,
  Slash,
  SlashSlash,
  Percent,
  At,
  LessLess,
  GreaterGreater,
  Amp,
  Pipe,
  Caret,
  Tilde,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  EqualEqual,
  NotEqual,
  // Assignments.
  Equal,
  PlusEqual,
  MinusEqual,
  StarEqual,
  StarStarEqual,
  SlashEqual,
  SlashSlashEqual,
  PercentEqual,
  AtEqual,
  LessLessEqual,
  GreaterGreaterEqual,
  AmpEqual,
  PipeEqual,
  CaretEqual,
  // Not in the language.
  AmpAmp,
  PipePipe,
  Bang,
  Question,
};

struct Token {
  TokenKind kind = TokenKind::Eof;
  /// The characters, in the source text. A token never goes beyond its line.
  llvm::StringRef text;
  /// Of a String its value, of an Error the message; in the arena.
  llvm::StringRef value;
  /// Of an Error, where the fault is, which need not be the start of the text.
  Position start;
  /// Just after the last character.
  Position end;

  bool is(TokenKind other) const { return kind == other; }
  template <typename... Kinds> bool isAny(Kinds... kinds) const { return (is(kinds) || ...); }
  /// Whether this token follows the other without space between them.
  bool touches(const Token &previous) const {
    return text.data() == previous.text.data() + previous.text.size();
  }
};

} // namespace basalt::frontend::behaviour

#endif // BASALT_COMPILER_FRONTEND_BEHAVIOUR_TOKEN_H
