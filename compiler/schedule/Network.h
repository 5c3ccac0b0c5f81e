// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A resolved network, indexed: who its instances are, what each InPort receives, and which Var each
// RefPort reaches.
#ifndef BASALT_COMPILER_SCHEDULE_NETWORK_H
#define BASALT_COMPILER_SCHEDULE_NETWORK_H

#include "dialect/proc/Lookup.h"

#include "llvm/ADT/DenseMap.h"

namespace basalt {

/// An instance; its number in Network::instances is its place in the file.
struct Instance {
  proc::InstanceOp op;
  proc::ProcessOp process;
  proc::ModelOp model; // null: without behaviour

  mlir::StringRef name() const { return proc::InstanceOp(op).getSymName(); }
  /// Where it is, with its name, as hierarchical ones have it already.
  mlir::Location loc() const {
    mlir::Location place = proc::InstanceOp(op).getLoc();
    return mlir::isa<mlir::NameLoc>(place)
               ? place
               : mlir::NameLoc::get(proc::InstanceOp(op).getSymNameAttr(), place);
  }
  /// The process type as the user called it.
  mlir::StringRef processName() const {
    proc::ProcessOp type = process;
    return type.getSourceName().value_or(type.getSymName());
  }
  /// `member` as the user names it: `lif1.v`.
  std::string spell(mlir::StringRef member) const { return (name() + "." + member).str(); }
  /// The code of a phase, or null.
  proc::PhaseOp phase(proc::PhaseKind kind) const {
    return model ? proc::phaseOf(model, kind) : proc::PhaseOp();
  }
};

/// A port of an instance.
using PortKey = std::pair<unsigned, mlir::StringAttr>;

/// What one connection brings to an InPort.
struct Message {
  proc::ConnectOp connect;
  unsigned sender;
  proc::OutPortOp port;

  PortKey key() const { return {sender, proc::OutPortOp(port).getSymNameAttr()}; }
};

/// Where a RefPort leads.
struct Remote {
  proc::ConnectOp connect;
  unsigned owner;
  proc::VarPortOp port;
  proc::VarOp var;
};

class Network {
public:
  /// Reports an error if the module does not hold one resolved network.
  static mlir::FailureOr<Network> build(mlir::ModuleOp module);

  proc::NetworkOp op;
  mlir::SmallVector<Instance> instances;

  mlir::StringRef nameOf(unsigned instance) const { return instances[instance].name(); }
  /// What an InPort receives, in the order of the connections.
  mlir::ArrayRef<Message> messagesTo(PortKey inPort) const;
  /// Where a RefPort leads; null if it is not connected.
  const Remote *remoteOf(PortKey refPort) const;
  /// All InPorts' messages, in the order of the connections.
  mlir::ArrayRef<Message> messages() const { return allMessages; }

private:
  void addInstance(proc::InstanceOp op, mlir::SymbolTableCollection &tables);
  mlir::LogicalResult addConnection(proc::ConnectOp op, mlir::SymbolTableCollection &tables);

  llvm::DenseMap<mlir::StringAttr, unsigned> numbers;
  llvm::DenseMap<PortKey, mlir::SmallVector<Message, 1>> messagesOf;
  mlir::SmallVector<Message> allMessages;
  llvm::DenseMap<PortKey, Remote> remotes;
};

} // namespace basalt

#endif // BASALT_COMPILER_SCHEDULE_NETWORK_H
