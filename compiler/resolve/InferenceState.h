// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What infer-types has found out: the meaning of type names and shape names in each instance.
#ifndef BASALT_COMPILER_RESOLVE_INFERENCESTATE_H
#define BASALT_COMPILER_RESOLVE_INFERENCESTATE_H

#include "compiler/resolve/Scopes.h"
#include "dialect/proc/Transforms.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace basalt {

/// Whether some declaration of the process has a type that is not concrete.
bool isOpen(proc::ProcessOp process);

/// Bindings of names, by instance. A declared extent without a name is treated as one with a name
/// of its own.
class InferenceState {
public:
  /// The type of a Var or port of `node` as far as it is known. That of a VarPort is its Var's.
  mlir::Type typeOf(InstanceNode &node, mlir::Operation *member) const;

  /// Binds what names of the member's declaration are not bound yet and is known from outside:
  /// `element` (may be null or a name) and `shape`. `loc` is where it comes from. Returns whether
  /// something was bound.
  bool learn(InstanceNode &node, mlir::Operation *member, mlir::Type element,
             const proc::PartialShape &shape, mlir::Location loc);

  /// The extents of the process that have a name, by name: an integer, or a list of those of a
  /// `*name`.
  llvm::SmallVector<std::pair<mlir::StringAttr, mlir::Attribute>> extents(InstanceNode &node) const;

  /// Adds a note for each name of the member's declaration on where it was bound.
  void explain(InstanceNode &node, mlir::Operation *member, mlir::Diagnostic &error) const;

  /// Reports the names of the member's declaration that are not bound.
  void reportUnbound(InstanceNode &node, mlir::Operation *member);

private:
  struct Binding {
    mlir::Type element;                  // of a type name
    llvm::SmallVector<int64_t> extents;  // of a shape name: one, or all for a `*name`
    std::optional<mlir::Location> where; // unset: not bound
  };
  using Names = llvm::StringMap<Binding>;

  const Binding *find(InstanceNode &node, llvm::StringRef name) const;
  bool bind(InstanceNode &node, llvm::StringRef name, mlir::Type element,
            llvm::ArrayRef<int64_t> extents, mlir::Location loc);
  proc::PartialShape shapeOf(InstanceNode &node, mlir::Operation *member,
                             mlir::ShapedType declared) const;
  bool learnShape(InstanceNode &node, mlir::Operation *member, llvm::ArrayRef<int64_t> shape,
                  mlir::Location loc);

  llvm::DenseMap<InstanceNode *, Names> bindings;
  llvm::DenseMap<InstanceNode *, llvm::StringSet<>> reported;
};

} // namespace basalt

#endif // BASALT_COMPILER_RESOLVE_INFERENCESTATE_H
