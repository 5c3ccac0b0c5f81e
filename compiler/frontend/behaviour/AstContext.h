// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The arena that owns the syntax trees of behaviours: nodes, their lists and their strings. Nodes
// are trivially destructible, so the whole tree goes with the arena and may outlive the source
// text.

#ifndef BASALT_COMPILER_FRONTEND_BEHAVIOUR_ASTCONTEXT_H
#define BASALT_COMPILER_FRONTEND_BEHAVIOUR_ASTCONTEXT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"

#include <memory>
#include <type_traits>
#include <utility>

namespace basalt::frontend::behaviour {

/// Owns the nodes of any number of syntax trees.
class AstContext {
public:
  AstContext() = default;
  AstContext(const AstContext &) = delete;
  AstContext &operator=(const AstContext &) = delete;

  /// Makes a node that lives as long as this context.
  template <typename NodeT, typename... Args> const NodeT *create(Args &&...args) {
    static_assert(std::is_trivially_destructible_v<NodeT>, "the arena runs no destructors");
    return new (allocator.Allocate<NodeT>()) NodeT(std::forward<Args>(args)...);
  }

  /// Copies a list into the arena.
  template <typename T> llvm::ArrayRef<T> copy(llvm::ArrayRef<T> list) {
    static_assert(std::is_trivially_destructible_v<T>, "the arena runs no destructors");
    if (list.empty())
      return {};
    T *data = allocator.Allocate<T>(list.size());
    std::uninitialized_copy(list.begin(), list.end(), data);
    return {data, list.size()};
  }

  /// Copies a string into the arena.
  llvm::StringRef copy(llvm::StringRef text) { return text.copy(allocator); }

private:
  llvm::BumpPtrAllocator allocator;
};

} // namespace basalt::frontend::behaviour

#endif // BASALT_COMPILER_FRONTEND_BEHAVIOUR_ASTCONTEXT_H
