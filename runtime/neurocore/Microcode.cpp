// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instructions as words.
#include "runtime/neurocore/Microcode.h"

using namespace basalt::nc;

bool Instruction::operator==(const Instruction &other) const {
  return op == other.op && wide == other.wide && predicated == other.predicated &&
         dst == other.dst && a == other.a && b == other.b && imm == other.imm &&
         round == other.round && value == other.value;
}

const OpInfo &basalt::nc::infoOf(Op op) {
  // wide, writes, reads a, reads b, sets c
  static const OpInfo kInfos[kOps] = {
      {"HALT", false, false, false, false, false}, {"MOV", true, true, true, false, false},
      {"LDI", true, true, false, false, false},    {"SEL", true, true, true, true, false},
      {"ADD", true, true, true, true, false},      {"SUB", true, true, true, true, false},
      {"NEG", true, true, true, false, false},     {"ABS", true, true, true, false, false},
      {"MIN", true, true, true, true, false},      {"MAX", true, true, true, true, false},
      {"MULS", true, true, true, true, false},     {"SHL", true, true, true, true, false},
      {"SAR", true, true, true, true, false},      {"SRZ", true, true, true, true, false},
      {"AND", true, true, true, true, false},      {"OR", true, true, true, true, false},
      {"XOR", true, true, true, true, false},      {"SAT", true, true, true, false, false},
      {"SATS", true, true, true, false, false},    {"WRAP", true, true, true, false, false},
      {"GT", true, true, true, true, true},        {"GE", true, true, true, true, true},
      {"LT", true, true, true, true, true},        {"EQ", true, true, true, true, true},
      {"SKNC", false, false, false, false, false}, {"JMP", false, false, false, false, false},
      {"SPK", false, false, true, false, false},   {"SPKA", false, false, true, false, false},
      {"RND", true, true, false, false, false},
  };
  return kInfos[unsigned(op)];
}

static constexpr uint32_t kWide = 32; // added to the op of a wide form

static bool isWidthOp(Op op) { return op == Op::Sat || op == Op::Sats || op == Op::Wrap; }
static bool isBranch(Op op) { return op == Op::Sknc || op == Op::Jmp; }
static bool isShift(Op op) { return op == Op::Shl || op == Op::Sar || op == Op::Srz; }

uint32_t basalt::nc::encode(const Instruction &in) {
  uint32_t word = (uint32_t(in.op) + (in.wide ? kWide : 0)) << 26 | uint32_t(in.predicated);
  word |= uint32_t(in.dst & 63) << 20;
  if (in.op == Op::Ldi)
    return word | (uint32_t(in.value) & 0x3ffff) << 2;
  if (isBranch(in.op))
    return word | (uint32_t(in.value) & 0xfff) << 8;
  uint32_t b = isWidthOp(in.op) ? uint32_t(in.value - 1) & 63 : in.b & 63;
  return word | uint32_t(in.a & 63) << 14 | b << 8 | uint32_t(in.imm & 31) << 3 |
         uint32_t(in.round) << 1;
}

std::optional<Instruction> basalt::nc::decode(uint32_t word) {
  uint32_t op = word >> 26;
  Instruction in;
  in.wide = op >= kWide;
  op &= kWide - 1;
  if (op >= kOps)
    return std::nullopt;
  in.op = Op(op);
  in.predicated = word & 1;
  in.dst = word >> 20 & 63;
  uint32_t round = word >> 1 & 3;
  if (in.op == Op::Ldi) {
    in.value = int32_t(word << 12) >> 14;
  } else if (isBranch(in.op)) {
    in.value = int32_t(word >> 8 & 0xfff);
  } else {
    in.a = word >> 14 & 63;
    if (isWidthOp(in.op))
      in.value = int32_t(word >> 8 & 63) + 1;
    else
      in.b = word >> 8 & 63;
    in.imm = word >> 3 & 31;
    if (round > uint32_t(Round::Nearest))
      return std::nullopt;
    in.round = Round(round);
  }
  const OpInfo &info = infoOf(in.op);
  bool sends = in.op == Op::Spk || in.op == Op::Spka;
  bool usesDst = info.writes || sends;
  bool usesA = info.readsA || in.op == Op::Rnd;
  bool ok = (!sends || in.dst < 4) && (info.hasWide || !in.wide) && (usesDst || in.dst == 0) &&
            (usesA || in.a == 0) && (info.readsB || in.b == 0) &&
            (in.op == Op::Muls || isShift(in.op) || in.imm == 0) &&
            (in.op == Op::Muls || in.round == Round::Floor) &&
            (!isWidthOp(in.op) || in.wide || in.value <= 32) &&
            !(in.op == Op::Sknc && in.predicated);
  if (!ok || encode(in) != word)
    return std::nullopt;
  return in;
}
