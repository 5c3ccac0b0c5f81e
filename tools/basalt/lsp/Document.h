// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One text with its tree, and its positions as the protocol counts them: lines from 0, columns in
// UTF-16 code units. The compiler counts both from 1, columns in bytes.
#ifndef BASALT_TOOLS_BASALT_LSP_DOCUMENT_H
#define BASALT_TOOLS_BASALT_LSP_DOCUMENT_H

#include "tools/basalt/lsp/Tree.h"

#include "llvm/Support/LSP/Protocol.h"

namespace basalt::lsp {

class Document {
public:
  Document(std::string path, std::string text);
  Document(const Document &) = delete;

  llvm::StringRef path() const { return filePath; }
  llvm::StringRef text() const { return contents; }
  const Tree &tree() const { return structure; }

  size_t offsetOf(llvm::lsp::Position position) const;
  llvm::lsp::Position positionOf(size_t offset) const;
  llvm::lsp::Range rangeOf(Span span) const {
    return {positionOf(span.begin), positionOf(span.end)};
  }
  /// Of a place of the compiler; the end of the text for what is beyond it.
  size_t offsetAt(unsigned line, unsigned column) const;
  /// The word or number around `offset`; empty if there is none.
  Span wordAt(size_t offset) const;

private:
  /// The bytes of a line, from 0, without its end.
  Span lineSpan(size_t line) const;

  std::string filePath, contents;
  std::vector<size_t> lineStarts;
  Tree structure;
};

} // namespace basalt::lsp

#endif // BASALT_TOOLS_BASALT_LSP_DOCUMENT_H
