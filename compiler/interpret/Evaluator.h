// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The meaning of every pure value operation (num::isValueOp), in obvious code: what all else is
// compared with. Arithmetic itself is that of the run-time library's headers.
#ifndef BASALT_COMPILER_INTERPRET_EVALUATOR_H
#define BASALT_COMPILER_INTERPRET_EVALUATOR_H

#include "compiler/interpret/Tensor.h"

#include "mlir/IR/Operation.h"

#include <optional>
#include <string>

namespace basalt::interp {

/// The results of `op` for the given operands (in order, of the op's operand types; a scalar is a
/// tensor of rank 0). Fails if an index is out of range, with the text for the user in `error` (if
/// not null), and for an operation that is no value operation.
mlir::FailureOr<llvm::SmallVector<Tensor>>
evaluate(mlir::Operation *op, llvm::ArrayRef<Tensor> operands, std::string *error = nullptr);

/// Elements beyond which a result is not computed at compile time.
inline constexpr int64_t kMaxFoldedElements = 1 << 20;

/// The constant that `value` is, if it is the result of a constant operation; a scalar has rank 0.
std::optional<mlir::DenseElementsAttr> constantOf(mlir::Value value);

/// The result of a value operation whose operands are all constants (`constantOf`); a scalar has
/// rank 0. None if they are not, if the operation is none of ours, if an index is out of range
/// (that is for the run to report), or if the result has more than `limit` elements.
std::optional<mlir::DenseElementsAttr> foldToConstant(mlir::Operation *op,
                                                      int64_t limit = kMaxFoldedElements);

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_EVALUATOR_H
