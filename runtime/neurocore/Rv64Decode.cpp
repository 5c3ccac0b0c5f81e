// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decoding by the tables of the RISC-V unprivileged specification, chapters RV32I, RV64I and M.
#include "runtime/neurocore/Rv64Decode.h"

namespace basalt::nc {

using Op = Rv64Op;

/// Bits `from` and up of `word`, sign-extended from the last of `count`.
static constexpr int32_t signedBits(uint32_t word, unsigned from, unsigned count) {
  return int32_t(word << (32 - from - count)) >> (32 - count);
}

static constexpr uint32_t bits(uint32_t word, unsigned from, unsigned count) {
  return (word >> from) & ((uint32_t(1) << count) - 1);
}

static int32_t immediateS(uint32_t word) {
  return signedBits(word, 25, 7) * 32 + int32_t(bits(word, 7, 5));
}
static int32_t immediateB(uint32_t word) {
  return signedBits(word, 31, 1) * 4096 +
         int32_t(bits(word, 7, 1) << 11 | bits(word, 25, 6) << 5 | bits(word, 8, 4) << 1);
}
static int32_t immediateJ(uint32_t word) {
  return signedBits(word, 31, 1) * (1 << 20) +
         int32_t(bits(word, 12, 8) << 12 | bits(word, 20, 1) << 11 | bits(word, 21, 10) << 1);
}

static Op loadOp(uint32_t funct3) {
  constexpr Op ops[8] = {Op::Lb, Op::Lh, Op::Lw, Op::Ld, Op::Lbu, Op::Lhu, Op::Lwu, Op::Illegal};
  return ops[funct3];
}

static Op branchOp(uint32_t funct3) {
  constexpr Op ops[8] = {Op::Beq, Op::Bne, Op::Illegal, Op::Illegal,
                         Op::Blt, Op::Bge, Op::Bltu,    Op::Bgeu};
  return ops[funct3];
}

/// Arithmetic with an immediate; of shifts, the upper bits of the immediate say which.
static Op immediateOp(uint32_t word) {
  uint32_t upper = bits(word, 26, 6);
  switch (bits(word, 12, 3)) {
  case 0:
    return Op::Addi;
  case 1:
    return upper == 0 ? Op::Slli : Op::Illegal;
  case 2:
    return Op::Slti;
  case 3:
    return Op::Sltiu;
  case 4:
    return Op::Xori;
  case 5:
    return upper == 0 ? Op::Srli : upper == 16 ? Op::Srai : Op::Illegal;
  case 6:
    return Op::Ori;
  default:
    return Op::Andi;
  }
}

static Op immediateWordOp(uint32_t word) {
  uint32_t upper = bits(word, 25, 7);
  switch (bits(word, 12, 3)) {
  case 0:
    return Op::Addiw;
  case 1:
    return upper == 0 ? Op::Slliw : Op::Illegal;
  case 5:
    return upper == 0 ? Op::Srliw : upper == 32 ? Op::Sraiw : Op::Illegal;
  default:
    return Op::Illegal;
  }
}

static Op registerOp(uint32_t word) {
  constexpr Op base[8] = {Op::Add, Op::Sll, Op::Slt, Op::Sltu, Op::Xor, Op::Srl, Op::Or, Op::And};
  constexpr Op product[8] = {Op::Mul, Op::Mulh, Op::Mulhsu, Op::Mulhu,
                             Op::Div, Op::Divu, Op::Rem,    Op::Remu};
  uint32_t funct3 = bits(word, 12, 3);
  switch (bits(word, 25, 7)) {
  case 0:
    return base[funct3];
  case 1:
    return product[funct3];
  case 32:
    return funct3 == 0 ? Op::Sub : funct3 == 5 ? Op::Sra : Op::Illegal;
  default:
    return Op::Illegal;
  }
}

static Op registerWordOp(uint32_t word) {
  constexpr Op product[8] = {Op::Mulw, Op::Illegal, Op::Illegal, Op::Illegal,
                             Op::Divw, Op::Divuw,   Op::Remw,    Op::Remuw};
  uint32_t funct3 = bits(word, 12, 3);
  switch (bits(word, 25, 7)) {
  case 0:
    return funct3 == 0 ? Op::Addw : funct3 == 1 ? Op::Sllw : funct3 == 5 ? Op::Srlw : Op::Illegal;
  case 1:
    return product[funct3];
  case 32:
    return funct3 == 0 ? Op::Subw : funct3 == 5 ? Op::Sraw : Op::Illegal;
  default:
    return Op::Illegal;
  }
}

Rv64Instruction decodeRv64(uint32_t word) {
  Rv64Instruction result;
  uint32_t funct3 = bits(word, 12, 3);
  result.rd = uint8_t(bits(word, 7, 5) == 0 ? kNoRegister : bits(word, 7, 5));
  result.rs1 = uint8_t(bits(word, 15, 5));
  result.rs2 = uint8_t(bits(word, 20, 5));
  result.imm = signedBits(word, 20, 12);
  switch (word & 127) {
  case 0x37:
    result.op = Op::Lui;
    result.imm = int32_t(word & 0xfffff000);
    break;
  case 0x17:
    result.op = Op::Auipc;
    result.imm = int32_t(word & 0xfffff000);
    break;
  case 0x6f:
    result.op = Op::Jal;
    result.imm = immediateJ(word);
    break;
  case 0x67:
    result.op = funct3 == 0 ? Op::Jalr : Op::Illegal;
    break;
  case 0x63:
    result.op = branchOp(funct3);
    result.imm = immediateB(word);
    break;
  case 0x03:
    result.op = loadOp(funct3);
    break;
  case 0x23:
    result.op = funct3 < 4 ? Op(unsigned(Op::Sb) + funct3) : Op::Illegal;
    result.imm = immediateS(word);
    break;
  case 0x13:
    result.op = immediateOp(word);
    if (result.op == Op::Slli || result.op == Op::Srli || result.op == Op::Srai)
      result.imm = int32_t(bits(word, 20, 6));
    break;
  case 0x1b:
    result.op = immediateWordOp(word);
    if (result.op != Op::Addiw)
      result.imm = int32_t(bits(word, 20, 5));
    break;
  case 0x33:
    result.op = registerOp(word);
    break;
  case 0x3b:
    result.op = registerWordOp(word);
    break;
  case 0x0f:
    result.op = funct3 == 0 ? Op::Fence : Op::Illegal;
    break;
  case 0x73:
    result.op = word == 0x00000073 ? Op::Ecall : word == 0x00100073 ? Op::Ebreak : Op::Illegal;
    break;
  default:
    break;
  }
  return result;
}

} // namespace basalt::nc
