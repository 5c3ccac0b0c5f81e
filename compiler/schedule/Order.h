// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order in which things run: fragments of spk by the messages between them, processes of the
// other phases by whose Vars they access.
#ifndef BASALT_COMPILER_SCHEDULE_ORDER_H
#define BASALT_COMPILER_SCHEDULE_ORDER_H

#include "compiler/schedule/Network.h"

namespace basalt {

/// A piece of a process's spk code that runs without waiting: it may begin with a recv and end with
/// a send, and has no other.
struct Fragment {
  unsigned instance;
  mlir::SmallVector<mlir::Operation *> ops;
  proc::RecvOp recv; // the first op, or null
  proc::SendOp send; // the last op, or null
};

/// The fragments of an instance's spk code, in program order.
mlir::SmallVector<Fragment> cutFragments(const Network &network, unsigned instance);

/// All fragments in the order in which they run: always the next fragment of the first process in
/// the file that need not wait.
mlir::FailureOr<mlir::SmallVector<Fragment>> orderFragments(const Network &network);

/// A read or write through a RefPort.
struct Access {
  mlir::Operation *op; // proc.read or proc.write
  const Remote *remote;
  bool write;
};

/// What an instance's code of a phase accesses remotely, in program order, nested code included.
/// Reports RefPorts that are not connected.
mlir::FailureOr<mlir::SmallVector<Access>> remoteAccesses(const Network &network, unsigned instance,
                                                          proc::PhaseKind phase);

/// Which instances have code in a phase other than spk, what they access, and whom they wait for:
/// the owner of a Var runs before those that access it, unless their guards never hold in one step.
/// By instance.
struct PhaseWaits {
  llvm::DenseMap<unsigned, mlir::SmallVector<Access>> accesses;
  llvm::DenseMap<unsigned, mlir::SmallVector<unsigned>> waits;
};

mlir::FailureOr<PhaseWaits> waitsOf(const Network &network, proc::PhaseKind phase);

/// The same, and the order in which they run.
struct PhaseOrder : PhaseWaits {
  mlir::SmallVector<unsigned> order;
};

mlir::FailureOr<PhaseOrder> orderPhase(const Network &network, proc::PhaseKind phase);

/// There is no order in which `instance` could run. check-deadlocks has said so, unless a stage
/// runs alone.
mlir::LogicalResult emitDeadlock(proc::InstanceOp instance);

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_ORDER_H
