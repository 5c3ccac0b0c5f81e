// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code of an actor while it runs: a phase or guard, its SSA values, and the place where it is.
#ifndef BASALT_COMPILER_INTERPRET_ACTIVATION_H
#define BASALT_COMPILER_INTERPRET_ACTIVATION_H

#include "compiler/interpret/Actors.h"

#include "runtime/native/Error.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/DenseMap.h"

namespace basalt::interp {

/// The error of a run that `op` of `actor` ends with.
rt::RunError runError(const rt::Context &ctx, const Actor &actor, mlir::Operation *op,
                      const std::string &message);

/// One execution of a block. All effects are on the actor, on whom its ports lead to, and on the
/// context. Throws RunError.
class Activation {
public:
  Activation(Actor &actor, mlir::Block &code, rt::Context &ctx);

  bool isDone() const { return next == code.end(); }
  /// The operation that runs next; not if it is done.
  mlir::Operation *nextOp() const { return &*next; }
  /// The first channel whose message the next operation waits for; null if it can run.
  const Channel *waitsFor() const;

  /// Runs up to the next recv or behind the next send, whatever comes first; to the end if there is
  /// none. A recv at the begin must not wait.
  void runFragment();
  /// Runs to the end.
  void runAll();
  /// The value of a guard that has run.
  bool guardValue() const;

private:
  using Values = llvm::SmallVector<Tensor>;

  void runOp(mlir::Operation &op);
  /// Runs a nested block; returns what it yields.
  Values runBlock(mlir::Block &block, llvm::ArrayRef<Tensor> arguments);
  Values runIf(mlir::scf::IfOp op);
  Values runFor(mlir::scf::ForOp op);
  Tensor receive(proc::RecvOp op);
  void send(proc::SendOp op);
  Tensor load(const State &state, mlir::Operation *access);
  void store(State &state, const Tensor &value, mlir::Operation *access);
  Tensor read(proc::ReadOp op);
  void write(proc::WriteOp op);
  void print(proc::PrintOp op);
  void check(proc::AssertOp op);
  Values evaluatePure(mlir::Operation &op);

  const Tensor &valueOf(mlir::Value value) const;
  Values valuesOf(mlir::ValueRange values) const;
  void define(mlir::ValueRange results, llvm::ArrayRef<Tensor> values);

  Actor &actor;
  mlir::Block &code;
  rt::Context &ctx;
  mlir::Block::iterator next;
  llvm::DenseMap<mlir::Value, Tensor> values;
};

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_ACTIVATION_H
