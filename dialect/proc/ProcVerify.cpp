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

static bool isStar(Attribute name) { return cast<StringAttr>(name).getValue().starts_with("*"); }

/// Checks that there is one name for each axis, or a `*name` for those that are left.
static LogicalResult verifyShapeNames(Operation *op, Type type, std::optional<ArrayAttr> names) {
  if (!names)
    return success();
  int64_t stars = llvm::count_if(*names, isStar), given = names->size();
  if (stars > 1)
    return op->emitOpError("has ") << stars << " shape names with a star; one is possible";
  auto ranked = dyn_cast<RankedTensorType>(type);
  if (!ranked)
    return success();
  if (stars == 0 ? given != ranked.getRank() : given - 1 > ranked.getRank())
    return op->emitOpError("has ") << given << " shape names for rank " << ranked.getRank();
  return success();
}

template <typename OpT> static LogicalResult verifyDeclaration(OpT op) {
  Type element = getElementTypeOrSelf(op.getType());
  if (!isDeclarable(element))
    return op.emitOpError("has an element type that cannot be declared: ") << element;
  return verifyShapeNames(op, op.getType(), op.getShapeNames());
}

/// A Var that says where entries are: constant, so nobody else may write it.
static LogicalResult verifyPattern(VarOp var, FlatSymbolRefAttr name, int64_t count,
                                   unsigned width) {
  auto pattern =
      dyn_cast_or_null<VarOp>(SymbolTable::lookupSymbolIn(var->getParentOp(), name.getAttr()));
  auto type = RankedTensorType::get({count},
                                    IntegerType::get(var.getContext(), width, IntegerType::Signed));
  if (!pattern || pattern.getType() != type || !pattern.getNotShareable())
    return var.emitOpError("expects a Var '")
           << name.getValue() << "' of type " << type << " that is not shareable";
  return success();
}

LogicalResult VarOp::verify() {
  if (failed(verifyDeclaration(*this)))
    return failure();
  if (!getSparse())
    return success();
  ArrayRef<int64_t> shape = getSparse()->getShape();
  auto type = dyn_cast<RankedTensorType>(getType());
  if (!type || type.getRank() != 1 || !type.hasStaticShape() || shape.size() != 2)
    return emitOpError("has entries of type ") << getType() << "; expected one axis, of a matrix";
  if (failed(verifyPattern(*this, getSparse()->getOffsets(), shape[1] + 1, 64)))
    return failure();
  return verifyPattern(*this, getSparse()->getTargets(), type.getDimSize(0), 32);
}
LogicalResult InPortOp::verify() { return verifyDeclaration(*this); }
LogicalResult OutPortOp::verify() { return verifyDeclaration(*this); }
LogicalResult RefPortOp::verify() { return verifyDeclaration(*this); }

static bool isBound(Attribute bound) {
  auto integer = dyn_cast_or_null<IntegerAttr>(bound);
  auto real = dyn_cast_or_null<FloatAttr>(bound);
  return !bound || (integer && integer.getType().isInteger(64)) || (real && real.getType().isF64());
}

LogicalResult LimitsAttr::verify(function_ref<InFlightDiagnostic()> emitError, Attribute low,
                                 Attribute high) {
  if (!isBound(low) || !isBound(high))
    return emitError() << "the bounds of limits must be of type i64 or f64";
  return success();
}

LogicalResult ModelOp::verify() {
  for (NamedAttribute limit : getLimits().value_or(DictionaryAttr::get(getContext())))
    if (!isa<LimitsAttr, ArrayAttr>(limit.getValue()))
      return emitOpError("expects #proc.limits or an array as the limit of '")
             << limit.getName().getValue() << "', found " << limit.getValue();
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
         isa<GetOp, SetOp, RecvOp, SendOp, ReadOp, WriteOp, TimeStepOp, SeedOp, InstanceKeyOp,
             PrintOp, AssertOp, PauseOp, StopOp, YieldOp>(op);
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
  if (!isa<ReshapeAttr, TransposeAttr, SliceAttr, ConcatAttr, PlaceAttr>(transform))
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

/// Checks that `ref` names something where `op` stands.
static LogicalResult verifyEnd(Operation *op, SymbolRefAttr ref, SymbolTableCollection &tables) {
  if (!lookupEnd(op->getParentOp(), ref, &tables).member)
    return op->emitOpError("refers to an unknown port or Var '") << spell(ref) << "'";
  return success();
}

LogicalResult VirtualPortOp::verifySymbolUses(SymbolTableCollection &tables) {
  for (auto source : getSources().getAsRange<SymbolRefAttr>())
    if (failed(verifyEnd(*this, source, tables)))
      return failure();
  return success();
}

LogicalResult ConnectOp::verifySymbolUses(SymbolTableCollection &tables) {
  if (failed(verifyEnd(*this, getSourceAttr(), tables)))
    return failure();
  return verifyEnd(*this, getTargetAttr(), tables);
}

LogicalResult ConnectOp::verify() {
  for (Attribute transform : getVia().value_or(ArrayAttr::get(getContext(), {})))
    if (!isa<ReshapeAttr, TransposeAttr, SliceAttr, PlaceAttr>(transform))
      return emitOpError("expects #proc transforms of one source, found ") << transform;
  return success();
}

LogicalResult AliasOp::verifySymbolUses(SymbolTableCollection &tables) {
  // In the flat network the alias is a path whose instance is no more.
  if (isa<ModelOp>((*this)->getParentOp()) && failed(verifyEnd(*this, getAliasAttr(), tables)))
    return failure();
  return verifyEnd(*this, getTargetAttr(), tables);
}

} // namespace basalt::proc
