// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Node.h - a YAML document whose every part knows its place ----------===//
//
// The tree that the reader makes and the rest of the front end walks. Immutable; nodes belong to
// the Reader that made them. Under an alias stands the anchor's node itself, with the anchor's
// location.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_FRONTEND_YAML_NODE_H
#define BASALT_COMPILER_FRONTEND_YAML_NODE_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>

namespace basalt::frontend::yaml {

enum class NodeKind : uint8_t { Scalar, Sequence, Mapping };

/// How a scalar is written.
enum class ScalarStyle : uint8_t { Plain, SingleQuoted, DoubleQuoted, Literal, Folded };

/// What a scalar is in YAML 1.2's core schema. There is no null: the reader refuses it. Anything
/// not plain is a string.
enum class ScalarType : uint8_t { Bool, Int, Float, String };

class Node;

/// One `key: value` of a mapping. The key is always a scalar.
struct Entry {
  const Node *keyNode;
  const Node *value;

  llvm::StringRef key() const;
  mlir::FileLineColLoc keyLoc() const;
};

/// A scalar, a sequence or a mapping, with its place. Accessors of another kind's contents return
/// empty ranges.
class Node {
public:
  NodeKind kind() const { return nodeKind; }
  bool isScalar() const { return nodeKind == NodeKind::Scalar; }
  bool isSequence() const { return nodeKind == NodeKind::Sequence; }
  bool isMapping() const { return nodeKind == NodeKind::Mapping; }

  /// Place of the first character, from 1, columns in bytes: of a scalar its quote or `|`, of a
  /// flow collection its bracket, of a block sequence its first `-`, of a block mapping its first
  /// key.
  unsigned line() const { return nodeLine; }
  unsigned column() const { return nodeColumn; }
  mlir::FileLineColLoc loc() const { return locAt(nodeLine, nodeColumn); }
  mlir::InFlightDiagnostic emitError() const { return mlir::emitError(loc()); }

  /// "a mapping", "a list", "the integer 5", "the string 'abc'": for "found ..." in diagnostics.
  std::string describe() const;

  //===--- Scalars ---===//

  /// The value as YAML means it: unquoted, unfolded, escapes replaced.
  llvm::StringRef text() const { return scalarText; }
  ScalarStyle style() const { return scalarStyle; }
  /// String if this is no scalar.
  ScalarType type() const { return scalarType; }
  bool isBool() const { return isScalar() && scalarType == ScalarType::Bool; }
  bool isInt() const { return isScalar() && scalarType == ScalarType::Int; }
  bool isFloat() const { return isScalar() && scalarType == ScalarType::Float; }
  bool isString() const { return isScalar() && scalarType == ScalarType::String; }
  /// A string that starts with `$`.
  bool isExpression() const { return isString() && scalarText.starts_with("$"); }

  /// The value of a scalar of that type; nothing if it is another, or an integer beyond 64 bits.
  std::optional<bool> asBool() const;
  std::optional<int64_t> asInt() const;
  /// Of integers too. Rounded to nearest; an overflow is infinity.
  std::optional<double> asFloat() const;

  /// Whether line breaks of the source were folded into spaces (a `>` block, or a plain or quoted
  /// scalar over several lines): places within the text are not known.
  bool isFolded() const { return folded; }
  /// Whether the text has fewer characters than its source, because of `\n`, `''` and the like:
  /// places within the text are not known.
  bool hasEscapes() const { return escaped; }
  /// Whether textLoc(offset) is exact for every offset.
  bool hasExactText() const { return isScalar() && !folded && !escaped; }

  /// Place of the first character of text(): after the quote; in a literal block the first line
  /// after the header, at the block's indentation. Line k of a literal is source line textLine() +
  /// k, and starts at textColumn(). For a scalar over one line there is only k = 0.
  unsigned textLine() const { return contentLine; }
  unsigned textColumn() const { return contentColumn; }
  /// Place of character `offset` of text(); of the scalar as a whole if !hasExactText().
  mlir::FileLineColLoc textLoc(size_t offset = 0) const;

  //===--- Sequences and mappings ---===//

  llvm::ArrayRef<const Node *> items() const { return sequenceItems; }
  /// In the order of the text; no key occurs twice.
  llvm::ArrayRef<Entry> entries() const { return mappingEntries; }
  /// The entry with that key, or null. Linear: for the few keys of the language, not for big
  /// tables.
  const Entry *findEntry(llvm::StringRef key) const;
  /// The value at that key, or null.
  const Node *find(llvm::StringRef key) const;

private:
  friend class TreeBuilder;
  Node(NodeKind kind, mlir::StringAttr file, unsigned line, unsigned column)
      : file(file), nodeLine(line), nodeColumn(column), nodeKind(kind) {}

  mlir::FileLineColLoc locAt(unsigned line, unsigned column) const {
    return mlir::FileLineColLoc::get(file, line, column);
  }

  mlir::StringAttr file;
  unsigned nodeLine, nodeColumn;
  unsigned contentLine = 0, contentColumn = 0;
  NodeKind nodeKind;
  ScalarStyle scalarStyle = ScalarStyle::Plain;
  ScalarType scalarType = ScalarType::String;
  bool folded = false;
  bool escaped = false;
  llvm::StringRef scalarText;
  llvm::ArrayRef<const Node *> sequenceItems;
  llvm::ArrayRef<Entry> mappingEntries;
};

/// Type of a plain scalar in YAML 1.2's core schema (`yes`, `on`, `1_000` are strings).
ScalarType resolvePlainScalar(llvm::StringRef text);

inline llvm::StringRef Entry::key() const { return keyNode->text(); }
inline mlir::FileLineColLoc Entry::keyLoc() const { return keyNode->loc(); }

} // namespace basalt::frontend::yaml

#endif // BASALT_COMPILER_FRONTEND_YAML_NODE_H
