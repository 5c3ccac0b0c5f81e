// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// check-ranges: numbers that do not fit where they go. See Passes.td.
#include "compiler/schedule/LateWraps.h"
#include "compiler/schedule/Passes.h"
#include "compiler/schedule/RangeAnalysis.h"
#include "compiler/support/EmitWarning.h"
#include "dialect/num/Num.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CHECKRANGES
#include "compiler/schedule/Passes.h.inc"

namespace {

/// Where a message comes from.
using Senders = llvm::DenseMap<Value, step::ProbeOp>;

class RangeCheck {
public:
  RangeCheck(step::ProgramOp program, const llvm::StringSet<> &changing)
      : program(program), evident(program, Knowledge::Evident, changing),
        sound(program, Knowledge::Sound, changing),
        lateWraps(findLateWraps(program, evident, changing)) {}

  void run();

private:
  void checkSend(step::ProbeOp probe);
  void checkStore(Value stored, Type declared, const Twine &what);
  void checkDivision(Operation *op);
  void checkShift(num::ShiftOp op);
  bool comparesWhatChanges(Operation *compare);
  void checkThreshold(step::ProbeOp probe, Value sent);
  void checkGraded(Operation *compare);

  std::optional<InFlightDiagnostic> warn(Location loc, Warning warning);
  void noteSources(InFlightDiagnostic &diagnostic, const RangeAnalysis &analysis, Value value);

  step::ProgramOp program;
  RangeAnalysis evident, sound;
  LateWraps lateWraps;
  Senders senders;
  /// Places of which something has been said, for whatever instance.
  llvm::DenseSet<std::pair<unsigned, Location>> warned;
};

} // namespace

//===--- What is said ---===//

/// A warning, unless there has been one for another instance of the process.
std::optional<InFlightDiagnostic> RangeCheck::warn(Location loc, Warning warning) {
  Location place = loc;
  if (auto call = dyn_cast<CallSiteLoc>(loc))
    place = call.getCallee();
  if (!warned.insert({static_cast<unsigned>(warning), place}).second)
    return std::nullopt;
  return emitWarning(loc, warning);
}

/// What a value in a task is computed from: reads of states, and messages.
static llvm::SetVector<Value> sourcesOf(Value value, const Senders &senders) {
  constexpr size_t kEnough = 64;
  llvm::SetVector<Value> seen, sources;
  seen.insert(value);
  for (size_t i = 0; i < seen.size() && i < kEnough; ++i) {
    Operation *def = seen[i].getDefiningOp();
    if (senders.contains(seen[i]) || isa_and_nonnull<step::GetOp>(def))
      sources.insert(seen[i]);
    else if (isa_and_nonnull<step::TaskOp>(def)) // from an earlier fragment of the process
      seen.insert(cast<step::TaskOp>(def).getBody().front().getTerminator()->getOperand(
          cast<OpResult>(seen[i]).getResultNumber()));
    else if (def)
      seen.insert(def->operand_begin(), def->operand_end());
  }
  return sources;
}

void RangeCheck::noteSources(InFlightDiagnostic &diagnostic, const RangeAnalysis &analysis,
                             Value value) {
  constexpr unsigned kMost = 4;
  llvm::SmallDenseSet<Operation *> noted;
  for (Value source : sourcesOf(value, senders)) {
    const Numbers &numbers = analysis.of(source);
    if (numbers.isNone() || noted.size() == kMost)
      continue;
    if (auto get = source.getDefiningOp<step::GetOp>()) {
      step::StateOp state = analysis.state(get.getStateAttr());
      if (noted.insert(state).second)
        diagnostic.attachNote(state.getLoc())
            << "'" << state.getSymName() << "' is " << numbers.spell()
            << (!analysis.isWritten(state) ? " and does not change"
                : &analysis == &evident    ? " in the first steps"
                                           : "");
      continue;
    }
    step::ProbeOp sender = senders.at(source);
    if (noted.insert(sender).second)
      diagnostic.attachNote(sender.getLoc())
          << "'" << sender.getTarget() << "' sends " << numbers.spell();
  }
}

//===--- The checks ---===//

void RangeCheck::checkStore(Value stored, Type declared, const Twine &what) {
  arith::TruncIOp cut = cutOf(stored, declared);
  if (!cut)
    return;
  auto late = lateWraps.find(cut.getIn());
  bool isEvident = wraps(evident.of(cut.getIn()), declared), isLate = late != lateWraps.end();
  if (!isEvident && !isLate && !wraps(sound.of(cut.getIn()), declared))
    return;
  std::optional<InFlightDiagnostic> diagnostic =
      warn(cut.getLoc(), isEvident || isLate ? Warning::ValueWraps : Warning::MayWrap);
  if (!diagnostic)
    return;
  const RangeAnalysis &analysis = isEvident || isLate ? evident : sound;
  std::string type = proc::spellElement(getElementTypeOrSelf(declared));
  *diagnostic << what << " (" << type << ") holds " << Numbers::allOf(declared).spell() << ", but ";
  if (isLate)
    *diagnostic << "gets " << late->second.number.spell() << " in time step " << late->second.step;
  else
    *diagnostic << (isEvident ? "gets " : "may get ") << analysis.of(cut.getIn()).spell();
  *diagnostic << ", which wraps; `sat(x, " << type << ")` clamps, and `" << type
              << "(x)` says that it is meant";
  noteSources(*diagnostic, analysis, cut.getIn());
}

/// What the value is as it was read, received or computed: a state, or a value.
static void *originOf(Value value) {
  Operation *def = value.getDefiningOp();
  if (isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp, num::BroadcastOp, num::ReshapeOp>(def))
    return originOf(def->getOperand(0));
  if (auto get = dyn_cast_or_null<step::GetOp>(def))
    return const_cast<void *>(get.getStateAttr().getAsOpaquePointer());
  return value.getAsOpaquePointer();
}

/// Whether the task compares the value with something: then its author has thought of all cases.
static bool isCompared(Value value, step::TaskOp task) {
  void *origin = originOf(value);
  return task
      .walk([&](Operation *op) {
        bool isIt = isa<arith::CmpIOp, arith::CmpFOp>(op) &&
                    llvm::any_of(op->getOperands(),
                                 [&](Value operand) { return originOf(operand) == origin; });
        return isIt ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

void RangeCheck::checkDivision(Operation *op) {
  Value divisor = op->getOperand(1);
  const Numbers &numbers = evident.of(divisor);
  // Between other numbers 0 need not be one of them. What floats make of it now and then may be
  // meant.
  bool isBound =
      numbers.areInts() ? numbers.range().low == 0 || numbers.range().high == 0 : numbers.isOnly(0);
  auto task = op->getParentOfType<step::TaskOp>();
  if (!isBound || !task || isCompared(divisor, task))
    return;
  std::optional<InFlightDiagnostic> diagnostic = warn(op->getLoc(), Warning::DivisionByZero);
  if (!diagnostic)
    return;
  *diagnostic << "the divisor can be 0 (it is " << numbers.spell() << "); then the result is "
              << (numbers.areInts() ? "0" : "infinite or not a number");
  noteSources(*diagnostic, evident, divisor);
}

/// The bits of the declared type that a number has been read from; 64 of other numbers.
static unsigned bitsOf(Value value) {
  Operation *def = value.getDefiningOp();
  if (auto broadcast = dyn_cast_or_null<num::BroadcastOp>(def))
    return bitsOf(broadcast.getOperand());
  if (isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp>(def))
    return getElementTypeOrSelf(def->getOperand(0)).getIntOrFloatBitWidth();
  return 64;
}

void RangeCheck::checkShift(num::ShiftOp op) {
  const Numbers &amount = evident.of(op.getRhs());
  if (!amount.areInts())
    return;
  const num::IntegerRange &k = amount.range();
  unsigned bits = bitsOf(op.getLhs());
  bool isLeft = k.high >= 64, isRight = k.low <= -static_cast<int>(bits);
  if (!isLeft && !isRight)
    return;
  std::optional<InFlightDiagnostic> diagnostic = warn(op.getLoc(), Warning::ShiftTooFar);
  if (!diagnostic)
    return;
  Numbers far =
      Numbers::ints(isLeft ? num::IntegerRange{k.high, k.high} : num::IntegerRange{-k.low, -k.low});
  *diagnostic << "a number of " << (isLeft ? 64 : bits) << " bits is shifted "
              << (isLeft ? "left" : "right") << " by " << far.spell() << ", which leaves "
              << (isLeft ? "none of them" : "nothing but its sign");
  noteSources(*diagnostic, evident, op.getRhs());
}

static StringRef spell(arith::CmpIPredicate predicate) {
  switch (predicate) {
  case arith::CmpIPredicate::eq:
    return "equal to";
  case arith::CmpIPredicate::ne:
    return "different from";
  case arith::CmpIPredicate::slt:
    return "less than";
  case arith::CmpIPredicate::sle:
    return "at most";
  case arith::CmpIPredicate::sgt:
    return "greater than";
  default:
    return "at least";
  }
}

static StringRef spell(arith::CmpFPredicate predicate) {
  switch (predicate) {
  case arith::CmpFPredicate::OEQ:
    return "equal to";
  case arith::CmpFPredicate::OLT:
    return "less than";
  case arith::CmpFPredicate::OLE:
    return "at most";
  case arith::CmpFPredicate::OGT:
    return "greater than";
  default:
    return "at least";
  }
}

/// Comparisons that never hold, of those that a message is made of.
static SmallVector<Operation *> failingComparisons(Value message, const RangeAnalysis &sound) {
  llvm::SetVector<Value> seen;
  SmallVector<Operation *> result;
  seen.insert(message);
  for (size_t i = 0; i < seen.size(); ++i) {
    Operation *def = seen[i].getDefiningOp();
    if (isa_and_nonnull<arith::CmpIOp, arith::CmpFOp>(def)) {
      if (sound.of(seen[i]).isOnly(0))
        result.push_back(def);
    } else if (def && num::isElementwise(def)) {
      seen.insert(def->operand_begin(), def->operand_end());
    } else if (isa_and_nonnull<num::BroadcastOp, num::ReshapeOp>(def)) {
      seen.insert(def->getOperand(0));
    }
  }
  return result;
}

/// Whether the program changes what is compared: something that stays what it is may be a switch.
bool RangeCheck::comparesWhatChanges(Operation *compare) {
  bool isFixed =
      sound.of(compare->getOperand(0)).isOne() && sound.of(compare->getOperand(1)).isOne();
  return !isFixed && llvm::any_of(sourcesOf(compare->getResult(0), senders), [&](Value source) {
    auto get = source.getDefiningOp<step::GetOp>();
    return !sound.of(source).isOne() && (!get || sound.isWritten(sound.state(get.getStateAttr())));
  });
}

/// A port that never sends anything but 0 because of a comparison with what changes.
void RangeCheck::checkThreshold(step::ProbeOp probe, Value sent) {
  if (!sound.of(sent).isOnly(0))
    return;
  for (Operation *compare : failingComparisons(sent, sound)) {
    if (!comparesWhatChanges(compare))
      continue;
    std::optional<InFlightDiagnostic> diagnostic =
        warn(compare->getLoc(), Warning::UnreachableThreshold);
    if (!diagnostic)
      return;
    auto integers = dyn_cast<arith::CmpIOp>(compare);
    *diagnostic << "'" << probe.getTarget()
                << "' sends nothing but 0: " << sound.of(compare->getOperand(0)).spell()
                << " is never "
                << (integers ? spell(integers.getPredicate())
                             : spell(cast<arith::CmpFOp>(compare).getPredicate()))
                << " " << sound.of(compare->getOperand(1)).spell();
    return noteSources(*diagnostic, sound, compare->getResult(0));
  }
}

/// Whether a value is made of messages alone, as they are or added up.
static bool isReceived(Value value, const Senders &senders) {
  if (senders.contains(value))
    return true;
  Operation *def = value.getDefiningOp();
  return isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, arith::AddIOp,
                         arith::AddFOp, arith::SIToFPOp, arith::ExtFOp, arith::TruncFOp>(def) &&
         llvm::all_of(def->getOperands(),
                      [&](Value operand) { return isReceived(operand, senders); });
}

/// Whether the truth of something counts as a number: 0 or 1.
static bool isCounted(Value truth) {
  return llvm::any_of(truth.getUsers(), [](Operation *user) {
    return isa<arith::ExtUIOp, num::MatVecOp, num::SparseMatVecOp, num::DeliverOp,
               num::SparseDeliverOp, num::Conv2DOp>(user);
  });
}

/// `weights @ (s_in.recv() != 0)`, where something else than 0 and 1 comes.
void RangeCheck::checkGraded(Operation *compare) {
  Value value = compare->getOperand(0), zero = compare->getOperand(1);
  auto integers = dyn_cast<arith::CmpIOp>(compare);
  auto floats = dyn_cast<arith::CmpFOp>(compare);
  bool isNotZero =
      integers ? integers.getPredicate() == arith::CmpIPredicate::ne && matchPattern(zero, m_Zero())
               : floats.getPredicate() == arith::CmpFPredicate::UNE &&
                     matchPattern(zero, m_AnyZeroFloat());
  if (!isNotZero || !isReceived(value, senders) || !isCounted(compare->getResult(0)))
    return;
  const Numbers &numbers = evident.of(value);
  bool isSpike =
      numbers.isNone() || (numbers.areInts() ? num::IntegerRange{0, 1}.contains(numbers.range())
                                             : numbers.low() >= 0 && numbers.high() <= 1);
  if (isSpike)
    return;
  std::optional<InFlightDiagnostic> diagnostic = warn(compare->getLoc(), Warning::GradedToSpike);
  if (!diagnostic)
    return;
  *diagnostic << "messages of " << numbers.spell()
              << " are received as spikes: each that is not 0 counts 1";
  noteSources(*diagnostic, evident, value);
}

/// What a task sends, at the moment at which it is recorded.
void RangeCheck::checkSend(step::ProbeOp probe) {
  auto task = probe.getValue() ? probe.getValue().getDefiningOp<step::TaskOp>() : step::TaskOp();
  if (!task)
    return;
  auto port = SymbolTable::lookupNearestSymbolFrom<step::PortOp>(probe, probe.getTargetAttr());
  Value sent = task.getBody().front().getTerminator()->getOperand(
      cast<OpResult>(probe.getValue()).getResultNumber());
  checkStore(sent, port.getType(), "'" + port.getSymName() + "'");
  checkThreshold(probe, sent);
}

void RangeCheck::run() {
  program.walk([&](step::ProbeOp probe) {
    if (probe.getValue())
      senders.try_emplace(probe.getValue(), probe);
  });
  program.walk([&](Operation *op) {
    TypeSwitch<Operation *>(op)
        .Case<step::SetOp>([&](auto set) {
          step::StateOp state = evident.state(set.getStateAttr());
          checkStore(set.getValue(), state.getType(), "'" + state.getSymName() + "'");
        })
        .Case<step::ProbeOp>([&](auto probe) { checkSend(probe); })
        .Case<num::FloorDivOp, num::ModOp, arith::DivFOp>([&](auto op) { checkDivision(op); })
        .Case<num::ShiftOp>([&](auto op) { checkShift(op); })
        .Case<arith::CmpIOp, arith::CmpFOp>([&](auto op) { checkGraded(op); });
  });
}

namespace {
struct CheckRanges : impl::CheckRangesBase<CheckRanges> {
  using Base::Base;

  void runOnOperation() override {
    llvm::StringSet<> names;
    names.insert(changing.begin(), changing.end());
    for (auto program : getOperation().getOps<step::ProgramOp>())
      RangeCheck(program, names).run();
    markAllAnalysesPreserved();
  }
};
} // namespace

} // namespace basalt
