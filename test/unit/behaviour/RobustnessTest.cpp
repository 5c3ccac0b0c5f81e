// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Input is untrusted: whatever it is, parsing ends, with a tree or with at least one message, and a
// tree that was printed parses again to the same.

#include "test/unit/behaviour/Examples.h"
#include "test/unit/behaviour/ParserTest.h"

#include <random>

using namespace basalt::test;

namespace {

class RobustnessTest : public ParserTest {
protected:
  static std::string repeat(llvm::StringRef text, size_t times) {
    std::string result;
    for (size_t i = 0; i < times; ++i)
      result += text;
    return result;
  }

  /// Parses the text as everything; a failure must have a message and success none.
  void parseAsEverything(llvm::StringRef text) {
    auto check = [&](bool ok, const char *what) {
      EXPECT_EQ(ok, errors.empty()) << what << ": " << text.str();
      errors.clear();
    };
    check(mlir::succeeded(parseBlock(source(text), ast)), "block");
    check(mlir::succeeded(parseExpression(source(text), ast)), "expression");
    check(mlir::succeeded(parseFunctions(source(text), ast)), "functions");
    check(mlir::succeeded(parseDeclaration(source(text), ast, BareValues::Forbidden)), "var");
    check(mlir::succeeded(parseDeclaration(source(text), ast, BareValues::Allowed)), "parameter");
    check(mlir::succeeded(parsePortDeclaration(source(text), ast)), "port");
    check(mlir::succeeded(parseConnection(source(text), ast)), "connection");
    check(mlir::succeeded(parseMemberPath(source(text), ast)), "path");
    check(mlir::succeeded(parseLimit(source(text), ast)), "limit");
    check(mlir::succeeded(parseRule(source(text), ast)), "rule");
  }

  void checkRoundTrip(llvm::StringRef text) {
    std::string printed = block(text);
    errors.clear();
    if (printed.empty())
      return;
    EXPECT_EQ(block(printed), printed) << text.str();
    EXPECT_EQ(takeErrors(), "");
  }

  std::mt19937 random{1};
};

TEST_F(RobustnessTest, DeepNestingIsAnError) {
  const char *prefixes[] = {"(", "[", "f(", "v[", "-", "~", "not ", "2**", "2**-", "a or (not "};
  for (const char *prefix : prefixes) {
    EXPECT_EQ(expression(repeat(prefix, 20000) + "x"), "");
    EXPECT_NE(takeErrors().find("nested more than 200 levels deep"), std::string::npos) << prefix;
  }
  EXPECT_NE(expression(repeat("(", 190) + "x" + repeat(")", 190)), "");
}

TEST_F(RobustnessTest, DeepBlocksAreOneError) {
  std::string open = repeat("if a { ", 5000);
  EXPECT_EQ(block(open + repeat("}", 5000)), "");
  EXPECT_EQ(errors.size(), 1u);
  EXPECT_NE(takeErrors().find("nested more than 200 levels deep"), std::string::npos);
  EXPECT_EQ(block(open), "");
  EXPECT_EQ(errors.size(), 3u); // the depth, the missing brace and its note
  errors.clear();
  EXPECT_EQ(block(repeat("if a { } else ", 5000) + "{ }"), "");
  EXPECT_EQ(errors.size(), 1u);
  errors.clear();
}

TEST_F(RobustnessTest, LongChainsAreBounded) {
  for (const char *link : {" + a", " and a", ".a", "[0]", " * 2"}) {
    EXPECT_NE(expression("a" + repeat(link, 900)), "") << link;
    EXPECT_EQ(expression("a" + repeat(link, 50000)), "") << link;
    EXPECT_EQ(takeErrors(), "1:1: expression has more than 1000 levels; split it with 'let'");
  }
  // Flat things may be long.
  EXPECT_NE(expression("[" + repeat("1, ", 20000) + "]"), "");
  EXPECT_NE(block(repeat("v = 1\n", 5000)), "");
}

TEST_F(RobustnessTest, ManyUnclosedBracketsTakeLinearTime) {
  EXPECT_EQ(block(repeat("v = f(\n", 20000)), "");
  errors.clear();
  EXPECT_EQ(block(repeat("v += (\n", 20000)), "");
  EXPECT_EQ(errors.size(), 39999u); // each but the last with a note
  errors.clear();
}

TEST_F(RobustnessTest, RandomBytes) {
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (size_t i = 0, size = random() % 40; i < size; ++i)
      text += static_cast<char>(random());
    parseAsEverything(text);
  }
}

TEST_F(RobustnessTest, RandomTokens) {
  const char *words[] = {"let ",    "if ",
                         "else ",   "for ",
                         "k ",      "in ",
                         "range",   "(",
                         ")",       "[",
                         "]",       "{",
                         "}",       "\n",
                         ";",       ",",
                         "=",       "+=",
                         "==",      "<",
                         "+",       "-",
                         "**",      "not ",
                         "and ",    "1",
                         "2.5",     "'s'",
                         "x ",      "y",
                         ".",       "...",
                         "..",      "->",
                         ":",       "fn ",
                         "f",       "#",
                         "in ",     "sparse ",
                         "return ", "print(",
                         "assert ", "true ",
                         "@",       "9223372036854775808",
                         "pause()", "x0 ",
                         "sgn(",    "2^-"};
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    for (size_t i = 0, size = random() % 24; i < size; ++i)
      text += words[random() % std::size(words)];
    parseAsEverything(text);
    checkRoundTrip(text);
  }
}

TEST_F(RobustnessTest, MutatedExamples) {
  std::vector<std::string> texts(std::begin(blockTexts), std::end(blockTexts));
  for (int round = 0; round < 3000; ++round) {
    std::string text = texts[random() % texts.size()];
    const std::string &other = texts[random() % texts.size()];
    for (size_t i = 0, changes = 1 + random() % 3; i < changes && !text.empty(); ++i) {
      size_t at = random() % text.size();
      switch (random() % 4) {
      case 0:
        text.erase(at, 1 + random() % 5);
        break;
      case 1:
        text.insert(at, other.substr(random() % other.size(), random() % 12));
        break;
      case 2:
        text[at] = static_cast<char>(random());
        break;
      default:
        text.resize(at);
        break;
      }
    }
    parseAsEverything(text);
    checkRoundTrip(text);
  }
}

} // namespace
