// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reductions with `axis=`, and tensors that are filled with one value.
#include "compiler/frontend/typing/Typer.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

FailureOr<SmallVector<int64_t>> Typer::constantInts(const Typed &value, Location loc,
                                                    StringRef what) {
  std::optional<DenseElementsAttr> constant =
      value.isSymbolic() || value.sparse || !value.isInt() ? std::nullopt : constantOf(value.value);
  if (!constant || value.shape().size() > 1)
    return emitError(loc)
           << what << " must be one or several integers that are known at compile time, found "
           << describe(value);
  SmallVector<int64_t> result;
  for (const llvm::APInt &element : constant->getValues<llvm::APInt>())
    result.push_back(element.getSExtValue());
  return result;
}

/// The axes that `axis=` names, in order; all of them without it.
FailureOr<SmallVector<int64_t>> Typer::reducedAxes(const Arguments &args) {
  const Typed &operand = args.positional.front();
  int64_t rank = operand.seenShape().size();
  auto it = args.keywords.find("axis");
  if (it == args.keywords.end())
    return llvm::to_vector(llvm::seq<int64_t>(0, rank));
  Location loc = it->second.second;
  FailureOr<SmallVector<int64_t>> axes = constantInts(it->second.first, loc, "'axis'");
  if (failed(axes))
    return failure();
  for (int64_t &axis : *axes) {
    if (axis < -rank || axis >= rank)
      return emitError(loc) << "axis " << axis << " is out of range for the shape "
                            << proc::spellShape(operand.seenShape());
    axis = axis < 0 ? axis + rank : axis;
  }
  llvm::sort(*axes);
  if (std::adjacent_find(axes->begin(), axes->end()) != axes->end())
    return emitError(loc, "an axis is named twice");
  return axes;
}

num::ReduceKind Typer::reduceKindOf(StringRef name) {
  return llvm::StringSwitch<num::ReduceKind>(name)
      .Case("prod", num::ReduceKind::Prod)
      .Case("min", num::ReduceKind::Min)
      .Case("max", num::ReduceKind::Max)
      .Case("any", num::ReduceKind::Any)
      .Case("all", num::ReduceKind::All)
      .Default(num::ReduceKind::Sum); // of 'mean', too
}

FailureOr<Typed> Typer::typeReduction(const Arguments &args) {
  if (failed(expectArguments(args, 1, 1, {"axis"})))
    return failure();
  if (args.positional.front().sparse)
    return reduceEntries(args);
  FailureOr<SmallVector<int64_t>> axes = reducedAxes(args);
  if (failed(axes))
    return failure();
  Location loc = args.call.getLoc();
  Typed operand = args.positional.front();
  num::ReduceKind kind = reduceKindOf(args.name);
  bool isLogical = kind == num::ReduceKind::Any || kind == num::ReduceKind::All;
  bool isExtremum = kind == num::ReduceKind::Min || kind == num::ReduceKind::Max;
  bool isMean = args.name == "mean";
  if (isLogical || operand.isBool())
    operand = convert(loc, operand, isLogical ? emit.boolType() : emit.intType());
  SmallVector<int64_t> shape;
  int64_t count = 1;
  for (auto [axis, extent] : llvm::enumerate(operand.shape()))
    if (llvm::is_contained(*axes, axis))
      count *= extent;
    else
      shape.push_back(extent);
  if ((isExtremum || isMean) && count == 0)
    return emitError(loc) << "'" << args.name << "' of no elements has no value";
  if (isMean && operand.isInt())
    operand = convert(loc, operand, emit.doubleType());
  Value result = emit.make<num::ReduceOp>(loc, emit.tensor(shape, operand.element()), kind,
                                          operand.value, *axes);
  if (!isMean)
    return Typed{result, {}, false};
  Value divisor = emit.broadcast(
      loc, emit.constantFloat(loc, static_cast<double>(count), operand.element()), shape);
  return Typed{emit.make<arith::DivFOp>(loc, result, divisor), {}, false};
}

/// The elements that are the greatest, or the least, along `axis`. A NaN is more extreme than any
/// number, as in NumPy.
static Value areExtreme(Emitter &emit, Location loc, num::ReduceKind kind, const Typed &operand,
                        int64_t axis) {
  SmallVector<int64_t> shape(operand.shape());
  shape.erase(shape.begin() + axis);
  Value extreme = emit.make<num::ReduceOp>(loc, emit.tensor(shape, operand.element()), kind,
                                           operand.value, ArrayRef<int64_t>{axis});
  shape.insert(shape.begin() + axis, 1);
  extreme = emit.broadcast(loc, emit.reshape(loc, extreme, shape), operand.shape());
  if (operand.isInt())
    return emit.make<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, operand.value, extreme);
  Value isNaN =
            emit.make<arith::CmpFOp>(loc, arith::CmpFPredicate::UNO, operand.value, operand.value),
        isEqual = emit.make<arith::CmpFOp>(loc, arith::CmpFPredicate::OEQ, operand.value, extreme);
  return emit.make<arith::OrIOp>(loc, isEqual, isNaN);
}

/// `argmin` and `argmax`: the first index of an extreme element along an axis, or, without one, in
/// row-major order.
FailureOr<Typed> Typer::typeArgReduction(const Arguments &args) {
  if (failed(expectArguments(args, 1, 1, {"axis"})))
    return failure();
  Location loc = args.call.getLoc();
  Typed operand = args.positional.front();
  if (operand.isBool())
    operand = convert(loc, operand, emit.intType());
  if (!args.keywords.contains("axis"))
    operand.value = emit.reshape(loc, operand.value, {operand.type().getNumElements()});
  FailureOr<int64_t> axis = typeAxis(args, operand.shape().size(), 0);
  if (failed(axis))
    return failure();
  int64_t extent = operand.shape()[*axis];
  if (extent == 0)
    return emitError(loc) << "'" << args.name << "' of no elements has no value";
  if (uint64_t(extent) > maxCounted)
    return emitError(loc) << "'" << args.name << "' along " << extent << " elements is too large";
  num::ReduceKind kind = args.name == "argmax" ? num::ReduceKind::Max : num::ReduceKind::Min;
  Value isExtreme = areExtreme(emit, loc, kind, operand, *axis);

  SmallVector<int64_t> along(operand.shape().size(), 1), shape(operand.shape());
  along[*axis] = extent;
  shape.erase(shape.begin() + *axis);
  Value numbers = emit.reshape(loc, emit.counting(loc, 0, extent), along);
  numbers = emit.broadcast(loc, numbers, operand.shape());
  Value none = emit.broadcast(loc, emit.constantInt(loc, extent), operand.shape());
  Value candidates = emit.make<arith::SelectOp>(loc, isExtreme, numbers, none);
  return Typed{emit.make<num::ReduceOp>(loc, emit.tensor(shape, emit.intType()),
                                        num::ReduceKind::Min, candidates, ArrayRef<int64_t>{*axis}),
               {},
               false};
}

LogicalResult Typer::checkExtents(Location loc, ArrayRef<int64_t> shape) {
  if (shape.size() > 32)
    return emitError(loc) << "a shape of " << shape.size() << " axes; at most 32 are possible";
  int64_t count = 1;
  for (int64_t extent : shape)
    if (extent < 0 || (extent > 0 && count > (int64_t(1) << 31) / extent))
      return emitError(loc) << "the shape " << proc::spellShape(shape)
                            << (extent < 0 ? " has a negative extent" : " is too large");
    else
      count *= extent;
  return success();
}

/// `zeros(shape)` and `ones(shape)`: weak, so that they take the type of what they meet.
FailureOr<Typed> Typer::typeFill(const Arguments &args) {
  if (failed(expectArguments(args, 1, 1)))
    return failure();
  Location loc = args.call.getLoc();
  FailureOr<SmallVector<int64_t>> shape = constantInts(args.positional.front(), loc, "a shape");
  if (failed(shape) || failed(checkExtents(loc, *shape)))
    return failure();
  Value value = emit.constantInt(loc, args.name == "ones");
  return Typed{emit.broadcast(loc, value, *shape), {}, true};
}

} // namespace basalt::frontend
