// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tree of a text that is being written.
#include "tools/basalt/lsp/Tree.h"

#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace basalt::lsp;
using llvm::StringRef;

/// `key=value` of all entries, children in brackets.
static std::string print(const Tree &tree, const Entry &entry) {
  std::string text = entry.isItem ? "-" : entry.key;
  if (entry.children.empty())
    return text + "=" + tree.value(entry).trim().str();
  text += "(";
  for (const auto &child : entry.children)
    text += (text.back() == '(' ? "" : " ") + print(tree, *child);
  return text + ")";
}

static std::string print(StringRef text) {
  Tree tree(text);
  return print(tree, tree.root());
}

/// The keys above the place that `^` marks.
static std::string pathAt(StringRef marked) {
  auto [before, after] = marked.split('^');
  std::string text = (before + after).str();
  Tree tree(text);
  return llvm::join(pathOf(tree.at(before.size())), ".");
}

TEST(Tree, Blocks) {
  EXPECT_EQ(print("a: 1\nb:\n  c: x # why\n  d:\n    - 1\n    - e: 2\n      f: 3\n"),
            "(a=1 b(c=x d(-=1 -(e=2 f=3))))");
  EXPECT_EQ(print("list:\n- 1\n- 2\nnext: 3"), "(list(-=1 -=2) next=3)");
  EXPECT_EQ(print("\"quoted key\": 'it: is' # so\n"), "(quoted key=it: is)");
  for (StringRef text : {"a: 'b' # so", "a: b # so", "a: {b: c} # so"})
    EXPECT_EQ(Tree(text).root().find("a")->comment, "so");
}

TEST(Tree, BlockScalars) {
  EXPECT_EQ(print("spk: |\n  v = 1\n  key: no key\n\nnext: 2"),
            "(spk=v = 1\n  key: no key next=2)");
  EXPECT_EQ(print("- a: >-\n    text\n  b: 1"), "(-(a=text b=1))");
}

TEST(Tree, Flow) {
  EXPECT_EQ(print("a: {b: 1, 'c': [1, {d: 2}], e: x.y}"), "(a(b=1 c(-=1 -(d=2)) e=x.y))");
  EXPECT_EQ(print("a: {b: 1,\n    c: 2}\nd: 3"), "(a(b=1 c=2) d=3)");
}

TEST(Tree, Aliases) {
  StringRef text = "a: &x {b: 1}\nc: *x\nd: *missing";
  Tree tree(text);
  EXPECT_EQ(&tree.resolve(*tree.root().find("c")), tree.root().find("a"));
  EXPECT_EQ(&tree.resolve(*tree.root().find("d")), tree.root().find("d"));
  EXPECT_EQ(tree.value(*tree.find({"c", "b"})), "1");
}

TEST(Tree, HalfWrittenTexts) {
  EXPECT_EQ(print("a: {b: 1, c\nd: 2"), "(a(b=1 c=) d=2)");
  EXPECT_EQ(print("a:\n  half\n  b: 1"), "(a(=half b=1))");
  EXPECT_EQ(print("a: 'open\nb: 1"), "(a=open b=1)");
  EXPECT_EQ(print("- \n-\n- - 1"), "(-= -= -(-=1))");
  EXPECT_EQ(print("{"), "(={)");
  EXPECT_EQ(print(""), "=");
}

TEST(Tree, PlacesHavePaths) {
  EXPECT_EQ(pathAt("a:\n  b: x^y"), "a.b");
  EXPECT_EQ(pathAt("a:\n  b: 1\n  ^"), "a");
  EXPECT_EQ(pathAt("a:\n  b: 1\n    ^"), "a.b");
  EXPECT_EQ(pathAt("a:\n  b: 1\n^"), "");
  EXPECT_EQ(pathAt("a: {b: {c: 1}, ^}"), "a");
  EXPECT_EQ(pathAt("a: {b: {c: ^}}"), "a.b.c");
  EXPECT_EQ(pathAt("a:\n  - b: 1\n    ^\n  - c: 2"), "a.-");
  EXPECT_EQ(pathAt("a: |\n  text\n  ^\nb: 1"), "a");
  EXPECT_EQ(pathAt("a: ^"), "a");
}

TEST(Tree, DeepNestingEnds) {
  EXPECT_FALSE(print(std::string(100000, '[')).empty());
  EXPECT_FALSE(print("a: " + std::string(100000, '{')).empty());
  std::string items;
  for (int i = 0; i < 20000; ++i)
    items += "- ";
  EXPECT_FALSE(print(items + "x").empty());
  std::string steps;
  for (int i = 0; i < 2000; ++i)
    steps += std::string(size_t(i), ' ') + "a:\n";
  EXPECT_FALSE(print(steps).empty());
}
