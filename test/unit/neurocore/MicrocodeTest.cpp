// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instructions as words and as text.
#include "runtime/neurocore/Microcode.h"

#include <gtest/gtest.h>
#include <random>

using namespace basalt::nc;

namespace {
std::string assembleError(const std::string &text) {
  std::string error;
  EXPECT_FALSE(assemble(text, &error)) << text;
  return error;
}

TEST(Microcode, RoundTripOfWords) {
  std::mt19937 random(1);
  unsigned valid = 0;
  for (int i = 0; i < 300000; ++i) {
    uint32_t word = random();
    // Most random words have fields that must be zero, so some are made likely.
    if (i % 3 == 0)
      word &= 0xfffffff8;
    if (i % 3 == 1)
      word &= 0xfff00301;
    std::optional<Instruction> instruction = decode(word);
    if (!instruction)
      continue;
    ++valid;
    ASSERT_EQ(encode(*instruction), word);
    std::string text = formatInstruction(*instruction), error;
    std::optional<std::vector<uint32_t>> again = assemble(text, &error);
    ASSERT_TRUE(again) << text << ": " << error;
    ASSERT_EQ(again->size(), 1u);
    ASSERT_EQ(again->front(), word) << text;
  }
  EXPECT_GT(valid, 50000u);
}

TEST(Microcode, Text) {
  const char *text = "MULS s0, s0, k0, 12, tz\n"
                     "SHL r0, a0, 6\n"
                     "SAR r1, r0, k2+3\n"
                     "SRZ.d r2, s3, p1\n"
                     "SHL r0, r0, 1+0\n"
                     "?ADD s0, s0, r0\n"
                     "LDI r3, -131072\n"
                     "SATS s1, r2, 24\n"
                     "GT _, s1, k1\n"
                     "SEL s1, 0, s1\n"
                     "MULS r4, r4, 1\n"
                     "MULS r4, r4, step, 5\n"
                     "AND r5, timers, 1\n"
                     "SKNC 2\n"
                     "SPKA 3, r2\n"
                     "?JMP 1\n"
                     "RND.d r4, 7\n"
                     "HALT\n";
  std::string error;
  std::optional<std::vector<uint32_t>> words = assemble(text, &error);
  ASSERT_TRUE(words) << error;
  EXPECT_EQ(disassemble(*words), text);
  EXPECT_EQ(disassemble({0xffffffff}), ".word 0xffffffff\n");
}

TEST(Microcode, CommentsAndSeparators) {
  std::string error;
  auto words =
      assemble("# all; of this\n\n MOV r0, 1 ; MOV r1, r0 # two; not three\n;;HALT;", &error);
  ASSERT_TRUE(words) << error;
  EXPECT_EQ(disassemble(*words), "MOV r0, 1\nMOV r1, r0\nHALT\n");
}

TEST(Microcode, NamesOfOperands) {
  OperandNames names;
  names.nameOf = [](uint8_t operand) { return std::string(operand == 16 ? "u" : ""); };
  names.operandNamed = [](std::string_view name) {
    return name == "u" ? std::optional<uint8_t>(16) : std::nullopt;
  };
  auto words = assemble("ADD u, u, k0", nullptr, &names);
  ASSERT_TRUE(words);
  EXPECT_EQ(disassemble(*words, &names), "ADD u, u, k0\n");
  EXPECT_EQ(disassemble(*words), "ADD s0, s0, k0\n");
}

TEST(Microcode, Errors) {
  EXPECT_EQ(assembleError("FOO r0"), "line 1: unknown instruction 'FOO'");
  EXPECT_EQ(assembleError("HALT\nHALT.d"), "line 2: unknown instruction 'HALT.d'");
  EXPECT_EQ(assembleError("MOV r0, r16"), "line 1: unknown operand 'r16'");
  EXPECT_EQ(assembleError("MOV r0"), "line 1: expected ',' before ''");
  EXPECT_EQ(assembleError("HALT 1"), "line 1: expected the end of the instruction, found '1'");
  EXPECT_EQ(assembleError("LDI r0, 131072"), "line 1: 131072 is not in -131072..131071");
  EXPECT_EQ(assembleError("LDI r0, x"), "line 1: expected a number, found 'x'");
  EXPECT_EQ(assembleError("WRAP r0, r1, 33"), "line 1: 33 is not in 1..32");
  EXPECT_EQ(assembleError("MULS r0, r0, r0, 1, up"),
            "line 1: expected floor, tz or near, found 'up'");
  EXPECT_EQ(assembleError("?SKNC 1"), "line 1: this instruction cannot be predicated");
}
} // namespace
