// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instructions of RV64IM, taken apart once so that running them is a table look-up each.
#ifndef BASALT_RUNTIME_NEUROCORE_RV64DECODE_H
#define BASALT_RUNTIME_NEUROCORE_RV64DECODE_H

#include <cstdint>

namespace basalt::nc {

enum class Rv64Op : uint8_t {
  // clang-format off
  Illegal, // first, so that zeros are illegal
  Lui, Auipc, Jal, Jalr, Beq, Bne, Blt, Bge, Bltu, Bgeu,
  Lb, Lh, Lw, Ld, Lbu, Lhu, Lwu, Sb, Sh, Sw, Sd,
  Addi, Slti, Sltiu, Xori, Ori, Andi, Slli, Srli, Srai, Addiw, Slliw, Srliw, Sraiw,
  Add, Sub, Sll, Slt, Sltu, Xor, Srl, Sra, Or, And, Addw, Subw, Sllw, Srlw, Sraw,
  Mul, Mulh, Mulhsu, Mulhu, Div, Divu, Rem, Remu, Mulw, Divw, Divuw, Remw, Remuw,
  Fence, Ecall, Ebreak,
  // clang-format on
};

/// `rd` is kNoRegister where the result goes to x0.
struct Rv64Instruction {
  Rv64Op op = Rv64Op::Illegal;
  uint8_t rd = 0, rs1 = 0, rs2 = 0;
  int32_t imm = 0;
};
inline constexpr uint8_t kNoRegister = 32;

/// Whatever is not an instruction of RV64IM is Illegal.
Rv64Instruction decodeRv64(uint32_t word);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_RV64DECODE_H
