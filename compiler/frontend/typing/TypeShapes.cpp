// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions that move elements: roll, concat, arange, transpose. All but the last are made of
// num.extract and num.insert.
#include "compiler/frontend/typing/Typer.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

/// The part of `value` at `offset` of `axis` with extent `size` there.
static Value extractRange(Emitter &emit, Location loc, Value value, int64_t axis, int64_t offset,
                          int64_t size) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> offsets(type.getRank(), 0), sizes(type.getShape()),
      strides(type.getRank(), 1);
  offsets[axis] = offset;
  sizes[axis] = size;
  return emit.make<num::ExtractOp>(loc, type.clone(sizes), value, ValueRange(), offsets, sizes,
                                   strides, ArrayRef<int64_t>());
}

/// `whole` with `part` at `offset` of `axis`.
static Value insertRange(Emitter &emit, Location loc, Value part, Value whole, int64_t axis,
                         int64_t offset) {
  auto type = cast<RankedTensorType>(whole.getType());
  SmallVector<int64_t> offsets(type.getRank(), 0), strides(type.getRank(), 1);
  offsets[axis] = offset;
  ArrayRef<int64_t> sizes = cast<RankedTensorType>(part.getType()).getShape();
  return emit.make<num::InsertOp>(loc, type, part, whole, ValueRange(), offsets, sizes, strides,
                                  ArrayRef<int64_t>());
}

static Value zeros(Emitter &emit, Location loc, RankedTensorType type) {
  return emit.constant(
      loc, DenseElementsAttr::get(type, emit.builder.getZeroAttr(type.getElementType())));
}

/// The axis that `axis=` names, or `otherwise`.
FailureOr<int64_t> Typer::typeAxis(const Arguments &args, int64_t rank, int64_t otherwise) {
  auto it = args.keywords.find("axis");
  if (it == args.keywords.end())
    return otherwise;
  Location loc = it->second.second;
  FailureOr<SmallVector<int64_t>> given = constantInts(it->second.first, loc, "'axis'");
  if (failed(given))
    return failure();
  if (given->size() != 1)
    return emitError(loc, "'axis' must be one integer here");
  int64_t axis = given->front();
  if (axis < -rank || axis >= rank)
    return emitError(loc) << "axis " << axis << " is out of range for rank " << rank;
  return axis < 0 ? axis + rank : axis;
}

FailureOr<Typed> Typer::typeRoll(const Arguments &args) {
  if (failed(expectArguments(args, 2, 2, {"axis"})))
    return failure();
  Location loc = args.call.getLoc();
  Typed operand = args.positional[0];
  std::optional<int64_t> shift = frontend::constantInt(args.positional[1]);
  if (!shift)
    return emitError(loc)
           << "the shift of 'roll' must be an integer that is known at compile time, found "
           << describe(args.positional[1]);
  // Without an axis the elements are rolled in row-major order, as in NumPy.
  bool isFlat = !args.keywords.contains("axis");
  SmallVector<int64_t> shape(operand.shape());
  if (isFlat)
    operand.value = emit.reshape(loc, operand.value, {operand.type().getNumElements()});
  FailureOr<int64_t> axis = typeAxis(args, operand.shape().size(), 0);
  if (failed(axis))
    return failure();
  int64_t extent = operand.shape()[*axis];
  int64_t places = extent == 0 ? 0 : ((*shift % extent) + extent) % extent;
  if (places == 0)
    return Typed{emit.reshape(loc, operand.value, shape), {}, operand.isWeak};
  Value wrapped = extractRange(emit, loc, operand.value, *axis, extent - places, places);
  Value moved = extractRange(emit, loc, operand.value, *axis, 0, extent - places);
  Value result = insertRange(emit, loc, wrapped, zeros(emit, loc, operand.type()), *axis, 0);
  result = insertRange(emit, loc, moved, result, *axis, places);
  return Typed{emit.reshape(loc, result, shape), {}, operand.isWeak};
}

FailureOr<Typed> Typer::typeConcat(const Arguments &args) {
  if (failed(expectArguments(args, 1, 64, {"axis"})))
    return failure();
  Location loc = args.call.getLoc();
  ArrayRef<Typed> parts = args.positional;
  SmallVector<int64_t> shape(parts.front().shape());
  if (shape.empty())
    return emitError(loc, "'concat' expects tensors, found a scalar");
  FailureOr<int64_t> axis = typeAxis(args, shape.size(), 0);
  if (failed(axis))
    return failure();
  shape[*axis] = 0;
  for (const Typed &part : parts) {
    SmallVector<int64_t> other(part.shape());
    bool sameRank = other.size() == shape.size();
    int64_t extent = sameRank ? std::exchange(other[*axis], shape[*axis]) : 0;
    if (!sameRank || other != shape)
      return emitError(loc) << "'concat' along axis " << *axis << " of shapes that do not fit: "
                            << proc::spellShape(parts.front().shape()) << " and "
                            << proc::spellShape(part.shape());
    shape[*axis] += extent;
  }
  Type element = promote(parts, true);
  Value result = zeros(emit, loc, emit.tensor(shape, element));
  int64_t offset = 0;
  for (const Typed &part : parts) {
    result = insertRange(emit, loc, convert(loc, part, element).value, result, *axis, offset);
    offset += part.shape()[*axis];
  }
  return Typed{result, {}, llvm::all_of(parts, [](const Typed &part) { return part.isWeak; })};
}

/// `transpose(x)` turns the axes round; `transpose(x, [2, 0, 1])` says where each of them comes
/// from.
FailureOr<Typed> Typer::typeTranspose(const Arguments &args) {
  if (failed(expectArguments(args, 1, 2)))
    return failure();
  Location loc = args.call.getLoc();
  const Typed &operand = args.positional[0];
  auto rank = static_cast<int64_t>(operand.shape().size());
  SmallVector<int64_t> axes = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rank)));
  if (args.positional.size() == 2) {
    FailureOr<SmallVector<int64_t>> given =
        constantInts(args.positional[1], loc, "the axes of 'transpose'");
    if (failed(given))
      return failure();
    for (int64_t &axis : *given)
      axis += axis < 0 ? rank : 0;
    if (!std::is_permutation(axes.begin(), axes.end(), given->begin(), given->end()))
      return emitError(loc) << "the axes of 'transpose' must name each of the " << rank
                            << " axes once";
    axes = *given;
  }
  SmallVector<int64_t> shape;
  for (int64_t axis : axes)
    shape.push_back(operand.shape()[axis]);
  Value result = emit.make<num::TransposeOp>(loc, operand.type().clone(shape), operand.value, axes);
  return Typed{result, {}, operand.isWeak};
}

/// `arange(stop)` and `arange(start, stop)`: integers, known at compile time.
FailureOr<Typed> Typer::typeArange(const Arguments &args) {
  if (failed(expectArguments(args, 1, 2)))
    return failure();
  Location loc = args.call.getLoc();
  SmallVector<int64_t> bounds;
  for (const Typed &bound : args.positional) {
    std::optional<int64_t> value = frontend::constantInt(bound);
    if (!value)
      return emitError(loc)
             << "a bound of 'arange' must be an integer that is known at compile time, found "
             << describe(bound);
    bounds.push_back(*value);
  }
  int64_t start = bounds.size() == 2 ? bounds[0] : 0, stop = bounds.back();
  // The difference of the bounds may be one that only fits without a sign.
  uint64_t count = stop > start ? uint64_t(stop) - uint64_t(start) : 0;
  if (count > maxCounted)
    return emitError(loc) << "'arange' of " << count << " elements is too large";
  return Typed{emit.counting(loc, start, int64_t(count)), {}, true};
}

} // namespace basalt::frontend
