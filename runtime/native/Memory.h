// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How much memory a run takes and how much there is: a run that does not fit says so before it
// starts, rather than being killed by the system.
#ifndef BASALT_RUNTIME_NATIVE_MEMORY_H
#define BASALT_RUNTIME_NATIVE_MEMORY_H

#include "runtime/native/Options.h"
#include "runtime/native/Simulation.h"

#include <string>
#include <vector>

namespace basalt::rt {

/// `1.5 GiB`.
std::string sizeText(uint64_t bytes);

/// The instance that a state belongs to.
std::string ownerOf(Table<StateInfo> states, size_t index);

/// How much memory this process may still take, and why not more.
struct MemoryLimit {
  uint64_t bytes;
  std::string reason; // `what the machine has free`
};

/// What the machine has free, the control groups of the process leave, and its limit of addresses
/// (of which `mapped` bytes of what is to be used are taken already). Files are looked for below
/// `root`.
MemoryLimit availableMemory(uint64_t mapped, const std::string &root = "");

/// Which states are looked at or set from outside.
std::vector<bool> wantedStates(Simulation &simulation, const RunOptions &options);

/// Equal parts become one, the largest comes first.
void sortMemory(std::vector<MemoryPart> &parts);

/// Throws InputError if a run would take more memory than there is, or than the options admit.
void checkMemory(Simulation &simulation, const RunOptions &options);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_MEMORY_H
