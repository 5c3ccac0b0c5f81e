// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What connections do to values: transforms of virtual ports, and the sum that an InPort receives.
#ifndef BASALT_COMPILER_SCHEDULE_CONNECTIONS_H
#define BASALT_COMPILER_SCHEDULE_CONNECTIONS_H

#include "dialect/proc/Proc.h"

#include "mlir/IR/Builders.h"

namespace basalt {

/// `value`, as sent at the source of a connection, as it arrives at the target.
mlir::Value applyForward(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                         proc::ConnectOp connect);

/// What a RefPort whose values have `shape` reads when the Var at its other end is `value`: the
/// transforms inverted, last first.
mlir::FailureOr<mlir::Value> applyBackward(mlir::OpBuilder &builder, mlir::Location loc,
                                           mlir::Value value, proc::ConnectOp connect,
                                           llvm::ArrayRef<int64_t> shape);

/// A message and the declared type of the port that sent it (which says how to read its bits).
struct Summand {
  mlir::Value value;
  mlir::Type declared;
};

/// The sum of the messages, in order and with the language's `+`, as a value of the InPort's
/// declared type; zeros if there are none.
mlir::Value sumOf(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<Summand> messages,
                  mlir::RankedTensorType port);

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_CONNECTIONS_H
