// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes a Tree of a text, line by line, whatever the text is.
#ifndef BASALT_TOOLS_BASALT_LSP_TREEBUILDER_H
#define BASALT_TOOLS_BASALT_LSP_TREEBUILDER_H

#include "tools/basalt/lsp/Tree.h"

namespace basalt::lsp {

class TreeBuilder {
public:
  TreeBuilder(llvm::StringRef text, Entry &top) : text(text), top(top) {}
  void build();

private:
  /// What is open, with the column at which its children are indented more.
  struct Open {
    Entry *entry;
    long column;
  };

  void readLine(size_t begin, size_t end);
  void readContent(size_t begin, size_t end, long column);
  Entry &add(Entry &parent, size_t begin);
  void close(long column, bool isItem);
  /// The place of the `:` that ends a key, or npos.
  size_t findColon(size_t begin, size_t end) const;
  void readValue(Entry &entry, size_t begin, size_t end, long column);
  void readBlock(Entry &entry, size_t end, long column);
  /// Both return where they have ended.
  size_t readFlow(Entry &entry, size_t begin, size_t limit, unsigned depth);
  size_t readFlowScalar(Entry &entry, size_t begin, size_t limit);
  /// How far a flow collection may go if nobody closes it.
  size_t flowLimit(size_t begin, long column) const;
  void setScalar(Entry &entry, size_t begin, size_t end);

  size_t lineEnd(size_t offset) const { return std::min(text.find('\n', offset), text.size()); }
  size_t skipSpaces(size_t offset, size_t end) const;
  void setKey(Entry &entry, size_t begin, size_t end);
  static void extend(Entry &entry, size_t end);

  llvm::StringRef text;
  Entry &top;
  llvm::SmallVector<Open> open;
  size_t next = 0; // where the next line begins
};

} // namespace basalt::lsp

#endif // BASALT_TOOLS_BASALT_LSP_TREEBUILDER_H
