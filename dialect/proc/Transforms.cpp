// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shapes through the transforms of virtual ports.
#include "dialect/proc/Transforms.h"
#include "dialect/proc/Types.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::proc {

static constexpr int64_t unknown = ShapedType::kDynamic;

bool isStatic(const PartialShape &shape) { return shape && !llvm::is_contained(*shape, unknown); }

static std::string spellAll(ArrayRef<int64_t> list) {
  return llvm::join(llvm::map_range(list, [](int64_t n) { return std::to_string(n); }), ", ");
}

static LogicalResult refuse(Complain complain, const llvm::Twine &text) {
  complain(text);
  return failure();
}

/// Number of elements; nothing if unknown or beyond 64 bits.
static std::optional<int64_t> countElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    if (extent == unknown || llvm::MulOverflow(count, extent, count))
      return std::nullopt;
  return count;
}

//===--- reshape ---===//

static FailureOr<PartialShape> reshapeShape(ReshapeAttr reshape, const PartialShape &shape,
                                            Complain complain) {
  SmallVector<int64_t> result(reshape.getShape());
  if (llvm::any_of(result, [](int64_t n) { return n < -1; }) || llvm::count(result, -1) > 1)
    return refuse(complain,
                  "reshape(" + spellAll(result) + ") has more than one extent left to infer");
  std::optional<int64_t> have = shape ? countElements(*shape) : std::nullopt;
  auto *open = llvm::find(result, -1);
  if (!have) {
    if (open != result.end())
      *open = unknown;
    return PartialShape(result);
  }
  if (open != result.end()) {
    *open = 1;
    std::optional<int64_t> rest = countElements(result);
    *open = rest && *rest != 0 ? *have / *rest : 0;
  }
  if (countElements(result) != have)
    return refuse(complain, "reshape(" + spellAll(reshape.getShape()) +
                                ") changes the number of elements: " + spellShape(*shape) +
                                " has " + llvm::Twine(*have));
  return PartialShape(result);
}

//===--- transpose ---===//

/// The axes as a permutation of 0, 1, ...; nothing if they are none.
static std::optional<SmallVector<int64_t>> permutationOf(ArrayRef<int64_t> axes, int64_t rank) {
  SmallVector<int64_t> order(axes);
  if (axes.empty())
    order = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rank)));
  for (int64_t &axis : order)
    axis = axis < 0 ? axis + rank : axis;
  SmallVector<int64_t> sorted(order);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, rank)))
    return std::nullopt;
  return order;
}

static FailureOr<PartialShape> transposeShape(TransposeAttr transpose, const PartialShape &shape,
                                              Complain complain) {
  ArrayRef<int64_t> axes = transpose.getPermutation();
  if (!shape && axes.empty())
    return PartialShape();
  int64_t rank = shape ? shape->size() : axes.size();
  if (!axes.empty() && static_cast<int64_t>(axes.size()) != rank)
    return refuse(complain, "transpose(" + spellAll(axes) + ") names " + llvm::Twine(axes.size()) +
                                " axes, but " + spellShape(*shape) + " has " + llvm::Twine(rank));
  auto order = permutationOf(axes, rank);
  if (!order)
    return refuse(complain, "transpose(" + spellAll(axes) + ") is not a permutation of " +
                                llvm::Twine(rank) + " axes");
  SmallVector<int64_t> result;
  for (int64_t axis : *order)
    result.push_back(shape ? (*shape)[axis] : unknown);
  return PartialShape(result);
}

//===--- slice ---===//

namespace {
/// One axis of a slice, written out.
struct Range {
  int64_t offset, size, stride;
};
} // namespace

static Range rangeOf(SliceAttr slice, size_t axis, int64_t extent) {
  if (axis >= slice.getOffsets().size())
    return {0, extent, 1};
  Range range{slice.getOffsets()[axis], slice.getSizes()[axis], slice.getStrides()[axis]};
  if (range.offset < 0)
    range.offset += extent;
  if (range.size >= 0 || range.stride == 0)
    return range;
  int64_t stop = range.stride > 0 ? extent + 1 + range.size : -(range.size + 2);
  int64_t distance = range.stride > 0 ? stop - range.offset : range.offset - stop;
  int64_t pace = std::abs(range.stride);
  range.size = distance <= 0 ? 0 : (distance + pace - 1) / pace;
  return range;
}

static FailureOr<PartialShape> sliceShape(SliceAttr slice, const PartialShape &shape,
                                          Complain complain) {
  if (!shape)
    return PartialShape();
  size_t named = slice.getOffsets().size();
  if (named > shape->size())
    return refuse(complain, "the slice has " + llvm::Twine(named) + " axes, but " +
                                spellShape(*shape) + " has " + llvm::Twine(shape->size()));
  SmallVector<int64_t> result(*shape);
  for (size_t axis = 0; axis < named; ++axis) {
    int64_t extent = (*shape)[axis], size = slice.getSizes()[axis];
    if (extent == unknown) {
      result[axis] = size < 0 ? unknown : size;
      continue;
    }
    Range range = rangeOf(slice, axis, extent);
    int64_t last = range.offset + (range.size - 1) * range.stride;
    if (range.stride == 0 || range.size <= 0 || range.offset < 0 || range.offset >= extent ||
        last < 0 || last >= extent)
      return refuse(complain, "the slice goes beyond axis " + llvm::Twine(axis) + " of " +
                                  spellShape(*shape) + ": it begins at " +
                                  llvm::Twine(range.offset) + " and has " +
                                  llvm::Twine(range.size) + " elements");
    result[axis] = range.size;
  }
  return PartialShape(result);
}

//===--- place, concat ---===//

static FailureOr<PartialShape> placeShape(PlaceAttr place, const PartialShape &shape,
                                          Complain complain) {
  SmallVector<int64_t> result(place.getShape());
  bool fits =
      place.getOffsets().size() == result.size() && (!shape || shape->size() == result.size());
  for (size_t axis = 0; fits && shape && axis < result.size(); ++axis)
    fits = place.getOffsets()[axis] >= 0 &&
           ((*shape)[axis] == unknown || place.getOffsets()[axis] + (*shape)[axis] <= result[axis]);
  if (!fits)
    return refuse(complain, "the place in " + spellShape(result) + " is outside");
  return PartialShape(result);
}

FailureOr<PartialShape> concatShape(int64_t axis, ArrayRef<PartialShape> shapes,
                                    Complain complain) {
  PartialShape result;
  for (const PartialShape &shape : shapes) {
    if (!shape)
      return PartialShape();
    int64_t rank = shape->size(), at = axis < 0 ? axis + rank : axis;
    if (at < 0 || at >= rank)
      return refuse(complain, "concat along axis " + llvm::Twine(axis) + ", but " +
                                  spellShape(*shape) + " has " + llvm::Twine(rank) +
                                  (rank == 1 ? " axis" : " axes"));
    if (!result) {
      result = shape;
      continue;
    }
    bool fits = result->size() == shape->size();
    for (int64_t i = 0; fits && i < rank; ++i) {
      int64_t &have = (*result)[i], add = (*shape)[i];
      if (i == at)
        have = have == unknown || add == unknown ? unknown : have + add;
      else if (have == unknown)
        have = add;
      else
        fits = add == unknown || have == add;
    }
    if (!fits)
      return refuse(complain, "concat along axis " + llvm::Twine(axis) +
                                  " of shapes that differ elsewhere: " +
                                  spellShape(*shapes.front()) + " and " + spellShape(*shape));
  }
  return result;
}

//===--- all ---===//

FailureOr<PartialShape> transformShape(Attribute transform, const PartialShape &shape,
                                       Complain complain) {
  return llvm::TypeSwitch<Attribute, FailureOr<PartialShape>>(transform)
      .Case([&](ReshapeAttr attr) { return reshapeShape(attr, shape, complain); })
      .Case([&](TransposeAttr attr) { return transposeShape(attr, shape, complain); })
      .Case([&](SliceAttr attr) { return sliceShape(attr, shape, complain); })
      .Case([&](PlaceAttr attr) { return placeShape(attr, shape, complain); })
      .Default([&](Attribute) { return FailureOr<PartialShape>(failure()); });
}

PartialShape shapeBefore(Attribute transform, const PartialShape &shape) {
  auto transpose = dyn_cast<TransposeAttr>(transform);
  if (!transpose || !shape)
    return std::nullopt;
  auto order = permutationOf(transpose.getPermutation(), shape->size());
  if (!order)
    return std::nullopt;
  SmallVector<int64_t> result(shape->size(), unknown);
  for (auto [axis, from] : llvm::enumerate(*order))
    result[from] = (*shape)[axis];
  return result;
}

Attribute normalise(Attribute transform, ArrayRef<int64_t> shape) {
  MLIRContext *context = transform.getContext();
  PartialShape known = SmallVector<int64_t>(shape);
  if (auto reshape = dyn_cast<ReshapeAttr>(transform)) {
    auto result = reshapeShape(reshape, known, [](const llvm::Twine &) {});
    return succeeded(result) ? ReshapeAttr::get(context, **result) : transform;
  }
  if (auto transpose = dyn_cast<TransposeAttr>(transform)) {
    auto order = permutationOf(transpose.getPermutation(), shape.size());
    return order ? TransposeAttr::get(context, *order) : transform;
  }
  auto slice = dyn_cast<SliceAttr>(transform);
  if (!slice)
    return transform;
  SmallVector<int64_t> offsets, sizes, strides;
  for (auto [axis, extent] : llvm::enumerate(shape)) {
    Range range = rangeOf(slice, axis, extent);
    offsets.push_back(range.offset);
    sizes.push_back(range.size);
    strides.push_back(range.stride);
  }
  return SliceAttr::get(context, offsets, sizes, strides);
}

bool isInvertible(Attribute transform) { return isa<ReshapeAttr, TransposeAttr>(transform); }

std::string spellTransform(Attribute transform) {
  return llvm::TypeSwitch<Attribute, std::string>(transform)
      .Case([](ReshapeAttr attr) {
        bool flat = attr.getShape() == ArrayRef<int64_t>(-1);
        return flat ? std::string("flatten()") : "reshape(" + spellAll(attr.getShape()) + ")";
      })
      .Case([](TransposeAttr attr) { return "transpose(" + spellAll(attr.getPermutation()) + ")"; })
      .Case([](SliceAttr) { return "slice"; })
      .Case([](ConcatAttr) { return "concat"; })
      .Default([](Attribute) { return "place"; });
}

} // namespace basalt::proc
