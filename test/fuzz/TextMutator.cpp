// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Changes of a Basalt file that keep most of its structure.
#include "test/fuzz/TextMutator.h"

#include <algorithm>
#include <cctype>
#include <utility>

using namespace basalt::fuzz;

static std::vector<std::string> split(const std::string &text) {
  std::vector<std::string> lines;
  size_t start = 0;
  for (size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1)
    lines.push_back(text.substr(start, end - start));
  if (start < text.size())
    lines.push_back(text.substr(start));
  return lines;
}

static std::string join(const std::vector<std::string> &lines) {
  std::string text;
  for (const std::string &line : lines)
    text += line + "\n";
  return text;
}

static size_t indentOf(const std::string &line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

static bool isWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// The words that `accept` takes, as first character and length.
template <typename Accept>
static std::vector<std::pair<size_t, size_t>> findWords(const std::string &text, Accept accept) {
  std::vector<std::pair<size_t, size_t>> words;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && isWordCharacter(text[end]))
      ++end;
    if (end > i && accept(text[i]))
      words.emplace_back(i, end - i);
    i = std::max(end, i + 1);
  }
  return words;
}

static bool isDigit(char c) { return c >= '0' && c <= '9'; }
static bool isAny(char) { return true; }

TextMutator::Range TextMutator::blockAt(const Lines &lines, size_t first) const {
  size_t end = first + 1;
  while (end < lines.size() &&
         (lines[end].empty() || indentOf(lines[end]) > indentOf(lines[first])))
    ++end;
  return {first, end};
}

void TextMutator::insert(Lines &lines, size_t at, Lines block) const {
  size_t wanted = at < lines.size() ? indentOf(lines[at]) : 0, has = indentOf(block.front());
  for (std::string &line : block) {
    size_t indent = indentOf(line);
    line =
        std::string(indent + wanted >= has ? indent + wanted - has : 0, ' ') + line.substr(indent);
  }
  lines.insert(lines.begin() + at, block.begin(), block.end());
}

void TextMutator::changeLines(Lines &lines) {
  Range range = anyBlock(lines);
  Lines block(lines.begin() + range.begin, lines.begin() + range.end);
  size_t choice = below(3);
  if (choice != 0) // moved or left out, else doubled
    lines.erase(lines.begin() + range.begin, lines.begin() + range.end);
  if (choice != 1)
    insert(lines, below(lines.size() + 1), block);
}

void TextMutator::replaceWord(std::string &text, const std::string &from) {
  auto places = findWords(text, isAny), others = findWords(from, isAny);
  if (places.empty() || others.empty())
    return;
  auto [at, size] = places[below(places.size())];
  auto [start, length] = others[below(others.size())];
  std::string word = from.substr(start, length);
  if (below(4) == 0) // one that follows it already: `in`, `[n]`
    text.insert(at, word + " ");
  else
    text.replace(at, size, word);
}

void TextMutator::changeNumber(std::string &text) {
  static const char *const numbers[] = {"0",
                                        "1",
                                        "2",
                                        "3",
                                        "-1",
                                        "7",
                                        "8",
                                        "31",
                                        "32",
                                        "63",
                                        "64",
                                        "65535",
                                        "65536",
                                        "1e9",
                                        "0.5",
                                        "1e308",
                                        "2147483648",
                                        "9223372036854775807",
                                        "9223372036854775808",
                                        "[2]",
                                        "[]",
                                        "4294967296",
                                        "1000000",
                                        ".inf",
                                        "true"};
  auto places = findWords(text, isDigit);
  if (places.empty())
    return;
  auto [at, size] = places[below(places.size())];
  text.replace(at, size, numbers[below(std::size(numbers))]);
}

std::string TextMutator::mutate(const std::string &given) {
  std::string text = given.empty() ? "basalt: 1\n" : given;
  for (size_t count = 1 + below(3); count > 0; --count) {
    size_t choice = below(6);
    if (choice == 0) {
      changeNumber(text);
    } else if (choice < 4) {
      replaceWord(text, text);
    } else if (Lines lines = split(text); !lines.empty()) {
      changeLines(lines);
      text = join(lines);
    }
  }
  return text;
}

std::string TextMutator::crossOver(const std::string &given, const std::string &other) {
  std::string text = given;
  Lines lines = split(text), from = split(other);
  if (below(3) == 0 || from.empty()) {
    replaceWord(text, other);
    return text;
  }
  // Blocks of the same depth most often have the same meaning.
  Range range = anyBlock(from);
  Lines block(from.begin() + range.begin, from.begin() + range.end);
  std::vector<size_t> alike;
  for (size_t i = 0; i < lines.size(); ++i)
    if (indentOf(lines[i]) == indentOf(block.front()))
      alike.push_back(i);
  insert(lines, alike.empty() ? below(lines.size() + 1) : alike[below(alike.size())], block);
  return join(lines);
}

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t mostSize);

static size_t store(const std::string &text, uint8_t *data, size_t mostSize) {
  size_t size = std::min(text.size(), mostSize);
  std::copy_n(text.begin(), size, data);
  return size;
}

size_t basalt::fuzz::mutateText(uint8_t *data, size_t size, size_t mostSize, unsigned seed) {
  if (seed % 8 == 0)
    return LLVMFuzzerMutate(data, size, mostSize); // knows the dictionary
  std::string text(reinterpret_cast<const char *>(data), size);
  return store(TextMutator(seed).mutate(text), data, mostSize);
}

size_t basalt::fuzz::crossTexts(llvm::StringRef text, llvm::StringRef other, uint8_t *out,
                                size_t mostSize, unsigned seed) {
  return store(TextMutator(seed).crossOver(text.str(), other.str()), out, mostSize);
}
