// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code of an actor while it runs: a phase or guard, its SSA values, and the place where it is.
#ifndef BASALT_COMPILER_INTERPRET_ACTIVATION_H
#define BASALT_COMPILER_INTERPRET_ACTIVATION_H

#include "compiler/interpret/Actors.h"
#include "compiler/interpret/Walker.h"

namespace basalt::interp {

/// One execution of a block. All effects are on the actor, on whom its ports lead to, and on the
/// context. Throws RunError.
class Activation final : public Walker {
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
  std::optional<Values> runAccess(mlir::Operation &op) override;
  Tensor receive(proc::RecvOp op);
  void send(proc::SendOp op);
  Tensor load(const State &state, mlir::Operation *access);
  void store(State &state, const Tensor &value, mlir::Operation *access);
  Tensor read(proc::ReadOp op);
  void write(proc::WriteOp op);
  Actor &actor;
  mlir::Block &code;
  mlir::Block::iterator next;
};

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_ACTIVATION_H
