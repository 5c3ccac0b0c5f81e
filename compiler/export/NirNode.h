// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an instance is in a graph of NIR.
#ifndef BASALT_COMPILER_EXPORT_NIRNODE_H
#define BASALT_COMPILER_EXPORT_NIRNODE_H

#include "compiler/export/InstanceValues.h"

namespace basalt::exporter {

/// What a node takes: what another one sends in the same step, or has sent in the one before.
struct Link {
  size_t source;
  bool isLate = false;
  mlir::Location loc; ///< of the connection
};

/// A node to be. Those of the library that stand between nodes of NIR are nodes here, too, at
/// first.
struct Node {
  enum class Role : uint8_t {
    Plain,
    Sum,      ///< adds up in floats
    Previous, ///< sends what came in the step before
    Gone,     ///< its sources are those of its targets now
  };

  Node(std::string name, std::string type, mlir::Location loc)
      : name(std::move(name)), type(std::move(type)), loc(loc) {}

  std::string name;
  std::string type; ///< `LIF`
  Role role = Role::Plain;
  mlir::Location loc;
  std::vector<std::pair<std::string, import::Value>> data; ///< text, or numbers
  std::optional<double> dt;
  std::map<std::string, std::string> words; ///< what NIR leaves open
  Shape input, output;                      ///< what it takes and sends
  mlir::Type inputElement;                  ///< null: it takes nothing
  mlir::Type outputElement;
  std::string inPort, outPort; ///< names; empty: it has none
  bool isLate = false;         ///< all that it sends is late by a step
  bool wantsSpikes = false;    ///< other messages would not mean what they do there
  std::vector<Link> sources;   ///< in the order in which they are added up
};

/// The node that an instance is. If it is none, the reasons have been reported. `library` is the
/// folder of the processes that are known.
std::optional<Node> readNode(proc::InstanceOp instance, const std::string &library);

} // namespace basalt::exporter

#endif // BASALT_COMPILER_EXPORT_NIRNODE_H
