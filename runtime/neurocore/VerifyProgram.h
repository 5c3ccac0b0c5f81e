// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether a group can run a program, and what is known of it then. A program that passes cannot
// leave its group's memory, always ends, and has one result: nothing that is read is undefined.
#ifndef BASALT_RUNTIME_NEUROCORE_VERIFYPROGRAM_H
#define BASALT_RUNTIME_NEUROCORE_VERIFYPROGRAM_H

#include "runtime/neurocore/Image.h"
#include "runtime/neurocore/Microcode.h"

namespace basalt::nc {

/// An instruction, and how it reads registers: `aPair`, `bPair`: the 64 bits of r2k and r2k+1. A
/// word form takes the low half of a pair, a wide form extends a word by its sign.
struct CheckedInstruction {
  Instruction instruction;
  bool reachable = false;
  bool joins = false; ///< neurons that have skipped can go on here
  bool aPair = false, bPair = false;
};

/// What is known of a program for one group.
struct ProgramFacts {
  std::vector<CheckedInstruction> code;
  uint32_t longestPath = 0;   ///< instructions
  uint32_t longestWrites = 0; ///< of state, on one path
  uint32_t registers = 0;     ///< highest one used, plus one
  bool wide = false;          ///< has `.d` forms
  bool branches = false;      ///< neurons can take different paths
  bool draws = false;         ///< random bits
  bool timed = false;         ///< depends on more than state, parameters, constants and input
  uint32_t sendsAt[kMostPorts] = {}; ///< how many SPK and SPKA an output has
};

/// What is wrong, and at which word.
struct ProgramError {
  uint32_t word = 0;
  std::string message;
};

/// Verifies `words` for `group`, whose state is laid out as `layout`. Nothing: it is fine, and
/// `facts` are there.
std::optional<ProgramError> verifyProgram(const std::vector<uint32_t> &words, const Group &group,
                                          const StateLayout &layout, ProgramFacts &facts);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_VERIFYPROGRAM_H
