// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of the num dialect, and the closed list of value operations.
#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#include "dialect/num/NumDialect.cpp.inc"
#include "dialect/num/NumEnums.cpp.inc"

#define GET_OP_CLASSES
#include "dialect/num/NumOps.cpp.inc"

namespace basalt::num {

/// A computed index may be out of range, which stops the run: such an op must neither vanish nor
/// run early.
template <typename OpT>
static void indexEffects(OpT op, SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  if (!op.getDynamic().empty())
    effects.emplace_back(MemoryEffects::Write::get());
}
void ExtractOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  indexEffects(*this, effects);
}
void InsertOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  indexEffects(*this, effects);
}
Speculation::Speculatability ExtractOp::getSpeculatability() {
  return getDynamic().empty() ? Speculation::Speculatable : Speculation::NotSpeculatable;
}
Speculation::Speculatability InsertOp::getSpeculatability() {
  return getDynamic().empty() ? Speculation::Speculatable : Speculation::NotSpeculatable;
}
void GatherOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  effects.emplace_back(MemoryEffects::Write::get());
}
Speculation::Speculatability GatherOp::getSpeculatability() { return Speculation::NotSpeculatable; }

void NumDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialect/num/NumOps.cpp.inc"
      >();
}

/// The part of arith that is total. Division, remainder and shifts by a variable are not (undefined
/// or poison in MLIR); num has ops for them.
static bool isTotalArith(Operation *op) {
  return isa<arith::ConstantOp, arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::AndIOp,
             arith::OrIOp, arith::XOrIOp, arith::MaxSIOp, arith::MinSIOp, arith::AddFOp,
             arith::SubFOp, arith::MulFOp, arith::DivFOp, arith::NegFOp, arith::MaximumFOp,
             arith::MinimumFOp, arith::CmpIOp, arith::CmpFOp, arith::SelectOp, arith::ExtSIOp,
             arith::ExtUIOp, arith::TruncIOp, arith::SIToFPOp, arith::ExtFOp, arith::TruncFOp>(op);
}

bool isValueOp(Operation *op) {
  return isTotalArith(op) || isa_and_nonnull<NumDialect>(op->getDialect());
}

bool isElementwise(Operation *op) {
  return isValueOp(op) && !isa<arith::ConstantOp>(op) && OpTrait::hasElementwiseMappableTraits(op);
}

} // namespace basalt::num
