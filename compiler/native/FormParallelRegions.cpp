// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// form-parallel-regions: statements whose work threads can share => rt.parallel. See Passes.td.
//
// The statements of a block are taken level by level. A level has a serial part, then a region. A
// statement joins the first level in which all that it depends on is done, for a region: done by
// the same thread. So a block has as few barriers as dependencies allow, and what is serial stays
// in its order as far as anyone can tell.
#include "compiler/native/Passes.h"
#include "compiler/native/Statements.h"

#include "dialect/proc/Proc.h"
#include "dialect/step/Step.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/MapVector.h"

#include <numeric>
#include <vector>

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_FORMPARALLELREGIONS
#include "compiler/native/NativePasses.h.inc"

namespace native {
namespace {

//===--- What depends on what ---===//

/// What the statements of a set use.
class Footprint {
public:
  void add(const Statement &statement);
  /// Whether `statement` must come after those of the set.
  bool orders(const Statement &statement) const;
  /// Whether a thread would have to wait for others between those of the set and `statement`.
  bool needsBarrier(const Statement &statement) const;

private:
  struct Use {
    bool isWritten = false;
    int64_t ownExtent = -1; // of all uses; 0: some use is not own, or extents differ
  };

  template <typename Rule> bool conflicts(const Statement &statement, Rule rule) const;

  llvm::DenseMap<StringRef, Use> uses;
  DenseSet<Operation *> members;
  bool usesAnything = false, prints = false, mayFail = false;
};

int64_t ownExtent(const Statement &statement, const Access &access) {
  return access.isOwn ? statement.extent : 0;
}

void Footprint::add(const Statement &statement) {
  members.insert(statement.op);
  usesAnything |= statement.usesAnything;
  prints |= statement.prints;
  mayFail |= statement.mayFail;
  for (const Access &access : statement.accesses) {
    Use &use = uses[access.memory];
    use.isWritten |= access.isWrite;
    int64_t extent = ownExtent(statement, access);
    use.ownExtent = use.ownExtent == -1 || use.ownExtent == extent ? extent : 0;
  }
}

template <typename Rule> bool Footprint::conflicts(const Statement &statement, Rule rule) const {
  if (!members.empty() && (usesAnything || statement.usesAnything))
    return true;
  for (const Access &access : statement.accesses) {
    auto use = uses.find(access.memory);
    if (use != uses.end() && (access.isWrite || use->second.isWritten) && rule(use->second, access))
      return true;
  }
  return llvm::any_of(statement.operands, [&](Operation *op) { return members.contains(op); });
}

/// What was printed before a failure is seen, so their order counts.
bool Footprint::orders(const Statement &statement) const {
  bool inOrder = (prints && (statement.prints || statement.mayFail)) ||
                 (mayFail && (statement.prints || statement.mayFail));
  return inOrder || conflicts(statement, [](const Use &, const Access &) { return true; });
}

bool Footprint::needsBarrier(const Statement &statement) const {
  return conflicts(statement, [&](const Use &use, const Access &access) {
    return !access.isOwn || use.ownExtent != statement.extent;
  });
}

/// A serial part and the region behind it; both may be empty.
struct Level {
  SmallVector<unsigned> serial, shared; // positions of statements
};

/// The levels of a block.
class Levels {
public:
  /// Regions have `least` work.
  Levels(ArrayRef<Statement> statements, double least) : statements(statements), least(least) {}

  SmallVector<Level> form();

private:
  using Positions = SmallVector<unsigned>;

  Level takeLevel(Positions &remaining);
  void giveUpRegion(Level &level, Positions &remaining);

  ArrayRef<Statement> statements;
  double least;
};

/// Takes what can be in the next level out of `remaining`.
Level Levels::takeLevel(Positions &remaining) {
  Level level;
  Footprint region, deferred;
  Positions later;
  for (unsigned i : remaining) {
    const Statement &statement = statements[i];
    bool isSerial = statement.extent == 0;
    if (deferred.orders(statement) ||
        (isSerial ? region.orders(statement) : region.needsBarrier(statement))) {
      deferred.add(statement);
      later.push_back(i);
      continue;
    }
    if (!isSerial)
      region.add(statement);
    (isSerial ? level.serial : level.shared).push_back(i);
  }
  remaining = std::move(later);
  return level;
}

/// What the next levels wait for is done by one thread; the rest may join the next region.
void Levels::giveUpRegion(Level &level, Positions &remaining) {
  Footprint others, waitedFor;
  for (unsigned i : remaining)
    others.add(statements[i]);
  Positions joining;
  for (unsigned i : llvm::reverse(level.shared)) {
    const Statement &statement = statements[i];
    if (others.needsBarrier(statement) || waitedFor.orders(statement)) {
      waitedFor.add(statement);
      level.serial.push_back(i);
    } else {
      joining.push_back(i);
    }
  }
  if (remaining.empty() || level.serial.empty()) { // there is no next region, or it is the same
    llvm::append_range(level.serial, joining);
    joining.clear();
  }
  llvm::append_range(remaining, joining);
  llvm::sort(remaining);
  level.shared.clear();
}

SmallVector<Level> Levels::form() {
  SmallVector<Level> levels;
  auto remaining = llvm::to_vector(llvm::seq<unsigned>(0, statements.size()));
  while (!remaining.empty()) {
    Level &level = levels.emplace_back(takeLevel(remaining));
    double work = 0;
    for (unsigned i : level.shared)
      work += statements[i].work;
    if (work < least)
      giveUpRegion(level, remaining);
    llvm::sort(level.serial);
  }
  return levels;
}

//===--- Axes ---===//

/// The axes of the program. Memory of which a statement uses its own elements connects it to others
/// of the same extent: they go over the same axis.
class Axes {
public:
  /// Ranges of memory are cut at multiples of `grain` elements.
  Axes(SymbolTable &symbols, uint64_t grain) : symbols(symbols), grain(grain) {}

  void add(const Statement &statement);
  /// When all are added: the axis of one, which is declared when it is first asked for.
  FlatSymbolRefAttr of(const Statement &statement);

private:
  using Member = std::pair<StringRef, int64_t>; // memory and extent

  uint64_t grainOf(Member member);

  SymbolTable &symbols;
  uint64_t grain;
  llvm::EquivalenceClasses<Member> classes;
  llvm::MapVector<Member, FlatSymbolRefAttr> names; // of all members
};

void Axes::add(const Statement &statement) {
  std::optional<Member> first;
  for (const Access &access : statement.accesses) {
    if (!access.isOwn)
      continue;
    Member member{access.memory, statement.extent};
    names.insert({member, nullptr});
    classes.insert(member);
    if (first)
      classes.unionSets(*first, member);
    else
      first = member;
  }
}

/// So many elements of the axis have `grain` elements of each memory, or a multiple.
uint64_t Axes::grainOf(Member member) {
  uint64_t result = 1;
  for (const Member &other : classes.members(member)) {
    auto global = symbols.lookup<memref::GlobalOp>(other.first);
    uint64_t each = global ? global.getType().getNumElements() / other.second : 1;
    result = std::lcm(result, grain / std::gcd(grain, each));
  }
  return result;
}

FlatSymbolRefAttr Axes::of(const Statement &statement) {
  auto own = llvm::find_if(statement.accesses, [](const Access &access) { return access.isOwn; });
  Member member{own->memory, statement.extent};
  FlatSymbolRefAttr &name = names[member];
  if (name)
    return name;
  // After the instance whose memory was the first.
  Member first = llvm::find_if(names, [&](auto &other) {
                   return classes.isEquivalent(other.first, member);
                 })->first;
  OpBuilder builder(symbols.getOp()->getContext());
  auto axis = rtop::AxisOp::create(builder, statement.op->getLoc(),
                                   ("axis." + first.first.split('.').first).str(), statement.extent,
                                   grainOf(member));
  name = FlatSymbolRefAttr::get(builder.getContext(), symbols.insert(axis));
  for (const Member &other : classes.members(member))
    names[other] = name;
  return name;
}

//===--- Regions ---===//

/// A block with a region.
struct Plan {
  Block *block;
  SmallVector<Statement> statements;
  SmallVector<Level> levels;
};

class RegionForming {
public:
  RegionForming(ModuleOp module, double least, uint64_t grain)
      : symbols(module), analysis(symbols), axes(symbols, grain), least(least) {}
  void run(ModuleOp module);

private:
  void planBlock(Block &block);
  void apply(Plan &plan);
  void formRegion(const Plan &plan, const Level &level);
  void split(const Statement &statement, Value low, Value high);
  void splitCall(func::CallOp call, Value low, Value high);

  SymbolTable symbols;
  StatementAnalysis analysis;
  Axes axes;
  double least;
  std::vector<Plan> plans;
};

void RegionForming::planBlock(Block &block) {
  Plan plan{&block, {}, {}};
  for (Operation &op : block.without_terminator())
    plan.statements.push_back(analysis.analyse(&op));
  plan.levels = Levels(plan.statements, least).form();
  DenseSet<Operation *> shared;
  for (const Level &level : plan.levels)
    for (unsigned i : level.shared)
      shared.insert(plan.statements[i].op);
  for (const Statement &statement : plan.statements)
    if (!shared.contains(statement.op))
      for (Region &region : statement.op->getRegions())
        for (Block &inner : region)
          planBlock(inner);
  if (shared.empty())
    return;
  for (const Statement &statement : plan.statements)
    if (shared.contains(statement.op))
      axes.add(statement);
  plans.push_back(std::move(plan));
}

void RegionForming::splitCall(func::CallOp call, Value low, Value high) {
  OpBuilder builder(call);
  Location loc = call.getLoc();
  for (OpOperand &operand : call->getOpOperands()) {
    if (operand.getOperandNumber() == 0) {
      operand.set(arith::SubIOp::create(builder, loc, high, low));
      continue;
    }
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    Value memory = operand.get();
    while (auto cast = memory.getDefiningOp<memref::CastOp>())
      memory = cast.getSource();
    operand.set(rtop::PartOp::create(builder, loc, operand.get().getType(), memory, low));
  }
}

void RegionForming::split(const Statement &statement, Value low, Value high) {
  if (auto call = dyn_cast<func::CallOp>(statement.op))
    return splitCall(call, low, high);
  if (auto op = dyn_cast<rtop::SplitOpInterface>(statement.op))
    return op.split(low, high);
  for (scf::ForOp loop : statement.loops) {
    loop.setLowerBound(low);
    loop.setUpperBound(high);
  }
}

/// What every thread computes for itself rather than being given it.
bool isCheap(Operation *op) {
  return op->hasTrait<OpTrait::ConstantLike>() ||
         isa<memref::GetGlobalOp, memref::CastOp, proc::TimeStepOp, proc::SeedOp>(op);
}

/// A copy, at the start of `block`, of a cheap operation outside.
Value copyInto(Block &block, Value value, IRMapping &copies) {
  Operation *op = value.getDefiningOp();
  if (Value copy = copies.lookupOrNull(value))
    return copy;
  if (!op || !isCheap(op) || block.getParent()->isAncestor(op->getParentRegion()))
    return value;
  for (Value operand : op->getOperands())
    copyInto(block, operand, copies);
  OpBuilder builder(&block, block.begin());
  for (Value operand : op->getOperands())
    if (Operation *def = copies.lookup(operand).getDefiningOp())
      builder.setInsertionPointAfter(def);
  builder.clone(*op, copies);
  return copies.lookup(value);
}

void RegionForming::formRegion(const Plan &plan, const Level &level) {
  Operation *terminator = plan.block->getTerminator();
  OpBuilder builder(terminator);
  Location loc = plan.statements[level.shared.front()].op->getLoc();
  llvm::MapVector<Attribute, unsigned> numbers;
  for (unsigned i : level.shared)
    numbers.insert({axes.of(plan.statements[i]), numbers.size()});
  auto names = llvm::map_to_vector(numbers, [](auto &entry) { return entry.first; });
  auto parallel = rtop::ParallelOp::create(builder, loc, builder.getArrayAttr(names));
  Block &body = parallel.getBody().emplaceBlock();
  for (size_t i = 0; i < 2 * names.size(); ++i)
    body.addArgument(builder.getIndexType(), loc);
  for (unsigned i : level.shared) {
    const Statement &statement = plan.statements[i];
    unsigned axis = 2 * numbers[axes.of(statement)];
    statement.op->moveBefore(&body, body.end());
    split(statement, body.getArgument(axis), body.getArgument(axis + 1));
    if (statement.mayFail)
      statement.op->setAttr(rtop::kMayFail, builder.getUnitAttr());
  }
  IRMapping copies;
  body.walk([&](Operation *op) {
    for (OpOperand &operand : op->getOpOperands())
      operand.set(copyInto(body, operand.get(), copies));
  });
}

void RegionForming::apply(Plan &plan) {
  Operation *terminator = plan.block->getTerminator();
  for (const Level &level : plan.levels) {
    for (unsigned i : level.serial)
      plan.statements[i].op->moveBefore(terminator);
    if (!level.shared.empty())
      formRegion(plan, level);
  }
}

void RegionForming::run(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isPrivate() && !function.isExternal())
      planBlock(function.getBody().front());
  for (Plan &plan : plans)
    apply(plan);
  IRRewriter rewriter(module.getContext());
  for (auto function : module.getOps<func::FuncOp>())
    (void)runRegionDCE(rewriter, function->getRegions());
}

} // namespace
} // namespace native

namespace {
struct FormParallelRegions : impl::FormParallelRegionsBase<FormParallelRegions> {
  using FormParallelRegionsBase::FormParallelRegionsBase;

  void runOnOperation() override {
    native::RegionForming(getOperation(), least, std::max<int64_t>(1, grain)).run(getOperation());
  }
};
} // namespace
} // namespace basalt
