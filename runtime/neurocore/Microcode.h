// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The instructions of neuron programs: one word of 32 bits each, run for every neuron of a group on
// its own state. docs/image.md has the meaning of each; Machine.h runs them, VerifyProgram.h says
// whether a program can run at all.
//
//   op[31:26] dst[25:20] a[19:14] b[13:8] imm[7:3] round[2:1] pred[0]
//
// LDI has a signed immediate of 18 bits in [19:2]; SKNC and JMP have a distance of 12 bits in
// [19:8]; SAT, SATS and WRAP have their width less one in b; SPK and SPKA have the output in dst;
// RND has the site in a. What an instruction does not use is 0.
#ifndef BASALT_RUNTIME_NEUROCORE_MICROCODE_H
#define BASALT_RUNTIME_NEUROCORE_MICROCODE_H

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basalt::nc {

/// Operands by number; registers begin at 0. Registers and slots are written, the others only read.
namespace operands {
inline constexpr uint8_t FirstState = 16, FirstConstant = 32, FirstParameter = 48,
                         FirstAccumulator = 56, Zero = 60, One = 61, Step = 62, Timers = 63;
/// The destination that discards.
inline constexpr uint8_t Discard = 60;
} // namespace operands

enum class Op : uint8_t {
  Halt, // the neuron is done
  Mov,  // dst = a
  Ldi,  // dst = imm
  Sel,  // dst = c ? a : b
  Add,
  Sub,
  Neg,
  Abs,
  Min,
  Max,
  Muls, // dst = a * b / 2^imm, rounded; the product is exact
  Shl,  // dst = a * 2^(b + imm); a negative amount is one of SAR
  Sar,  // dst = a / 2^(b + imm) to minus infinity; a negative amount is one of SHL
  Srz,  // dst = a / 2^(b + imm) toward zero; a negative amount is one of SHL
  And,
  Or,
  Xor,
  Sat,  // dst = a, at least -2^(n-1), at most 2^(n-1) - 1
  Sats, // dst = a, at least -(2^(n-1) - 1), at most 2^(n-1) - 1
  Wrap, // dst = the low n bits of a, signed
  Gt,   // dst = c = a > b, 0 or 1; so for the next three
  Ge,
  Lt,
  Eq,
  Sknc, // skip the next n instructions unless c
  Jmp,  // skip the next n instructions
  Spk,  // send a at the output unless it is 0
  Spka, // send a at the output
  Rnd,  // dst = random bits of the site
};
inline constexpr unsigned kOps = 29;

enum class Round : uint8_t { Floor, TowardZero, Nearest };

/// An instruction, decoded. `wide` is the `.d` form: 64 bits, registers are pairs.
struct Instruction {
  Op op = Op::Halt;
  bool wide = false;
  bool predicated = false; ///< only where c holds
  uint8_t dst = 0, a = 0, b = 0;
  uint8_t imm = 0; ///< 0 to 31
  Round round = Round::Floor;
  int32_t value = 0; ///< of LDI; the distance of SKNC and JMP; the width of SAT, SATS and WRAP

  bool operator==(const Instruction &other) const;
};

/// What an instruction has; the others of its fields are zero.
struct OpInfo {
  const char *name;
  bool hasWide, writes, readsA, readsB, setsC;
};
const OpInfo &infoOf(Op op);

/// Throws nothing: fields that are too large are cut.
uint32_t encode(const Instruction &instruction);
/// Nothing for a word that encode never makes.
std::optional<Instruction> decode(uint32_t word);

/// Names of operands beyond `s0`, `k1` and the like, for people.
struct OperandNames {
  /// Nothing: the operand has only its plain name.
  std::function<std::string(uint8_t operand)> nameOf;
  std::function<std::optional<uint8_t>(std::string_view name)> operandNamed;
};

/// `s0`, `k3`, `0`, `step`.
std::string operandText(uint8_t operand);
/// `MULS s0, s0, k0, 12, tz`; with `?` before it if predicated.
std::string formatInstruction(const Instruction &instruction, const OperandNames *names = nullptr);

/// Programs as text: instructions on lines or with `;` between them, `#` begins a comment. On an
/// error says which line has it.
std::optional<std::vector<uint32_t>> assemble(std::string_view text, std::string *error,
                                              const OperandNames *names = nullptr);
/// One line a word; a word that is no instruction is `.word 0x...`.
std::string disassemble(const std::vector<uint32_t> &words, const OperandNames *names = nullptr);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_MICROCODE_H
