// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- RobustnessTest.cpp - damaged documents -----------------------------===//
//
// Whatever the text, reading either succeeds or reports an error, and the places within scalars
// that are said to be exact are.
//
//===----------------------------------------------------------------------===//

#include "YamlTestSupport.h"
#include <random>

using namespace basalt::frontend::yaml;

static const char *const sample = R"(# A file with one of everything.
basalt: 1
params: {n: 1000, dt: 0.1, name: "a\tb"}
functions: |
  fn decay(x, d) = x * (4096 - d) >> 12

  fn twice(x) {
    return 2 * x
  }
processes:
  Dense: &dense
    doc: 'it''s all to all'
    vars:
      weights: num[n, m]       # comment
      a_buff: num[n] = 0
    models: &models
      - tags: [floating_pt]
        types: {num: f64}
        phases:
          spk: |-
              a_out.send(a_buff)
                a_buff = weights @ s_in.recv()
          post_guard: true
  Sparse:
    models: *models
network:
  instances:
    lif: {class: LIF, shape: $n, "du": 400}
    dense: {class: Dense, weights: [[1, 2.5], [-3, .inf]]}
  connections:
  - lif.s_out, dense.a_out -> lif.a_in
  - >
    folded
    text
)";

/// Checks each character that has an exact place against the source.
static void checkPlaces(const Node &node, llvm::ArrayRef<llvm::StringRef> lines) {
  for (const Node *item : node.items())
    checkPlaces(*item, lines);
  for (const Entry &entry : node.entries()) {
    checkPlaces(*entry.keyNode, lines);
    checkPlaces(*entry.value, lines);
  }
  if (!node.hasExactText())
    return;
  for (size_t i = 0; i < node.text().size(); ++i) {
    const mlir::FileLineColLoc loc = node.textLoc(i);
    // A blank line may be shorter than the indentation of its block; what a block ends with may not
    // be in the source at all.
    if (node.text()[i] == '\n')
      continue;
    ASSERT_LE(loc.getLine(), lines.size()) << node.text().str();
    ASSERT_LE(loc.getColumn(), lines[loc.getLine() - 1].size()) << node.text().str();
    ASSERT_EQ(lines[loc.getLine() - 1][loc.getColumn() - 1], node.text()[i]) << node.text().str();
  }
}

static void checkText(llvm::StringRef text) {
  Document doc(text);
  ASSERT_EQ(doc.root == nullptr, !doc.errors.empty()) << text.str();
  if (!doc.root)
    return;
  llvm::SmallVector<llvm::StringRef> lines;
  text.split(lines, '\n');
  checkPlaces(*doc.root, lines);
}

TEST(YamlRobustness, Sample) {
  Document doc(sample);
  ASSERT_TRUE(doc.root) << doc.errors.front();
  checkText(sample);
}

TEST(YamlRobustness, Truncations) {
  const llvm::StringRef text = sample;
  for (size_t size = 0; size <= text.size() && !HasFatalFailure(); ++size)
    checkText(text.take_front(size));
}

TEST(YamlRobustness, Deletions) {
  const llvm::StringRef text = sample;
  for (size_t i = 0; i < text.size() && !HasFatalFailure(); ++i)
    checkText((text.take_front(i) + text.drop_front(i + 1)).str());
}

TEST(YamlRobustness, Mutations) {
  const llvm::StringRef alphabet = " \n\t:-?,[]{}#&*!|>'\"%@`\\x1~<=\x01\xc3";
  std::mt19937 random(1);
  for (int round = 0; round < 3000 && !HasFatalFailure(); ++round) {
    std::string text = sample;
    const int changes = 1 + round % 4;
    for (int k = 0; k < changes; ++k) {
      const size_t at = random() % text.size();
      const char c = alphabet[random() % alphabet.size()];
      if (random() % 2 == 0)
        text[at] = c;
      else
        text.insert(at, 1, c);
    }
    checkText(text);
  }
}
