// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Positions in a text.
#include "tools/basalt/lsp/Document.h"

#include "llvm/ADT/StringExtras.h"

#include <algorithm>

using namespace basalt::lsp;
namespace protocol = llvm::lsp;

static std::vector<size_t> findLines(llvm::StringRef text) {
  std::vector<size_t> starts{0};
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n')
      starts.push_back(i + 1);
  return starts;
}

Document::Document(std::string path, std::string text)
    : filePath(std::move(path)), contents(std::move(text)), lineStarts(findLines(contents)),
      structure(contents) {}

Span Document::lineSpan(size_t line) const {
  if (line >= lineStarts.size())
    return {contents.size(), contents.size()};
  size_t end = line + 1 < lineStarts.size() ? lineStarts[line + 1] - 1 : contents.size();
  return {lineStarts[line], end};
}

/// How many UTF-16 code units end with this byte of UTF-8: two for what is outside of the basic
/// plane, none for bytes within a character.
static int unitsOf(char c) {
  auto byte = static_cast<unsigned char>(c);
  if (byte >= 0xf0)
    return 2;
  return (byte & 0xc0) == 0x80 ? 0 : 1;
}

size_t Document::offsetOf(protocol::Position position) const {
  Span line = lineSpan(size_t(std::max(position.line, 0)));
  size_t offset = line.begin;
  for (int units = 0; offset < line.end; ++offset) {
    units += unitsOf(contents[offset]);
    if (units > position.character)
      break;
  }
  return offset;
}

protocol::Position Document::positionOf(size_t offset) const {
  offset = std::min(offset, contents.size());
  size_t line =
      size_t(std::upper_bound(lineStarts.begin(), lineStarts.end(), offset) - lineStarts.begin()) -
      1;
  int units = 0;
  for (size_t i = lineStarts[line]; i < offset; ++i)
    units += unitsOf(contents[i]);
  return {int(line), units};
}

size_t Document::offsetAt(unsigned line, unsigned column) const {
  Span span = lineSpan(line == 0 ? 0 : line - 1);
  return std::min(span.begin + (column == 0 ? 0 : column - 1), span.end);
}

static bool isWordCharacter(char c) { return llvm::isAlnum(c) || c == '_'; }

Span Document::wordAt(size_t offset) const {
  Span span{offset, offset};
  while (span.begin > 0 && isWordCharacter(contents[span.begin - 1]))
    --span.begin;
  while (span.end < contents.size() && isWordCharacter(contents[span.end]))
    ++span.end;
  return span;
}
