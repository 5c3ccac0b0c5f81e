// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expressions: precedence and grouping as in Python, literals, calls, indices.

#include "test/unit/behaviour/ParserTest.h"

using namespace basalt::test;

namespace {

class ExpressionTest : public ParserTest {
protected:
  struct Case {
    const char *text;
    const char *printed;
  };
  void check(llvm::ArrayRef<Case> cases) {
    for (const Case &c : cases)
      EXPECT_EQ(expression(c.text), c.printed) << c.text;
  }
};

TEST_F(ExpressionTest, PrecedenceOfNeighbours) {
  check({
      {"a or b and c", "(a or (b and c))"},
      {"a and b or c", "((a and b) or c)"},
      {"not a and b", "((not a) and b)"},
      {"not a == b", "(not (a == b))"},
      {"not not a", "(not (not a))"},
      {"a == b | c", "(a == (b | c))"},
      {"a & b == c", "((a & b) == c)"},
      {"a | b ^ c", "(a | (b ^ c))"},
      {"a ^ b & c", "(a ^ (b & c))"},
      {"a & b << c", "(a & (b << c))"},
      {"a << b + c", "(a << (b + c))"},
      {"v > vth << 6", "(v > (vth << 6))"},
      {"a + b * c", "(a + (b * c))"},
      {"a * b + c", "((a * b) + c)"},
      {"a @ b * c", "((a @ b) * c)"},
      {"-a * b", "((-a) * b)"},
      {"a * -b", "(a * (-b))"},
      {"-a ** b", "(-(a ** b))"},
      {"a ** -b", "(a ** (-b))"},
      {"~a ** b", "(~(a ** b))"},
      {"a ** -b ** c", "(a ** (-(b ** c)))"},
      {"-x.y", "(-x.y)"},
      {"a ** b.c(d)[e]", "(a ** b.c(d)[e])"},
  });
}

TEST_F(ExpressionTest, EachOperatorGroupsToTheLeftExceptPower) {
  for (const char *op :
       {"|", "^", "&", "<<", ">>", "+", "-", "*", "/", "//", "%", "@", "and", "or"}) {
    std::string sign = std::string(" ") + op + " ";
    EXPECT_EQ(expression("a" + sign + "b" + sign + "c"), "((a" + sign + "b)" + sign + "c)");
  }
  check({
      {"a ** b ** c", "(a ** (b ** c))"},
      {"a - b + c", "((a - b) + c)"},
      {"a * b // c % d", "(((a * b) // c) % d)"},
      {"a << b >> c", "((a << b) >> c)"},
      {"-c >> k << k", "(((-c) >> k) << k)"},
  });
}

TEST_F(ExpressionTest, ComparisonsChain) {
  check({
      {"a < b", "(a < b)"},
      {"a < b <= c != d", "(a < b <= c != d)"},
      {"(a < b) < c", "((a < b) < c)"},
      {"a < (b < c)", "(a < (b < c))"},
      {"a == b >= c > d", "(a == b >= c > d)"},
  });
  auto expr = parseExpression(source("a < b <= c"), ast);
  const auto *compare = llvm::cast<CompareExpr>(*expr);
  ASSERT_EQ(compare->getLinks().size(), 2u);
  EXPECT_EQ(compare->getLinks()[1].op, CompareOp::LessEqual);
}

TEST_F(ExpressionTest, Integers) {
  check({
      {"0", "0"},
      {"00", "0"},
      {"1_000_000", "1000000"},
      {"0xff", "255"},
      {"0XFF_FF", "65535"},
      {"0b1010", "10"},
      {"0o17", "15"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"-0x8000000000000000", "-9223372036854775808"},
      {"1 - 9223372036854775807", "(1 - 9223372036854775807)"},
      {"-5", "(-5)"},
      {"2**63", "(2 ** 63)"},
  });
  EXPECT_EQ(expressionErrors("9223372036854775808"),
            "1:1: integer '9223372036854775808' does not fit in 64 bits");
  EXPECT_EQ(expressionErrors("1 - 9223372036854775808"),
            "1:5: integer '9223372036854775808' does not fit in 64 bits");
  EXPECT_EQ(expressionErrors("-9223372036854775808 ** 2"),
            "1:2: integer '9223372036854775808' does not fit in 64 bits");
  EXPECT_EQ(expressionErrors("0x1_0000_0000_0000_0000"),
            "1:1: integer '0x1_0000_0000_0000_0000' does not fit in 64 bits");
}

TEST_F(ExpressionTest, Floats) {
  check({
      {"0.5", "0.5"},
      {".5", "0.5"},
      {"1.", "1.0"},
      {"2.0", "2.0"},
      {"1e3", "1000.0"},
      {"1.e-3", "0.001"},
      {"1_0.2_5", "10.25"},
      {"1e-5", "1e-05"},
  });
  auto expr = parseExpression(source("1_0.1"), ast);
  EXPECT_EQ(llvm::cast<FloatLiteral>(*expr)->getValue(), 10.1);
  EXPECT_EQ(llvm::cast<FloatLiteral>(*expr)->getSpelling(), "10.1");
  EXPECT_EQ(expressionErrors("1e999"), "1:1: number '1e999' is beyond the range of f64");
}

TEST_F(ExpressionTest, StringsAndBooleans) {
  auto value = [&](llvm::StringRef text) {
    return llvm::cast<StringLiteral>(*parseExpression(source(text), ast))->getValue();
  };
  EXPECT_EQ(value(R"("a b")"), "a b");
  EXPECT_EQ(value(R"('it is "x"')"), "it is \"x\"");
  EXPECT_EQ(value(R"("\n\t\r\\\"\'")"), "\n\t\r\\\"'");
  EXPECT_EQ(value(R"("\x41\u00e9\U0001F600")"), "A\u00e9\U0001F600");
  EXPECT_EQ(value(R"("\0")"), llvm::StringRef("\0", 1));
  EXPECT_EQ(value("\"\u00e9 # no comment\""), "\u00e9 # no comment");
  check({{"true or false", "(true or false)"}});
}

TEST_F(ExpressionTest, Calls) {
  check({
      {"f()", "f()"},
      {"f(a, b + 1)", "f(a, (b + 1))"},
      {"f(a, k=b, l=c == d)", "f(a, k=b, l=(c == d))"},
      {"f(a,)", "f(a)"},
      {"a_in.recv()", "a_in.recv()"},
      {"random.normal(0, 1, size=[n, m])", "random.normal(0, 1, size=[n, m])"},
      {"f(g(x))(y)", ""},
  });
  EXPECT_EQ(takeErrors(), "1:8: only a name can be called; for a product write '*'");
  EXPECT_EQ(expressionErrors("2(x)"), "1:2: only a name can be called; for a product write '*'");
  EXPECT_EQ(expressionErrors("f(k=1, 2)"),
            "1:8: a positional argument cannot follow the named argument 'k'");
  EXPECT_EQ(expressionErrors("f(k=1, k=2)"), "1:8: argument 'k' is given twice");
  EXPECT_EQ(expressionErrors("f(*a)"), "1:3: '*' cannot unpack arguments");
}

TEST_F(ExpressionTest, KeywordsAreMembers) {
  check({{"a.in.recv()", "a.in.recv()"}, {"rule.for", "rule.for"}, {"in + ref", "(in + ref)"}});
}

TEST_F(ExpressionTest, Indices) {
  check({
      {"v[i]", "v[i]"},
      {"v[i, j]", "v[i, j]"},
      {"v[:]", "v[:]"},
      {"v[1:]", "v[1:]"},
      {"v[:2]", "v[:2]"},
      {"v[1:2:3]", "v[1:2:3]"},
      {"v[::-1]", "v[::(-1)]"},
      {"v[::]", "v[:]"},
      {"v[1::2]", "v[1::2]"},
      {"v[..., 0]", "v[..., 0]"},
      {"v[:, newaxis]", "v[:, newaxis]"},
      {"v[newaxis + 1]", "v[(newaxis + 1)]"},
      {"v[m and n]", "v[(m and n)]"},
      {"v[i,]", "v[i]"},
      {"w[:, ::-1, ::-1, :]", "w[:, ::(-1), ::(-1), :]"},
      {"w.shape[1:3]", "w.shape[1:3]"},
      {"f(x)[0][1]", "f(x)[0][1]"},
  });
  EXPECT_EQ(expressionErrors("v[]"), "1:3: expected an index, found ']'");
  EXPECT_EQ(expressionErrors("v[,]"), "1:3: expected an index, found ','");
  EXPECT_EQ(expressionErrors("v[1:2:3:4]"),
            "1:8: expected ',' or ']', found ':'\nnote 1:2: to match this '['");
}

TEST_F(ExpressionTest, Lists) {
  check({
      {"[]", "[]"},
      {"[1, a + b,]", "[1, (a + b)]"},
      {"()", "()"},
      {"(a)", "a"},
      {"(a,)", "(a,)"},
      {"(a, b)", "(a, b)"},
      {"[[1, 2], [3, 4]]", "[[1, 2], [3, 4]]"},
  });
}

TEST_F(ExpressionTest, NewlinesAndComments) {
  check({
      {"\n a +\n  b # sum\n * c\n", "(a + (b * c))"},
      {"f(a, # one\n  b)", "f(a, b)"},
  });
}

} // namespace
