// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- SourceText.cpp - what the parser's events do not tell --------------===//

#include "compiler/frontend/yaml/SourceText.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include <algorithm>

using llvm::StringRef;
using namespace basalt::frontend::yaml;

SourceText::SourceText(StringRef text) : all(text) {
  lineStarts.push_back(0);
  for (size_t at = text.find('\n'); at != StringRef::npos; at = text.find('\n', at + 1))
    lineStarts.push_back(at + 1);
}

Position SourceText::position(size_t offset) const {
  offset = std::min(offset, all.size());
  auto next = std::upper_bound(lineStarts.begin(), lineStarts.end(), offset);
  const size_t line = next - lineStarts.begin();
  return {unsigned(line), unsigned(offset - lineStarts[line - 1] + 1)};
}

/// The line of that number without its line break; empty beyond the end.
StringRef SourceText::lineAt(unsigned line) const {
  if (line > lineStarts.size())
    return {};
  const size_t begin = lineStarts[line - 1];
  const size_t end = line < lineStarts.size() ? lineStarts[line] : all.size();
  return all.slice(begin, end).rtrim("\r\n");
}

StringRef SourceText::wordAt(size_t offset) const {
  const size_t end = all.find_first_of(" \t\r\n,[]{}", offset);
  return all.slice(offset, end);
}

/// Offset of the next character that is neither blank nor in a comment.
static size_t skipBlanksAndComments(StringRef text, size_t offset) {
  while (true) {
    offset = std::min(text.find_first_not_of(" \t\r\n", offset), text.size());
    if (offset == text.size() || text[offset] != '#')
      return offset;
    offset = std::min(text.find('\n', offset), text.size());
  }
}

Properties SourceText::properties(size_t offset) const {
  Properties result{offset, std::nullopt, {}};
  while (at(result.end) == '&' || at(result.end) == '!') {
    const StringRef word = wordAt(result.end);
    if (word.front() == '!' && !result.tagOffset) {
      result.tagOffset = result.end;
      result.tag = word;
    }
    result.end = skipBlanksAndComments(all, result.end + word.size());
  }
  return result;
}

ScalarLayout SourceText::quotedLayout(size_t offset, StringRef value) const {
  const char quote = all[offset];
  ScalarLayout layout;
  layout.style = quote == '"' ? ScalarStyle::DoubleQuoted : ScalarStyle::SingleQuoted;
  layout.content = position(offset + 1);
  size_t end = offset + 1;
  for (; end < all.size() && all[end] != quote; ++end) {
    // '' in single quotes, \" and all other escapes in double quotes.
    const bool escape = quote == '"' && all[end] == '\\';
    if (escape)
      ++end;
    if (!escape && all[end] == '\n')
      layout.folded = true;
    layout.escaped |= escape;
    if (quote == '\'' && at(end + 1) == quote && at(end + 2) == quote) {
      layout.escaped = true;
      end += 2;
    }
  }
  layout.closed = end < all.size();
  // Should the two readings ever differ, then no place within the text is to be trusted.
  if (!layout.folded && all.slice(offset + 1, end) != value)
    layout.escaped = true;
  return layout;
}

ScalarLayout SourceText::blockLayout(size_t offset, StringRef value) const {
  ScalarLayout layout;
  layout.folded = all[offset] == '>';
  layout.style = layout.folded ? ScalarStyle::Folded : ScalarStyle::Literal;
  const unsigned firstLine = position(offset).line + 1;
  layout.content = {firstLine, 1};
  // The indentation is what the source has before the text of any line that is not blank. (A rule
  // about indicators and parents exists, but this needs no second reading of it.)
  llvm::SmallVector<StringRef, 8> lines;
  unsigned line = firstLine;
  for (StringRef rest = value; !rest.empty(); ++line) {
    StringRef content;
    std::tie(content, rest) = rest.split('\n');
    if (content.trim(" \t").empty())
      continue;
    const StringRef source = lineAt(line);
    if (source.ends_with(content))
      layout.content.column = source.size() - content.size() + 1;
    break;
  }
  return layout;
}

ScalarLayout SourceText::layout(size_t offset, StringRef value) const {
  switch (at(offset)) {
  case '"':
  case '\'':
    return quotedLayout(offset, value);
  case '|':
  case '>':
    return blockLayout(offset, value);
  }
  ScalarLayout layout;
  layout.content = position(offset);
  // A plain scalar over several lines has spaces where the source has line breaks.
  layout.folded = !all.substr(offset).starts_with(value);
  return layout;
}

std::optional<std::pair<size_t, std::string>> SourceText::findIllegalCharacter() const {
  if (all.starts_with("\xff\xfe") || all.starts_with("\xfe\xff"))
    return std::make_pair(size_t(0), std::string("the file is in UTF-16, expected UTF-8"));
  const auto *bytes = reinterpret_cast<const llvm::UTF8 *>(all.data());
  for (size_t i = 0; i < all.size();) {
    const unsigned char c = all[i];
    if (c >= 0x80) {
      const size_t length = llvm::getNumBytesForUTF8(c);
      if (length > all.size() - i || !llvm::isLegalUTF8Sequence(bytes + i, bytes + i + length))
        return std::make_pair(i, "byte 0x" + llvm::utohexstr(c, /*LowerCase=*/true) +
                                     " is not UTF-8 text");
      i += length;
      continue;
    }
    if (c == '\r' && at(i + 1) != '\n')
      return std::make_pair(i, std::string("carriage return without a line feed"));
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
      return std::make_pair(i, "control character 0x" + llvm::utohexstr(c, /*LowerCase=*/true, 2) +
                                   " is not allowed");
    ++i;
  }
  return std::nullopt;
}
