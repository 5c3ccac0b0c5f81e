// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens to a value between two ports: transforms, conversion of types, sums.
#ifndef BASALT_COMPILER_INTERPRET_MESSAGES_H
#define BASALT_COMPILER_INTERPRET_MESSAGES_H

#include "compiler/interpret/Tensor.h"

namespace basalt::interp {

/// A value and the declared element type that says how its bits are read.
struct Message {
  Tensor value;
  mlir::Type declared;
};

/// The value as a declared element type holds it: integers wrap, anything but zero is true as bool.
Message convert(const Message &message, mlir::Type declared);

/// `+` of the language: bools are or'ed, integers added in 64 bits, with a float the result is one.
Message add(const Message &a, const Message &b);

/// The value behind the transforms of a connection (null: none), which are in resolved form.
Tensor applyTransforms(mlir::ArrayAttr via, Tensor value);

/// The value of shape `shape` that `applyTransforms` makes `value` of.
Tensor undoTransforms(mlir::ArrayAttr via, Tensor value, llvm::ArrayRef<int64_t> shape);

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_MESSAGES_H
