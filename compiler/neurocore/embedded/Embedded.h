// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Embedded.h - programs for embedded processors ----------------------===//
//
// Makes a linked RV64IM object of processes that run on an embedded processor of a chip: the code
// of their tasks and guards, a function for each, that reaches what is outside through environment
// calls (runtime/neurocore/EmbeddedCalls.h). Integers only.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_NEUROCORE_EMBEDDED_EMBEDDED_H
#define BASALT_COMPILER_NEUROCORE_EMBEDDED_EMBEDDED_H

#include "dialect/step/Step.h"

#include "llvm/ADT/StringSet.h"
#include <functional>

namespace basalt::neurocore {

/// What programs refer to by number.
enum class ExternalKind : uint8_t { Var, Injector, Channel };

/// What bounds a program, and how it names what is outside. The defaults number everything in the
/// order in which the program first uses it.
struct EmbeddedOptions {
  /// States of the program that are only copies of Vars outside (see exposeRemotes).
  llvm::StringSet<> remotes;
  std::function<uint32_t(ExternalKind kind, llvm::StringRef name)> numberOf;
  /// The number of a place that an error of `instance` names.
  std::function<uint32_t(mlir::Location place, llvm::StringRef instance)> siteOf;
  /// What the target has (Target::embedded).
  uint32_t codeBytes = 65536, dataBytes = 65536, stackBytes = 16384;
};

/// A function of the program, for the task of `instance` in `phase` (`post_mgmt`) or for its guard
/// (`post_guard`), which returns 0 or 1.
struct EmbeddedEntry {
  std::string phase, instance;
  uint32_t address = 0;
};

/// Where a state of the program is, element by element of `elementBytes` bytes, row-major; of a
/// matrix that the program keeps `transposed` (step.state with by_source), column by column.
struct EmbeddedState {
  std::string name;
  uint32_t address = 0, elementBytes = 0;
  bool transposed = false;
};

struct EmbeddedObject {
  std::vector<uint8_t> bytes; ///< an ELF file
  uint32_t memoryBytes = 0;   ///< all of it, from address 0
  uint32_t codeBytes = 0, dataBytes = 0, stackBytes = 0;
  std::vector<EmbeddedEntry> entries; ///< guards, then tasks, each in the order of the program
  std::vector<EmbeddedState> states;  ///< without the remote ones
  /// Names of what it accesses, in the order of first use.
  std::vector<std::string> reads, writes, injectors, channels;
};

/// Puts an rt.fetch before each read and an rt.publish after each write of the states `remotes`,
/// whose Vars have the same names.
void exposeRemotes(step::ProgramOp program, const llvm::StringSet<> &remotes);

/// Compiles all tasks and guards of the one step.program of `module`, which is left as it is.
/// Tasks may not use values of each other; messages go through states and rt.send, rt.receive,
/// rt.inject. Errors are reported where they belong.
mlir::FailureOr<EmbeddedObject> compileEmbedded(mlir::ModuleOp module,
                                                const EmbeddedOptions &options);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_EMBEDDED_EMBEDDED_H
