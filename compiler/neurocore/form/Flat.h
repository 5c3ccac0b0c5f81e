// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the neurons of a program compute in a time step, as one graph of values: without tasks, each
// state read once at the start and written once at the end. What embedded processes send stands
// there as a value from nowhere.
#ifndef BASALT_COMPILER_NEUROCORE_FORM_FLAT_H
#define BASALT_COMPILER_NEUROCORE_FORM_FLAT_H

#include "dialect/step/Step.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"

namespace basalt::neurocore {

/// A message of an embedded process, and its name: that of the port.
struct EmbeddedMessage {
  mlir::OpResult original; ///< of the task
  std::string name;
};

/// A value that neurons have and an embedded process uses.
struct NeuronMessage {
  mlir::Value original; ///< as the embedded task uses it
  mlir::Value value;    ///< in the graph
  std::string name;
};

/// What is recorded of an OutPort.
struct ProbedPort {
  step::PortOp port;
  mlir::Value original; ///< in the program
  mlir::Value value;    ///< in the graph; null: an embedded process sends it
};

class Flat {
public:
  /// Of the program, whose tasks of neurons stay as they are. Reports what neurons cannot do.
  static llvm::FailureOr<std::unique_ptr<Flat>> build(step::ProgramOp program,
                                                      const llvm::StringSet<> &neurons);

  step::ProgramOp program;
  /// What states are in the end, in the order in which they were written last.
  llvm::MapVector<mlir::StringAttr, mlir::Value> stores;
  llvm::DenseMap<mlir::StringAttr, step::StateOp> states;
  /// States that neurons read or write.
  llvm::SetVector<mlir::StringAttr> owned;
  /// States that processes write through RefPorts.
  llvm::DenseSet<mlir::StringAttr> writtenByOthers;
  /// By the value from nowhere.
  llvm::DenseMap<mlir::Value, EmbeddedMessage> received;
  llvm::MapVector<mlir::Value, NeuronMessage> sent; ///< by `original`
  std::vector<ProbedPort> ports;

  step::KernelOp kernelOf(step::UpdateOp update) const;
  step::StateOp stateOf(step::GetOp get) const {
    return states.lookup(get.getStateAttr().getAttr());
  }
  /// The instance whose code the value, or the store of a state, is of.
  llvm::StringRef instanceOf(mlir::Operation *op) const;
  llvm::StringRef instanceOf(mlir::StringAttr state) const { return owner.lookup(state); }
  llvm::StringRef processOf(llvm::StringRef instance) const { return processes.lookup(instance); }

private:
  explicit Flat(step::ProgramOp program) : program(program) {}
  llvm::LogicalResult addTask(step::TaskOp task);
  llvm::LogicalResult addOp(mlir::Operation &op, step::TaskOp task);
  void addUpdate(step::UpdateOp update, step::TaskOp task);
  void addMessages(step::TaskOp task);
  void addProbe(step::ProbeOp probe);
  void findUses(step::TaskOp task);
  mlir::Value read(mlir::StringAttr state, mlir::Type type, mlir::Location loc, step::TaskOp task);
  void note(mlir::Operation *op, step::TaskOp task);
  std::string nameOf(mlir::Value value, step::TaskOp task, unsigned number);

  mlir::OwningOpRef<mlir::ModuleOp> home;
  mlir::OpBuilder builder{program->getContext()};
  mlir::IRMapping mapping;
  llvm::DenseMap<mlir::StringAttr, mlir::Value> current; // of states so far
  llvm::DenseMap<mlir::StringAttr, mlir::Value> reads;   // at the start
  llvm::DenseMap<mlir::StringAttr, llvm::StringRef> owner;
  llvm::StringMap<llvm::StringRef> processes;
  llvm::DenseMap<mlir::Value, std::string> portNames; // of values in the program
};

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_FORM_FLAT_H
