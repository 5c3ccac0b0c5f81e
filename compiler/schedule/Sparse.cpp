// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Remote accesses to sparse Vars, which are matrices to other processes.
#include "compiler/schedule/Builder.h"
#include "dialect/num/Num.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt {

proc::SparseAttr sparseOf(Instance instance, proc::VarOp var) {
  proc::SparseAttr sparse = var.getSparse().value_or(proc::SparseAttr());
  if (!sparse)
    return {};
  MLIRContext *context = var.getContext();
  auto stateOf = [&](FlatSymbolRefAttr name) {
    return FlatSymbolRefAttr::get(context, instance.spell(name.getValue()));
  };
  return proc::SparseAttr::get(context, sparse.getShape(), stateOf(sparse.getOffsets()),
                               stateOf(sparse.getTargets()), sparse.getIsCapacity());
}

namespace {
/// The Vars that say where the entries are.
struct Pattern {
  Value offsets, targets;

  Pattern(OpBuilder &builder, Location loc, Instance owner, proc::VarOp var) {
    proc::SparseAttr own = *var.getSparse(), states = sparseOf(owner, var);
    auto read = [&](FlatSymbolRefAttr name, FlatSymbolRefAttr state) -> Value {
      Type type = proc::declaredType(proc::lookupMember(owner.process, name.getValue()));
      return step::GetOp::create(builder, loc, proc::valueType(type), state, FlatSymbolRefAttr());
    };
    offsets = read(own.getOffsets(), states.getOffsets());
    targets = read(own.getTargets(), states.getTargets());
  }
};
} // namespace

Value matrixOf(OpBuilder &builder, Location loc, Value entries, Instance owner, proc::VarOp var) {
  if (!var.getSparse())
    return entries;
  Pattern pattern(builder, loc, owner, var);
  Type type =
      RankedTensorType::get(var.getSparse()->getShape(), getElementTypeOrSelf(entries.getType()));
  return num::ToDenseOp::create(builder, loc, type, entries, pattern.offsets, pattern.targets);
}

/// Elements of a matrix that are zero.
static Value areZero(OpBuilder &builder, Location loc, Value matrix) {
  auto type = cast<RankedTensorType>(matrix.getType());
  Value zeros = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
  if (isa<FloatType>(type.getElementType()))
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, matrix, zeros);
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, matrix, zeros);
}

Value entriesOf(OpBuilder &builder, Location loc, Value matrix, Instance owner, proc::VarOp var) {
  if (!var.getSparse())
    return matrix;
  Pattern pattern(builder, loc, owner, var);
  auto stored = cast<RankedTensorType>(var.getType()),
       whole = cast<RankedTensorType>(matrix.getType());
  // What stands where there is no entry would be lost.
  Type flag = builder.getI1Type();
  Value ones =
      arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(stored.clone(flag), true));
  Value isStored = num::ToDenseOp::create(builder, loc, whole.clone(flag), ones, pattern.offsets,
                                          pattern.targets);
  Value fits = arith::OrIOp::create(builder, loc, isStored, areZero(builder, loc, matrix));
  Value fit = num::ReduceOp::create(builder, loc, RankedTensorType::get({}, flag),
                                    num::ReduceKind::All, fits, ArrayRef<int64_t>{0, 1});
  proc::AssertOp::create(builder, loc, fit,
                         proc::messageOfLostEntry(owner.spell(var.getSymName())));
  return num::AtSynapsesOp::create(builder, loc, stored.clone(whole.getElementType()), matrix,
                                   pattern.offsets, pattern.targets);
}

} // namespace basalt
