// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- LocationTest.cpp - places of nodes, and within scalars -------------===//

#include "YamlTestSupport.h"

using namespace basalt::frontend::yaml;

TEST(YamlLocation, BlockStyle) {
  Document doc("# comment\n"
               "basalt: 1\n"
               "list:\n"
               "  - one   # comment\n"
               "  -   two\n"
               "  - k: v\n"
               "    l:   w\n"
               "  - - in\n"
               "    - 'q'\n"
               "flush:\n"
               "- x\n"
               "sub:\n"
               "    deep:\n"
               "      deeper: \"y\"\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(placeOf(*doc.root), "2:1");
  EXPECT_EQ(placeOf(*doc.root->findEntry("list")->keyNode), "3:1");
  EXPECT_EQ(placeOf(doc.at({"basalt"})), "2:9");
  EXPECT_EQ(placeOf(doc.at({"list"})), "4:3");
  EXPECT_EQ(placeOf(doc.at({"list", "0"})), "4:5");
  EXPECT_EQ(placeOf(doc.at({"list", "1"})), "5:7");
  EXPECT_EQ(placeOf(doc.at({"list", "2"})), "6:5");
  EXPECT_EQ(placeOf(doc.at({"list", "2", "l"})), "7:10");
  EXPECT_EQ(placeOf(doc.at({"list", "3"})), "8:5");
  EXPECT_EQ(placeOf(doc.at({"list", "3", "0"})), "8:7");
  EXPECT_EQ(placeOf(doc.at({"list", "3", "1"})), "9:7");
  EXPECT_EQ(textPlaceOf(doc.at({"list", "3", "1"})), "9:8");
  EXPECT_EQ(placeOf(doc.at({"flush"})), "11:1");
  EXPECT_EQ(placeOf(doc.at({"sub"})), "13:5");
  EXPECT_EQ(placeOf(*doc.at({"sub", "deep"}).findEntry("deeper")->keyNode), "14:7");
  EXPECT_EQ(placeOf(doc.at({"sub", "deep", "deeper"})), "14:15");
  EXPECT_EQ(textPlaceOf(doc.at({"sub", "deep", "deeper"})), "14:16");
}

TEST(YamlLocation, FlowStyle) {
  Document doc("a: [ one, 'two', {x: 1,\n  \"y\": [z]}, k: v]\nb: {}\nc: []\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(placeOf(doc.at({"a"})), "1:4");
  EXPECT_EQ(placeOf(doc.at({"a", "0"})), "1:6");
  EXPECT_EQ(placeOf(doc.at({"a", "1"})), "1:11");
  EXPECT_EQ(placeOf(doc.at({"a", "2"})), "1:18");
  EXPECT_EQ(placeOf(doc.at({"a", "2", "x"})), "1:22");
  EXPECT_EQ(placeOf(*doc.at({"a", "2"}).findEntry("y")->keyNode), "2:3");
  EXPECT_EQ(textPlaceOf(*doc.at({"a", "2"}).findEntry("y")->keyNode), "2:4");
  EXPECT_EQ(placeOf(doc.at({"a", "2", "y"})), "2:8");
  EXPECT_EQ(placeOf(doc.at({"a", "2", "y", "0"})), "2:9");
  EXPECT_EQ(placeOf(doc.at({"a", "3"})), "2:14");
  EXPECT_EQ(placeOf(doc.at({"a", "3", "k"})), "2:17");
  EXPECT_EQ(placeOf(doc.at({"b"})), "3:4");
  EXPECT_EQ(placeOf(doc.at({"c"})), "4:4");
}

TEST(YamlLocation, AnchorsAreNotPartOfTheNode) {
  Document doc("a: &x one\n"
               "b: &y\n"
               "  k: v\n"
               "c: &z # comment\n"
               "\n"
               "  - i\n"
               "d: [&p 'q', &r {s: t}]\n"
               "&u e: &v |\n"
               "  text\n"
               "? f\n"
               ": g\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(placeOf(doc.at({"a"})), "1:7");
  EXPECT_EQ(placeOf(doc.at({"b"})), "3:3");
  EXPECT_EQ(placeOf(doc.at({"b", "k"})), "3:6");
  EXPECT_EQ(placeOf(doc.at({"c"})), "6:3");
  EXPECT_EQ(placeOf(doc.at({"d", "0"})), "7:8");
  EXPECT_EQ(textPlaceOf(doc.at({"d", "0"})), "7:9");
  EXPECT_EQ(placeOf(doc.at({"d", "1"})), "7:16");
  EXPECT_EQ(placeOf(*doc.root->findEntry("e")->keyNode), "8:4");
  EXPECT_EQ(placeOf(doc.at({"e"})), "8:10");
  EXPECT_EQ(textPlaceOf(doc.at({"e"})), "9:3");
  EXPECT_EQ(placeOf(*doc.root->findEntry("f")->keyNode), "10:3");
  EXPECT_EQ(placeOf(doc.at({"f"})), "11:3");
}

TEST(YamlLocation, RootMappingWithAnchor) {
  Document doc("&m\n\na: b\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(placeOf(*doc.root), "3:1");
}

TEST(YamlLocation, ColumnsAreBytes) {
  Document doc("\xc3\xbcml: [\xc3\xa9, x]\nnext: 1\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(placeOf(*doc.root->entries()[0].value), "1:7");
  EXPECT_EQ(placeOf(*doc.root->entries()[0].value->items()[1]), "1:12");
  EXPECT_EQ(placeOf(doc.at({"next"})), "2:7");
}

TEST(YamlLocation, ByteOrderMarkDoesNotCount) {
  Document doc("\xef\xbb\xbf"
               "a: b\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(placeOf(*doc.root), "1:1");
  EXPECT_EQ(placeOf(doc.at({"a"})), "1:4");
}

TEST(YamlLocation, CarriageReturns) {
  Document doc("a: |\r\n  one\r\n    two\r\nb:\r\n  - c\r\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(doc.at({"a"}).text(), "one\n  two\n");
  EXPECT_EQ(textPlaceOf(doc.at({"a"})), "2:3");
  EXPECT_EQ(placeOf(doc.at({"b", "0"})), "5:5");
}

TEST(YamlLocation, LiteralBlocks) {
  Document doc("plain: |\n"       // 1
               "    let x = 1\n"  // 2
               "      more\n"     // 3
               "\n"               // 4
               "    end\n"        // 5
               "strip: |-  # c\n" // 6
               "  one\n"          // 7
               "keep: |+\n"       // 8
               "\n"               // 9
               "   two\n"         // 10
               "\n"               // 11
               "indent: |2\n"     // 12
               "    deep\n"       // 13
               "  flat\n"         // 14
               "list:\n"          // 15
               "  - |1-\n"        // 16
               "     x\n"         // 17
               "  - &a\n"         // 18
               "    |\n"          // 19
               "    y\n"          // 20
               "  - k: |\n"       // 21
               "      z\n"        // 22
               "empty: |\n"       // 23
               "last: |\n"        // 24
               " t");             // 25
  ASSERT_TRUE(doc.root) << (doc.errors.empty() ? "" : doc.errors[0]);
  EXPECT_EQ(doc.at({"plain"}).text(), "let x = 1\n  more\n\nend\n");
  EXPECT_EQ(placeOf(doc.at({"plain"})), "1:8");
  EXPECT_EQ(textPlaceOf(doc.at({"plain"})), "2:5");
  EXPECT_EQ(doc.at({"plain"}).textLoc(13).getLine(), 3u); // the `o` of more
  EXPECT_EQ(doc.at({"plain"}).textLoc(13).getColumn(), 8u);
  EXPECT_EQ(doc.at({"plain"}).textLoc(18).getLine(), 5u);
  EXPECT_EQ(doc.at({"plain"}).textLoc(18).getColumn(), 5u);
  EXPECT_EQ(textPlaceOf(doc.at({"strip"})), "7:3");
  EXPECT_EQ(doc.at({"keep"}).text(), "\ntwo\n\n");
  EXPECT_EQ(textPlaceOf(doc.at({"keep"})), "9:4");
  EXPECT_EQ(doc.at({"indent"}).text(), "  deep\nflat\n");
  EXPECT_EQ(textPlaceOf(doc.at({"indent"})), "13:3");
  EXPECT_EQ(doc.at({"list", "0"}).text(), "  x");
  EXPECT_EQ(textPlaceOf(doc.at({"list", "0"})), "17:4");
  EXPECT_EQ(placeOf(doc.at({"list", "1"})), "19:5");
  EXPECT_EQ(textPlaceOf(doc.at({"list", "1"})), "20:5");
  EXPECT_EQ(textPlaceOf(doc.at({"list", "2", "k"})), "22:7");
  EXPECT_EQ(doc.at({"empty"}).text(), "");
  EXPECT_EQ(textPlaceOf(doc.at({"last"})), "25:2");
  for (const Entry &entry : doc.root->entries())
    if (entry.value->isScalar()) {
      EXPECT_TRUE(entry.value->hasExactText()) << entry.key().str();
    }
}

TEST(YamlLocation, FoldedAndEscapedAreFlagged) {
  Document doc("fold: >\n  a\n  b\n"
               "plain: one\n  two\n"
               "blank: one\n\n  two\n"
               "single: 'one\n  two'\n"
               "double: \"one\n  two\"\n"
               "continued: \"one \\\n  two\"\n"
               "tab: \"a\\tb\"\n"
               "it: 'it''s'\n"
               "oneLine: one two # c\n"
               "quoted: \"one 'two'\"\n"
               "backslash: 'a\\tb'\n");
  ASSERT_TRUE(doc.root) << (doc.errors.empty() ? "" : doc.errors[0]);
  for (const char *key : {"fold", "plain", "blank", "single", "double"}) {
    EXPECT_TRUE(doc.at({key}).isFolded()) << key;
    EXPECT_FALSE(doc.at({key}).hasExactText()) << key;
    EXPECT_EQ(doc.at({key}).textLoc(2), doc.at({key}).loc()) << key;
  }
  for (const char *key : {"continued", "tab", "it"}) {
    EXPECT_TRUE(doc.at({key}).hasEscapes()) << key;
    EXPECT_FALSE(doc.at({key}).isFolded()) << key;
  }
  for (const char *key : {"oneLine", "quoted", "backslash"})
    EXPECT_TRUE(doc.at({key}).hasExactText()) << key;
  EXPECT_EQ(doc.at({"continued"}).text(), "one two");
  EXPECT_EQ(doc.at({"quoted"}).text(), "one 'two'");
}

TEST(YamlLocation, WithinOneLine) {
  Document doc("spk: s_out.send(1)\nq: 'abc'\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(doc.at({"spk"}).textLoc(6).getColumn(), 12u);
  EXPECT_EQ(doc.at({"q"}).textLoc(2).getColumn(), 7u);
  EXPECT_EQ(doc.at({"q"}).textLoc(2).getLine(), 2u);
}
