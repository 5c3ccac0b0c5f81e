// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokens: what touches what, where each one is, and what becomes of input that is no text.

#include "compiler/frontend/behaviour/Lexer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include "gtest/gtest.h"

using namespace basalt::frontend::behaviour;
using llvm::StringRef;

namespace {

class LexerTest : public testing::Test {
protected:
  std::vector<Token> lex(StringRef text) { return Lexer(text, {1, 1}, ast).lexAll(); }

  /// The tokens' texts with spaces between; a newline is '$', an error its message in brackets.
  std::string words(StringRef text) {
    std::vector<std::string> words;
    for (const Token &token : lex(text)) {
      if (token.is(TokenKind::Error))
        words.push_back(("<" + token.value + ">").str());
      else if (!token.is(TokenKind::Eof))
        words.push_back(token.is(TokenKind::Newline) ? "$" : token.text.str());
    }
    return llvm::join(words, " ");
  }

  AstContext ast;
};

TEST_F(LexerTest, LongestOperatorWins) {
  EXPECT_EQ(words("a**=b//=c<<=d>>=e"), "a **= b //= c <<= d >>= e");
  EXPECT_EQ(words("a**b//c<<d>>e->f"), "a ** b // c << d >> e -> f");
  EXPECT_EQ(words("a<=b>=c==d!=e"), "a <= b >= c == d != e");
  EXPECT_EQ(words("a+=b-=c*=d/=e%=f@=g&=h|=i^=j"),
            "a += b -= c *= d /= e %= f @= g &= h |= i ^= j");
  EXPECT_EQ(words("a+-b<-c"), "a + - b < - c");
}

TEST_F(LexerTest, DotsAndNumbers) {
  EXPECT_EQ(words("0..4095"), "0 .. 4095");
  EXPECT_EQ(words("1.. ..5"), "1 .. .. 5");
  EXPECT_EQ(words("0.5..1.5"), "0.5 .. 1.5");
  EXPECT_EQ(words("..., .5 1. 1.e3 1e-3"), "... , .5 1. 1.e3 1e-3");
  EXPECT_EQ(words("v.x 5.x x.recv()"), "v . x 5 . x x . recv ( )");
  EXPECT_EQ(words("1..2"), "1 .. 2");
}

TEST_F(LexerTest, BadNumbers) {
  EXPECT_EQ(words("5f"), "<invalid number '5f'; numbers have no suffix, write 'f32(x)'>");
  EXPECT_EQ(words("1.5L"), "<invalid number '1.5L'; numbers have no suffix, write 'f32(x)'>");
  EXPECT_EQ(words("007"), "<number '007' starts with a zero>");
  EXPECT_EQ(words("1__0"), "<invalid number '1__0'; '_' stands between two digits only>");
  EXPECT_EQ(words("1_"), "<invalid number '1_'; '_' stands between two digits only>");
  EXPECT_EQ(words("0xfg"), "<invalid number '0xfg'>");
  EXPECT_EQ(words("0b12"), "<invalid number '0b12'>");
  EXPECT_EQ(words("0x"), "<invalid number '0x'>");
}

TEST_F(LexerTest, WordsAndKeywords) {
  std::vector<Token> tokens = lex("let letter if for fn not nothing in range True _x1");
  EXPECT_TRUE(tokens[0].is(TokenKind::Let));
  EXPECT_TRUE(tokens[1].is(TokenKind::Name));
  EXPECT_TRUE(tokens[2].is(TokenKind::If));
  EXPECT_TRUE(tokens[5].is(TokenKind::Not));
  for (size_t i = 6; i < 11; ++i)
    EXPECT_TRUE(tokens[i].is(TokenKind::Name)) << tokens[i].text.str();
}

TEST_F(LexerTest, LinesBeginAtTheColumnOfTheFirst) {
  std::vector<Token> tokens = Lexer("ab c\n  d\r\n# x\ne", {10, 7}, ast).lexAll();
  auto place = [&](size_t i) {
    return std::make_pair(tokens[i].start.line, tokens[i].start.column);
  };
  EXPECT_EQ(place(0), std::make_pair(10u, 7u));
  EXPECT_EQ(place(1), std::make_pair(10u, 10u));
  EXPECT_TRUE(tokens[2].is(TokenKind::Newline));
  EXPECT_EQ(place(2), std::make_pair(10u, 11u));
  EXPECT_EQ(place(3), std::make_pair(11u, 9u));
  EXPECT_TRUE(tokens[5].is(TokenKind::Newline));
  EXPECT_EQ(place(6), std::make_pair(13u, 7u));
  EXPECT_EQ(tokens[0].end.column, 9u);
}

TEST_F(LexerTest, Comments) {
  EXPECT_EQ(words("a # b\n#\n# \xC3\xA9\nc"), "a $ $ $ c");
  EXPECT_EQ(words("# a \x01 b\nc"), "<control character U+0001> b $ c");
}

TEST_F(LexerTest, StringsEndOnTheirLine) {
  EXPECT_EQ(words("\"a\nb"), "<unterminated string: expected a closing \"> $ b");
  EXPECT_EQ(words("'a"), "<unterminated string: expected a closing '>");
  EXPECT_EQ(words("'a\\"),
            "<unknown escape in a string; expected one of \\n \\t \\r \\0 \\\\ \\\" \\' "
            "\\xhh \\uhhhh \\Uhhhhhhhh>");
  EXPECT_EQ(words("'a\r\nb"), "<unterminated string: expected a closing '> $ b");
}

TEST_F(LexerTest, ErrorsInStringsAreWhereTheFaultIs) {
  Token token = lex("'ab\\q' c")[0];
  EXPECT_TRUE(token.is(TokenKind::Error));
  EXPECT_EQ(token.start.column, 4u);
  EXPECT_EQ(lex("'a\x02'")[0].value, "control character U+0002 in a string");
  EXPECT_EQ(lex("'a\xFF'")[0].value, "invalid UTF-8: byte 0xFF in a string");
  EXPECT_EQ(lex("'\\ud800'")[0].value,
            "invalid escape in a string: expected the hexadecimal digits of a character");
  EXPECT_EQ(lex("'\\x4'")[0].value,
            "invalid escape in a string: expected the hexadecimal digits of a character");
}

TEST_F(LexerTest, Strangers) {
  EXPECT_EQ(words("a \xE2\x88\x92 b"),
            "a <unexpected character '\xE2\x88\x92' (U+2212); write '-'> b");
  EXPECT_EQ(words("\xC3\xA9"), "<unexpected character '\xC3\xA9' (U+00E9)>");
  EXPECT_EQ(words("a \x80 b"), "a <invalid UTF-8: byte 0x80> b");
  EXPECT_EQ(words("\xC0\x80"), "<invalid UTF-8: byte 0xC0> <invalid UTF-8: byte 0x80>");
  EXPECT_EQ(words("\xE2\x88"), "<invalid UTF-8: byte 0xE2> <invalid UTF-8: byte 0x88>");
  EXPECT_EQ(words(StringRef("a\0b", 3)), "a <control character U+0000> b");
  EXPECT_EQ(words("a\rb"), "a <control character U+000D> b");
  EXPECT_EQ(words("`"), "<unexpected character '`'>");
}

} // namespace
