// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A whole matrix of which only the elements at stored entries are wanted is computed there only.
// What several operations want is not fused into one of them, so each gets a copy of its own.
#include "compiler/lower/Accesses.h"

using namespace mlir;

namespace basalt::lower {

/// Copies of copies multiply; beyond this a matrix in memory does no harm.
static constexpr unsigned maxCopies = 256;

/// Whether only the elements at stored entries are taken of what `user` uses.
static bool wantsEntriesOnly(Operation *user) {
  if (isa<num::AtSynapsesOp>(user))
    return true;
  return isElementSource(user) && user->getResult(0).hasOneUse() &&
         wantsEntriesOnly(*user->getResult(0).user_begin());
}

void splitUses(Operation *root) {
  SmallVector<Operation *> sources;
  root->walk([&](Operation *op) {
    if (isElementSource(op))
      sources.push_back(op);
  });
  unsigned copies = 0;
  for (Operation *op : llvm::reverse(sources)) { // users first
    SmallVector<OpOperand *> uses;
    for (OpOperand &use : op->getResult(0).getUses())
      if (wantsEntriesOnly(use.getOwner()))
        uses.push_back(&use);
    bool keepsOthers = !op->getResult(0).hasNUses(uses.size());
    for (OpOperand *use : llvm::drop_begin(uses, keepsOthers || uses.empty() ? 0 : 1)) {
      if (++copies > maxCopies)
        return;
      OpBuilder builder(use->getOwner());
      use->set(builder.clone(*op)->getResult(0));
    }
  }
}

} // namespace basalt::lower
