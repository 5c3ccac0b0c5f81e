// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the transforms of virtual ports (#proc.reshape, transpose, slice, place) do to shapes.
#ifndef BASALT_DIALECT_PROC_TRANSFORMS_H
#define BASALT_DIALECT_PROC_TRANSFORMS_H

#include "dialect/proc/Proc.h"

#include <optional>

namespace basalt::proc {

/// A shape as far as it is known: nothing if the rank is not, `ShapedType::kDynamic` for an extent
/// that is not.
using PartialShape = std::optional<llvm::SmallVector<int64_t>>;

/// Told in the user's words what is wrong with a transform.
using Complain = llvm::function_ref<void(const llvm::Twine &)>;

/// Whether all of the shape is known.
bool isStatic(const PartialShape &shape);

/// The shape behind `transform` of a source of shape `shape`. Fails, and complains, if the
/// transform does not fit the shape. Not for concat.
llvm::FailureOr<PartialShape> transformShape(mlir::Attribute transform, const PartialShape &shape,
                                             Complain complain);

/// The shape of `concat` along `axis` of sources of these shapes.
llvm::FailureOr<PartialShape> concatShape(int64_t axis, llvm::ArrayRef<PartialShape> shapes,
                                          Complain complain);

/// What is known of the shape before `transform` when that behind it is `shape`.
PartialShape shapeBefore(mlir::Attribute transform, const PartialShape &shape);

/// The transform with what counts from the end, is left to infer or is taken whole written out, for
/// a source of the static shape `shape` that it fits.
mlir::Attribute normalise(mlir::Attribute transform, llvm::ArrayRef<int64_t> shape);

/// Whether reads can go back through the transform.
bool isInvertible(mlir::Attribute transform);

/// As the user writes it: `reshape(2, 5)`, `transpose(1, 0)`.
std::string spellTransform(mlir::Attribute transform);

} // namespace basalt::proc

#endif // BASALT_DIALECT_PROC_TRANSFORMS_H
