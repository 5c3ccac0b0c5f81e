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
  size_t start = source.take_front(offset).rfind('\n');
  start = start == StringRef::npos ? 0 : start + 1;
  bool isBlank =
      source.slice(start, std::min(source.find('\n', offset), source.size())).trim().empty();
  auto column = [&](const Entry &entry) {
    return entry.whole.begin - (source.take_front(entry.whole.begin).rfind('\n') + 1);
  };
  // Where nothing is written yet, whatever is indented less goes on.
  auto goesOn = [&](const Entry &child) {
    bool isInside = child.whole.contains(offset);
    if (child.isFlow && (isBlank || child.parent->isFlow))
      return isInside;
    return isBlank ? column(child) < offset - start : child.whole.end >= start;
  };
  const Entry *entry = &top;
  for (const Entry *inner = entry; inner; entry = inner ? inner : entry) {
    inner = nullptr;
    for (const auto &child : entry->children)
      if (child->whole.begin <= offset && goesOn(*child))
        inner = child.get();
    if (!inner)
      break;
  }
  return *entry;
}

llvm::SmallVector<StringRef> basalt::lsp::pathOf(const Entry &entry) {
  llvm::SmallVector<StringRef> keys;
  for (const Entry *at = &entry; at->parent; at = at->parent)
    keys.push_back(at->isItem ? StringRef("-") : StringRef(at->key));
  std::reverse(keys.begin(), keys.end());
  return keys;
}
