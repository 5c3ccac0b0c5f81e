// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which loops threads can share: those whose stores go to elements that belong to the iteration.
//
//   for t { out[t] = 0 }                                     the loop itself
//   for s { if spike[s] { for t { out[t] += w[s * T + t] }}} the inner loop: each thread goes
//   through
//                                                            all sources, in order, for its targets
//   for t { out[t * D + slot] = 0 }                          rows, if slot is below D
#include "compiler/native/Statements.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace basalt::native {

namespace {

/// `factor * iteration + rest`, with a rest from `low` to `high`.
struct Place {
  int64_t factor = 0, low = 0, high = 0;
};

std::optional<Place> addPlaces(Place a, Place b) {
  Place sum;
  if (llvm::AddOverflow(a.factor, b.factor, sum.factor) ||
      llvm::AddOverflow(a.low, b.low, sum.low) || llvm::AddOverflow(a.high, b.high, sum.high))
    return std::nullopt;
  return sum;
}

std::optional<Place> scalePlace(Place a, int64_t by) {
  Place product;
  if (by < 0 || llvm::MulOverflow(a.factor, by, product.factor) ||
      llvm::MulOverflow(a.low, by, product.low) || llvm::MulOverflow(a.high, by, product.high))
    return std::nullopt;
  return product;
}

/// The number that `value` is below, without sign, where `user` is: because of an `if` around it.
std::optional<int64_t> guardOf(Value value, Operation *user) {
  for (Operation *op = user; op; op = op->getParentOp()) {
    auto conditional = dyn_cast_or_null<scf::IfOp>(op->getParentOp());
    if (!conditional || op->getParentRegion() != &conditional.getThenRegion())
      continue;
    auto compare = conditional.getCondition().getDefiningOp<arith::CmpIOp>();
    if (compare && compare.getPredicate() == arith::CmpIPredicate::ult && compare.getLhs() == value)
      if (std::optional<int64_t> bound = getConstantIntValue(compare.getRhs()); bound && *bound > 0)
        return bound;
  }
  return std::nullopt;
}

std::optional<Place> placeOfIteration(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto loop = argument ? dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp()) : scf::ForOp();
  if (!loop || value != loop.getInductionVar())
    return std::nullopt;
  std::optional<int64_t> low = getConstantIntValue(loop.getLowerBound()),
                         high = getConstantIntValue(loop.getUpperBound());
  if (!low || !high || *low >= *high)
    return std::nullopt;
  return Place{0, *low, *high - 1};
}

/// `value` as a place that depends on the iteration `iteration` of a loop.
std::optional<Place> placeOf(Value value, Value iteration) {
  if (value == iteration)
    return Place{1, 0, 0};
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return Place{0, *constant, *constant};
  Operation *op = value.getDefiningOp();
  if (!op)
    return placeOfIteration(value);
  if (auto index = dyn_cast<rtop::IndexOp>(op)) // what it names is on the axis
    return Place{0, 0, int64_t(index.getExtent()) - 1};
  if (auto cast = dyn_cast<arith::IndexCastOp>(op)) {
    std::optional<int64_t> bound = guardOf(cast.getIn(), cast);
    return bound ? std::optional<Place>(Place{0, 0, *bound - 1}) : std::nullopt;
  }
  if (!isa<arith::AddIOp, arith::MulIOp>(op))
    return std::nullopt;
  std::optional<Place> a = placeOf(op->getOperand(0), iteration),
                       b = placeOf(op->getOperand(1), iteration);
  if (!a || !b)
    return std::nullopt;
  if (isa<arith::AddIOp>(op))
    return addPlaces(*a, *b);
  if (a->factor == 0 && a->low == a->high)
    std::swap(a, b);
  if (b->factor != 0 || b->low != b->high)
    return std::nullopt;
  return scalePlace(*a, b->low);
}

/// The extent of a loop over all elements of an axis, or 0.
int64_t extentOf(scf::ForOp loop) {
  if (loop.getNumResults() != 0 || !isConstantIntValue(loop.getLowerBound(), 0) ||
      !isConstantIntValue(loop.getStep(), 1))
    return 0;
  return getConstantIntValue(loop.getUpperBound()).value_or(0);
}

/// Whether the elements of `memory` at `index` are those that belong to the iteration of `loop`.
bool isOwn(scf::ForOp loop, MemRefType memory, ValueRange indices) {
  int64_t extent = extentOf(loop), count = memory.getNumElements();
  if (extent == 0 || count % extent != 0)
    return false;
  std::optional<Place> place = placeOf(indices.front(), loop.getInductionVar());
  return place && place->factor == count / extent && place->low >= 0 && place->high < place->factor;
}

class LoopSplit {
public:
  LoopSplit(scf::ForOp root, Statement &statement) : root(root), statement(statement) {}
  void run();

private:
  bool chooseLoops();
  bool chooseLoop(memref::StoreOp store);
  bool checkNesting();
  bool checkLoads();
  bool checkFailures();
  bool isWorthwhile();
  /// The chosen loop around `op`, or null.
  scf::ForOp loopAround(Operation *op) {
    for (auto loop = op->getParentOfType<scf::ForOp>(); loop;
         loop = loop->getParentOfType<scf::ForOp>())
      if (loops.contains(loop))
        return loop;
    return {};
  }

  scf::ForOp root;
  Statement &statement;
  llvm::SetVector<scf::ForOp> loops;
  llvm::MapVector<StringRef, bool> own; // memories; whether all uses are own
};

/// The outermost loop of which it stores an own element.
bool LoopSplit::chooseLoop(memref::StoreOp store) {
  scf::ForOp chosen;
  for (auto loop = store->getParentOfType<scf::ForOp>(); loop;
       loop = loop->getParentOfType<scf::ForOp>()) {
    if (isOwn(loop, store.getMemRefType(), store.getIndices()))
      chosen = loop;
    if (loop == root)
      break;
  }
  if (!chosen || (!loops.empty() && extentOf(chosen) != extentOf(loops.front())))
    return false;
  loops.insert(chosen);
  own[globalOf(store.getMemRef())] = true;
  return true;
}

bool LoopSplit::chooseLoops() {
  WalkResult walk = root.walk([&](Operation *op) {
    if (auto store = dyn_cast<memref::StoreOp>(op))
      return WalkResult(success(chooseLoop(store)));
    return WalkResult(success(isa<memref::LoadOp, rtop::IndexOp, scf::ForOp, scf::IfOp>(op) ||
                              isMemoryEffectFree(op)));
  });
  return !walk.wasInterrupted() && !loops.empty();
}

/// What an inner one computed for all iterations of an outer one, it would for some of them alone.
bool LoopSplit::checkNesting() {
  return llvm::none_of(loops, [&](scf::ForOp loop) { return loopAround(loop); });
}

bool LoopSplit::checkLoads() {
  bool result = true;
  root.walk([&](memref::LoadOp load) {
    StringRef memory = globalOf(load.getMemRef());
    scf::ForOp loop = loopAround(load);
    bool loadsOwn = loop && isOwn(loop, load.getMemRefType(), load.getIndices());
    auto [it, isNew] = own.insert({memory, loadsOwn});
    if (isNew)
      return;
    it->second &= loadsOwn;
  });
  for (const Access &access : statement.accesses)
    result &= !access.isWrite || own.lookup(access.memory);
  return result;
}

/// On one thread it is the first iteration of the outermost loop that fails, so this must be the
/// order of the ranges.
bool LoopSplit::checkFailures() {
  bool result = true;
  root.walk([&](rtop::IndexOp index) {
    scf::ForOp loop = loopAround(index);
    result &= !loop || loop == root;
  });
  return result;
}

/// What is around the loops, every thread does.
bool LoopSplit::isWorthwhile() {
  double around = estimateWork(root, [&](Operation *op) {
    auto loop = dyn_cast<scf::ForOp>(op);
    return loop && loops.contains(loop);
  });
  return around <= statement.work / 4;
}

void LoopSplit::run() {
  if (root.getNumResults() != 0 || !chooseLoops() || !checkNesting() || !checkLoads() ||
      !checkFailures() || !isWorthwhile())
    return;
  statement.extent = extentOf(loops.front());
  statement.loops = loops.takeVector();
  for (Access &access : statement.accesses)
    access.isOwn = own.lookup(access.memory);
}

} // namespace

void splitLoops(scf::ForOp root, Statement &statement) { LoopSplit(root, statement).run(); }

} // namespace basalt::native
