// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Tree.h - the structure of a YAML text that is being written --------===//
//
// The compiler's reader stops at the first error, and a text under the hands of its author has one
// most of the time. This tree is made of whatever is there, by indentation and brackets, and never
// fails. It is good enough to say what stands where; what is right is the compiler's to say.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_TOOLS_BASALT_LSP_TREE_H
#define BASALT_TOOLS_BASALT_LSP_TREE_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <memory>
#include <string>
#include <vector>

namespace basalt::lsp {

/// From `begin` up to `end`, in bytes of the text.
struct Span {
  size_t begin = 0, end = 0;
  bool contains(size_t offset) const { return begin <= offset && offset <= end; }
};

/// A value with its key, if it has one: an entry of a mapping or an item of a list.
struct Entry {
  Entry *parent = nullptr;
  std::string key; ///< without quotes; empty for an item
  Span keySpan;
  /// Of a scalar its text as it stands, without quotes; of a block its lines.
  Span valueSpan;
  /// All of it, children included.
  Span whole;
  bool isBlock = false; ///< a `|` or `>` block
  bool isItem = false;  ///< of a list
  bool isFlow = false;  ///< between `{}` or `[]`
  /// Of `&name` and `*name`.
  std::string anchor, alias;
  std::string comment; ///< behind it on its line
  std::vector<std::unique_ptr<Entry>> children;

  /// The child with that key, or null.
  const Entry *find(llvm::StringRef name) const;
};

class Tree {
public:
  explicit Tree(llvm::StringRef text);

  const Entry &root() const { return top; }
  llvm::StringRef text() const { return source; }
  llvm::StringRef textOf(Span span) const {
    return source.substr(span.begin, span.end - span.begin);
  }
  llvm::StringRef value(const Entry &entry) const { return textOf(entry.valueSpan); }

  /// `entry`, or what stands at its anchor if it is an alias.
  const Entry &resolve(const Entry &entry) const;
  /// The value at `keys` below the root, or null.
  const Entry *find(llvm::ArrayRef<llvm::StringRef> keys) const;

  /// The innermost entry around `offset`; where nothing is written, the one that a new line of
  /// that indentation would belong to.
  const Entry &at(size_t offset) const;

private:
  llvm::StringRef source; // belongs to who made the tree
  Entry top;
};

/// The keys that lead to `entry`, outermost first; "-" for items of lists.
llvm::SmallVector<llvm::StringRef> pathOf(const Entry &entry);

} // namespace basalt::lsp

#endif // BASALT_TOOLS_BASALT_LSP_TREE_H
