// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products: '@', deliver and conv2d. What one side of each holds is tested for zero, so that absent
// spikes cost nothing: the vector, or if there is none the right operand.
#include "compiler/frontend/typing/Typer.h"
#include "dialect/proc/Types.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

/// More slots are a mistake rather than a delay.
static constexpr int64_t maxSlots = 1024;
/// More of a stride, padding or dilation of conv2d is one, too.
static constexpr int64_t maxPlaces = 1 << 20;

//===--- @ ---===//

static Value transpose(Emitter &emit, Location loc, Value matrix) {
  auto type = cast<RankedTensorType>(matrix.getType());
  return emit.make<num::TransposeOp>(loc, type.clone({type.getDimSize(1), type.getDimSize(0)}),
                                     matrix, ArrayRef<int64_t>{1, 0});
}

static Value matVec(Emitter &emit, Location loc, Value matrix, Value vector) {
  auto type = cast<RankedTensorType>(matrix.getType());
  return emit.make<num::MatVecOp>(loc, type.clone({type.getDimSize(0)}), matrix, vector);
}

/// As a convolution whose kernels are the rows of `lhs`, over an image of a pixel for each column
/// of `rhs`: one operation, whatever their number.
static Value matMat(Emitter &emit, Location loc, Value lhs, Value rhs) {
  auto left = cast<RankedTensorType>(lhs.getType()), right = cast<RankedTensorType>(rhs.getType());
  int64_t rows = left.getDimSize(0), inner = left.getDimSize(1), columns = right.getDimSize(1);
  Value image = emit.reshape(loc, transpose(emit, loc, rhs), {columns, 1, inner});
  Value kernels = emit.reshape(loc, lhs, {rows, 1, 1, inner});
  SmallVector<int64_t> ones{1, 1}, zeros{0, 0};
  Value product = emit.make<num::Conv2DOp>(loc, left.clone({columns, 1, rows}), image, kernels,
                                           ones, zeros, ones, uint64_t(1));
  return transpose(emit, loc, emit.reshape(loc, product, {columns, rows}));
}

FailureOr<Typed> Typer::matmul(Location loc, Typed lhs, Typed rhs) {
  ArrayRef<int64_t> left = lhs.seenShape(), right = rhs.seenShape();
  auto isProduct = [](ArrayRef<int64_t> shape) { return shape.size() == 1 || shape.size() == 2; };
  if (!isProduct(left) || !isProduct(right))
    return emitError(loc) << "'@' expects vectors and matrices, found " << describe(lhs) << " and "
                          << describe(rhs);
  if (left.back() != right.front())
    return emitError(loc) << "the operands of '@' do not fit: " << proc::spellShape(left) << " and "
                          << proc::spellShape(right);
  bool isMatrix[] = {left.size() == 2, right.size() == 2};
  Type element = promote({lhs, rhs}, false);
  lhs = convert(loc, lhs, element);
  rhs = convert(loc, rhs, element);
  if (lhs.sparse && !isMatrix[1])
    return sparseMatmul(loc, lhs, rhs);
  Value a = toDense(loc, lhs).value, b = toDense(loc, rhs).value;
  if (isMatrix[0] && isMatrix[1])
    return Typed{matMat(emit, loc, a, b), {}, false};
  if (isMatrix[1])
    return Typed{matVec(emit, loc, transpose(emit, loc, b), a), {}, false};
  if (isMatrix[0])
    return Typed{matVec(emit, loc, a, b), {}, false};
  Value row = emit.reshape(loc, a, {1, left.front()});
  return Typed{emit.reshape(loc, matVec(emit, loc, row, b), {}), {}, false};
}

//===--- deliver ---===//

/// What the sums of a delivery begin with: of the shape of its result, or nothing.
FailureOr<std::optional<Typed>> Typer::ontoArgument(const Arguments &args,
                                                    ArrayRef<int64_t> shape) {
  auto given = args.keywords.find("onto");
  if (given == args.keywords.end())
    return std::optional<Typed>();
  const auto &[value, loc] = given->second;
  if (value.seenShape() != shape)
    return emitError(loc) << "'onto' of 'deliver' must have the shape of its result, "
                          << proc::spellShape(shape) << ", found " << describe(value);
  return std::optional<Typed>(toDense(loc, value));
}

/// `deliver(w, d, s, slots)`: column k is `where(d == k, w, 0) @ s`, added to that of `onto`.
FailureOr<Typed> Typer::typeDeliver(const Arguments &args) {
  if (failed(expectArguments(args, 4, 4, {"onto"})))
    return failure();
  Location loc = args.call.getLoc();
  Typed weights = args.positional[0], delays = args.positional[1], spikes = args.positional[2];
  std::optional<int64_t> slots = frontend::constantInt(args.positional[3]);
  if (!slots || *slots < 1 || *slots > maxSlots)
    return emitError(loc) << "the slots of 'deliver' must be an integer from 1 to " << maxSlots
                          << " that is known at compile time";
  ArrayRef<int64_t> shape = weights.seenShape();
  if (!delays.isInt() || shape.size() != 2 || spikes.seenShape().size() != 1)
    return emitError(loc)
           << "'deliver' expects a matrix of weights, integer delays and a vector, found "
           << describe(weights) << ", " << describe(delays) << " and " << describe(spikes);
  std::optional<SmallVector<int64_t>> joint = broadcastShapes(shape, delays.seenShape());
  if (!joint || ArrayRef(*joint) != shape)
    return emitError(loc) << "delays of shape " << proc::spellShape(delays.seenShape())
                          << " do not fit weights of shape " << proc::spellShape(shape);
  if (shape[1] != spikes.shape()[0])
    return emitError(loc) << "'deliver' of weights of shape " << proc::spellShape(shape)
                          << " and a vector of shape " << proc::spellShape(spikes.shape())
                          << ", which do not fit";
  FailureOr<std::optional<Typed>> onto = ontoArgument(args, {shape[0], *slots});
  if (failed(onto))
    return failure();
  if (weights.sparse)
    return sparseDeliver(loc, weights, delays, spikes, *slots, *onto);
  Type element =
      *onto ? promote({weights, spikes, **onto}, false) : promote({weights, spikes}, false);
  Value times = emit.broadcast(loc, toDense(loc, delays).value, shape);
  return Typed{emit.make<num::DeliverOp>(loc, emit.tensor({shape[0], *slots}, element),
                                         convert(loc, weights, element).value, times,
                                         convert(loc, spikes, element).value,
                                         *onto ? convert(loc, **onto, element).value : Value()),
               {},
               false};
}

//===--- conv2d ---===//

/// `stride=2` or `stride=[2, 1]`: a number for each of x and y.
FailureOr<SmallVector<int64_t>> Typer::pairArgument(const Arguments &args, StringRef name,
                                                    int64_t least, int64_t otherwise) {
  auto given = args.keywords.find(name);
  if (given == args.keywords.end())
    return SmallVector<int64_t>(2, otherwise);
  const auto &[value, loc] = given->second;
  std::string what = ("'" + name + "' of 'conv2d'").str();
  FailureOr<SmallVector<int64_t>> result = constantInts(value, loc, what);
  if (failed(result))
    return failure();
  if (result->size() != 1 && result->size() != 2)
    return emitError(loc) << what << " must be one integer or two, for x and y, found "
                          << describe(value);
  for (int64_t number : *result)
    if (number < least || number > maxPlaces)
      return emitError(loc) << what << " must be from " << least << " to " << maxPlaces
                            << ", found " << number;
  result->resize(2, result->front());
  return result;
}

FailureOr<int64_t> Typer::groupsArgument(const Arguments &args, int64_t inputChannels,
                                         int64_t outputChannels, int64_t kernelChannels) {
  auto given = args.keywords.find("groups");
  Location loc = given == args.keywords.end() ? args.call.getLoc() : given->second.second;
  std::optional<int64_t> groups = 1;
  if (given != args.keywords.end())
    groups = frontend::constantInt(given->second.first);
  if (!groups || *groups < 1)
    return emitError(loc, "'groups' of 'conv2d' must be an integer from 1 that is known at "
                          "compile time");
  if (inputChannels % *groups != 0 || outputChannels % *groups != 0)
    return emitError(loc) << "'groups' of 'conv2d' must divide the channels of its input and its "
                          << "output, " << inputChannels << " and " << outputChannels << ", found "
                          << *groups;
  if (inputChannels / *groups != kernelChannels)
    return emitError(loc) << "the kernel of 'conv2d' has " << kernelChannels
                          << " channels, expected " << inputChannels / *groups << ", those of "
                          << (*groups == 1 ? "the input" : "each group of the input");
  return *groups;
}

FailureOr<Typed> Typer::typeConv2D(const Arguments &args) {
  if (failed(expectArguments(args, 2, 2, {"stride", "padding", "dilation", "groups"})))
    return failure();
  Location loc = args.call.getLoc();
  const Typed &input = args.positional[0], &kernel = args.positional[1];
  if (input.shape().size() != 3 || kernel.shape().size() != 4)
    return emitError(loc) << "'conv2d' expects an input of shape (x, y, channels) and a kernel of "
                          << "shape (output channels, x, y, channels), found " << describe(input)
                          << " and " << describe(kernel);
  FailureOr<SmallVector<int64_t>> stride = pairArgument(args, "stride", 1, 1),
                                  padding = pairArgument(args, "padding", 0, 0),
                                  dilation = pairArgument(args, "dilation", 1, 1);
  if (failed(stride) || failed(padding) || failed(dilation))
    return failure();
  ArrayRef<int64_t> from = input.shape(), taps = kernel.shape();
  FailureOr<int64_t> groups = groupsArgument(args, from[2], taps[0], taps[3]);
  if (failed(groups))
    return failure();
  SmallVector<int64_t> shape;
  for (int axis : {0, 1}) {
    int64_t padded = from[axis] + 2 * (*padding)[axis],
            spread = (*dilation)[axis] * (taps[axis + 1] - 1) + 1;
    if (spread > padded || taps[axis + 1] == 0)
      return emitError(loc) << "the kernel of 'conv2d' extends over " << spread << " along "
                            << (axis == 0 ? "x" : "y") << ", expected 1 to " << padded
                            << ", the extent of the padded input";
    shape.push_back((padded - spread) / (*stride)[axis] + 1);
  }
  shape.push_back(taps[0]);
  Type element = promote({input, kernel}, false);
  return Typed{emit.make<num::Conv2DOp>(loc, emit.tensor(shape, element),
                                        convert(loc, input, element).value,
                                        convert(loc, kernel, element).value, *stride, *padding,
                                        *dilation, uint64_t(*groups)),
               {},
               false};
}

} // namespace basalt::frontend
