// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every text of the standard library as it was designed parses, and prints to a text that parses to
// the same tree.

#include "test/unit/behaviour/Examples.h"
#include "test/unit/behaviour/ParserTest.h"

using namespace basalt::test;

namespace {

class ExamplesTest : public ParserTest {};

TEST_F(ExamplesTest, Functions) {
  for (const char *text : functionTexts) {
    std::string printed = functions(text);
    EXPECT_NE(printed, "") << text;
    EXPECT_EQ(functions(printed), printed);
  }
}

TEST_F(ExamplesTest, Blocks) {
  for (const char *text : blockTexts) {
    std::string printed = block(text);
    EXPECT_NE(printed, "") << text;
    EXPECT_EQ(block(printed), printed);
  }
}

TEST_F(ExamplesTest, Expressions) {
  for (const char *text : expressionTexts) {
    std::string printed = expression(text);
    EXPECT_NE(printed, "") << text;
    EXPECT_EQ(expression(printed), printed);
  }
}

TEST_F(ExamplesTest, Declarations) {
  for (const char *text : varTexts)
    EXPECT_NE(declaration(text), "") << text;
  for (const char *text : parameterTexts)
    EXPECT_NE(declaration(text, BareValues::Allowed), "") << text;
  for (const char *text : portTexts)
    EXPECT_EQ(port(text), text);
  for (const char *text : pathTexts)
    EXPECT_EQ(path(text), text);
  for (const char *text : limitTexts)
    EXPECT_EQ(limit(text), text);
}

TEST_F(ExamplesTest, Connections) {
  for (const char *text : connectionTexts)
    EXPECT_NE(connection(text), "") << text;
}

} // namespace
