// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- NodeTest.cpp - structure, scalar types and values ------------------===//

#include "YamlTestSupport.h"
#include <cmath>
#include <limits>

using namespace basalt::frontend::yaml;

TEST(YamlNode, StructureInOrder) {
  Document doc("b: 1\na: [x, {k: v}]\nc:\n  - p\n  - - q\n");
  ASSERT_TRUE(doc.root);
  EXPECT_TRUE(doc.root->isMapping());
  ASSERT_EQ(doc.root->entries().size(), 3u);
  EXPECT_EQ(doc.root->entries()[0].key(), "b");
  EXPECT_EQ(doc.root->entries()[1].key(), "a");
  EXPECT_EQ(doc.root->entries()[2].key(), "c");
  EXPECT_TRUE(doc.at({"a"}).isSequence());
  EXPECT_EQ(doc.at({"a"}).items().size(), 2u);
  EXPECT_EQ(doc.at({"a", "1", "k"}).text(), "v");
  EXPECT_EQ(doc.at({"c", "1", "0"}).text(), "q");
  EXPECT_EQ(doc.root->find("nope"), nullptr);
  EXPECT_TRUE(doc.errors.empty());
}

TEST(YamlNode, CoreSchemaTypes) {
  for (const char *text : {"true", "True", "TRUE", "false", "False", "FALSE"})
    EXPECT_EQ(resolvePlainScalar(text), ScalarType::Bool) << text;
  for (const char *text : {"0", "-1", "+12", "0x1F", "0o17", "007", "99999999999999999999"})
    EXPECT_EQ(resolvePlainScalar(text), ScalarType::Int) << text;
  for (const char *text :
       {"1.", ".5", "-1.5e3", "1e5", "+1E-3", ".inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN"})
    EXPECT_EQ(resolvePlainScalar(text), ScalarType::Float) << text;
  for (const char *text :
       {"y",    "n",     "yes",       "no",   "on",         "off",        "tRUE", "1_000", "0b1",
        "-0x1", "0x",    "0o8",       "1..",  "0..5",       ".",          "-",    "+",     "1e",
        "e5",   "-.nan", ".infinity", "1:30", "2001-01-01", "i32[1] = 5", "--1"})
    EXPECT_EQ(resolvePlainScalar(text), ScalarType::String) << text;
}

TEST(YamlNode, QuotedIsString) {
  Document doc("a: '5'\nb: \"true\"\nc: |\n  7\nd: \"\"\n");
  ASSERT_TRUE(doc.root);
  for (const char *key : {"a", "b", "c", "d"})
    EXPECT_TRUE(doc.at({key}).isString()) << key;
  EXPECT_EQ(doc.at({"a"}).style(), ScalarStyle::SingleQuoted);
  EXPECT_EQ(doc.at({"b"}).style(), ScalarStyle::DoubleQuoted);
  EXPECT_EQ(doc.at({"c"}).style(), ScalarStyle::Literal);
  EXPECT_EQ(doc.at({"d"}).text(), "");
}

TEST(YamlNode, Integers) {
  Document doc("[0, -5, +7, 0x10, 0o17, 9223372036854775807, -9223372036854775808, "
               "9223372036854775808, -9223372036854775809, 1.0, abc]");
  ASSERT_TRUE(doc.root);
  std::vector<std::optional<int64_t>> values;
  for (const Node *item : doc.root->items())
    values.push_back(item->asInt());
  const int64_t largest = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(values, (std::vector<std::optional<int64_t>>{0, -5, 7, 16, 15, largest, -largest - 1,
                                                         std::nullopt, std::nullopt, std::nullopt,
                                                         std::nullopt}));
}

TEST(YamlNode, Floats) {
  Document doc("[0.1, 1e400, -.inf, 3, 0x10, .5, 1., -2.5e-3, '1.0', 1e-400]");
  ASSERT_TRUE(doc.root);
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(doc.at({"0"}).asFloat(), 0.1);
  EXPECT_EQ(doc.at({"1"}).asFloat(), infinity);
  EXPECT_EQ(doc.at({"2"}).asFloat(), -infinity);
  EXPECT_EQ(doc.at({"3"}).asFloat(), 3.0);
  EXPECT_EQ(doc.at({"4"}).asFloat(), 16.0);
  EXPECT_EQ(doc.at({"5"}).asFloat(), 0.5);
  EXPECT_EQ(doc.at({"6"}).asFloat(), 1.0);
  EXPECT_EQ(doc.at({"7"}).asFloat(), -2.5e-3);
  EXPECT_EQ(doc.at({"8"}).asFloat(), std::nullopt);
  EXPECT_EQ(doc.at({"9"}).asFloat(), 0.0);
  Document nan(".nan");
  ASSERT_TRUE(nan.root);
  EXPECT_TRUE(std::isnan(*nan.root->asFloat()));
}

TEST(YamlNode, BoolsAndExpressions) {
  Document doc("a: TRUE\nb: false\nc: $2 * n\nd: \"$n\"\ne: 5\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(doc.at({"a"}).asBool(), true);
  EXPECT_EQ(doc.at({"b"}).asBool(), false);
  EXPECT_EQ(doc.at({"c"}).asBool(), std::nullopt);
  EXPECT_TRUE(doc.at({"c"}).isExpression());
  EXPECT_TRUE(doc.at({"d"}).isExpression());
  EXPECT_FALSE(doc.at({"e"}).isExpression());
}

TEST(YamlNode, Describe) {
  Document doc("a: [1]\nb: {x: 1}\nc: 5\nd: 1.5\ne: true\nf: abc\ng: |\n  first\n  second\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(doc.at({"a"}).describe(), "a list");
  EXPECT_EQ(doc.at({"b"}).describe(), "a mapping");
  EXPECT_EQ(doc.at({"c"}).describe(), "the integer '5'");
  EXPECT_EQ(doc.at({"d"}).describe(), "the number '1.5'");
  EXPECT_EQ(doc.at({"e"}).describe(), "the boolean 'true'");
  EXPECT_EQ(doc.at({"f"}).describe(), "the string 'abc'");
  EXPECT_EQ(doc.at({"g"}).describe(), "the string 'first...'");
}

TEST(YamlNode, AliasSharesTheNode) {
  Document doc("a: &x {k: [1, 2]}\nb: *x\nc: [*x, &y z, *y]\n&key d: 1\ne: *key\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(&doc.at({"a"}), &doc.at({"b"}));
  EXPECT_EQ(&doc.at({"a"}), &doc.at({"c", "0"}));
  EXPECT_EQ(&doc.at({"c", "1"}), &doc.at({"c", "2"}));
  EXPECT_EQ(doc.at({"e"}).text(), "d");
  EXPECT_EQ(placeOf(doc.at({"b"})), "1:7");
}

TEST(YamlNode, LaterAnchorOfOneNameWins) {
  Document doc("a: &x 1\nb: &x 2\nc: *x\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(doc.at({"c"}).text(), "2");
}

TEST(YamlNode, OneDocumentWithMarkers) {
  Document doc("%YAML 1.2\n---\na: 1\n...\n# the end\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(doc.at({"a"}).asInt(), 1);
}
