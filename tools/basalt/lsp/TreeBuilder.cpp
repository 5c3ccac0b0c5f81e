// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lines that say `key:` or `- ` open entries, what is indented less closes them.
#include "tools/basalt/lsp/TreeBuilder.h"

#include "llvm/ADT/StringExtras.h"

using namespace basalt::lsp;
using llvm::StringRef;

/// As many collections within collections are looked at.
static constexpr unsigned maxDepth = 64;

size_t TreeBuilder::skipSpaces(size_t offset, size_t end) const {
  while (offset < end && (text[offset] == ' ' || text[offset] == '\t' || text[offset] == '\r'))
    ++offset;
  return offset;
}

void TreeBuilder::extend(Entry &entry, size_t end) {
  for (Entry *at = &entry; at; at = at->parent)
    at->whole.end = std::max(at->whole.end, end);
}

Entry &TreeBuilder::add(Entry &parent, size_t begin) {
  parent.children.push_back(std::make_unique<Entry>());
  Entry &entry = *parent.children.back();
  entry.parent = &parent;
  entry.whole = entry.keySpan = entry.valueSpan = {begin, begin};
  return entry;
}

void TreeBuilder::setKey(Entry &entry, size_t begin, size_t end) {
  StringRef key = text.slice(begin, end).rtrim();
  entry.keySpan = {begin, begin + key.size()};
  if (key.size() >= 2 && (key.front() == '"' || key.front() == '\'') && key.back() == key.front()) {
    key = key.drop_front().drop_back();
    entry.keySpan = {begin + 1, begin + 1 + key.size()};
  }
  entry.key = key.str();
}

/// Closes what a line at `column` does not belong to. Items may stand right below their key.
void TreeBuilder::close(long column, bool isItem) {
  while (open.size() > 1) {
    const Open &last = open.back();
    bool belongs = last.column < column || (isItem && last.column == column && !last.entry->isItem);
    if (belongs)
      return;
    open.pop_back();
  }
}

size_t TreeBuilder::findColon(size_t begin, size_t end) const {
  char quote = 0;
  if (begin < end && StringRef("{[#|>&*").contains(text[begin]))
    return StringRef::npos;
  for (size_t i = begin; i < end; ++i) {
    char c = text[i];
    if (quote) {
      quote = c == quote ? 0 : quote;
      continue;
    }
    if ((c == '"' || c == '\'') && i == begin)
      quote = c;
    bool isEnd = i + 1 == end || text[i + 1] == ' ' || text[i + 1] == '\r' || text[i + 1] == '\t';
    if (c == ':' && isEnd)
      return i;
    if (c == '#' && i > begin && text[i - 1] == ' ')
      break;
  }
  return StringRef::npos;
}

/// Without quotes, spaces and a comment.
void TreeBuilder::setScalar(Entry &entry, size_t begin, size_t end) {
  StringRef value = text.slice(begin, end);
  if (!value.empty() && (value.front() == '"' || value.front() == '\'')) {
    size_t close = value.find(value.front(), 1);
    entry.valueSpan = {begin + 1, begin + std::min(close, value.size())};
    extend(entry, std::min(end, entry.valueSpan.end + 1));
    StringRef rest = text.slice(entry.valueSpan.end + 1, end).trim();
    entry.comment = rest.starts_with("#") ? rest.ltrim("# ").str() : "";
    return;
  }
  size_t comment = value.starts_with("#") ? 0 : value.find(" #");
  if (comment != StringRef::npos)
    entry.comment = value.substr(comment).ltrim(" #").rtrim().str();
  value = value.substr(0, comment).rtrim();
  entry.valueSpan = {begin, begin + value.size()};
  extend(entry, entry.valueSpan.end);
}

void TreeBuilder::readBlock(Entry &entry, size_t end, long column) {
  entry.isBlock = true;
  size_t begin = std::min(end + 1, text.size()), last = begin;
  size_t at = begin;
  while (at < text.size()) {
    size_t stop = lineEnd(at), first = at;
    while (first < stop && text[first] == ' ')
      ++first;
    bool isBlank = text.slice(first, stop).trim().empty();
    if (!isBlank && long(first - at) <= column)
      break;
    if (!isBlank)
      last = stop;
    at = stop + 1;
  }
  next = std::min(at, text.size());
  // Blank lines at the end belong to it: there one goes on writing.
  entry.valueSpan = {begin, std::max(last, begin)};
  extend(entry, next > begin ? next - 1 : begin);
}

//===--- Between brackets ---===//

size_t TreeBuilder::flowLimit(size_t begin, long column) const {
  size_t at = lineEnd(begin);
  while (at < text.size()) {
    size_t first = at + 1, stop = lineEnd(first);
    while (first < stop && text[first] == ' ')
      ++first;
    if (first < stop && long(first - at - 1) <= column && text[first] != '}' && text[first] != ']')
      break;
    at = stop;
  }
  return at;
}

size_t TreeBuilder::readFlowScalar(Entry &entry, size_t begin, size_t limit) {
  size_t end = begin;
  if (begin < limit && (text[begin] == '"' || text[begin] == '\'')) {
    end = std::min(text.find(text[begin], begin + 1), limit);
    entry.valueSpan = {begin + 1, std::max(end, begin + 1)};
    return std::min(end + 1, limit);
  }
  while (end < limit && !StringRef(",]}\n").contains(text[end]))
    ++end;
  entry.valueSpan = {begin, begin + text.slice(begin, end).rtrim().size()};
  if (text.substr(begin).starts_with("*"))
    entry.alias = text.slice(begin + 1, entry.valueSpan.end).str();
  return end;
}

size_t TreeBuilder::readFlow(Entry &entry, size_t begin, size_t limit, unsigned depth) {
  bool isMapping = text[begin] == '{';
  size_t at = begin + 1;
  entry.isFlow = true;
  entry.valueSpan = {begin, begin};
  while (at < limit && depth < maxDepth) {
    if (StringRef(" \t\r\n,").contains(text[at])) {
      ++at;
      continue;
    }
    if (text[at] == '}' || text[at] == ']') {
      ++at;
      break;
    }
    Entry &child = add(entry, at);
    child.isFlow = true;
    child.isItem = !isMapping;
    if (isMapping) {
      size_t end = at;
      while (
          end < limit && !StringRef(",}]\n").contains(text[end]) &&
          !(text[end] == ':' && (end + 1 == limit || StringRef(" \n,}").contains(text[end + 1]))))
        ++end;
      setKey(child, at, end);
      at = end;
      if (at < limit && text[at] == ':')
        at = skipSpaces(at + 1, limit);
    }
    child.valueSpan = {at, at};
    if (at < limit && (text[at] == '{' || text[at] == '['))
      at = readFlow(child, at, limit, depth + 1);
    else
      at = readFlowScalar(child, at, limit);
    child.whole.end = std::max({child.whole.end, child.keySpan.end, at});
    if (at == child.whole.begin) // something unexpected, e.g. `:`
      ++at;
  }
  if (depth == maxDepth)
    at = limit;
  entry.valueSpan.end = at;
  extend(entry, at);
  return at;
}

//===--- Lines ---===//

void TreeBuilder::readValue(Entry &entry, size_t begin, size_t end, long column) {
  begin = skipSpaces(begin, end);
  entry.valueSpan = {begin, begin};
  extend(entry, begin);
  if (begin < end && (text[begin] == '&' || text[begin] == '*')) {
    size_t stop = begin + 1;
    while (stop < end && !StringRef(" \t\r").contains(text[stop]))
      ++stop;
    bool isAnchor = text[begin] == '&';
    (isAnchor ? entry.anchor : entry.alias) = text.slice(begin + 1, stop).str();
    if (isAnchor)
      return readValue(entry, stop, end, column);
  }
  if (begin == end)
    return;
  if (text[begin] == '|' || text[begin] == '>')
    return readBlock(entry, end, column);
  if (text[begin] == '{' || text[begin] == '[') {
    size_t stop = readFlow(entry, begin, flowLimit(begin, column), 0);
    next = std::max(next, std::min(lineEnd(stop) + 1, text.size()));
    StringRef rest = text.slice(stop, lineEnd(stop)).trim();
    entry.comment = rest.starts_with("#") ? rest.ltrim("# ").str() : "";
    return;
  }
  setScalar(entry, begin, end);
}

void TreeBuilder::readContent(size_t begin, size_t end, long column) {
  StringRef content = text.slice(begin, end);
  if (content.starts_with("- ") || content.rtrim() == "-") {
    close(column, /*isItem=*/true);
    Entry &item = add(*open.back().entry, begin);
    item.isItem = true;
    extend(item, end);
    if (open.size() < maxDepth)
      open.push_back({&item, column});
    size_t rest = skipSpaces(begin + 1, end);
    item.valueSpan = {rest, rest};
    bool isNested = open.size() < maxDepth && (findColon(rest, end) != StringRef::npos ||
                                               text.substr(rest).starts_with("- "));
    if (isNested)
      return readContent(rest, end, column + long(rest - begin));
    return readValue(item, rest, end, column);
  }
  close(column, /*isItem=*/false);
  Entry &entry = add(*open.back().entry, begin);
  size_t colon = findColon(begin, end);
  if (colon == StringRef::npos) // half a key, or the second line of a text
    return setScalar(entry, begin, end);
  setKey(entry, begin, colon);
  if (open.size() < maxDepth)
    open.push_back({&entry, column});
  readValue(entry, colon + 1, end, column);
}

void TreeBuilder::readLine(size_t begin, size_t end) {
  size_t first = begin;
  while (first < end && text[first] == ' ')
    ++first;
  StringRef content = text.slice(first, end);
  if (!content.trim().empty() && !content.starts_with("#") && !content.starts_with("---"))
    readContent(first, first + content.rtrim().size(), long(first - begin));
}

void TreeBuilder::build() {
  open.push_back({&top, -1});
  while (next < text.size()) {
    size_t begin = next, end = lineEnd(begin);
    next = std::min(end + 1, text.size());
    readLine(begin, end);
  }
  top.whole = {0, text.size()};
}
