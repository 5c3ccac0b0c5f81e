// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A resolved network as the interpreter sees it: actors with memory, ports and whom they lead to.
// Written apart from compiler/schedule on purpose: what both get wrong would not be found.
#ifndef BASALT_COMPILER_INTERPRET_ACTORS_H
#define BASALT_COMPILER_INTERPRET_ACTORS_H

#include "compiler/interpret/Memory.h"
#include "dialect/proc/Lookup.h"

#include "llvm/ADT/StringMap.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace basalt::interp {

struct Actor;

/// A Var of an instance.
struct State {
  std::string name; // `instance.var`
  Memory memory;
  Actor *owner;
  proc::LimitsAttr limits;      // may be null
  bool writtenRemotely = false; // in post_mgmt, by another actor
  proc::SparseAttr sparse = {}; // which entries it stores; null: all elements
  // What makes its value when a run starts; null: nothing.
  proc::RuleAttr rule = {};
  proc::DistributionAttr distribution = {};
};

/// An OutPort of an instance, and what it has sent in this step.
struct Channel {
  std::string name; // `instance.port`
  Memory memory;
  size_t number; // among all channels
  bool isSent = false;
};

/// A connection into an InPort.
struct Source {
  Channel *channel;
  mlir::ArrayAttr via; // may be null
};

struct InPort {
  mlir::RankedTensorType declared;
  std::vector<Source> sources; // in order of connection
};

/// A RefPort, and where it leads.
struct Reference {
  mlir::RankedTensorType declared;
  State *state = nullptr; // null: not connected
  mlir::ArrayAttr via;    // from the RefPort to the Var; may be null
};

/// An instance.
struct Actor {
  std::string name;
  size_t number;       // its place in the file
  proc::ModelOp model; // null: without behaviour

  // By the names of the members.
  llvm::StringMap<State *> states;
  llvm::StringMap<Channel *> channels;
  llvm::StringMap<InPort> inPorts;
  llvm::StringMap<Reference> references;

  /// The code of a phase or guard, or null.
  mlir::Block *code(proc::PhaseKind kind) const;
  mlir::Block *code(proc::GuardKind kind) const;
};

/// All instances of a module's network. What is in here stays where it is.
class Actors {
public:
  /// Reports an error if the module does not hold one resolved network.
  static mlir::FailureOr<std::unique_ptr<Actors>> build(mlir::ModuleOp module);

  std::deque<Actor> actors; // in the order of the file
  std::deque<State> states;
  std::deque<Channel> channels;
  /// Other names of states: alias and name.
  std::vector<std::pair<std::string, std::string>> aliases;

private:
  mlir::LogicalResult addActor(proc::InstanceOp op);
  mlir::LogicalResult addMember(Actor &actor, mlir::Operation *member);
  mlir::LogicalResult addConnection(proc::ConnectOp op);
  mlir::LogicalResult initialise(State &state, mlir::Operation *where, mlir::ElementsAttr value);
  mlir::LogicalResult checkCode(Actor &actor, mlir::Operation *code);
  mlir::LogicalResult findRemoteWrites(Actor &actor);
  Actor *find(llvm::StringRef name);

  llvm::StringMap<Actor *> byName;
};

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_ACTORS_H
