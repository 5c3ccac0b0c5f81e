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
/// the file that need not wait. Reports processes that wait for each other's messages, and
/// connected OutPorts that are never sent on.
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

/// Who runs in a phase other than spk, in which order, and what they access. An owner of a Var runs
/// before those that access it.
struct PhaseOrder {
  mlir::SmallVector<unsigned> order;                            // instances with code in this phase
  llvm::DenseMap<unsigned, mlir::SmallVector<Access>> accesses; // by instance
  llvm::DenseMap<unsigned, mlir::SmallVector<unsigned>> waits;  // who waits for whom
};

/// Reports processes that wait for each other.
mlir::FailureOr<PhaseOrder> orderPhase(const Network &network, proc::PhaseKind phase);

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_ORDER_H
