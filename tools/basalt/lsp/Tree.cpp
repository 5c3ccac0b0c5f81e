// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a position of the tree means. TreeBuilder makes it.
#include "tools/basalt/lsp/Tree.h"

#include "tools/basalt/lsp/TreeBuilder.h"

#include <algorithm>

using namespace basalt::lsp;
using llvm::StringRef;

const Entry *Entry::find(StringRef name) const {
  for (const auto &child : children)
    if (!child->isItem && child->key == name)
      return child.get();
  return nullptr;
}

Tree::Tree(StringRef text) : source(text) { TreeBuilder(text, top).build(); }

static const Entry *findAnchor(const Entry &entry, StringRef name) {
  if (entry.anchor == name)
    return &entry;
  for (const auto &child : entry.children)
    if (const Entry *found = findAnchor(*child, name))
      return found;
  return nullptr;
}

const Entry &Tree::resolve(const Entry &entry) const {
  if (entry.alias.empty())
    return entry;
  const Entry *found = findAnchor(top, entry.alias);
  // An alias of an alias is not YAML.
  return found && found->alias.empty() ? *found : entry;
}

const Entry *Tree::find(llvm::ArrayRef<StringRef> keys) const {
  const Entry *entry = &top;
  for (StringRef key : keys) {
    const Entry *child = entry->find(key);
    if (!child)
      return nullptr;
    entry = &resolve(*child);
  }
  return entry;
}

const Entry &Tree::at(size_t offset) const {
  size_t start = source.rfind('\n', offset == 0 ? StringRef::npos : offset - 1);
  start = start == StringRef::npos || offset == 0 ? 0 : start + 1;
  StringRef before = source.slice(start, offset);
  bool isBlank = before.trim().empty();
  const Entry *entry = &top;
  while (true) {
    const Entry *inner = nullptr;
    for (const auto &child : entry->children) {
      // On a new line only what is indented less goes on.
      size_t line = source.rfind('\n', child->whole.begin);
      size_t column = child->whole.begin - (line == StringRef::npos ? 0 : line + 1);
      bool goesOn = !isBlank || child->whole.begin >= start || child->isFlow ||
                    column < before.size() || (child->isBlock && child->whole.contains(offset));
      if (child->whole.begin <= offset && goesOn && (isBlank || child->whole.contains(offset)))
        inner = child.get();
    }
    if (!inner || (isBlank && inner->isFlow && !inner->whole.contains(offset)))
      return *entry;
    entry = inner;
  }
}

llvm::SmallVector<StringRef> basalt::lsp::pathOf(const Entry &entry) {
  llvm::SmallVector<StringRef> keys;
  for (const Entry *at = &entry; at->parent; at = at->parent)
    keys.push_back(at->isItem ? StringRef("-") : StringRef(at->key));
  std::reverse(keys.begin(), keys.end());
  return keys;
}
