// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Error messages with their positions: one for each mistake, and advice for habits from other
// languages.

#include "test/unit/behaviour/ParserTest.h"

using namespace basalt::test;

namespace {

class ErrorTest : public ParserTest {
protected:
  struct Case {
    const char *text;
    const char *errors;
  };
  void checkBlocks(llvm::ArrayRef<Case> cases) {
    for (const Case &c : cases)
      EXPECT_EQ(blockErrors(c.text), c.errors) << c.text;
  }
};

TEST_F(ErrorTest, Operators) {
  EXPECT_EQ(expressionErrors("a && b"), "1:3: '&&' is not an operator; write 'and'");
  EXPECT_EQ(expressionErrors("a || b"), "1:3: '||' is not an operator; write 'or'");
  EXPECT_EQ(expressionErrors("!a"), "1:1: '!' is not an operator; write 'not'");
  EXPECT_EQ(expressionErrors("c ? a : b"),
            "1:3: '?' is not an operator; a choice is written 'where(condition, a, b)'");
  EXPECT_EQ(expressionErrors("a if c else b"),
            "1:3: 'if' is not part of an expression; a choice is written 'where(condition, a, b)'");
  EXPECT_EQ(expressionErrors("a is b"), "1:3: 'is' is not in the language; write '=='");
  EXPECT_EQ(expressionErrors("a = b"),
            "1:3: '=' assigns and cannot stand here; write '==' to compare");
  EXPECT_EQ(expressionErrors("a == not b"),
            "1:6: 'not' after another operator needs parentheses: (not x)");
  EXPECT_EQ(expressionErrors("lambda x: x"),
            "1:1: 'lambda' is not in the language; write 'fn f(x) = "
            "...' under 'functions:'");
  EXPECT_EQ(expressionErrors("True and x"), "1:1: 'True' is not in the language; write 'true'");
  EXPECT_EQ(expressionErrors("f(None)"),
            "1:3: 'None' is not in the language; in an index write 'newaxis'");
  EXPECT_EQ(expressionErrors("f\"{x}\""),
            "1:2: strings have no prefix such as 'f'; write print(\"v: {}\", v) to format");
  EXPECT_EQ(expressionErrors("..."), "1:1: '...' stands only in an index, as in v[..., 0]");
}

TEST_F(ErrorTest, Unfinished) {
  EXPECT_EQ(expressionErrors(""), "1:1: expected an expression, found the end of the text");
  EXPECT_EQ(expressionErrors("a +"), "1:4: expected an expression, found the end of the text");
  EXPECT_EQ(expressionErrors("a b"),
            "1:3: expected an operator or the end of the expression, found 'b'");
  EXPECT_EQ(expressionErrors("(a"), "1:3: expected ')', found the end of the text\n"
                                    "note 1:1: to match this '('");
  EXPECT_EQ(expressionErrors("f(a b)"), "1:5: expected ',' or ')', found 'b'\n"
                                        "note 1:2: to match this '('");
  EXPECT_EQ(expressionErrors("a)"),
            "1:2: expected an operator or the end of the expression, found ')'");
  EXPECT_EQ(expressionErrors("a."), "1:3: expected a name after '.', found the end of the text");
  EXPECT_EQ(expressionErrors("a.5"),
            "1:2: expected an operator or the end of the expression, found '.5'");
  EXPECT_EQ(expressionErrors("'abc"), "1:1: unterminated string: expected a closing '");
}

TEST_F(ErrorTest, Statements) {
  checkBlocks({
      {"v++", "1:4: '++' is not an operator; write 'v += 1'"},
      {"v--;", "1:4: '--' is not an operator; write 'v -= 1'"},
      {"++v", "1:1: '++' is not an operator; write 'v += 1'"},
      {"v == 3", "1:1: a comparison is not a statement; write '=' to assign"},
      {"v", "1:1: expected a statement, found a value that nothing uses"},
      {"v = 1 2", "1:7: expected the end of the statement, found '2'"},
      {"v = a +\nw = 1", "1:8: expected an expression, found the end of the line"},
      {"a, b = f(x)", "1:2: several names are assigned only by 'let': 'let a, b = ...'"},
      {"a = b = 1", "1:7: only one assignment in a statement"},
      {"a.b = 1", "1:1: cannot assign to this; expected a name or a name with an index"},
      {"v[i][j] = 1", "1:1: cannot assign to an index of an index; write 'v[i, j] = ...'"},
      {"f(x) = 1", "1:1: cannot assign to this; expected a name or a name with an index"},
      {"return 1", "1:1: 'return' is only for functions"},
      {"fn f(x) = x", "1:1: functions are defined under 'functions:', not in a block"},
      {"{ v = 1 }", "1:1: a block needs an 'if', 'else' or 'for' before it"},
      {"v = 1 }", "1:7: '}' without '{'"},
      {"int x = 5", "1:1: a variable is introduced by 'let': write 'let x = ...'"},
      {"print \"x\"", "1:1: expected '(' after 'print'"},
      {"print(x)",
       "1:7: expected a string as the first argument of 'print', as in print(\"v: {}\", v)"},
      {"print(\"x\", end=\"\")", "1:12: 'print' has no named argument 'end'"},
      {"print(\"x\").y", "1:1: 'print' has no value"},
      {"pause(1)", "1:7: 'pause' takes no arguments"},
      {"assert(a, \"m\")", "1:7: write 'assert condition, \"message\"' without parentheses"},
      {"assert a, b", "1:11: the message of an 'assert' is a string in quotes"},
      {"while c { }", "1:1: 'while' is not in the language; loops are 'for k in range(a, b) { }'"},
      {"pass", "1:1: 'pass' is not in the language; an empty block is '{ }'"},
      {"import numpy", "1:1: 'import' is not in the language; see the statements of behaviours"},
  });
}

TEST_F(ErrorTest, Let) {
  checkBlocks({
      {"let x: i32 = 1", "1:6: a 'let' has no type; write 'let x = i32(...)' to convert the value"},
      {"let x += 1", "1:7: 'let' introduces a variable: expected '=', found '+='"},
      {"let x", "1:6: expected '=' and a value, found the end of the text"},
      {"let x =", "1:8: expected an expression, found the end of the text"},
      {"let (a, b) = f(x)", "1:5: the names of a 'let' have no parentheses: 'let a, b = ...'"},
      {"let v[0] = 1", "1:6: 'let' introduces a new name; to assign, leave it out"},
      {"let a, a = f(x)", "1:8: name 'a' is introduced twice"},
      {"let a, b = 1, 2, 3", "1:12: expected 1 or 2 values for 2 names, found 3"},
      {"let if = 1", "1:5: expected a name after 'let', found 'if'"},
  });
}

TEST_F(ErrorTest, Blocks) {
  checkBlocks({
      {"if x = 3 { v = 1 }", "1:6: '=' assigns and cannot stand here; write '==' to compare"},
      {"if x\n  v = 1", "1:5: expected '{' after the condition, found the end of the line"},
      {"if x {\n  v = 1\n", "3:1: expected '}', found the end of the text\n"
                            "note 1:6: to match this '{'"},
      {"else { v = 1 }", "1:1: 'else' without 'if' before it"},
      {"for (i = 0; i < 3; i++) { }", "1:5: a loop is written 'for k in range(a, b) { }'"},
      {"for k = 1 { }", "1:7: expected 'in', found '='"},
      {"for a, b in c { }", "1:6: a loop has one variable"},
      {"if a { } elif b { }", "1:10: 'elif' is not in the language; write 'else if'"},
      {"if a { } v = 1", "1:10: expected the end of the statement, found 'v'"},
  });
}

TEST_F(ErrorTest, PythonBlocksAreOneError) {
  checkBlocks({
      {"if x:\n  v = 1\nelse:\n  v = 2\nw = 1",
       "1:5: blocks stand in braces: expected '{', found ':'"},
      {"if x:\n  v = 1\nelif y:\n  v = 2", "1:5: blocks stand in braces: expected '{', found ':'"},
      {"for k in range(3):\n  v += k", "1:18: blocks stand in braces: expected '{', found ':'"},
  });
}

TEST_F(ErrorTest, SeveralStatementsNoCascades) {
  EXPECT_EQ(blockErrors("let x = \nv = 1\nw = 2 +; u = )\nz = 1"),
            "1:9: expected an expression, found the end of the line\n"
            "3:8: expected an expression, found ';'\n"
            "3:14: expected an expression, found ')'");
  // What an unclosed bracket swallowed is looked at again.
  EXPECT_EQ(
      blockErrors("let x = (1 + 2\nlet y = $\nlet z = 3"),
      "2:1: expected ')', found 'let'\n"
      "note 1:9: to match this '('\n"
      "2:9: unexpected character '$'; a '$' starts an expression in a YAML value, and in here "
      "everything is one already");
  // The rest of a call over several lines goes with it.
  EXPECT_EQ(blockErrors("v = f(a b,\n  c,\n  d)\nw = )"), "1:9: expected ',' or ')', found 'b'\n"
                                                          "note 1:6: to match this '('\n"
                                                          "4:5: expected an expression, found ')'");
  // A block whose head is wrong is skipped whole, its 'else' too.
  EXPECT_EQ(blockErrors("if a b {\n  v = )\n} else {\n  v = )\n}\nw = )"),
            "1:6: expected '{' after the condition, found 'b'\n"
            "6:5: expected an expression, found ')'");
  // Errors inside blocks do not hide those after them.
  EXPECT_EQ(blockErrors("if a {\n  v = )\n  w = ]\n}\nu = }\n"),
            "2:7: expected an expression, found ')'\n"
            "3:7: expected an expression, found ']'\n"
            "5:5: expected an expression, found '}'\n"
            "5:5: '}' without '{'");
}

TEST_F(ErrorTest, Functions) {
  auto check = [&](const char *text, const char *expected) {
    EXPECT_TRUE(mlir::failed(parseFunctions(source(text), ast))) << text;
    EXPECT_EQ(takeErrors(), expected) << text;
  };
  check("def f(x):\n  return x",
        "1:1: a function is written 'fn f(x) = e' or 'fn f(x) { ...; return e }'");
  check("fn (x) = x", "1:4: expected the name of the function, found '('");
  check("fn f = 1", "1:6: expected '(' and the parameters, found '='");
  check("fn f(x: i32) = x",
        "1:7: parameters have no types; a function works for all types that fit");
  check("fn f(x, x) = x", "1:9: parameter 'x' is declared twice");
  check("fn f(x=1, y) = x", "1:11: parameter 'y' without a default follows one with a default");
  check("fn f(x) -> i32 { return x }", "1:9: functions declare no result type");
  check("fn f(x) x", "1:9: expected '{' after the parameters, or '=', found 'x'");
  check("fn f(x) { return }", "1:18: expected a value after 'return', found '}'");
  check("fn f(x) = )\nfn g(x) = x +\nfn h(x) = x\nfn i(x { }",
        "1:11: expected an expression, found ')'\n"
        "2:14: expected an expression, found the end of the line\n"
        "4:8: expected ',' or ')', found '{'\n"
        "note 4:5: to match this '('");
}

TEST_F(ErrorTest, CharactersInsideStatements) {
  checkBlocks({
      {"v = a \xE2\x88\x92 b\nw = 5f",
       "1:7: unexpected character '\xE2\x88\x92' (U+2212); write '-'\n"
       "2:5: invalid number '5f'; numbers have no suffix, write 'f32(x)'"},
      {"v = \"a\nw = 1", "1:5: unterminated string: expected a closing \""},
      {"v = a \xFF", "1:7: invalid UTF-8: byte 0xFF"},
  });
}

} // namespace
