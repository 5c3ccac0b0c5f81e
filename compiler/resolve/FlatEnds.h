// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Follows connections and aliases through hierarchical processes to the leaves.
#ifndef BASALT_COMPILER_RESOLVE_FLATENDS_H
#define BASALT_COMPILER_RESOLVE_FLATENDS_H

#include "compiler/resolve/Scopes.h"

#include "llvm/ADT/DenseMap.h"

namespace basalt {

/// A Var or port of a leaf, and what stands on the way to it.
struct FlatEnd {
  InstanceNode *leaf;
  /// Name of the Var or port.
  mlir::StringAttr member;
  /// Transforms of all connections on the way, nearest to the source of the messages or accesses
  /// first.
  llvm::SmallVector<mlir::Attribute> via;

  /// `@path::@member`.
  mlir::SymbolRefAttr ref() const;
};

/// Answers where the ends of connections lead.
class FlatEnds {
public:
  /// The OutPorts whose messages a connection of `node`'s scope carries, in order.
  void sourcesOf(InstanceNode &node, proc::ConnectOp connect,
                 llvm::SmallVectorImpl<FlatEnd> &sources);

  /// The Var or VarPort that a connection from a RefPort reaches. Reports a chain that ends before.
  llvm::FailureOr<FlatEnd> targetOf(InstanceNode &node, proc::ConnectOp connect);

  /// The Var of a leaf that the Var `name` of the hierarchical process of `node` is, if any.
  std::optional<FlatEnd> varOf(InstanceNode &node, mlir::StringAttr name);

  /// The OutPort of a leaf that the OutPort `name` of the hierarchical process of `node` hands on
  /// as it is, if any: not the sum of several, and nothing transformed.
  std::optional<FlatEnd> outPortOf(InstanceNode &node, mlir::StringAttr name);

private:
  /// Connections and aliases of a scope, by end.
  struct Index {
    llvm::DenseMap<mlir::Attribute, llvm::SmallVector<proc::ConnectOp, 1>> byTarget;
    llvm::DenseMap<mlir::Attribute, proc::ConnectOp> bySource;
    llvm::DenseMap<mlir::Attribute, mlir::SymbolRefAttr> aliases;
  };
  const Index &indexOf(mlir::Operation *scope);

  std::optional<FlatEnd> followTo(InstanceNode &node, mlir::SymbolRefAttr target,
                                  std::string &stuck);
  std::optional<FlatEnd> followInto(InstanceNode &child, mlir::StringAttr member,
                                    std::string &stuck);
  std::optional<FlatEnd> followOut(InstanceNode &node, mlir::StringAttr member, std::string &stuck);
  std::optional<FlatEnd> followConnect(InstanceNode &node, proc::ConnectOp connect,
                                       std::string &stuck);

  llvm::DenseMap<mlir::Operation *, Index> indices;
};

} // namespace basalt

#endif // BASALT_COMPILER_RESOLVE_FLATENDS_H
