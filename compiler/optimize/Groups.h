// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which elementwise operations of a block may become one update, and in which order the block then
// runs.
#ifndef BASALT_COMPILER_OPTIMIZE_GROUPS_H
#define BASALT_COMPILER_OPTIMIZE_GROUPS_H

#include "mlir/IR/Block.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

#include <vector>

namespace basalt {

/// Whether `op` is elementwise code on more than a scalar, and of its own: what kernels are made
/// of. Elements of weights are computed inside the product that needs them.
bool isGroupable(mlir::Operation *op);

/// Gives each product of `block` widenings of its own for those that it shares with others, so that
/// it can make the elements itself.
void separateWidenings(mlir::Block &block);

/// Elementwise operations of one shape that are connected by what they use, none of which needs
/// anything that depends on another through code outside.
struct Group {
  mlir::SmallVector<mlir::Operation *> ops; // in program order

  mlir::RankedTensorType type() const {
    return mlir::cast<mlir::RankedTensorType>(ops.front()->getResult(0).getType());
  }
};

/// A piece of the new order of a block: a group, or an op that is in none.
struct BlockItem {
  mlir::Operation *op; // null: a group
  const Group *group;
};

/// The groups of a block, and an order in which each can run as one: data flows forward, ops with
/// effects keep their order.
struct BlockGroups {
  explicit BlockGroups(mlir::Block &block);

  std::vector<Group> groups;
  mlir::SmallVector<BlockItem> order; // without the terminator
};

} // namespace basalt

#endif // BASALT_COMPILER_OPTIMIZE_GROUPS_H
