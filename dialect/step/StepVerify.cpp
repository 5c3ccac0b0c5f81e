// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the step dialect.
#include "dialect/num/Num.h"
#include "dialect/proc/Rules.h"
#include "dialect/proc/Types.h"
#include "dialect/step/ExchangesState.h"
#include "dialect/step/Step.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace basalt::step {

template <typename OpT>
static OpT lookup(Operation *from, FlatSymbolRefAttr name, SymbolTableCollection &tables) {
  auto program = from->getParentOfType<ProgramOp>();
  return program ? dyn_cast_or_null<OpT>(tables.lookupSymbolIn(program, name.getAttr())) : OpT();
}

/// A state that says where entries are.
static LogicalResult verifyPattern(StateOp state, FlatSymbolRefAttr name, int64_t count,
                                   unsigned width) {
  auto pattern =
      dyn_cast_or_null<StateOp>(SymbolTable::lookupSymbolIn(state->getParentOp(), name.getAttr()));
  auto type = RankedTensorType::get(
      {count}, IntegerType::get(state.getContext(), width, IntegerType::Signed));
  if (!pattern || pattern.getType() != type)
    return state.emitOpError("expects a state '") << name.getValue() << "' of type " << type;
  return success();
}

/// A distribution for each block needs a rule with as many.
static LogicalResult verifyBlocks(StateOp state, proc::SparseAttr sparse) {
  ArrayAttr blocks = state.getDistribution() ? state.getDistribution()->getBlocks() : ArrayAttr();
  auto offsets = cast<StateOp>(
      SymbolTable::lookupSymbolIn(state->getParentOp(), sparse.getOffsets().getAttr()));
  ArrayAttr rules = offsets.getRule() ? offsets.getRule()->getBlocks() : ArrayAttr();
  if (blocks && (!rules || rules.size() != blocks.size()))
    return state.emitOpError("has ")
           << blocks.size() << " distributions for " << (rules ? rules.size() : 0) << " blocks";
  return success();
}

static LogicalResult verifySparse(StateOp state, proc::SparseAttr sparse) {
  ArrayRef<int64_t> shape = sparse.getShape();
  auto type = cast<RankedTensorType>(state.getType());
  if (type.getRank() != 1 || shape.size() != 2)
    return state.emitOpError("has entries of type ") << type << "; expected one axis, of a matrix";
  if (failed(verifyPattern(state, sparse.getOffsets(), shape[1] + 1, 64)))
    return failure();
  if (failed(verifyPattern(state, sparse.getTargets(), type.getDimSize(0), 32)))
    return failure();
  return verifyBlocks(state, sparse);
}

LogicalResult StateOp::verify() {
  auto type = dyn_cast<RankedTensorType>(getType());
  if (!type || !proc::isConcrete(type))
    return emitOpError("must have a concrete type, found ") << getType();
  if (getInit().getShapedType() != proc::valueType(type))
    return emitOpError("has an initial value of type ")
           << getInit().getShapedType() << " for the type " << type;
  if (getBySource() && (type.getRank() < 2 || getSparse()))
    return emitOpError(
        "is stored by source, which needs a matrix or a kernel that stores all its elements");
  if (failed(proc::verifyDrawn(*this, type, getInit(), getRuleAttr(), getDistributionAttr())))
    return failure();
  if (getDistribution() && !getSparse())
    return emitOpError("is drawn, but is not of the entries of a matrix");
  return getSparse() ? verifySparse(*this, *getSparse()) : success();
}

LogicalResult AliasOp::verifySymbolUses(SymbolTableCollection &tables) {
  if (!lookup<StateOp>(*this, getStateAttr(), tables) &&
      !lookup<PortOp>(*this, getStateAttr(), tables))
    return emitOpError("refers to an unknown state or port '") << getState() << "'";
  return success();
}

LogicalResult VarPortOp::verifySymbolUses(SymbolTableCollection &tables) {
  if (!lookup<StateOp>(*this, getStateAttr(), tables))
    return emitOpError("refers to an unknown state '") << getState() << "'";
  return success();
}

static bool isBodyOp(Operation *op) {
  return num::isValueOp(op) || isa<scf::IfOp, scf::ForOp, scf::YieldOp>(op) ||
         op->hasTrait<ExchangesState>() ||
         isa<GetOp, SetOp, UpdateOp, UpdateEntriesOp, DueOp, AdvanceOp, ProbeOp, YieldOp>(op) ||
         isa<proc::TimeStepOp, proc::SeedOp, proc::PrintOp, proc::AssertOp, proc::PauseOp,
             proc::StopOp>(op);
}

static LogicalResult verifyBody(Region &body) {
  WalkResult result = body.walk([&](Operation *op) {
    if (isBodyOp(op))
      return WalkResult::advance();
    op->emitOpError("cannot stand in a step.task");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

static LogicalResult verifyYield(Operation *op, Block &body, TypeRange expected) {
  auto yield = dyn_cast<YieldOp>(body.back());
  if (!yield || yield.getValues().getTypes() != expected)
    return op->emitOpError("must end with a step.yield of its result types");
  return success();
}

LogicalResult GuardOp::verify() {
  Type boolean = RankedTensorType::get({}, IntegerType::get(getContext(), 1));
  if (failed(verifyYield(*this, getBody().front(), boolean)))
    return failure();
  return verifyBody(getBody());
}

LogicalResult PhaseOp::verify() {
  for (Operation &op : getBody().getOps())
    if (!isa<TaskOp, ProbeOp>(op) && !num::isValueOp(&op))
      return op.emitOpError("cannot stand in a step.phase");
  return success();
}

LogicalResult TaskOp::verify() {
  if (getGuard() && getNumResults() != 0)
    return emitOpError("with a guard cannot have results");
  if (failed(verifyYield(*this, getBody().front(), getResultTypes())))
    return failure();
  return verifyBody(getBody());
}

LogicalResult KernelOp::verify() {
  for (Operation &op : getBody().getOps()) {
    if (&op == &getBody().front().back())
      break;
    bool scalar =
        llvm::none_of(op.getResultTypes(), [](Type type) { return isa<ShapedType>(type); });
    if (!scalar || !(num::isElementwise(&op) || op.hasTrait<OpTrait::ConstantLike>()))
      return op.emitOpError("cannot stand in a step.kernel, which is scalar code");
  }
  if (!isa<YieldOp>(getBody().front().back()))
    return emitOpError("must end with a step.yield");
  return success();
}

LogicalResult TaskOp::verifySymbolUses(SymbolTableCollection &tables) {
  if (getGuardAttr() && !lookup<GuardOp>(*this, getGuardAttr(), tables))
    return emitOpError("refers to an unknown guard '") << *getGuard() << "'";
  return success();
}

static LogicalResult verifyAccess(Operation *op, FlatSymbolRefAttr name, FlatSymbolRefAttr via,
                                  Type type, SymbolTableCollection &tables) {
  auto state = lookup<StateOp>(op, name, tables);
  if (!state)
    return op->emitOpError("refers to an unknown state '") << name.getValue() << "'";
  if (type != proc::valueType(state.getType()))
    return op->emitOpError("has a value of type ")
           << type << ", but the state '" << name.getValue() << "' has " << state.getType();
  if (!via)
    return success();
  auto port = lookup<VarPortOp>(op, via, tables);
  if (!port || port.getStateAttr() != name)
    return op->emitOpError("goes via '")
           << via.getValue() << "', which is no VarPort of '" << name.getValue() << "'";
  return success();
}

LogicalResult GetOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyAccess(*this, getStateAttr(), getViaAttr(), getType(), tables);
}

LogicalResult SetOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyAccess(*this, getStateAttr(), getViaAttr(), getValue().getType(), tables);
}

LogicalResult UpdateOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto kernel = lookup<KernelOp>(*this, getKernelAttr(), tables);
  if (!kernel)
    return emitOpError("refers to an unknown kernel '") << getKernel() << "'";
  SmallVector<Type> in, out;
  for (Attribute name : getStates()) {
    auto state = lookup<StateOp>(*this, cast<FlatSymbolRefAttr>(name), tables);
    if (!state)
      return emitOpError("refers to an unknown state ") << name;
    auto type = cast<RankedTensorType>(proc::valueType(state.getType()));
    if (type.getShape() != getExtent())
      return emitOpError("updates ") << name << " of shape " << proc::spellShape(type.getShape())
                                     << " over " << proc::spellShape(getExtent());
    in.push_back(type.getElementType());
    out.push_back(type.getElementType());
  }
  for (Value input : getInputs()) {
    auto type = cast<RankedTensorType>(input.getType());
    if (type.getRank() != 0 && type.getShape() != getExtent())
      return emitOpError("has an input of shape ")
             << proc::spellShape(type.getShape()) << " over " << proc::spellShape(getExtent());
    in.push_back(type.getElementType());
  }
  for (Type type : getResultTypes()) {
    if (cast<RankedTensorType>(type).getShape() != getExtent())
      return emitOpError("has a result that is not over ") << proc::spellShape(getExtent());
    out.push_back(cast<RankedTensorType>(type).getElementType());
  }
  if (TypeRange(kernel.getBody().getArgumentTypes()) != TypeRange(in) ||
      TypeRange(kernel.getBody().front().getTerminator()->getOperandTypes()) != TypeRange(out))
    return emitOpError("does not fit the arguments or results of the kernel '")
           << getKernel() << "'";
  return success();
}

//===--- Projections ---===//

bool canBeSummed(Type weight, Type sum) {
  unsigned bits = weight.getIntOrFloatBitWidth();
  if (isa<FloatType>(sum))
    return isa<FloatType>(weight) && bits <= sum.getIntOrFloatBitWidth();
  return (sum.isInteger(32) || sum.isInteger(64)) && isa<IntegerType>(weight) && bits > 1 &&
         bits <= sum.getIntOrFloatBitWidth();
}

static Type elementTypeOf(StateOp state) {
  return getElementTypeOrSelf(proc::valueType(state.getType()));
}

LogicalResult ProjectionOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto line = lookup<StateOp>(*this, getLineAttr(), tables),
       weights = lookup<StateOp>(*this, getWeightsAttr(), tables);
  if (!line || !weights || !weights.getSparse())
    return emitOpError("expects states for its line and its weights, which are sparse");
  auto type = cast<RankedTensorType>(line.getType());
  if (type.getRank() != (getDelays() ? 2 : 1) ||
      type.getDimSize(0) != weights.getSparse()->getShape()[0])
    return emitOpError("has a line of type ")
           << type << " for weights of shape " << proc::spellShape(weights.getSparse()->getShape());
  if (!canBeSummed(elementTypeOf(weights), elementTypeOf(line)) ||
      getElementTypeOrSelf(weights.getType()).isUnsignedInteger())
    return emitOpError("cannot add up weights of type ")
           << getElementTypeOrSelf(weights.getType()) << " in a line of type " << type;
  if (!getDelays())
    return getFirst() == 0 ? success() : emitOpError("has a first delay, but no delays");
  auto delays = lookup<StateOp>(*this, getDelaysAttr(), tables);
  if (!delays || delays.getSparse() != weights.getSparse() || !elementTypeOf(delays).isInteger() ||
      getElementTypeOrSelf(delays.getType()).isUnsignedInteger())
    return emitOpError("expects a delay, a signed integer, for each of its weights");
  return success();
}

/// The projection that an op names, if the op has the type that is expected of it.
template <typename OpT>
static LogicalResult verifyPart(OpT op, RankedTensorType type, bool isTargets,
                                SymbolTableCollection &tables) {
  auto projection = lookup<ProjectionOp>(op, op.getProjectionAttr(), tables);
  if (!projection)
    return op.emitOpError("refers to an unknown projection '") << op.getProjection() << "'";
  auto line = lookup<StateOp>(op, projection.getLineAttr(), tables),
       weights = lookup<StateOp>(op, projection.getWeightsAttr(), tables);
  if (!line || !weights || !weights.getSparse())
    return success(); // the projection says so
  auto expected =
      RankedTensorType::get({weights.getSparse()->getShape()[isTargets ? 0 : 1]},
                            isTargets ? elementTypeOf(line) : IntegerType::get(op.getContext(), 1));
  if (type != expected)
    return op.emitOpError("has the type ") << type << ", expected " << expected;
  return success();
}

LogicalResult DueOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyPart(*this, cast<RankedTensorType>(getType()), true, tables);
}

LogicalResult AdvanceOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyPart(*this, cast<RankedTensorType>(getSpikes().getType()), false, tables);
}

LogicalResult ProbeOp::verifySymbolUses(SymbolTableCollection &tables) {
  if (getValue() ? !lookup<PortOp>(*this, getTargetAttr(), tables)
                 : !lookup<StateOp>(*this, getTargetAttr(), tables))
    return emitOpError("refers to an unknown ")
           << (getValue() ? "port" : "state") << " '" << getTarget() << "'";
  return success();
}

} // namespace basalt::step
