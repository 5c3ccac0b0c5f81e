// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who reads and writes which state when, within a phase. The lowering asks it three things: whether
// an operation is computed inside the loop of its user (fused), whether a step.get may stand for
// the memory of its state (nobody writes it while the value is in use), and whether a value can be
// computed right into the state that it is stored into. All answers err on the side of a copy.
#ifndef BASALT_COMPILER_LOWER_ACCESSES_H
#define BASALT_COMPILER_LOWER_ACCESSES_H

#include "dialect/num/Num.h"
#include "dialect/step/Step.h"

#include "llvm/ADT/DenseSet.h"

namespace basalt::lower {

/// Whether values of this type live in memory: tensors of one element are scalars here.
bool isArray(mlir::Type type);

/// The extents of a tensor.
inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

/// Whether each element of the (only, array) result can be computed by itself from elements of the
/// operands.
bool isElementSource(mlir::Operation *op);

/// Copies what is computed element by element for those users that take it at stored entries of a
/// sparse matrix only, so that the whole of it need not lie in memory. To be done before.
void splitUses(mlir::Operation *root);

class Accesses {
public:
  /// `root` is a step.phase or step.guard.
  explicit Accesses(mlir::Operation *root);

  /// Whether `op` has no loop of its own: its elements are computed where its user needs them.
  bool isFused(mlir::Operation *op) const { return fused.contains(op); }

  /// Whether the value of `get` can be read in the state's own memory at all its uses.
  bool canAlias(step::GetOp get) const { return aliases.contains(get); }

  /// Whether the state still has the value of `get` (of any shape) at `at`.
  bool isUnchanged(step::GetOp get, mlir::Operation *at) const;

  /// The set that stores `value`, if `producer` can compute it directly in the state: nobody else
  /// looks at the state from then to the set. `mayRead` permits the producer itself to read it.
  step::SetOp directSet(mlir::Value value, mlir::Operation *producer, bool mayRead = false) const;

  /// Whether `op` is the last to read `value`, so that its memory can be reused for a result.
  bool isLastUse(mlir::Value value, mlir::Operation *op) const;

private:
  struct Interval {
    unsigned first, last;
  };
  struct State {
    llvm::SmallVector<unsigned> writes, looks; // looks: probes and updates
    llvm::SmallVector<Interval> reads;
  };

  void number(mlir::Operation *root);
  void findFused(mlir::Operation *root);
  bool canFuse(mlir::Operation *op);
  void collect(mlir::Operation *root);
  void addRead(step::GetOp get);

  unsigned position(mlir::Operation *op) const { return positions.lookup(op).first; }
  /// The position at which `user` really reads, seen from the block of `def`: that of the loop it
  /// is fused into, and the end of an scf.for that `def` is not in.
  unsigned readPosition(mlir::Operation *user, mlir::Block *def) const;
  unsigned lastUse(mlir::Value value, mlir::Block *def) const;

  llvm::DenseMap<mlir::Operation *, std::pair<unsigned, unsigned>> positions; // first, last inside
  llvm::DenseSet<mlir::Operation *> fused, repeated, aliases;
  llvm::StringMap<State> states;
};

} // namespace basalt::lower

#endif // BASALT_COMPILER_LOWER_ACCESSES_H
