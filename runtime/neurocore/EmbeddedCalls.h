// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The environment calls of embedded programs: RV64IM code asks for what is outside its memory with
// `ecall`. The number is in a7, arguments in a0 to a6, the result in a0; no other register changes.
// A call that is refused (a Var that the program may not access, an address outside its memory)
// ends the run. Included by the code that makes the calls, so it needs no library.
//
// A program's memory begins at 0 and has EmbeddedProgram::memoryBytes bytes:
//   0x0000               nothing; no access is allowed
//   kStackBase           the stack, which grows down to it
//   lowest segment       code and constants, which nobody writes
//   segments with W      data, to the end
// A function is called with sp at the top of the stack, a return address of 0 and undefined other
// registers; it ends by jumping to 0, with its result, if it has one, in a0.
#ifndef BASALT_RUNTIME_NEUROCORE_EMBEDDEDCALLS_H
#define BASALT_RUNTIME_NEUROCORE_EMBEDDEDCALLS_H

#include <cstdint>

namespace basalt::nc {

/// Where the stack ends; below it is nothing, so that one that is too deep fails.
inline constexpr uint64_t kStackBase = 0x1000;

// `element` describes elements in memory as kind << 8 | bits, as rt::Element: an integer of `bits`
// bits is held sign-extended in the smallest of 1, 2, 4 and 8 bytes that holds it, one bit as a
// byte of 0 or 1. Addresses need the alignment of the element.
enum class EmbeddedRequest : uint64_t {
  /// (var, first, stride, count, address, element): elements first, first + stride, ... of the Var,
  /// by its number in the image, into memory.
  ReadVar = 1,
  /// The same the other way round.
  WriteVar = 2,
  /// Adds to what the Var has.
  AddToVar = 3,
  /// (injector, first, count, address, element): a message of this step; zeros are not sent.
  Inject = 4,
  /// (channel, count, address, element): a message into a channel.
  ChannelSend = 5,
  /// (channel, count, address, element): the oldest message of a channel.
  ChannelReceive = 6,
  /// (channel) -> messages in it.
  ChannelProbe = 7,
  /// () -> the time step.
  TimeStep = 8,
  /// () -> the seed of random draws.
  Seed = 9,
  /// (format, length, operands, count): a line; `operands` is the address of PrintOperands.
  Print = 10,
  /// (): as `pause` and `stop` of a behaviour.
  Pause = 11,
  Stop = 12,
  /// (site, text, length), does not return: an assertion does not hold. The text may be empty.
  FailAssertion = 13,
  /// (site, index, extent), does not return.
  FailIndex = 14,
};

/// A value to print, in memory; 8-byte aligned.
struct PrintOperand {
  uint64_t address; ///< of the elements, row-major
  uint32_t element, rank;
  int64_t shape[8];
};
static_assert(sizeof(PrintOperand) == 80, "programs are compiled for this layout");

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_EMBEDDEDCALLS_H
