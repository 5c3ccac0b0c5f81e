// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- TreeBuilder.h - parser events to tree ------------------------------===//
//
// Makes the nodes and finds what the language does not allow. Knows nothing of yaml-cpp, so that
// the exceptions of that library stay in Reader.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_FRONTEND_YAML_TREEBUILDER_H
#define BASALT_COMPILER_FRONTEND_YAML_TREEBUILDER_H

#include "compiler/frontend/yaml/Node.h"
#include "compiler/frontend/yaml/Reader.h"
#include "compiler/frontend/yaml/SourceText.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace basalt::frontend::yaml {

/// Builds the tree of one document. Offsets are those of yaml-cpp's marks: at the anchor or tag of
/// a node that has one. Numbers of anchors are yaml-cpp's too; 0 is none.
///
/// A function that returns failure has found something after which reading on makes no sense. Other
/// errors are held back until finish(), because a syntax error further on often is their cause.
class TreeBuilder {
public:
  TreeBuilder(const SourceText &source, mlir::StringAttr file, llvm::BumpPtrAllocator &arena,
              const ReaderLimits &limits)
      : source(source), file(file), arena(arena), limits(limits) {}

  llvm::LogicalResult scalar(size_t offset, unsigned anchor, llvm::StringRef value);
  llvm::LogicalResult null(size_t offset, unsigned anchor);
  llvm::LogicalResult alias(size_t offset, unsigned anchor);
  llvm::LogicalResult beginCollection(NodeKind kind, size_t offset, unsigned anchor, bool flow);
  llvm::LogicalResult endCollection();
  void anchorName(llvm::StringRef name) { anchorNames.push_back(name.str()); }

  /// The document is complete: its root, or its errors are reported.
  llvm::FailureOr<const Node *> finish();

  /// The document is not YAML, as `message` says: reports it, in place of all that was held back,
  /// with notes on what may be the cause.
  void reportSyntaxError(size_t offset, llvm::StringRef message);
  /// Reports what made a function return failure.
  void reportProblems();

  /// Names of the anchors so far, for suggestions.
  llvm::ArrayRef<std::string> knownAnchors() const { return anchorNames; }

private:
  /// A node and what it is to those who refer to it.
  struct Built {
    const Node *node = nullptr; ///< null while its end has not come
    uint64_t size = 1;          ///< nodes in it, aliases expanded
    unsigned height = 0;        ///< collections within collections in it
  };
  /// A collection whose end has not come.
  struct Frame {
    Node *node;
    size_t offset;
    unsigned anchor;
    bool flow;
    Built built;
    llvm::SmallVector<const Node *> items;
    llvm::SmallVector<Entry> entries;
    /// Where each key stands in `entries`.
    llvm::DenseMap<llvm::StringRef, size_t> keys;
    const Node *key = nullptr; ///< read, its value not yet
  };
  struct Problem {
    mlir::Location loc;
    std::string message;
    std::optional<mlir::Location> noteLoc;
    std::string note;
  };

  mlir::FileLineColLoc locAt(size_t offset) const;
  Node *makeNode(NodeKind kind, size_t offset);
  template <typename T> llvm::ArrayRef<T> copy(llvm::ArrayRef<T> list);
  void problem(mlir::Location loc, const llvm::Twine &message);
  llvm::LogicalResult stop(mlir::Location loc, const llvm::Twine &message);
  size_t skipProperties(size_t offset);
  llvm::LogicalResult count(const Built &built, size_t offset);
  llvm::LogicalResult place(const Built &built, size_t offset);
  void placeKey(const Node *key, mlir::Location loc);
  void reportNull(size_t offset);

  const SourceText &source;
  mlir::StringAttr file;
  llvm::BumpPtrAllocator &arena;
  const ReaderLimits &limits;

  std::vector<Frame> frames;
  llvm::DenseMap<unsigned, Built> anchors;
  std::vector<std::string> anchorNames;
  std::vector<Problem> problems;
  const Node *root = nullptr;
  const Node *lastScalar = nullptr;
  uint64_t nodes = 0;
};

} // namespace basalt::frontend::yaml

#endif // BASALT_COMPILER_FRONTEND_YAML_TREEBUILDER_H
