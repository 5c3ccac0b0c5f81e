// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of the stored entries of a sparse Var: what meets them is taken at the same entries.
#include "compiler/frontend/typing/Typer.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

//===--- Patterns ---===//

Typer::Pattern Typer::patternOf(Location loc, proc::SparseAttr sparse) {
  auto valueOf = [&](FlatSymbolRefAttr name) -> Value {
    Meaning meaning = names.lookup(name.getValue(), loc);
    if (meaning.kind == Meaning::Constant)
      return emit.constant(loc, cast<DenseElementsAttr>(meaning.constant));
    auto var = cast<proc::VarOp>(meaning.member);
    return proc::GetOp::create(emit.builder, loc, proc::valueType(var.getType()), var.getSymName());
  };
  return {valueOf(sparse.getOffsets()), valueOf(sparse.getTargets())};
}

int64_t Typer::entryCount(proc::SparseAttr sparse) {
  Meaning meaning = names.lookup(sparse.getTargets().getValue(), emit.builder.getUnknownLoc());
  if (meaning.kind == Meaning::Constant)
    return cast<DenseElementsAttr>(meaning.constant).getNumElements();
  return cast<RankedTensorType>(cast<proc::VarOp>(meaning.member).getType()).getDimSize(0);
}

/// The Var whose entries they are.
static StringRef varOf(proc::SparseAttr sparse) {
  return sparse.getOffsets().getValue().rsplit('.').first;
}

FailureOr<proc::SparseAttr> Typer::commonPattern(Location loc, ArrayRef<Typed> values,
                                                 StringRef what) {
  proc::SparseAttr common;
  for (const Typed &value : values) {
    if (common && value.sparse && value.sparse != common)
      return emitError(loc) << what << " are entries of two sparse Vars, '" << varOf(common)
                            << "' and '" << varOf(value.sparse)
                            << "', which may have them at different places";
    common = common ? common : value.sparse;
  }
  return common;
}

//===--- To and from dense values ---===//

Typed Typer::toDense(Location loc, const Typed &value) {
  if (!value.sparse)
    return value;
  auto [offsets, targets] = patternOf(loc, value.sparse);
  Type type = emit.tensor(value.sparse.getShape(), value.element());
  return {emit.make<num::ToDenseOp>(loc, type, value.value, offsets, targets), {}, value.isWeak};
}

std::optional<Typed> Typer::atEntries(Location loc, const Typed &value, proc::SparseAttr sparse) {
  int64_t count = entryCount(sparse);
  if (value.shape().empty())
    return Typed{emit.broadcast(loc, value.value, {count}), {}, value.isWeak, sparse};
  std::optional<SmallVector<int64_t>> joint = broadcastShapes(value.shape(), sparse.getShape());
  if (!joint || ArrayRef(*joint) != sparse.getShape())
    return std::nullopt;
  Value matrix = emit.broadcast(loc, value.value, sparse.getShape());
  auto [offsets, targets] = patternOf(loc, sparse);
  Type type = emit.tensor({count}, value.element());
  return Typed{
      emit.make<num::AtSynapsesOp>(loc, type, matrix, offsets, targets), {}, value.isWeak, sparse};
}

LogicalResult Typer::unifyEntries(Location loc, MutableArrayRef<Typed> values,
                                  proc::SparseAttr sparse, StringRef what) {
  for (Typed &value : values) {
    if (value.sparse)
      continue;
    std::optional<Typed> fitted = atEntries(loc, value, sparse);
    if (!fitted)
      return emitError(loc) << what << " do not fit: the shape " << proc::spellShape(value.shape())
                            << " does not broadcast to " << proc::spellShape(sparse.getShape())
                            << ", that of the sparse Var '" << varOf(sparse) << "'";
    value = *fitted;
  }
  return success();
}

FailureOr<Typed> Typer::fitEntries(Location loc, const Typed &value, proc::SparseAttr sparse,
                                   const Twine &what) {
  if (value.sparse == sparse)
    return value;
  if (!sparse)
    return toDense(loc, value);
  if (value.sparse)
    return emitError(loc) << what << " has the entries of the sparse Var '" << varOf(sparse)
                          << "', but the value has those of '" << varOf(value.sparse) << "'";
  return atEntries(loc, value, sparse).value_or(value);
}

/// Reductions that need no positions; 'min' and 'max' are told apart from those of two numbers
/// before.
static bool isEntryReduction(StringRef name) {
  return llvm::is_contained({"sum", "prod", "any", "all", "mean"}, name);
}

LogicalResult Typer::refuseSparse(const Arguments &args) {
  if (args.name == "deliver" || isEntryReduction(args.name))
    return success();
  auto refuse = [&](const Typed &value) {
    return value.sparse ? emitError(args.call.getLoc())
                              << "'" << args.name << "' takes no sparse value, found "
                              << describe(value)
                        : success();
  };
  for (const Typed &value : args.positional)
    if (failed(refuse(value)))
      return failure();
  for (const auto &keyword : args.keywords)
    if (failed(refuse(keyword.getValue().first)))
      return failure();
  return success();
}

FailureOr<proc::SparseAttr> Typer::takeEntries(Arguments &args) {
  SmallVector<Typed> values(args.positional);
  SmallVector<Typed *> keywords;
  for (auto &keyword : args.keywords) {
    keywords.push_back(&keyword.getValue().first);
    values.push_back(*keywords.back());
  }
  Location loc = args.call.getLoc();
  std::string what = ("the arguments of '" + args.name + "'").str();
  FailureOr<proc::SparseAttr> sparse = commonPattern(loc, values, what);
  if (failed(sparse) || !*sparse)
    return sparse;
  if (args.keywords.contains("size"))
    return emitError(args.keywords.find("size")->second.second)
           << "the draw has a number for each stored entry of '" << varOf(*sparse)
           << "', so it has no 'size'";
  if (failed(unifyEntries(loc, values, *sparse, what)))
    return failure();
  llvm::copy(ArrayRef(values).take_front(args.positional.size()), args.positional.begin());
  for (auto [keyword, value] :
       llvm::zip(keywords, ArrayRef(values).drop_front(args.positional.size())))
    *keyword = value;
  return sparse;
}

//===--- Products ---===//

FailureOr<Typed> Typer::sparseMatmul(Location loc, const Typed &matrix, const Typed &vector) {
  auto [offsets, targets] = patternOf(loc, matrix.sparse);
  Type type = emit.tensor({matrix.sparse.getShape()[0]}, matrix.element());
  return Typed{
      emit.make<num::SparseMatVecOp>(loc, type, matrix.value, offsets, targets, vector.value),
      {},
      false};
}

FailureOr<Typed> Typer::sparseDeliver(Location loc, const Typed &weights, const Typed &delays,
                                      const Typed &spikes, int64_t slots,
                                      const std::optional<Typed> &onto) {
  ArrayRef<int64_t> shape = weights.sparse.getShape();
  Typed both[] = {weights, delays};
  if (failed(unifyShapes(loc, both, "the weights and delays of 'deliver'")))
    return failure();
  Type element =
      onto ? promote({weights, spikes, *onto}, false) : promote({weights, spikes}, false);
  auto [offsets, targets] = patternOf(loc, weights.sparse);
  return Typed{emit.make<num::SparseDeliverOp>(loc, emit.tensor({shape[0], slots}, element),
                                               convert(loc, both[0], element).value, both[1].value,
                                               offsets, targets,
                                               convert(loc, spikes, element).value,
                                               onto ? convert(loc, *onto, element).value : Value()),
               {},
               false};
}

//===--- Reductions ---===//

/// Of entries that a rule makes as many of as it draws: the last offset says how many.
FailureOr<Typed> Typer::reduceFirst(const Arguments &args) {
  Typed operand = args.positional.front();
  Location loc = args.call.getLoc();
  int64_t sources = operand.sparse.getShape()[1];
  Value offsets = patternOf(loc, operand.sparse).offsets;
  int64_t last[] = {sources}, one[] = {1}, dropped[] = {0};
  Value count = emit.make<num::ExtractOp>(loc, emit.tensor({}, emit.intType()), offsets,
                                          ValueRange(), last, one, one, dropped);
  bool isMean = args.name == "mean";
  num::ReduceKind kind = reduceKindOf(args.name);
  bool isLogical = kind == num::ReduceKind::Any || kind == num::ReduceKind::All;
  if (isLogical || operand.isBool())
    operand.value =
        emit.toElement(loc, operand.value, isLogical ? emit.boolType() : emit.intType());
  if (isMean && operand.isInt())
    operand.value = emit.toElement(loc, operand.value, emit.doubleType());
  Value result = emit.make<num::ReduceOp>(loc, emit.tensor({}, operand.element()), kind,
                                          operand.value, ArrayRef<int64_t>{0}, count);
  if (!isMean)
    return Typed{result, {}, false};
  // The mean of none is 0.
  Value divisor = emit.make<arith::MaxSIOp>(loc, count, emit.constantInt(loc, 1));
  return Typed{
      emit.make<arith::DivFOp>(loc, result, emit.toElement(loc, divisor, operand.element())),
      {},
      false};
}

/// Without an axis, of the stored entries only; no entries have the sum, mean, smallest and
/// greatest value 0. A sum along an axis is that of the matrix.
FailureOr<Typed> Typer::reduceEntries(const Arguments &args) {
  const Typed &operand = args.positional.front();
  Location loc = args.call.getLoc();
  FailureOr<SmallVector<int64_t>> axes = reducedAxes(args);
  if (failed(axes))
    return failure();
  Arguments plain{args.call, args.name, {operand}, {}};
  if (axes->size() == operand.seenShape().size() && operand.sparse.getIsCapacity() &&
      entryCount(operand.sparse) > 0)
    return reduceFirst(args);
  if (axes->size() == operand.seenShape().size()) {
    bool hasNone = entryCount(operand.sparse) == 0;
    Typed &entries = plain.positional.front();
    entries.sparse = {};
    if (!hasNone || llvm::is_contained({"prod", "any", "all"}, args.name))
      return typeReduction(plain);
    Type element = args.name == "mean" && !operand.isFloat() ? emit.doubleType()
                   : operand.isBool()                        ? emit.intType()
                                                             : operand.element();
    return Typed{emit.toElement(loc, emit.constantInt(loc, 0), element), {}, false};
  }
  if (args.name != "sum" && args.name != "any")
    return emitError(loc) << "'" << args.name
                          << "' of stored entries has no axis; 'sum' and 'any' do";
  if (args.name == "sum" && *axes == SmallVector<int64_t>{1}) {
    Typed values = operand.isBool() ? convert(loc, operand, emit.intType()) : operand;
    Value one = emit.toElement(loc, emit.constantInt(loc, 1), values.element());
    Value ones = emit.broadcast(loc, one, {operand.sparse.getShape()[1]});
    return sparseMatmul(loc, values, Typed{ones, {}, false});
  }
  plain.positional.front() = toDense(loc, operand);
  if (auto axis = args.keywords.find("axis"); axis != args.keywords.end())
    plain.keywords.try_emplace("axis", axis->second);
  return typeReduction(plain);
}

} // namespace basalt::frontend
