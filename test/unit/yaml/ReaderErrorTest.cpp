// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- ReaderErrorTest.cpp - what the reader refuses ----------------------===//

#include "YamlTestSupport.h"
#include <set>

using namespace basalt::frontend::yaml;

static Lines errorsOf(llvm::StringRef text, ReaderLimits limits = {}) {
  Document doc(text, limits);
  EXPECT_EQ(doc.root == nullptr, !doc.errors.empty()) << text.str();
  return doc.errors;
}

TEST(YamlError, Empty) {
  const Lines empty = {"1:1: the file is empty"};
  EXPECT_EQ(errorsOf(""), empty);
  EXPECT_EQ(errorsOf("# only a comment\n"), empty);
  EXPECT_EQ(errorsOf("---\n"), (Lines{"2:1: the file is empty"}));
}

TEST(YamlError, SecondDocument) {
  EXPECT_EQ(errorsOf("a: 1\n---\nb: 2\n"),
            (Lines{"2:1: expected one document, found a second one"}));
  EXPECT_EQ(errorsOf("- a\nb: c\n"),
            (Lines{"2:1: unexpected text after the end of the document; check the indentation"}));
}

TEST(YamlError, DuplicateKeys) {
  EXPECT_EQ(errorsOf("a: 1\nb: 2\na: 3\n"),
            (Lines{"3:1: duplicate key 'a'", "note 1:1: first given here"}));
  EXPECT_EQ(errorsOf("m: {x: 1, 'x': 2}\n"),
            (Lines{"1:11: duplicate key 'x'", "note 1:5: first given here"}));
}

TEST(YamlError, MergeKey) {
  EXPECT_EQ(errorsOf("a: &x {k: 1}\nb:\n  <<: *x\n"),
            (Lines{"3:3: merge key '<<' is not allowed; write the keys out, or use 'extends'"}));
  EXPECT_EQ(errorsOf("'<<': 1\n"), Lines{});
}

TEST(YamlError, Tags) {
  EXPECT_EQ(errorsOf("a: !done x\n"),
            (Lines{"1:4: tag '!done' is not allowed; quote the text if it is to start with '!'"}));
  EXPECT_EQ(errorsOf("a: !!str 5\nb: &x !t [1]\n"),
            (Lines{"1:4: tag '!!str' is not allowed; quote the text if it is to start with '!'",
                   "2:7: tag '!t' is not allowed; quote the text if it is to start with '!'"}));
  EXPECT_EQ(errorsOf("a: !done\n").front(),
            "1:4: tag '!done' is not allowed; quote the text if it is to start with '!'");
  EXPECT_EQ(errorsOf("!k a: 1\n").size(), 1u);
  EXPECT_EQ(errorsOf("a: ! x\n").size(), 1u);
}

TEST(YamlError, EmptyValues) {
  EXPECT_EQ(errorsOf("a:\nb: 1\n"), (Lines{"1:1: 'a' has no value"}));
  EXPECT_EQ(
      errorsOf("a:\nnull: 1\n"),
      (Lines{"1:1: 'a' has no value", "2:1: 'null' is no key; quote it if it is meant to be"}));
  EXPECT_EQ(
      errorsOf("a: ~\nb: null\n"),
      (Lines{"1:4: '~' is no value; leave the key out, or quote it if it is meant to be a string",
             "2:4: 'null' is no value; leave the key out, or quote it if it is meant to be a "
             "string"}));
  EXPECT_EQ(errorsOf("a: {x: , y}\n"), (Lines{"1:5: 'x' has no value", "1:10: 'y' has no value"}));
  EXPECT_EQ(errorsOf("a: [b, , c]\n"), (Lines{"1:8: item 2 of the list has no value"}));
  EXPECT_EQ(errorsOf("a:\n  - x\n  -\n"), (Lines{"2:3: item 2 of the list has no value"}));
  EXPECT_EQ(errorsOf("a: &x\n"), (Lines{"1:1: 'a' has no value"}));
  EXPECT_EQ(errorsOf(": a\n"), (Lines{"1:1: a key is missing"}));
  EXPECT_EQ(errorsOf("a: ''\n"), Lines{});
}

TEST(YamlError, Keys) {
  EXPECT_EQ(errorsOf("? [a, b]\n: c\n"), (Lines{"1:3: expected a word as key, found a list"}));
  EXPECT_EQ(errorsOf("{a: b}: c\n"), (Lines{"1:1: expected a word as key, found a mapping"}));
}

TEST(YamlError, Aliases) {
  EXPECT_EQ(errorsOf("a: &model 1\nb: *modle\n"),
            (Lines{"2:4: unknown alias '*modle'; did you mean 'model'?"}));
  EXPECT_EQ(errorsOf("b: *x\n"), (Lines{"1:4: unknown alias '*x'"}));
  EXPECT_EQ(errorsOf("a: &x [1, *x]\n"),
            (Lines{"1:11: alias '*x' stands within what it stands for"}));
}

TEST(YamlError, Depth) {
  ReaderLimits limits;
  limits.depth = 3;
  EXPECT_EQ(errorsOf("[[[1]]]", limits), Lines{});
  EXPECT_EQ(errorsOf("[[[[1]]]]", limits),
            (Lines{"1:4: lists and mappings are nested more than 3 deep"}));
  EXPECT_EQ(errorsOf("a: &x [[1]]\nb: *x\n", limits), Lines{});
  EXPECT_EQ(errorsOf("a: &x [[1]]\nb: [*x]\n", limits),
            (Lines{"2:5: lists and mappings are nested more than 3 deep"}));
  EXPECT_EQ(errorsOf(std::string(100, '[') + std::string(100, ']')),
            (Lines{"1:65: lists and mappings are nested more than 64 deep"}));
  EXPECT_EQ(errorsOf(std::string(100000, '[')).size(), 1u);
}

TEST(YamlError, Nodes) {
  // Nine lists of ten aliases each stand for a billion values.
  std::string bomb = "a0: &a0 x\n";
  for (int i = 1; i < 10; ++i) {
    const std::string name = "a" + std::to_string(i), last = "*a" + std::to_string(i - 1);
    bomb += name + ": &" + name + " [";
    for (int k = 0; k < 10; ++k)
      bomb += (k ? ", " : "") + last;
    bomb += "]\n";
  }
  const Lines errors = errorsOf(bomb);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_NE(errors[0].find("the document has more than 2000000 values"), std::string::npos);
  ReaderLimits limits;
  limits.nodes = 5;
  EXPECT_EQ(errorsOf("[a, b, c, d]", limits), Lines{});
  EXPECT_EQ(errorsOf("[a, b, c, d, e]", limits).size(), 1u);
}

TEST(YamlError, ScalarSize) {
  ReaderLimits limits;
  limits.scalarBytes = 8;
  EXPECT_EQ(errorsOf("a: 12345678\n", limits), Lines{});
  EXPECT_EQ(errorsOf("a: 123456789\n", limits),
            (Lines{"1:4: this text has 9 bytes; at most 8 are allowed"}));
}

TEST(YamlError, Characters) {
  EXPECT_EQ(errorsOf("a: b\nc: \xff\n"), (Lines{"2:4: byte 0xff is not UTF-8 text"}));
  EXPECT_EQ(errorsOf("a: \xc3"), (Lines{"1:4: byte 0xc3 is not UTF-8 text"}));
  EXPECT_EQ(errorsOf("a: \xed\xa0\x80\n"), (Lines{"1:4: byte 0xed is not UTF-8 text"}));
  EXPECT_EQ(errorsOf(llvm::StringRef("a: x\0y\n", 7)),
            (Lines{"1:5: control character 0x00 is not allowed"}));
  EXPECT_EQ(errorsOf("a: x\x04y\n"), (Lines{"1:5: control character 0x04 is not allowed"}));
  EXPECT_EQ(errorsOf("a: x\rb: y\n"), (Lines{"1:5: carriage return without a line feed"}));
  EXPECT_EQ(errorsOf(llvm::StringRef("\xff\xfe"
                                     "a\0",
                                     4)),
            (Lines{"1:1: the file is in UTF-16, expected UTF-8"}));
}

TEST(YamlError, Syntax) {
  EXPECT_EQ(errorsOf("a: [1, 2\n"),
            (Lines{"1:9: expected ',' or ']'", "note 1:4: within the list that begins here"}));
  EXPECT_EQ(errorsOf("a: {b: 1\nc: 2\n"),
            (Lines{"2:2: expected ',' or '}'",
                   "note 1:8: the text that begins here goes on over several lines; is the "
                   "indentation right?"}));
  EXPECT_EQ(errorsOf("a: {b: i32[2]}\n"),
            (Lines{"1:11: expected ',' or '}'; a text with '[' needs quotes here",
                   "note 1:4: within the mapping that begins here"}));
  EXPECT_EQ(errorsOf("a: [b]]\n"), (Lines{"1:7: unmatched ']'"}));
  EXPECT_EQ(errorsOf("a: @x\n"), (Lines{"1:4: text cannot start with '@' here; quote it"}));
  EXPECT_EQ(errorsOf("a: b: c\n"),
            (Lines{"1:5: unexpected ':'; quote the text it is part of, or check the indentation"}));
  EXPECT_EQ(errorsOf("a: - b\n"),
            (Lines{"1:4: unexpected '-'; quote the text it is part of, or begin the list on a new "
                   "line"}));
  EXPECT_EQ(errorsOf("p:\n    b: 1\n  c: 2\n"),
            (Lines{"3:3: expected the next key of the mapping, or its end; check quotes and "
                   "indentation"}));
  EXPECT_EQ(errorsOf("- [a, b] -> c\n"),
            (Lines{"1:10: expected the next '-' of the list, or its end; check quotes and "
                   "indentation"}));
  EXPECT_EQ(errorsOf("a: |\n\tfoo\n"), (Lines{"2:1: tabs cannot indent; use spaces"}));
  EXPECT_EQ(errorsOf("a: \"\\q\"\n"), (Lines{"1:7: not YAML: unknown escape character: q"}));
}

TEST(YamlError, Quotes) {
  EXPECT_EQ(errorsOf("a: \"x\nb: 1\n"), (Lines{"1:4: this quote is never closed"}));
  EXPECT_EQ(errorsOf("a: 'it''s\n"), (Lines{"1:4: this quote is never closed"}));
  EXPECT_EQ(errorsOf("a: \"x\nb: \"y\"\n"),
            (Lines{"2:5: expected the next key of the mapping, or its end; check quotes and "
                   "indentation",
                   "note 1:4: the text that begins here goes on over several lines; is its closing "
                   "quote missing?"}));
}

TEST(YamlError, BlockIndentation) {
  EXPECT_EQ(errorsOf("a: |\n      \n  foo\n"),
            (Lines{"3:3: expected the next key of the mapping, or its end; check quotes and "
                   "indentation",
                   "note 1:4: the block that begins here has no text; is it indented, and has no "
                   "blank line before it more spaces than its first line?"}));
  EXPECT_EQ(errorsOf("a: | x\n  y\n"),
            (Lines{"1:6: not YAML: unexpected character in block scalar"}));
}

TEST(YamlError, AllOfOneDocument) {
  EXPECT_EQ(
      errorsOf("a: !t x\nb:\nc: 1\nc: 2\n"),
      (Lines{"1:4: tag '!t' is not allowed; quote the text if it is to start with '!'",
             "2:1: 'b' has no value", "4:1: duplicate key 'c'", "note 3:1: first given here"}));
}

TEST(YamlError, NotForEver) {
  std::string text;
  for (int i = 0; i < 5000; ++i)
    text += "k" + std::to_string(i) + ":\n";
  EXPECT_LE(errorsOf(text).size(), 101u);
}

TEST(YamlError, MissingFile) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  std::string message;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &d) { message = d.str(); });
  basalt::SourceFiles sources;
  Reader reader(sources, &context);
  EXPECT_TRUE(llvm::failed(reader.readFile("no/such.yaml", mlir::UnknownLoc::get(&context))));
  EXPECT_EQ(message, "cannot read 'no/such.yaml': No such file or directory");
}
