// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations of the rt dialect that can be split, and what holds them together.
#include "dialect/rt/Rt.h"

using namespace mlir;

#include "dialect/rt/RtSplit.cpp.inc"

namespace basalt::rtop {

/// An operation does all of its elements or one range of them.
static LogicalResult verifyRange(Operation *op, ValueRange range) {
  if (range.empty() || range.size() == 2)
    return success();
  return op->emitOpError("has ") << range.size() << " numbers for a range, expected 2 or none";
}

//===--- fill_random ---===//

LogicalResult FillRandomOp::verify() { return verifyRange(*this, getRange()); }

int64_t FillRandomOp::getSplitExtent() {
  return getRange().empty() ? getTarget().getType().getNumElements() : 0;
}

void FillRandomOp::getSplitAccesses(SmallVectorImpl<SplitAccess> &accesses) {
  accesses.push_back({getTarget(), "", /*isWrite=*/true, /*isOwn=*/true});
}

double FillRandomOp::getSplitWork() { return 1.0 * double(getSplitExtent()); }

void FillRandomOp::split(Value low, Value high) { getRangeMutable().assign(ValueRange{low, high}); }

//===--- fill_poisson ---===//

LogicalResult FillPoissonOp::verify() { return verifyRange(*this, getRange()); }

int64_t FillPoissonOp::getSplitExtent() {
  return getRange().empty() ? getTarget().getType().getNumElements() : 0;
}

void FillPoissonOp::getSplitAccesses(SmallVectorImpl<SplitAccess> &accesses) {
  accesses.push_back({getTarget(), "", /*isWrite=*/true, /*isOwn=*/true});
  if (isa<MemRefType>(getLambda().getType()))
    accesses.push_back({getLambda(), "", /*isWrite=*/false, /*isOwn=*/true});
}

double FillPoissonOp::getSplitWork() { return 1.0 * double(getSplitExtent()); }

void FillPoissonOp::split(Value low, Value high) {
  getRangeMutable().assign(ValueRange{low, high});
}

//===--- record_port ---===//

LogicalResult RecordPortOp::verify() { return verifyRange(*this, getRange()); }

int64_t RecordPortOp::getSplitExtent() {
  return getRange().empty() ? getValue().getType().getNumElements() : 0;
}

void RecordPortOp::getSplitAccesses(SmallVectorImpl<SplitAccess> &accesses) {
  accesses.push_back({getValue(), "", /*isWrite=*/false, /*isOwn=*/true});
  accesses.push_back({Value(), getPort(), /*isWrite=*/true, /*isOwn=*/true});
}

/// Mostly a test.
double RecordPortOp::getSplitWork() { return 0; }

void RecordPortOp::split(Value low, Value high) { getRangeMutable().assign(ValueRange{low, high}); }

//===--- due, advance ---===//

LogicalResult DueOp::verify() { return verifyRange(*this, getRange()); }

int64_t DueOp::getSplitExtent() {
  return getRange().empty() ? getTarget().getType().getNumElements() : 0;
}

void DueOp::getSplitAccesses(SmallVectorImpl<SplitAccess> &accesses) {
  accesses.push_back({getTarget(), "", /*isWrite=*/true, /*isOwn=*/true});
  accesses.push_back({Value(), getProjection(), /*isWrite=*/false, /*isOwn=*/false});
}

/// What a target gets in a step depends on the spikes: a synapse or two.
double DueOp::getSplitWork() { return 2.0 * double(getSplitExtent()); }

void DueOp::split(Value low, Value high) { getRangeMutable().assign(ValueRange{low, high}); }

/// One thread makes the list of spikes.
int64_t AdvanceOp::getSplitExtent() { return 0; }

void AdvanceOp::getSplitAccesses(SmallVectorImpl<SplitAccess> &accesses) {
  accesses.push_back({getSpikes(), "", /*isWrite=*/false, /*isOwn=*/false});
  accesses.push_back({Value(), getProjection(), /*isWrite=*/true, /*isOwn=*/false});
}

double AdvanceOp::getSplitWork() { return 0; }

void AdvanceOp::split(Value low, Value high) { llvm_unreachable("has no extent"); }

//===--- update_entries ---===//

LogicalResult UpdateEntriesOp::verify() {
  if (failed(verifyRange(*this, getRange())))
    return failure();
  return step::verifyRoles(*this, getInputs(), getRoles());
}

/// The sources or targets: each has entries that no other has.
int64_t UpdateEntriesOp::getSplitExtent() {
  return getRange().empty() ? getSpikes().getType().getNumElements() : 0;
}

void UpdateEntriesOp::getSplitAccesses(SmallVectorImpl<SplitAccess> &accesses) {
  accesses.push_back({getSpikes(), "", /*isWrite=*/false, /*isOwn=*/true});
  // Entries of a range of targets are scattered.
  accesses.push_back({getEntries(), "", /*isWrite=*/true, /*isOwn=*/false});
  accesses.push_back({getOffsets(), "", /*isWrite=*/false, /*isOwn=*/false});
  accesses.push_back({getTargets(), "", /*isWrite=*/false, /*isOwn=*/false});
  for (auto [i, input] : llvm::enumerate(getInputs()))
    if (isa<MemRefType>(input.getType()))
      accesses.push_back({input, "", /*isWrite=*/false, /*isOwn=*/roleOf(i) == getBy()});
}

/// Where some neurons of a thousand spike.
double UpdateEntriesOp::getSplitWork() {
  return 0.02 * double(getEntries().getType().getNumElements());
}

void UpdateEntriesOp::split(Value low, Value high) {
  getRangeMutable().assign(ValueRange{low, high});
}

//===--- axis, parallel ---===//

LogicalResult AxisOp::verify() {
  if (int64_t(getExtent()) < 1 || int64_t(getGrain()) < 1)
    return emitOpError("needs an extent and a grain of at least 1");
  return success();
}

LogicalResult ParallelOp::verify() {
  Block &block = getBody().front();
  if (block.getNumArguments() != 2 * getAxes().size() ||
      !llvm::all_of(block.getArgumentTypes(), [](Type type) { return type.isIndex(); }))
    return emitOpError("expects two arguments of type index for each axis");
  return success();
}

LogicalResult ParallelOp::verifySymbolUses(SymbolTableCollection &symbols) {
  for (auto axis : getAxes().getAsRange<FlatSymbolRefAttr>())
    if (!symbols.lookupNearestSymbolFrom<AxisOp>(*this, axis))
      return emitOpError("names ") << axis << ", which is no rt.axis";
  return success();
}

} // namespace basalt::rtop
