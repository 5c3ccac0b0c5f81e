// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statements, blocks and functions.

#include "test/unit/behaviour/ParserTest.h"

using namespace basalt::test;

namespace {

class StatementTest : public ParserTest {};

TEST_F(StatementTest, Let) {
  EXPECT_EQ(block("let x = a + 1"), "let x = (a + 1)\n");
  EXPECT_EQ(block("let w, d = weights, tag"), "let w, d = weights, tag\n");
  EXPECT_EQ(block("let a, b = f(x)"), "let a, b = f(x)\n");
  EXPECT_EQ(block("let x = [1, 2]"), "let x = [1, 2]\n");
}

TEST_F(StatementTest, Assign) {
  EXPECT_EQ(block("v = e"), "v = e\n");
  EXPECT_EQ(block("v[s] = 0"), "v[s] = 0\n");
  EXPECT_EQ(block("data[..., t % n] = a_in.recv()"), "data[..., (t % n)] = a_in.recv()\n");
  for (const char *op : {"+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@"}) {
    std::string text = std::string("v[i] ") + op + "= x\n";
    EXPECT_EQ(block(text), text);
  }
  auto result = parseBlock(source("v[i] += 1; u = 2"), ast);
  llvm::ArrayRef<const Stmt *> statements = (*result)->getStatements();
  const auto *first = llvm::cast<AssignStmt>(statements[0]);
  EXPECT_EQ(first->getVariable()->getName(), "v");
  EXPECT_NE(first->getIndex(), nullptr);
  EXPECT_EQ(first->getOp(), BinaryOp::Add);
  const auto *second = llvm::cast<AssignStmt>(statements[1]);
  EXPECT_EQ(second->getIndex(), nullptr);
  EXPECT_EQ(second->getOp(), std::nullopt);
}

TEST_F(StatementTest, SeparatorsAndOneLineBlocks) {
  EXPECT_EQ(block(""), "");
  EXPECT_EQ(block("\n\n# nothing\n;;"), "");
  EXPECT_EQ(block("u = 0; v = 0;"), "u = 0\nv = 0\n");
  EXPECT_EQ(block("if c { u = 0; v = 0 }"), "if c {\n  u = 0\n  v = 0\n}\n");
  EXPECT_EQ(block("if c { }"), "if c {\n}\n");
  EXPECT_EQ(block("v = f(a,\n  b)\nw = 1"), "v = f(a, b)\nw = 1\n");
}

TEST_F(StatementTest, If) {
  const char *both = "if a {\n  x = 1\n} else {\n  x = 2\n}\n";
  EXPECT_EQ(block("if a { x = 1 } else { x = 2 }"), both);
  EXPECT_EQ(block("if a {\nx = 1\n}\nelse {\nx = 2\n}"), both);
  EXPECT_EQ(block("if a\n{\nx = 1\n}\n\n# or\nelse\n{\nx = 2\n}"), both);
  EXPECT_EQ(
      block("if a { x = 1 } else if b { x = 2 } else { x = 3 }\ny = 1"),
      "if a {\n  x = 1\n} else {\n  if b {\n    x = 2\n  } else {\n    x = 3\n  }\n}\ny = 1\n");
  EXPECT_EQ(block("if a { }\nx = 1"), "if a {\n}\nx = 1\n");
}

TEST_F(StatementTest, For) {
  EXPECT_EQ(block("for k in range(1, n + 1) { x += k }"),
            "for k in range(1, (n + 1)) {\n  x += k\n}\n");
  EXPECT_EQ(block("for p in rule.products { f(p) }"), "for p in rule.products {\n  f(p)\n}\n");
  auto loops = parseBlock(source("for k in range(3) { }\nfor p in rule.products { }"), ast);
  llvm::ArrayRef<const Stmt *> statements = (*loops)->getStatements();
  EXPECT_NE(llvm::cast<ForStmt>(statements[0])->getRange(), nullptr);
  EXPECT_EQ(llvm::cast<ForStmt>(statements[1])->getRange(), nullptr);
}

TEST_F(StatementTest, Calls) {
  EXPECT_EQ(block("s_out.send(s)"), "s_out.send(s)\n");
  EXPECT_EQ(block("print(\"v: {}\", v, 1 + 2)"), "print(\"v: {}\", v, (1 + 2))\n");
  EXPECT_EQ(block("print('x')"), "print(\"x\")\n");
  EXPECT_EQ(block("pause()\nstop()"), "pause()\nstop()\n");
  EXPECT_EQ(block("assert all(a <= b), \"a is above b\""),
            "assert all((a <= b)), \"a is above b\"\n");
  EXPECT_EQ(block("assert (a) and (b)"), "assert (a and b)\n");
  // Not keywords, so a Var may have such a name.
  EXPECT_EQ(block("stop = 1\nprint += 2\nin = 3"), "stop = 1\nprint += 2\nin = 3\n");
}

TEST_F(StatementTest, Functions) {
  EXPECT_EQ(functions("fn f(x, k=1) = x + k"), "fn f(x, k=1) {\n  return (x + k)\n}");
  EXPECT_EQ(functions("fn f(x) =\n    x\n\nfn g() { return 1, 2 }"),
            "fn f(x) {\n  return x\n}\nfn g() {\n  return 1, 2\n}");
  EXPECT_EQ(functions("fn f(x) { if x > 0 { return 1 } else { return 2 } }"),
            "fn f(x) {\n  if (x > 0) {\n    return 1\n  } else {\n    return 2\n  }\n}");
  EXPECT_EQ(functions("fn f(\n  x,\n  y\n) = x"), "fn f(x, y) {\n  return x\n}");
  auto empty = parseFunctions(source("# none\n"), ast);
  ASSERT_TRUE(mlir::succeeded(empty));
  EXPECT_TRUE(empty->empty());
}

} // namespace
