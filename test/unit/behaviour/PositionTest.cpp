// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locations: every node knows its line and column in the YAML file, also deep in a block scalar.

#include "test/unit/behaviour/ParserTest.h"

using namespace basalt::test;

namespace {

class PositionTest : public ParserTest {
protected:
  /// As in a block scalar whose text begins in line 10, indented by 12 columns.
  Source inFile(llvm::StringRef text) { return {text, &context, "net.yaml", 10, 13}; }
  llvm::ArrayRef<const Stmt *> statements(llvm::StringRef text) {
    return (*parseBlock(inFile(text), ast))->getStatements();
  }
};

TEST_F(PositionTest, ExpressionsStartAtTheirFirstCharacter) {
  auto expr = parseExpression(inFile("a + (b * c).d[e]"), ast);
  const auto *sum = llvm::cast<BinaryExpr>(*expr);
  EXPECT_EQ(toText(sum->getLoc()), "10:13");
  EXPECT_EQ(toText(sum->getOpLoc()), "10:15");
  EXPECT_EQ(toText(sum->getEnd()), "10:29");
  const auto *index = llvm::cast<IndexExpr>(sum->getRhs());
  EXPECT_EQ(toText(index->getLoc()), "10:17");
  EXPECT_EQ(toText(index->getItems()[0].loc), "10:27");
  const auto *member = llvm::cast<MemberExpr>(index->getBase());
  EXPECT_EQ(toText(member->getMemberLoc()), "10:25");
  EXPECT_EQ(toText(member->getBase()->getLoc()), "10:18");
  EXPECT_EQ(toText(member->getBase()->getEnd()), "10:23");
}

TEST_F(PositionTest, FileNameIsKept) {
  auto expr = parseExpression(inFile("x"), ast);
  auto loc = llvm::cast<mlir::FileLineColLoc>((*expr)->getLoc());
  EXPECT_EQ(loc.getFilename().getValue().str(), "net.yaml");
}

TEST_F(PositionTest, LinesOfABlock) {
  auto list = statements(
      "u = 1\n\n# remark\nif u > 0 {\n  let x = u # more\n  v[x] += f(x,\n    k=2)\n}\n");
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(toText(list[0]->getLoc()), "10:13");
  EXPECT_EQ(toText(list[0]->getEnd()), "10:18");
  const auto *branch = llvm::cast<IfStmt>(list[1]);
  EXPECT_EQ(toText(branch->getLoc()), "13:13");
  EXPECT_EQ(toText(branch->getCondition()->getLoc()), "13:16");
  EXPECT_EQ(toText(branch->getEnd()), "17:14");
  EXPECT_EQ(toText(branch->getThen()->getLoc()), "13:22");

  llvm::ArrayRef<const Stmt *> body = branch->getThen()->getStatements();
  const auto *let = llvm::cast<LetStmt>(body[0]);
  EXPECT_EQ(toText(let->getLoc()), "14:15");
  EXPECT_EQ(toText(let->getNames()[0].loc), "14:19");
  const auto *assign = llvm::cast<AssignStmt>(body[1]);
  EXPECT_EQ(toText(assign->getOpLoc()), "15:20");
  const auto *call = llvm::cast<CallExpr>(assign->getValue());
  EXPECT_EQ(toText(call->getLoc()), "15:23");
  EXPECT_EQ(toText(call->getKeywords()[0].loc), "16:17");
  EXPECT_EQ(toText(call->getKeywords()[0].value->getLoc()), "16:19");
  EXPECT_EQ(toText(assign->getEnd()), "16:21");
}

TEST_F(PositionTest, StatementsOnOneLine) {
  auto list = statements("for k in range(3) { x = k; y.send(x) } ; return_value = 1");
  ASSERT_EQ(list.size(), 2u);
  const auto *loop = llvm::cast<ForStmt>(list[0]);
  EXPECT_EQ(toText(loop->getVariable().loc), "10:17");
  llvm::ArrayRef<const Stmt *> body = loop->getBody()->getStatements();
  EXPECT_EQ(toText(body[0]->getLoc()), "10:33");
  EXPECT_EQ(toText(body[1]->getLoc()), "10:40");
  EXPECT_EQ(toText(list[1]->getLoc()), "10:54");
}

TEST_F(PositionTest, Functions) {
  auto list = parseFunctions(inFile("# first\nfn f(x, k=1) =\n  x + k"), ast);
  ASSERT_TRUE(mlir::succeeded(list));
  const FunctionDecl *function = (*list)[0];
  EXPECT_EQ(toText(function->getLoc()), "11:13");
  EXPECT_EQ(toText(function->getNameLoc()), "11:16");
  EXPECT_EQ(toText(function->getParams()[1].loc), "11:21");
  EXPECT_EQ(toText(function->getBody()->getStatements()[0]->getLoc()), "12:15");
  EXPECT_EQ(toText(function->getEnd()), "12:20");
}

TEST_F(PositionTest, ColumnsCountBytes) {
  auto list = statements("print(\"\xC3\xA9\", x)");
  EXPECT_EQ(toText(llvm::cast<PrintStmt>(list[0])->getArgs()[0]->getLoc()), "10:25");
}

TEST_F(PositionTest, TreesOutliveTheText) {
  std::string text = "let value = other.member(\"s\", key=1)";
  auto result = parseBlock(inFile(text), ast);
  std::fill(text.begin(), text.end(), '?');
  EXPECT_EQ(toString(*result), "let value = other.member(\"s\", key=1)\n");
}

} // namespace
