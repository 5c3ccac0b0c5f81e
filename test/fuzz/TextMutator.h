// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Changes of a Basalt file that keep most of its structure. A block is a line with the lines below
// it that are indented more.
#ifndef BASALT_TEST_FUZZ_TEXTMUTATOR_H
#define BASALT_TEST_FUZZ_TEXTMUTATOR_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace basalt::fuzz {

class TextMutator {
public:
  explicit TextMutator(unsigned seed) : random(seed) {}

  /// One to three changes within `text`.
  std::string mutate(const std::string &text);
  /// `text` with a block or a word of `other`.
  std::string crossOver(const std::string &text, const std::string &other);

private:
  using Lines = std::vector<std::string>;
  struct Range {
    size_t begin, end;
  };

  size_t below(size_t limit) { return limit == 0 ? 0 : random() % limit; }
  Range blockAt(const Lines &lines, size_t first) const;
  Range anyBlock(const Lines &lines) { return blockAt(lines, below(lines.size())); }
  /// Inserts lines before another one, indented as that is.
  void insert(Lines &lines, size_t at, Lines block) const;
  void changeLines(Lines &lines);
  void replaceWord(std::string &text, const std::string &from);
  void changeNumber(std::string &text);

  std::mt19937 random;
};

/// What libFuzzer's hooks do with texts: their size afterwards, `mostSize` at the most. What knows
/// the dictionary has its turn, too.
size_t mutateText(uint8_t *data, size_t size, size_t mostSize, unsigned seed);
size_t crossTexts(llvm::StringRef text, llvm::StringRef other, uint8_t *out, size_t mostSize,
                  unsigned seed);

} // namespace basalt::fuzz

#endif // BASALT_TEST_FUZZ_TEXTMUTATOR_H
