// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Steps of a program in sets of numbers. See RangeAnalysis.h.
#include "compiler/schedule/RangeAnalysis.h"

#include "dialect/num/Num.h"
#include "dialect/proc/Rules.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SetVector.h"
#include <cmath>

using namespace mlir;

namespace basalt {

/// A state that has grown so often is taken to grow to the next power of two; then to that of 16
/// times as much; then for ever.
static constexpr unsigned kExactGrowths = 4, kDoublings = 16, kGrowths = 28;
/// What a decay makes of that becomes clear in so many more.
static constexpr unsigned kNarrowingRounds = 24;
/// After so many ops, and inputs of tasks that are compared, nothing is known of what is written,
/// or bounds are what they are: large programs are not followed as long.
static constexpr size_t kMostWork = 200'000;
/// How much is run exactly.
static constexpr size_t kMostExactWork = 40'000;
/// How many steps are evidence of what happens.
static constexpr unsigned kEvidentRounds = 3;

static bool isUnsigned(step::StateOp state) {
  Type element = getElementTypeOrSelf(state.getType());
  return element.isUnsignedInteger() || element.isSignlessInteger(1);
}

/// The bounds of the initial values, of the constant or of the distribution they are drawn from;
/// none if they are not known.
static Numbers initialNumbers(step::StateOp state) {
  std::optional<proc::DistributionAttr> distribution = state.getDistribution();
  if (!distribution)
    return state.getRule() ? Numbers() : numbersIn(state.getInit(), isUnsigned(state));
  if (distribution->getKind() == proc::DistributionKind::Constant)
    return {};
  proc::LimitsAttr support = proc::supportOf(*distribution);
  if (!support.getLow() || !support.getHigh())
    return {};
  Numbers drawn = hull(numbersIn(support.getLow(), false), numbersIn(support.getHigh(), false));
  bool isInteger = isa<IntegerType>(getElementTypeOrSelf(state.getType()));
  return drawn.areInts() == isInteger ? drawn : Numbers();
}

RangeAnalysis::RangeAnalysis(step::ProgramOp program, Knowledge knowledge,
                             const llvm::StringSet<> &changing)
    : program(program), knowledge(knowledge) {
  collectStates(changing);
  collectTasks();
  if (knowledge == Knowledge::Sound)
    settle();
  else if (knowledge == Knowledge::Evident)
    watchFirstSteps();
  else
    current = start;
}

void RangeAnalysis::collectStates(const llvm::StringSet<> &changing) {
  for (auto state : program.getBody().getOps<step::StateOp>()) {
    states[state.getSymNameAttr()] = state;
    Numbers initial = changing.contains(state.getSymName()) ? Numbers() : initialNumbers(state);
    bool isKnown = knowledge == Knowledge::Exact ? initial.isOne() : !initial.isNone();
    start[state] = isKnown ? initial : unknown(state.getType());
  }
  for (auto alias : program.getBody().getOps<step::AliasOp>())
    if (changing.contains(alias.getAlias())) {
      step::StateOp changed = state(alias.getStateAttr());
      start[changed] = unknown(changed.getType());
    }
  program.walk([&](step::SetOp set) { written.insert(state(set.getStateAttr())); });
}

Numbers RangeAnalysis::unknown(Type type) const {
  return knowledge == Knowledge::Sound ? Numbers::allOf(type) : Numbers();
}

const Numbers &RangeAnalysis::of(Value value) const {
  static const Numbers none;
  auto it = values.find(value);
  return it == values.end() ? none : it->second;
}

//===--- Steps ---===//

void RangeAnalysis::watchFirstSteps() {
  States reached = start;
  for (unsigned round = 0; round < kEvidentRounds; ++round) {
    current = reached;
    runStep(round == 0);
    for (auto &[state, numbers] : reached)
      numbers = hull(numbers, current[state]);
  }
}

bool RangeAnalysis::advance() {
  assert(knowledge == Knowledge::Exact && "others run as many steps as they need");
  bool isNew = runStep(++steps == 1);
  return isNew && work < kMostExactWork;
}

static num::IntegerRange::Number powerAbove(num::IntegerRange::Number number, unsigned more) {
  if (number <= 0)
    return 0;
  num::IntegerRange::Number power = 1;
  while (power < number)
    power *= 2;
  return power << more;
}

/// What `before` may grow to if a step has made `now` of it.
Numbers RangeAnalysis::wider(const Numbers &before, const Numbers &now, Type type,
                             unsigned growths) const {
  Numbers all = Numbers::allOf(type);
  if (growths < kExactGrowths || before == now)
    return now;
  if (growths >= kGrowths || before.areInts() != now.areInts())
    return all;
  unsigned more = growths < kDoublings ? 0 : 4;
  if (now.areInts()) {
    num::IntegerRange range = now.range();
    if (range.low < before.range().low)
      range.low = -powerAbove(-range.low, more);
    if (range.high > before.range().high)
      range.high = powerAbove(range.high, more);
    return intersect(Numbers::ints(range), all.range());
  }
  auto above = [more](double x) {
    if (!std::isfinite(x))
      return x;
    return x > 0 ? std::ldexp(1.0, static_cast<int>(std::ceil(std::log2(x)) + more)) : 0;
  };
  double low = now.low() < before.low() ? -above(-now.low()) : now.low(),
         high = now.high() > before.high() ? above(now.high()) : now.high();
  return Numbers::floats(low, high);
}

/// What the states are after a step and before it; whether that is more than before it.
bool RangeAnalysis::grow(States &reached, llvm::DenseMap<Operation *, unsigned> &growths) {
  current = reached;
  runStep(/*isFirst=*/true);
  bool grows = false;
  for (auto &[op, numbers] : reached) {
    auto state = cast<step::StateOp>(op);
    Numbers next = hull(numbers, current[op]);
    if (next == numbers)
      continue;
    grows = true;
    numbers = wider(numbers, next, state.getType(), growths[op]++);
  }
  return grows;
}

/// Until a step adds nothing; then, as long as it takes something away, down again.
void RangeAnalysis::settle() {
  const States initial = start;
  States reached = start;
  llvm::DenseMap<Operation *, unsigned> growths;
  while (grow(reached, growths))
    if (work > kMostWork)
      for (Operation *state : written)
        reached[state] = Numbers::allOf(cast<step::StateOp>(state).getType());
  for (unsigned round = 0; round < kNarrowingRounds && work < kMostWork; ++round) {
    current = reached;
    runStep(/*isFirst=*/true);
    bool shrinks = false;
    for (auto &[state, numbers] : reached) {
      Numbers next = hull(initial.at(state), current[state]);
      shrinks |= next != numbers;
      numbers = next;
    }
    if (!shrinks)
      return;
  }
  current = reached;
  runStep(/*isFirst=*/true);
}

void RangeAnalysis::collectTasks() {
  for (auto phase : program.getBody().getOps<step::PhaseOp>())
    for (auto op : phase.getBody().getOps<step::TaskOp>()) {
      bool isCertain = !op.getGuard() && phase.getKind() == proc::PhaseKind::Spk;
      Task task{
          op, phase.getKind() == proc::PhaseKind::Init, isCertain, /*hasRun=*/false, {}, {}, {}, {},
          {}};
      llvm::SetVector<Operation *> states;
      llvm::SetVector<Value> operands;
      op.walk([&](Operation *inner) {
        ++task.size;
        task.usesTime |= knowledge == Knowledge::Exact && isa<proc::TimeStepOp>(inner);
        if (auto get = dyn_cast<step::GetOp>(inner))
          states.insert(state(get.getStateAttr()));
        if (auto set = dyn_cast<step::SetOp>(inner)) {
          states.insert(state(set.getStateAttr()));
          task.written.push_back(state(set.getStateAttr()));
        }
        for (Value operand : inner->getOperands())
          if (!op.getBody().isAncestor(operand.getParentRegion()))
            operands.insert(operand);
      });
      task.states = states.takeVector();
      task.operands = operands.takeVector();
      tasks.push_back(std::move(task));
    }
}

/// Whether it was different from the one before.
bool RangeAnalysis::runStep(bool isFirst) {
  bool isNew = false;
  for (Task &task : tasks)
    if (isFirst || !task.isInit)
      isNew |= runTask(task);
  return isNew;
}

bool RangeAnalysis::runTask(Task &task) {
  work += task.states.size() + task.operands.size();
  SmallVector<Numbers> before;
  for (Operation *state : task.states)
    before.push_back(current[state]);
  for (Value operand : task.operands)
    before.push_back(of(operand));
  if (task.hasRun && !task.usesTime && before == task.before) {
    for (auto [state, numbers] : llvm::zip(task.written, task.after))
      current[state] = numbers;
    return false;
  }
  work += task.size;
  runBlock(task.op.getBody().front(), task.isCertain);
  Operation *yield = task.op.getBody().front().getTerminator();
  for (auto [result, value] : llvm::zip(task.op.getResults(), yield->getOperands()))
    values[result] = of(value);
  task.hasRun = true;
  task.before = std::move(before);
  task.after.clear();
  for (Operation *state : task.written)
    task.after.push_back(current[state]);
  return true;
}

void RangeAnalysis::runBlock(Block &block, bool isCertain) {
  for (Operation &op : block)
    runOp(&op, isCertain);
}

void RangeAnalysis::set(step::SetOp op, bool isCertain) {
  step::StateOp to = state(op.getStateAttr());
  Numbers all = Numbers::allOf(to.getType()), value = of(op.getValue());
  if (value.areInts() && !all.range().contains(value.range()))
    value = knowledge == Knowledge::Sound ? all : intersect(value, all.range());
  Numbers &place = current[to];
  place = isCertain ? value : hull(place, value);
  if (knowledge == Knowledge::Exact && !place.isOne())
    place = {};
}

void RangeAnalysis::runOp(Operation *op, bool isCertain) {
  if (auto get = dyn_cast<step::GetOp>(op)) {
    values[get] = current[state(get.getStateAttr())];
  } else if (auto store = dyn_cast<step::SetOp>(op)) {
    set(store, isCertain);
  } else if (isa<scf::IfOp>(op)) {
    runIf(op, isCertain);
  } else if (isa<scf::ForOp>(op)) {
    runLoop(op);
  } else if (isa<proc::TimeStepOp>(op)) {
    values[op->getResult(0)] = knowledge == Knowledge::Exact
                                   ? Numbers::ints({steps, steps})
                                   : intersect(unknown(op->getResult(0).getType()), {0, INT64_MAX});
  } else if (op->hasTrait<OpTrait::ConstantLike>()) {
    auto [place, isNew] = values.try_emplace(op->getResult(0));
    if (isNew)
      place->second = inferNumbers(op, knowledge, [](Value) -> const Numbers & {
        llvm_unreachable("a constant has no operands");
      });
  } else if (num::isValueOp(op) && op->getNumResults() == 1) {
    values[op->getResult(0)] =
        inferNumbers(op, knowledge, [&](Value value) -> const Numbers & { return of(value); });
  } else {
    for (Value result : op->getResults())
      values[result] = unknown(result.getType());
  }
}

void RangeAnalysis::runIf(Operation *op, bool isCertain) {
  auto choice = cast<scf::IfOp>(op);
  SmallVector<Numbers> results(op->getNumResults());
  const Numbers &condition = of(choice.getCondition());
  bool isChosen = knowledge == Knowledge::Exact && condition.isOne();
  for (Region *region : {&choice.getThenRegion(), &choice.getElseRegion()}) {
    bool isOther = isChosen && condition.isOnly(0) != (region == &choice.getElseRegion());
    if (region->empty() || isOther)
      continue;
    runBlock(region->front(), isCertain && isChosen);
    for (auto [result, value] : llvm::zip(results, region->front().getTerminator()->getOperands()))
      result = hull(result, of(value));
  }
  for (auto [value, numbers] : llvm::zip(op->getResults(), results))
    values[value] = numbers;
}

/// Whatever a loop carries on is unknown.
void RangeAnalysis::runLoop(Operation *op) {
  auto loop = cast<scf::ForOp>(op);
  if (knowledge == Knowledge::Exact) {
    loop.walk([&](step::SetOp set) { current[state(set.getStateAttr())] = {}; });
    for (Value result : op->getResults())
      values[result] = {};
    return;
  }
  auto first = getConstantIntValue(loop.getLowerBound()),
       end = getConstantIntValue(loop.getUpperBound());
  Value counter = loop.getInductionVar();
  values[counter] = first && end && *first < *end ? Numbers::ints({*first, *end - 1})
                                                  : Numbers::allOf(counter.getType());
  for (auto [argument, given] : llvm::zip(loop.getRegionIterArgs(), loop.getInits()))
    values[argument] = hull(of(given), unknown(argument.getType()));
  loop.walk([&](step::SetOp set) {
    step::StateOp changed = state(set.getStateAttr());
    current[changed] = hull(current[changed], unknown(changed.getType()));
  });
  runBlock(*loop.getBody(), /*isCertain=*/false);
  Operation *yield = loop.getBody()->getTerminator();
  for (auto [result, given, yielded] :
       llvm::zip(op->getResults(), loop.getInits(), yield->getOperands()))
    values[result] = hull(of(given), of(yielded));
}

} // namespace basalt
