// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scopes (the root network and hierarchical models) and the tree of instances below the root.
#ifndef BASALT_COMPILER_RESOLVE_SCOPES_H
#define BASALT_COMPILER_RESOLVE_SCOPES_H

#include "dialect/proc/Lookup.h"

#include "llvm/ADT/StringMap.h"

#include <memory>
#include <string>
#include <vector>

namespace basalt {

/// The root network of a module, or null. A module has at most one.
proc::NetworkOp rootNetwork(mlir::ModuleOp module);

/// The model in which the children of an instance of `process` stand, or null for a leaf.
proc::ModelOp hierarchicalModel(proc::ProcessOp process);

/// The root network and all hierarchical models, in the order of the module.
llvm::SmallVector<mlir::Operation *> scopesOf(mlir::ModuleOp module);

/// The block of a scope, in which its instances and connections stand.
mlir::Block &bodyOf(mlir::Operation *scope);

/// Removes the processes that are not reached from the root network. Nothing without a network.
void eraseUnusedProcesses(mlir::ModuleOp module);

/// Emits an error and fails if a process contains itself, or there are too many instances to
/// expand.
llvm::LogicalResult checkRecursion(mlir::ModuleOp module);

/// An instance by path, or (without `instance`) the root network. Valid while the IR is not
/// changed.
struct InstanceNode {
  InstanceNode *parent = nullptr;
  std::string path;
  proc::InstanceOp instance;
  proc::ProcessOp process;
  /// Where the children stand: the root network or a hierarchical model; null for a leaf.
  mlir::Operation *scope = nullptr;
  std::vector<std::unique_ptr<InstanceNode>> children;

  bool isLeaf() const { return !scope; }
  /// The child of that name, or null.
  InstanceNode *child(llvm::StringRef name) const;
  /// `path.member`, the user's name of a member of this instance.
  std::string nameOf(llvm::StringRef member) const;

private:
  friend std::unique_ptr<InstanceNode> buildInstanceTree(proc::NetworkOp network);
  llvm::StringMap<InstanceNode *> byName;
};

/// The tree of all instances, children in the order of the file. The hierarchy must not be
/// recursive.
std::unique_ptr<InstanceNode> buildInstanceTree(proc::NetworkOp network);

} // namespace basalt

#endif // BASALT_COMPILER_RESOLVE_SCOPES_H
