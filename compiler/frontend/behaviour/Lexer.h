// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Splits a text of the behaviour language into tokens. The lexer never emits diagnostics: a fault
// becomes an Error token with its message, so that a text can be tried in silence.

#ifndef BASALT_COMPILER_FRONTEND_BEHAVIOUR_LEXER_H
#define BASALT_COMPILER_FRONTEND_BEHAVIOUR_LEXER_H

#include "compiler/frontend/behaviour/AstContext.h"
#include "compiler/frontend/behaviour/Token.h"

#include "llvm/ADT/Twine.h"

#include <optional>
#include <string>
#include <vector>

namespace basalt::frontend::behaviour {

class Lexer {
public:
  /// The text's first character is at `start`, each further line begins at `start.column`. Values
  /// of strings and messages go to the arena.
  Lexer(llvm::StringRef text, Position start, AstContext &ast)
      : text(text), ast(ast), line(start.line), firstColumn(start.column) {}

  /// All tokens of the text; the last one, and no other, is Eof.
  std::vector<Token> lexAll();

private:
  Token next();
  Token lexNumber();
  Token lexPrefixedInt();
  Token lexWord();
  Token lexString();
  Token lexPunctuation();
  Token lexStranger();
  /// Skips blanks and comments; an Error token if there is a fault in a comment.
  std::optional<Token> skipBlanks();
  /// Appends the character an escape stands for and moves on; a message if there is none.
  std::optional<llvm::StringRef> lexEscape(std::string &value);

  /// The size of the character at `at` if it may stand in a string or comment, else 0.
  unsigned printableSize(size_t at) const;
  std::string describeStranger(size_t at) const;

  char charAt(size_t at) const { return at < text.size() ? text[at] : '\0'; }
  Position positionOf(size_t at) const {
    return {line, firstColumn + static_cast<unsigned>(at - lineStart)};
  }
  Token make(TokenKind kind, size_t begin) const;
  /// An error at `at` in the characters from `begin` to the cursor.
  Token makeError(size_t begin, size_t at, const llvm::Twine &message);
  void skipToLineEnd();

  llvm::StringRef text;
  AstContext &ast;
  size_t cursor = 0;
  size_t lineStart = 0;
  unsigned line;
  unsigned firstColumn;
};

} // namespace basalt::frontend::behaviour

#endif // BASALT_COMPILER_FRONTEND_BEHAVIOUR_LEXER_H
