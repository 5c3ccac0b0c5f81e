// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- SourceText.h - what the parser's events do not tell ----------------===//
//
// yaml-cpp's events have the position of a node's anchor or tag rather than of the node, and
// nothing about how a scalar was written. This looks it up in the text itself.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_FRONTEND_YAML_SOURCETEXT_H
#define BASALT_COMPILER_FRONTEND_YAML_SOURCETEXT_H

#include "compiler/frontend/yaml/Node.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace basalt::frontend::yaml {

/// Line and column from 1, columns in bytes.
struct Position {
  unsigned line;
  unsigned column;
};

/// The anchor and the tag before a node.
struct Properties {
  /// Offset of the node itself.
  size_t end;
  /// Offset of the tag, if there is one, and the tag with its `!`.
  std::optional<size_t> tagOffset;
  llvm::StringRef tag;
};

/// How and where a scalar is written.
struct ScalarLayout {
  ScalarStyle style = ScalarStyle::Plain;
  Position content = {0, 0};
  bool folded = false;
  bool escaped = false;
  /// False for a quoted scalar that goes to the end of the text without a closing quote.
  bool closed = true;
};

/// A text by lines.
class SourceText {
public:
  explicit SourceText(llvm::StringRef text);

  llvm::StringRef text() const { return all; }
  /// Offsets beyond the end count as the end.
  Position position(size_t offset) const;
  /// Character at `offset`, or 0 beyond the end.
  char at(size_t offset) const { return offset < all.size() ? all[offset] : '\0'; }

  /// What stands before the node whose first property, or itself, is at `offset`.
  Properties properties(size_t offset) const;

  /// Layout of the scalar at `offset` (properties skipped) whose value is `value`.
  ScalarLayout layout(size_t offset, llvm::StringRef value) const;

  /// The word (an alias, a null) at `offset`, up to a blank or a flow indicator.
  llvm::StringRef wordAt(size_t offset) const;

  /// Offset of the first place that is not YAML text in UTF-8, with the reason.
  std::optional<std::pair<size_t, std::string>> findIllegalCharacter() const;

private:
  ScalarLayout quotedLayout(size_t offset, llvm::StringRef value) const;
  ScalarLayout blockLayout(size_t offset, llvm::StringRef value) const;
  llvm::StringRef lineAt(unsigned line) const;

  llvm::StringRef all;
  std::vector<size_t> lineStarts;
};

} // namespace basalt::frontend::yaml

#endif // BASALT_COMPILER_FRONTEND_YAML_SOURCETEXT_H
