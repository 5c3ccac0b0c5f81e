// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keeps to the limits of the reader, and to fewer elements so that an input takes little time.
#include "test/fuzz/TreeText.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

#include <algorithm>
#include <cstring>

using namespace basalt;
using namespace basalt::fuzz;
using import::Hdf5Node;
using llvm::StringRef;

static constexpr int64_t mostElements = 1 << 16;

/// `f[2, 3]`, and how many elements that is; false if no file could have it.
static bool parseShape(StringRef text, std::vector<int64_t> &shape, int64_t &elements) {
  llvm::SmallVector<StringRef> extents;
  text.trim("[]").split(extents, ',', -1, false);
  int64_t largest = 1; // an extent of 0 does not excuse the others
  elements = 1;
  for (StringRef extent : extents) {
    int64_t value = 0;
    if (extent.trim().getAsInteger(10, value) || value < 0)
      return false;
    if (llvm::MulOverflow(largest, std::max<int64_t>(value, 1), largest) || largest > mostElements)
      return false;
    elements *= value;
    shape.push_back(value);
  }
  return shape.size() <= 32;
}

template <typename T> static void append(rt::NpyArray &array, T value) {
  array.itemSize = sizeof(T);
  const char *bytes = reinterpret_cast<const char *>(&value);
  array.data.insert(array.data.end(), bytes, bytes + sizeof(T));
}

static void appendNumber(rt::NpyArray &array, StringRef word) {
  double number = 0;
  word.getAsDouble(number);
  int64_t integer = 0;
  if (word.getAsInteger(10, integer))
    integer = std::abs(number) < 9e18 ? int64_t(number) : INT64_MAX;
  if (array.kind == 'f')
    append(array, number);
  else if (array.kind == 'b')
    append(array, char(integer != 0));
  else
    append(array, integer);
}

/// What stands behind the name; a group if that is nothing.
static void parseValue(StringRef text, Hdf5Node &node) {
  auto [head, rest] = text.trim().split(' ');
  if (head.empty())
    return;
  int64_t elements = 0;
  node.numbers.kind = StringRef("fiub").contains(head[0]) ? head[0] : 'f';
  if (head[0] == '?' || !parseShape(head.drop_front(), node.numbers.shape, elements)) {
    node.numbers = {};
    node.kind = Hdf5Node::Kind::Unreadable;
    node.problem = "'" + node.path + "' cannot be read";
    return;
  }
  llvm::SmallVector<StringRef> words;
  rest.split(words, ' ', -1, false);
  if (words.empty())
    words.push_back("");
  node.kind = head[0] == 's' ? Hdf5Node::Kind::Strings : Hdf5Node::Kind::Numbers;
  node.numbers.itemSize = node.numbers.kind == 'b' ? 1 : 8;
  for (int64_t i = 0; i < elements; ++i) {
    StringRef word = words[size_t(i) % words.size()];
    if (node.kind == Hdf5Node::Kind::Strings)
      node.strings.push_back(llvm::json::fixUTF8(word));
    else
      appendNumber(node.numbers, word);
  }
}

/// A file has no name twice, and lists them in order.
static void sortByName(std::vector<Hdf5Node> &nodes) {
  auto before = [](const Hdf5Node &a, const Hdf5Node &b) { return a.name < b.name; };
  auto same = [](const Hdf5Node &a, const Hdf5Node &b) { return a.name == b.name; };
  std::stable_sort(nodes.begin(), nodes.end(), before);
  nodes.erase(std::unique(nodes.begin(), nodes.end(), same), nodes.end());
}

namespace {
/// Groups are made from the inside of recursive calls, so no reference to a child outlives another.
class TreeParser {
public:
  explicit TreeParser(StringRef text) { text.split(lines, '\n', -1, false); }
  void parseGroup(Hdf5Node &group, size_t indent, size_t depth);

private:
  llvm::SmallVector<StringRef> lines;
  size_t next = 0;
};
} // namespace

static size_t indentOf(StringRef line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

void TreeParser::parseGroup(Hdf5Node &group, size_t indent, size_t depth) {
  while (next < lines.size() && indentOf(lines[next]) >= indent) {
    size_t own = indentOf(lines[next]);
    auto [name, value] = lines[next++].trim(' ').split(' ');
    Hdf5Node node;
    bool isAttribute = name.consume_front("@");
    node.name = llvm::json::fixUTF8(name);
    node.path = (group.path == "/" ? "" : group.path) + (isAttribute ? "@" : "/") + node.name;
    parseValue(value, node);
    Hdf5Node dropped;
    parseGroup(node.isGroup() && depth < import::Hdf5Limits().depth ? node : dropped, own + 1,
               depth + 1);
    if (isAttribute && node.isGroup())
      node.kind = Hdf5Node::Kind::Unreadable;
    (isAttribute ? group.attributes : group.children).push_back(std::move(node));
  }
  sortByName(group.children);
  sortByName(group.attributes);
}

Hdf5Node basalt::fuzz::parseTree(StringRef text) {
  Hdf5Node root;
  root.path = "/";
  TreeParser(text).parseGroup(root, 0, 0);
  return root;
}
