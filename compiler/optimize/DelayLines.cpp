// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a state becomes in a step is followed column by column, so it does not matter how a
// behaviour writes that the line moves on.
#include "compiler/optimize/DelayLines.h"

#include "dialect/num/Products.h"
#include "runtime/native/Arithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::optimize {

//===--- Columns of a line ---===//

namespace {
/// The columns of a value of the line's rows: numbers of columns of the line, or kZero. Empty if
/// the value is something else.
constexpr int64_t kZero = -1;
using Columns = SmallVector<int64_t>;

class ColumnReader {
public:
  ColumnReader(FlatSymbolRefAttr line, Type element) : line(line), element(element) {}

  /// A set that comes before the code that is read.
  void addEarlier(step::SetOp set, const Columns &columns) { earlier.push_back({set, columns}); }

  Columns columnsOf(Value value);

private:
  Columns read(Value value);
  Columns ofGet(step::GetOp op) const;
  Columns ofTrunc(arith::TruncIOp op);
  Columns ofExtract(num::ExtractOp op);
  Columns ofInsert(num::InsertOp op);

  FlatSymbolRefAttr line;
  Type element; // of the line
  SmallVector<std::pair<step::SetOp, Columns>> earlier;
  llvm::DenseMap<Value, Columns> known; // or code that moves column by column takes for ever
};
} // namespace

/// Whether `a` runs before `b`, both at the top level of tasks of one phase.
static bool runsBefore(Operation *a, Operation *b) {
  Operation *taskOfA = a->getParentOp(), *taskOfB = b->getParentOp();
  return taskOfA == taskOfB ? a->isBeforeInBlock(b) : taskOfA->isBeforeInBlock(taskOfB);
}

/// Whether both stand at the top level of tasks of one phase, so that both run in each step unless
/// a guard says otherwise.
static bool areOfOnePhase(Operation *a, Operation *b) {
  return isa<step::TaskOp>(a->getParentOp()) &&
         a->getParentOp()->getBlock() == b->getParentOp()->getBlock();
}

static RankedTensorType tensorOf(Value value) { return cast<RankedTensorType>(value.getType()); }

static int64_t columnCount(Value value) {
  RankedTensorType type = tensorOf(value);
  return type.getRank() == 1 ? 1 : type.getRank() == 2 ? type.getDimSize(1) : 0;
}

/// Whether `op` takes or replaces whole columns, without a stride.
template <typename OpT> static bool isOfColumns(OpT op, int64_t rows) {
  return op.getDynamic().empty() && op.getSizes().size() == 2 && op.getSizes()[0] == rows &&
         op.getOffsets()[0] == 0 &&
         llvm::all_of(op.getStrides(), [](int64_t stride) { return stride == 1; });
}

Columns ColumnReader::ofGet(step::GetOp op) const {
  Columns columns;
  if (op.getStateAttr() == line)
    llvm::append_range(columns, llvm::seq<int64_t>(columnCount(op)));
  for (const auto &[set, now] : earlier)
    if (!columns.empty() && runsBefore(set, op))
      columns = now;
  return columns;
}

/// What was widened before and is cut to no less than the line's type is what it was.
Columns ColumnReader::ofTrunc(arith::TruncIOp op) {
  unsigned kept = tensorOf(op.getResult()).getElementTypeBitWidth();
  return kept < element.getIntOrFloatBitWidth() ? Columns() : columnsOf(op.getIn());
}

Columns ColumnReader::ofExtract(num::ExtractOp op) {
  Columns from = columnsOf(op.getOperand());
  if (from.empty() || tensorOf(op.getOperand()).getRank() != 2 ||
      !isOfColumns(op, tensorOf(op.getOperand()).getDimSize(0)) || columnCount(op) == 0)
    return {};
  return Columns(ArrayRef(from).slice(op.getOffsets()[1], op.getSizes()[1]));
}

Columns ColumnReader::ofInsert(num::InsertOp op) {
  Columns into = columnsOf(op.getDest()), from = columnsOf(op.getSource());
  if (into.empty() || from.empty() || tensorOf(op.getDest()).getRank() != 2 ||
      !isOfColumns(op, tensorOf(op.getDest()).getDimSize(0)) ||
      static_cast<int64_t>(from.size()) != op.getSizes()[1])
    return {};
  llvm::copy(from, into.begin() + op.getOffsets()[1]);
  return into;
}

/// All elements are zero, and not minus zero.
static bool isZero(Value value) {
  return matchPattern(value, m_Zero()) || matchPattern(value, m_PosZeroFloat());
}

Columns ColumnReader::columnsOf(Value value) {
  if (auto it = known.find(value); it != known.end())
    return it->second;
  return known[value] = read(value);
}

Columns ColumnReader::read(Value value) {
  if (isZero(value))
    return Columns(columnCount(value), kZero);
  Operation *op = value.getDefiningOp();
  if (!op)
    return {};
  return llvm::TypeSwitch<Operation *, Columns>(op)
      .Case([&](step::GetOp get) { return ofGet(get); })
      .Case([&](num::ExtractOp extract) { return ofExtract(extract); })
      .Case([&](num::InsertOp insert) { return ofInsert(insert); })
      .Case([&](arith::ExtSIOp extend) { return columnsOf(extend.getIn()); })
      .Case([&](arith::TruncIOp cut) { return ofTrunc(cut); })
      .Default([](Operation *) { return Columns(); });
}

/// Whether the columns are those of a line of `count` columns that has moved on.
static bool isMovedOn(ArrayRef<int64_t> columns, int64_t count) {
  if (columns.empty() || static_cast<int64_t>(columns.size()) != count || columns.back() != kZero)
    return false;
  return llvm::all_of(llvm::enumerate(columns.drop_back()), [](const auto &column) {
    return column.value() == static_cast<int64_t>(column.index()) + 1;
  });
}

//===--- Spikes ---===//

static Value truthOf(Value value);

/// The truth values that `value` is as numbers 0 and 1 (`orSigned`: or -1), or null.
static Value truthBehind(Value value, bool orSigned) {
  if (getElementTypeOrSelf(value.getType()).isInteger(1))
    return truthOf(value);
  Operation *op = value.getDefiningOp();
  if (!op)
    return {};
  bool fromTruth =
      op->getNumOperands() == 1 && getElementTypeOrSelf(op->getOperand(0).getType()).isInteger(1);
  bool isSigned = isa<arith::ExtSIOp, arith::SIToFPOp>(op) && fromTruth;
  if (isa<arith::ExtUIOp, arith::SIToFPOp, arith::ExtSIOp, arith::ExtFOp>(op) &&
      (orSigned || !isSigned))
    return truthBehind(op->getOperand(0), orSigned);
  return {};
}

/// The truth values that `value`, of type i1, are without comparisons with zero.
static Value truthOf(Value value) {
  if (auto compare = value.getDefiningOp<arith::CmpIOp>())
    if (compare.getPredicate() == arith::CmpIPredicate::ne && isZero(compare.getRhs()))
      if (Value truth = truthBehind(compare.getLhs(), /*orSigned=*/true))
        return truth;
  if (auto compare = value.getDefiningOp<arith::CmpFOp>())
    if (compare.getPredicate() == arith::CmpFPredicate::UNE && isZero(compare.getRhs()))
      if (Value truth = truthBehind(compare.getLhs(), /*orSigned=*/true))
        return truth;
  return value;
}

//===--- Synapses ---===//

/// The state whose value `value` is, perhaps in a wider type.
static step::GetOp stateBehind(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto get = dyn_cast<step::GetOp>(op))
      return get.getVia() ? step::GetOp() : get;
    if (!isa<arith::ExtSIOp, arith::ExtFOp>(op))
      break;
    value = op->getOperand(0);
  }
  return {};
}

namespace {
class LineMatcher {
public:
  LineMatcher(step::SetOp set, const SymbolTable &symbols, const StateAccesses &accesses)
      : set(set), symbols(symbols), accesses(accesses),
        reader(set.getStateAttr(), getElementTypeOrSelf(set.getValue())) {}

  std::optional<DelayLine> match();

private:
  bool takeEarlierSets();
  bool takeProduct();
  bool takeSynapses(Value weights, Value offsets, Value targets, Value spikes);
  bool takeDelays(Value delays);
  bool takeReads();
  bool takeUsers(Value value, step::GetOp get);

  step::StateOp stateOf(StringAttr name) { return symbols.lookup<step::StateOp>(name); }

  step::SetOp set;
  const SymbolTable &symbols;
  const StateAccesses &accesses;
  ColumnReader reader;
  llvm::DenseSet<Value> followed; // by takeUsers
  Operation *product = nullptr;
  DelayLine result;
};
} // namespace

bool LineMatcher::takeSynapses(Value weights, Value offsets, Value targets, Value spikes) {
  step::GetOp get = stateBehind(weights);
  result.spikes = truthBehind(spikes, /*orSigned=*/false);
  if (!get || !result.spikes)
    return false;
  result.weights = get.getStateAttr().getAttr();
  step::StateOp state = stateOf(result.weights);
  if (!state || !state.getSparse() || !accesses.isConstant(result.weights))
    return false;
  auto declared = cast<RankedTensorType>(state.getType()).getElementType();
  // What is stored of an unsigned number looks negative.
  if (declared.isUnsignedInteger() || !step::canBeSummed(tensorOf(get.getResult()).getElementType(),
                                                         tensorOf(set.getValue()).getElementType()))
    return false;
  auto is = [&](Value value, FlatSymbolRefAttr name) {
    auto place = value.getDefiningOp<step::GetOp>();
    return place && place.getStateAttr() == name;
  };
  return is(offsets, state.getSparse()->getOffsets()) &&
         is(targets, state.getSparse()->getTargets());
}

/// The number that all elements of a constant are; 0 if it has none.
static std::optional<APInt> numberBehind(Value value) {
  APInt number(64, 0);
  if (tensorOf(value).getNumElements() == 0 || matchPattern(value, m_ConstantInt(&number)))
    return number;
  return std::nullopt;
}

/// A state, perhaps less a constant.
bool LineMatcher::takeDelays(Value delays) {
  if (auto less = delays.getDefiningOp<arith::SubIOp>())
    if (std::optional<APInt> number = numberBehind(less.getRhs())) {
      result.first = number->getSExtValue();
      delays = less.getLhs();
    }
  if (auto more = delays.getDefiningOp<arith::AddIOp>())
    if (std::optional<APInt> number = numberBehind(more.getRhs())) {
      result.first = rt::sub(result.first, number->getSExtValue());
      delays = more.getLhs();
    }
  step::GetOp get = stateBehind(delays);
  if (!get)
    return false;
  result.delays = get.getStateAttr().getAttr();
  step::StateOp state = stateOf(result.delays), weights = stateOf(result.weights);
  return state && state.getSparse() == weights.getSparse() && accesses.isConstant(result.delays) &&
         !cast<RankedTensorType>(state.getType()).getElementType().isUnsignedInteger();
}

bool LineMatcher::takeProduct() {
  Value next = set.getValue();
  if (auto cut = next.getDefiningOp<arith::TruncIOp>(); cut && cut->hasOneUse())
    next = cut.getIn();
  product = next.getDefiningOp();
  if (!product || !next.hasOneUse())
    return false;
  if (auto matvec = dyn_cast<num::SparseMatVecOp>(product))
    return takeSynapses(matvec.getValues(), matvec.getOffsets(), matvec.getTargets(),
                        matvec.getVector());
  auto deliver = dyn_cast<num::SparseDeliverOp>(product);
  return deliver && deliver.getOnto() &&
         isMovedOn(reader.columnsOf(deliver.getOnto()), columnCount(deliver)) &&
         takeSynapses(deliver.getValues(), deliver.getOffsets(), deliver.getTargets(),
                      deliver.getVector()) &&
         takeDelays(deliver.getDelays());
}

/// Users of a value that `get` has brought: column 0 is what is due, all else must end in what the
/// line becomes.
bool LineMatcher::takeUsers(Value value, step::GetOp get) {
  if (!followed.insert(value).second)
    return true;
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (user == product && num::roleInProduct(use) == num::ProductRole::Onto)
      continue;
    if (llvm::is_contained(result.earlier, user))
      continue;
    if (!isa<num::ExtractOp, num::InsertOp, arith::ExtSIOp, arith::TruncIOp>(user))
      return false;
    Value next = user->getResult(0);
    Columns columns = reader.columnsOf(next);
    if (columns == Columns{0} && tensorOf(next).getRank() == 1 && isa<num::ExtractOp>(user))
      result.dues.push_back({next, get});
    else if (columns.empty() || !takeUsers(next, get))
      return false;
  }
  return true;
}

/// Before the line moves on, columns may have been set to zero.
bool LineMatcher::takeEarlierSets() {
  for (const StateAccess &access : accesses.of(result.line)) {
    auto other = dyn_cast<step::SetOp>(access.op);
    if (!other || other == set)
      continue;
    Columns columns;
    if (!other.getVia() && areOfOnePhase(other, set) && runsBefore(other, set) &&
        !cast<step::TaskOp>(other->getParentOp()).getGuard())
      columns = reader.columnsOf(other.getValue());
    // What is due must still be there when it is read.
    for (auto [place, column] : llvm::enumerate(columns))
      if (column != kZero && column != static_cast<int64_t>(place))
        return false;
    if (columns.empty())
      return false;
    reader.addEarlier(other, columns);
    result.earlier.push_back(other);
  }
  return true;
}

bool LineMatcher::takeReads() {
  for (const StateAccess &access : accesses.of(result.line)) {
    if (isa<step::SetOp>(access.op))
      continue;
    auto get = dyn_cast<step::GetOp>(access.op);
    if (!get || get.getVia() || !areOfOnePhase(get, set) || !runsBefore(get, set))
      return false;
    if (isa<num::SparseDeliverOp>(product)) {
      if (!takeUsers(get.getResult(), get))
        return false;
    } else if (reader.columnsOf(get.getResult()) != Columns{0}) {
      return false;
    } else {
      result.dues.push_back({get.getResult(), get});
    }
  }
  return true;
}

std::optional<DelayLine> LineMatcher::match() {
  auto task = dyn_cast<step::TaskOp>(set->getParentOp());
  auto phase = task ? dyn_cast<step::PhaseOp>(task->getParentOp()) : step::PhaseOp();
  if (!phase || phase.getKind() != proc::PhaseKind::Spk || task.getGuard() || set.getVia())
    return std::nullopt;
  result.line = set.getStateAttr().getAttr();
  result.set = set;
  if (!takeEarlierSets() || !takeProduct() || !takeReads())
    return std::nullopt;
  return result;
}

std::optional<DelayLine> matchDelayLine(step::SetOp set, const SymbolTable &symbols,
                                        const StateAccesses &accesses) {
  return LineMatcher(set, symbols, accesses).match();
}

} // namespace basalt::optimize
