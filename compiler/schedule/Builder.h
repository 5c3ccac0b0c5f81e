// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the files Build*.cpp share: the program under construction, and the translation of a
// process's code for one instance.
#ifndef BASALT_COMPILER_SCHEDULE_BUILDER_H
#define BASALT_COMPILER_SCHEDULE_BUILDER_H

#include "compiler/schedule/Network.h"
#include "compiler/schedule/Order.h"
#include "dialect/step/Step.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

namespace basalt {

/// Values of the messages of this time step.
using MessageValues = llvm::DenseMap<PortKey, mlir::Value>;

/// Translates code of one instance: ops that name members of the process come to name states.
class BehaviourBuilder {
public:
  BehaviourBuilder(const Network &network, unsigned instance,
                   const MessageValues *messages = nullptr)
      : network(network), self(network.instances[instance]), instance(instance),
        messages(messages) {}

  /// Clones `op`, nested ops included, at the builder's place. `values` maps what it uses and
  /// learns what it makes.
  mlir::LogicalResult clone(mlir::Operation *op, mlir::OpBuilder &builder, mlir::IRMapping &values);

  /// A line of the process, called from the line of the instance.
  mlir::Location locate(mlir::Location loc);

private:
  /// The value that replaces the result of a cloned op of proc (null if it has none), or the op
  /// itself left alone.
  mlir::FailureOr<mlir::Value> translate(mlir::Operation *op);
  mlir::FailureOr<mlir::Value> read(proc::ReadOp op, mlir::OpBuilder &builder);
  void write(proc::WriteOp op, mlir::OpBuilder &builder);
  mlir::Value receive(proc::RecvOp op, mlir::OpBuilder &builder);

  const Network &network;
  Instance self;
  unsigned instance;
  const MessageValues *messages;
};

/// Which entries the state of a Var stores, in the words of the program; null if it is not sparse.
proc::SparseAttr sparseOf(Instance instance, proc::VarOp var);

/// What other processes read of a Var whose state holds `entries`.
mlir::Value matrixOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value entries,
                     Instance owner, proc::VarOp var);

/// What the state of a Var holds when another process has written `matrix`. The run stops if an
/// element that is not stored is not zero.
mlir::Value entriesOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value matrix,
                      Instance owner, proc::VarOp var);

/// The state that holds what `proc.instance_key` gives, in an instance whose code asks for it.
std::string nameOfKeyState(Instance instance);

class ProgramBuilder {
public:
  ProgramBuilder(const Network &network, step::ProgramOp program)
      : network(network), program(program), symbols(program), builder(program.getContext()) {}

  /// Builds all of the program, in the order in which it is printed.
  mlir::LogicalResult build();

private:
  // BuildStates.cpp
  mlir::LogicalResult buildStates();
  mlir::LogicalResult buildState(Instance instance, proc::VarOp var, proc::ValueOp given);
  void buildKeyState(Instance instance);
  void buildAliases();
  void buildPorts();
  // BuildGuards.cpp
  mlir::LogicalResult buildGuards();
  mlir::FailureOr<step::GuardOp> buildGuard(unsigned instance, proc::GuardOp guard);
  /// The guard of an instance's code of a phase, or null.
  mlir::FlatSymbolRefAttr guardOf(unsigned instance, proc::PhaseKind phase);
  // BuildSpk.cpp
  mlir::LogicalResult buildSpk();
  // BuildManagement.cpp: all other phases
  mlir::LogicalResult buildPhase(proc::PhaseKind kind);
  mlir::LogicalResult buildPhaseTask(unsigned instance, proc::PhaseOp code);

  /// A `step.phase` at the end of the program; the builder stands in it.
  void openPhase(proc::PhaseKind kind);
  /// A `step.task` at the builder's place whose body is to be filled.
  step::TaskOp openTask(const Instance &instance, proc::PhaseOp code,
                        mlir::FlatSymbolRefAttr guard = {});
  /// Ends the body. The task that has the results takes the place of `task`.
  step::TaskOp closeTask(step::TaskOp task, mlir::ValueRange results);
  mlir::FlatSymbolRefAttr refTo(Instance instance, mlir::StringRef member);
  mlir::Location locate(mlir::Operation *member, Instance instance);

  const Network &network;
  step::ProgramOp program;
  mlir::SymbolTable symbols;
  mlir::OpBuilder builder;
  llvm::DenseMap<std::pair<unsigned, unsigned>, mlir::FlatSymbolRefAttr>
      guards; // by instance and kind
};

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_BUILDER_H
