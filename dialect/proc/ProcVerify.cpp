// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the structural ops of proc. Rules that depend on the stage (which connections fit,
// what must be concrete) are checks in compiler/resolve.
#include "dialect/num/Num.h"
#include "dialect/proc/Lookup.h"
#include "dialect/proc/Proc.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt::proc {

static bool isDeclarable(Type element) {
  if (isa<NamedType, Float32Type, Float64Type>(element))
    return true;
  auto integer = dyn_cast<IntegerType>(element);
  return integer && integer.getWidth() <= 64 && (!integer.isSignless() || integer.getWidth() == 1);
}

LogicalResult VarOp::verify() {
  if (!isDeclarable(getElementTypeOrSelf(getType())))
    return emitOpError("has an element type that cannot be declared: ")
           << getElementTypeOrSelf(getType());
  return success();
}

LogicalResult ModelOp::verify() {
  bool children = false, code = false;
  for (Operation &op : getBody().getOps()) {
    if (isa<InstanceOp, ConnectOp, AliasOp, VirtualPortOp>(op))
      children = true;
    else if (isa<PhaseOp, GuardOp>(op))
      code = true;
    else
      return op.emitOpError("cannot stand in a proc.model");
  }
  if (children && code)
    return emitOpError("has both phases and instances");
  return success();
}

/// The closed list of what behaviours are made of.
static bool isBehaviourOp(Operation *op) {
  return num::isValueOp(op) || isa<scf::IfOp, scf::ForOp, scf::YieldOp>(op) ||
         isa<GetOp, SetOp, RecvOp, SendOp, ReadOp, WriteOp, TimeStepOp, PrintOp, AssertOp, PauseOp,
             StopOp, YieldOp>(op);
}

static LogicalResult verifyCode(Operation *code, Region &body) {
  WalkResult result = body.walk([&](Operation *op) {
    if (isBehaviourOp(op))
      return WalkResult::advance();
    op->emitOpError("is not in the closed list of ops of behaviours");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

LogicalResult PhaseOp::verify() {
  if (getSource() && !getBody().front().empty())
    return emitOpError("has both a source text and a body");
  return verifyCode(*this, getBody());
}

LogicalResult GuardOp::verify() {
  if (getSource())
    return success();
  if (getBody().front().empty() || !isa<YieldOp>(getBody().front().back()))
    return emitOpError("must end with proc.yield");
  return verifyCode(*this, getBody());
}

LogicalResult VirtualPortOp::verify() {
  Attribute transform = getTransform();
  if (!isa<ReshapeAttr, TransposeAttr, SliceAttr, ConcatAttr>(transform))
    return emitOpError("expects a #proc transform, found ") << transform;
  if (getSources().empty() || (getSources().size() > 1 && !isa<ConcatAttr>(transform)))
    return emitOpError("has ") << getSources().size()
                               << " sources; only concat takes several, and it takes at least one";
  return success();
}

LogicalResult VarPortOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto var = dyn_cast_or_null<VarOp>(
      tables.lookupSymbolIn((*this)->getParentOp(), getVarAttr().getAttr()));
  if (!var)
    return emitOpError("refers to '") << getVar() << "', which is no Var of this process";
  if (var.getNotShareable())
    return emitOpError("refers to the Var '") << getVar() << "', which is not shareable";
  return success();
}

LogicalResult InstanceOp::verifySymbolUses(SymbolTableCollection &tables) {
  ProcessOp process = lookupProcess(*this, &tables);
  if (!process)
    return emitOpError("refers to an unknown process '") << getProcess() << "'";
  if (getValues().empty())
    return success();
  for (Operation &op : getValues().getOps()) {
    auto value = dyn_cast<ValueOp>(op);
    if (!value)
      return op.emitOpError("cannot stand in a proc.instance");
    if (!isa_and_nonnull<VarOp>(tables.lookupSymbolIn(process, value.getVarAttr().getAttr())))
      return value.emitOpError("gives '")
             << value.getVar() << "', which is no Var of '" << getProcess() << "'";
  }
  return success();
}

LogicalResult ConnectOp::verifySymbolUses(SymbolTableCollection &tables) {
  for (SymbolRefAttr ref : {getSourceAttr(), getTargetAttr()})
    if (!lookupEnd((*this)->getParentOp(), ref, &tables).member)
      return emitOpError("refers to an unknown port or Var '") << spell(ref) << "'";
  return success();
}

} // namespace basalt::proc
