// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Positions of the protocol are counted in UTF-16 code units, those of the compiler in bytes.
#include "tools/basalt/lsp/Document.h"

#include "gtest/gtest.h"

using namespace basalt::lsp;

TEST(Document, CountsCodeUnits) {
  // One, two, three and four bytes; the last is two code units.
  Document document("/a.yaml", "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z\nb");
  const std::pair<size_t, int> columns[] = {{0, 0}, {1, 1}, {3, 2}, {6, 3}, {10, 5}, {11, 6}};
  for (auto [offset, column] : columns) {
    EXPECT_EQ(document.positionOf(offset).line, 0);
    EXPECT_EQ(document.positionOf(offset).character, column);
    EXPECT_EQ(document.offsetOf({0, column}), offset);
  }
  EXPECT_EQ(document.offsetOf({0, 4}), 6u); // within a character: its begin
  EXPECT_EQ(document.offsetOf({0, 99}), 11u);
  EXPECT_EQ(document.offsetOf({1, 0}), 12u);
  EXPECT_EQ(document.offsetOf({7, 3}), 13u);
  EXPECT_EQ(document.offsetOf({-1, -1}), 0u);
  EXPECT_EQ(document.positionOf(99).line, 1);
}

TEST(Document, PlacesOfTheCompiler) {
  Document document("/a.yaml", "ab\n\ncd");
  EXPECT_EQ(document.offsetAt(1, 2), 1u);
  EXPECT_EQ(document.offsetAt(3, 1), 4u);
  EXPECT_EQ(document.offsetAt(2, 9), 3u);
  EXPECT_EQ(document.offsetAt(0, 0), 0u);
  EXPECT_EQ(document.offsetAt(9, 9), 6u);
}

TEST(Document, Words) {
  Document document("/a.yaml", "lif.s_out -> x");
  EXPECT_EQ(document.tree().textOf(document.wordAt(5)), "s_out");
  EXPECT_EQ(document.tree().textOf(document.wordAt(3)), "lif");
  EXPECT_EQ(document.tree().textOf(document.wordAt(11)), "");
}
