// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every instruction of RV64IM, in the encoding that llvm-mc gives it, with results by hand, and
// what programs must not do.
#include "Machine.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace basalt::nc;

namespace {

constexpr uint32_t kLui = 0x00003337, kLoadA = 0x00033503, kLoadB = 0x00833583; // a0, a1 from data
constexpr uint32_t kReturn = 0x00008067, kZero = 0x00000513;

constexpr uint64_t kLeast = uint64_t(1) << 63, kGreatest = kLeast - 1, kAll = ~uint64_t(0);

struct Case {
  const char *name;
  uint32_t word;
  uint64_t a, b, expected;
};

/// Runs `words` with a0 = a, a1 = b and returns a0.
uint64_t run(const std::vector<uint32_t> &words, uint64_t a, uint64_t b) {
  std::vector<uint32_t> code = {kLui, kLoadA, kLoadB};
  code.insert(code.end(), words.begin(), words.end());
  code.push_back(kReturn);
  Rv64Cpu cpu(programOf(code));
  std::memcpy(cpu.memory() + kDataAt, &a, 8);
  std::memcpy(cpu.memory() + kDataAt + 8, &b, 8);
  Machine machine;
  return uint64_t(cpu.call(kCodeAt, machine));
}

const Case kArithmetic[] = {
    {"add", 0x00b50533, kAll, 2, 1},
    {"sub", 0x40b50533, 1, 2, kAll},
    {"sll", 0x00b51533, 3, 64 + 4, 48},
    {"slt", 0x00b52533, kAll, 0, 1},
    {"slt", 0x00b52533, 5, 5, 0},
    {"sltu", 0x00b53533, kAll, 0, 0},
    {"sltu", 0x00b53533, 4, 5, 1},
    {"xor", 0x00b54533, 12, 10, 6},
    {"srl", 0x00b55533, kLeast, 63, 1},
    {"sra", 0x40b55533, kLeast, 63, kAll},
    {"or", 0x00b56533, 12, 10, 14},
    {"and", 0x00b57533, 12, 10, 8},
    {"addw", 0x00b5053b, 0x7fffffff, 1, 0xffffffff80000000},
    {"subw", 0x40b5053b, 0, 1, kAll},
    {"sllw", 0x00b5153b, 1, 32 + 31, 0xffffffff80000000},
    {"srlw", 0x00b5553b, 0xffffffff80000000, 31, 1},
    {"srlw", 0x00b5553b, 0xffffffff80000000, 32, 0xffffffff80000000},
    {"sraw", 0x40b5553b, 0x80000000, 31, kAll},
    {"addi", 0x80050513, 0, 0, uint64_t(-2048)},
    {"slti", 0xfff52513, uint64_t(-2), 0, 1},
    {"slti", 0xfff52513, kAll, 0, 0},
    {"sltiu", 0xfff53513, 5, 0, 1}, // the immediate is extended, then compared
    {"sltiu", 0xfff53513, kAll, 0, 0},
    {"xori", 0xfff54513, 5, 0, uint64_t(-6)},
    {"ori", 0x70f56513, 0x10, 0, 0x71f},
    {"andi", 0xff057513, 0x1234567f, 0, 0x12345670},
    {"slli", 0x03f51513, 3, 0, kLeast},
    {"srli", 0x03f55513, kAll, 0, 1},
    {"srai", 0x43f55513, kLeast, 0, kAll},
    {"addiw", 0x7ff5051b, 0x7fffffff, 0, 0xffffffff800007fe},
    {"slliw", 0x01f5151b, 3, 0, 0xffffffff80000000},
    {"srliw", 0x01f5551b, kAll, 0, 1},
    {"sraiw", 0x41f5551b, 0x80000000, 0, kAll},
    {"lui", 0x80000537, 0, 0, 0xffffffff80000000},
    {"auipc", 0xfffff517, 0, 0, kCodeAt + 12 - 0x1000},
    {"fence", 0x0ff0000f, 7, 0, 7},
    {"addi x0", 0x00550013, 7, 0, 7},
};

const Case kProducts[] = {
    {"mul", 0x02b50533, kLeast, 2, 0},
    {"mul", 0x02b50533, kAll, 5, uint64_t(-5)},
    {"mulh", 0x02b51533, kLeast, kLeast, kLeast / 2},
    {"mulh", 0x02b51533, kAll, 1, kAll},
    {"mulhsu", 0x02b52533, kAll, kAll, kAll},
    {"mulhsu", 0x02b52533, kLeast, 2, kAll},
    {"mulhsu", 0x02b52533, kGreatest, kAll, kGreatest - 1},
    {"mulhu", 0x02b53533, kAll, kAll, kAll - 1},
    {"div", 0x02b54533, uint64_t(-7), 2, uint64_t(-3)},
    {"div", 0x02b54533, 7, 0, kAll},
    {"div", 0x02b54533, kLeast, kAll, kLeast},
    {"divu", 0x02b55533, uint64_t(-7), 2, (kAll - 6) / 2},
    {"divu", 0x02b55533, 7, 0, kAll},
    {"rem", 0x02b56533, uint64_t(-7), 2, kAll},
    {"rem", 0x02b56533, uint64_t(-7), 0, uint64_t(-7)},
    {"rem", 0x02b56533, kLeast, kAll, 0},
    {"remu", 0x02b57533, uint64_t(-7), 2, 1},
    {"remu", 0x02b57533, 7, 0, 7},
    {"mulw", 0x02b5053b, 0x10000, 0x8000, 0xffffffff80000000},
    {"divw", 0x02b5453b, 0x80000000, kAll, 0xffffffff80000000},
    {"divw", 0x02b5453b, 0x700000007, 0, kAll},
    {"divw", 0x02b5453b, uint64_t(-9), 4, uint64_t(-2)},
    {"divuw", 0x02b5553b, 0xffffffff, 1, kAll},
    {"divuw", 0x02b5553b, 5, 0, kAll},
    {"remw", 0x02b5653b, 0x80000000, kAll, 0},
    {"remw", 0x02b5653b, 0x1fffffff7, 4, kAll},
    {"remw", 0x02b5653b, 0x80000000, 0, 0xffffffff80000000},
    {"remuw", 0x02b5753b, 0xfffffff7, 4, 3},
    {"remuw", 0x02b5753b, 0xfffffff7, 0, uint64_t(-9)},
};

} // namespace

TEST(Rv64, Arithmetic) {
  for (const Case &c : kArithmetic)
    EXPECT_EQ(run({c.word}, c.a, c.b), c.expected) << c.name << " " << c.a << " " << c.b;
}

TEST(Rv64, ProductsAndQuotients) {
  for (const Case &c : kProducts)
    EXPECT_EQ(run({c.word}, c.a, c.b), c.expected) << c.name << " " << c.a << " " << c.b;
}

TEST(Rv64, Branches) {
  const Case cases[] = {
      // 1: taken
      {"beq", 0x00b50463, 5, 5, 1},     {"beq", 0x00b50463, 5, 6, 0},
      {"bne", 0x00b51463, 5, 6, 1},     {"bne", 0x00b51463, 5, 5, 0},
      {"blt", 0x00b54463, kAll, 1, 1},  {"blt", 0x00b54463, 1, kAll, 0},
      {"bge", 0x00b55463, 1, kAll, 1},  {"bge", 0x00b55463, 7, 7, 1},
      {"bltu", 0x00b56463, 1, kAll, 1}, {"bltu", 0x00b56463, kAll, 1, 0},
      {"bgeu", 0x00b57463, kAll, 1, 1}, {"bgeu", 0x00b57463, 1, kAll, 0},
  };
  for (const Case &c : cases)
    EXPECT_EQ(run({c.word, kZero}, c.a, c.b), c.expected ? c.a : 0) << c.name << " " << c.a;
  // jal a0, 8 leaves the address behind it and skips one.
  EXPECT_EQ(run({0x0080056f, kZero}, 0, 0), kCodeAt + 16);
  // jalr a0, 4(a1)
  EXPECT_EQ(run({0x00458567, kZero, kZero}, 0, kCodeAt + 20), kCodeAt + 16);
}

TEST(Rv64, Memory) {
  const uint64_t at = kDataAt + 256;
  // sd a1, 8(a0); then a load from there or before.
  auto loaded = [&](uint32_t load, uint64_t address, uint64_t value) {
    return run({0x00b53423, 0x00000013, load}, address, value);
  };
  EXPECT_EQ(loaded(0x00853503, at, 0x8877665544332211), 0x8877665544332211U);    // ld 8
  EXPECT_EQ(loaded(0x00452503, at, 0x8877665544332211), 0U);                     // lw 4
  EXPECT_EQ(run({0x00b52223, 0x00452503}, at, 0x188776655), 0xffffffff88776655); // sw, lw
  EXPECT_EQ(run({0x00b52223, 0x00456503}, at, 0x188776655), 0x88776655U);        // lwu
  EXPECT_EQ(run({0xfeb51f23, 0xffe51503}, at, 0x18877), 0xffffffffffff8877);     // sh, lh
  EXPECT_EQ(run({0xfeb51f23, 0xffe55503}, at, 0x18877), 0x8877U);                // lhu
  EXPECT_EQ(run({0xfeb50fa3, 0xfff50503}, at, 0x188), 0xffffffffffffff88);       // sb, lb
  EXPECT_EQ(run({0xfeb50fa3, 0xfff54503}, at, 0x188), 0x88U);                    // lbu
}

TEST(Rv64, WhatIsNotMemoryIsRefused) {
  auto refused = [](uint32_t word, uint64_t address) {
    std::vector<uint32_t> code = {kLui, kLoadA, kLoadB, word, kReturn};
    Rv64Cpu cpu(programOf(code));
    std::memcpy(cpu.memory() + kDataAt, &address, 8);
    Machine machine;
    try {
      cpu.call(kCodeAt, machine);
    } catch (const Ended &ended) {
      return std::string(ended.what());
    }
    return std::string();
  };
  const std::string at = "embedded program 'test' at 0x200c: ";
  constexpr uint32_t ld = 0x00853503, sd = 0x00b53423; // 8(a0)
  EXPECT_EQ(refused(ld, 0x1000 - 8), "");
  EXPECT_EQ(refused(ld, 0xff8 - 8), at + "it reads 8 bytes at 0xff8, which it must not");
  EXPECT_EQ(refused(ld, kEnd - 16), "");
  EXPECT_EQ(refused(ld, kEnd - 8), at + "it reads 8 bytes at 0x4000, which it must not");
  EXPECT_EQ(refused(ld, uint64_t(-8)), at + "it reads 8 bytes at 0x0, which it must not");
  EXPECT_EQ(refused(ld, uint64_t(-16)),
            at + "it reads 8 bytes at 0xfffffffffffffff8, which it must not");
  EXPECT_EQ(refused(ld, 0x3001), at + "misaligned access: it reads 8 bytes at 0x3009");
  EXPECT_EQ(refused(ld, kCodeAt), ""); // constants are among the code
  EXPECT_EQ(refused(sd, kCodeAt), at + "it writes 8 bytes at 0x2008, which it must not");
  EXPECT_EQ(refused(sd, kCodeAt - 16), ""); // the stack
  EXPECT_EQ(refused(sd, kDataAt - 16), at + "it writes 8 bytes at 0x2ff8, which it must not");
  EXPECT_EQ(refused(sd, kEnd - 8), at + "it writes 8 bytes at 0x4000, which it must not");
  EXPECT_EQ(refused(sd, 0x1000 - 16), at + "it writes 8 bytes at 0xff8, which it must not");
}

TEST(Rv64, WhatIsNotCodeIsRefused) {
  const std::string at = "embedded program 'test' at 0x2000: ";
  EXPECT_EQ(failureOf(programOf({0})), at + "there is no instruction");
  EXPECT_EQ(failureOf(programOf({0xffffffff})), at + "there is no instruction");
  EXPECT_EQ(failureOf(programOf({0x00100073})), at + "it gives up");
  EXPECT_EQ(failureOf(programOf({kZero})),
            "embedded program 'test' at 0x2004: there is no instruction"); // behind the end
  EXPECT_EQ(failureOf(programOf({0xfeb50ce3})), at + "it jumps to 0x1ff8, where there is no code");
  EXPECT_EQ(failureOf(programOf({0x0080056f})), at + "it jumps to 0x2008, where there is no code");
  EXPECT_EQ(failureOf(programOf({kReturn}), 0x2002),
            at + "it jumps to 0x2002, where there is no code");
  EXPECT_EQ(failureOf(programOf({kReturn}), 0x2004),
            at + "it jumps to 0x2004, where there is no code");
  // Floats, compressed code, atomics, control registers: not of this processor.
  for (uint32_t word : {0x00007053U, 0x00000001U, 0x1000252fU, 0xc0002573U, 0x0000100fU})
    EXPECT_EQ(failureOf(programOf({word})), at + "there is no instruction") << word;
}

TEST(Rv64, FuelEndsWhatDoesNotEnd) {
  EmbeddedProgram program = programOf({0x0000006f}); // j 0
  EXPECT_EQ(failureOf(program), "embedded program 'test' at 0x2000: it has not ended after 1000 "
                                "instructions");
  program = programOf({kZero, kReturn});
  program.fuel = 2;
  EXPECT_EQ(failureOf(program), "");
  program.fuel = 1;
  EXPECT_EQ(failureOf(program), "embedded program 'test' at 0x2004: it has not ended after 1 "
                                "instructions");
  Rv64Cpu cpu(programOf({kZero, kReturn}));
  Machine machine;
  cpu.call(kCodeAt, machine);
  cpu.call(kCodeAt, machine);
  EXPECT_EQ(cpu.executed(), 4U);
}

/// Any words at all: the run ends, one way or the other.
TEST(Rv64, RandomWordsDoNoHarm) {
  uint64_t state = 1;
  auto next = [&] {
    return state = state * 6364136223846793005 + 1442695040888963407, state >> 32;
  };
  constexpr uint32_t opcodes[] = {0x37, 0x17, 0x6f, 0x67, 0x63, 0x03,
                                  0x23, 0x13, 0x1b, 0x33, 0x3b, 0x73};
  for (unsigned i = 0; i < 20000; ++i) {
    std::vector<uint32_t> code;
    for (unsigned n = 0; n < 24; ++n)
      code.push_back(uint32_t(next() & ~uint64_t(127)) | opcodes[next() % 12]);
    code[next() % 24] = 0x00000073; // ecall
    (void)failureOf(programOf(code));
  }
}
