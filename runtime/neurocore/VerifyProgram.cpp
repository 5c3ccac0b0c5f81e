// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pass over the program: branches go forward, so whatever leads to a word stands before it.
#include "runtime/neurocore/VerifyProgram.h"

#include <algorithm>
#include <array>

using namespace basalt::nc;

namespace {
enum class Content : uint8_t { Undefined, Word, Low, High };

/// What is known before a word, on all paths that lead there.
struct Known {
  bool reachable = false;
  bool c = false; // is defined
  std::array<Content, 16> registers = {};
  uint32_t sent = 0;             // outputs that may have been used
  uint32_t path = 0, writes = 0; // longest so far

  void join(const Known &other);
};

class ProgramVerifier {
public:
  ProgramVerifier(const std::vector<uint32_t> &words, const Group &group, const StateLayout &layout,
                  ProgramFacts &facts)
      : words(words), group(group), layout(layout), facts(facts) {}

  std::optional<ProgramError> run();

private:
  bool step(uint32_t at);
  bool read(uint8_t operand, bool &pair, const Known &known);
  bool exists(uint8_t operand);
  bool write(const Instruction &in, Known &known);
  bool writeRegister(const Instruction &in, Known &known, bool asPair);
  bool send(const Instruction &in, Known &known);
  bool flow(uint32_t at, const Instruction &in, const Known &after);
  bool fail(const std::string &message) {
    error.message = message;
    return false;
  }

  const std::vector<uint32_t> &words;
  const Group &group;
  const StateLayout &layout;
  ProgramFacts &facts;
  std::vector<Known> before; // one a word, and one for the end
  ProgramError error;
};
} // namespace

void Known::join(const Known &other) {
  if (!reachable) {
    *this = other;
    return;
  }
  c &= other.c;
  for (size_t i = 0; i < registers.size(); ++i)
    if (registers[i] != other.registers[i])
      registers[i] = Content::Undefined;
  sent |= other.sent;
  path = std::max(path, other.path);
  writes = std::max(writes, other.writes);
}

/// "3 states", with the number that there is.
static std::string countText(size_t count, const char *what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

bool ProgramVerifier::exists(uint8_t operand) {
  using namespace operands;
  struct Space {
    uint8_t first;
    size_t count;
    const char *what;
  };
  const Space spaces[] = {{FirstAccumulator, group.accumulators.size(), "accumulator"},
                          {FirstParameter, group.parameters.size(), "parameter"},
                          {FirstConstant, group.constants.size(), "constant"},
                          {FirstState, layout.slots.size(), "state"}};
  if (operand >= Zero)
    return true;
  for (const Space &space : spaces) {
    if (operand < space.first)
      continue;
    return size_t(operand - space.first) < space.count ||
           fail("operand " + operandText(operand) + ", where the group has " +
                countText(space.count, space.what));
  }
  return true;
}

bool ProgramVerifier::read(uint8_t operand, bool &pair, const Known &known) {
  if (!exists(operand))
    return false;
  if (operand == operands::Step || operand == operands::Timers)
    facts.timed = true;
  if (operand >= operands::FirstState)
    return true;
  facts.registers = std::max(facts.registers, uint32_t(operand) + 1);
  Content content = known.registers[operand];
  pair = content == Content::Low;
  if (content == Content::Undefined)
    return fail(operandText(operand) + " is read, but not defined on all paths");
  if (content == Content::High)
    return fail(operandText(operand) + " is read, but is the high half of a pair");
  if (pair)
    facts.registers = std::max(facts.registers, uint32_t(operand) + 2);
  return true;
}

bool ProgramVerifier::writeRegister(const Instruction &in, Known &known, bool asPair) {
  if (asPair && in.dst % 2 != 0)
    return fail("the pair " + operandText(in.dst) + " is not at an even register");
  facts.registers = std::max(facts.registers, uint32_t(in.dst) + (asPair ? 2 : 1));
  Content content = asPair ? Content::Low : Content::Word;
  // Where c does not hold the old content stays, so there must be one of the same form.
  if (in.predicated && known.registers[in.dst] != content)
    return fail(operandText(in.dst) + " is written where c holds, but is not defined elsewhere");
  // A pair of which one half is overwritten is no pair.
  auto breakPair = [&](unsigned at) {
    if (known.registers[at] == Content::Low)
      known.registers[at + 1] = Content::Undefined;
    else if (known.registers[at] == Content::High)
      known.registers[at - 1] = Content::Undefined;
  };
  breakPair(in.dst);
  known.registers[in.dst] = content;
  if (asPair) {
    if (known.registers[in.dst + 1] != Content::High)
      breakPair(in.dst + 1u);
    known.registers[in.dst + 1] = Content::High;
  }
  return true;
}

bool ProgramVerifier::write(const Instruction &in, Known &known) {
  const OpInfo &info = infoOf(in.op);
  if (in.dst == operands::Discard)
    return true;
  if (in.dst >= operands::FirstConstant)
    return fail(operandText(in.dst) + " cannot be written");
  if (!exists(in.dst))
    return false;
  if (in.dst < operands::FirstState)
    return writeRegister(in, known, in.wide && !info.setsC);
  ++known.writes;
  return true;
}

bool ProgramVerifier::send(const Instruction &in, Known &known) {
  if (in.dst >= group.outputs.size())
    return fail("output " + std::to_string(in.dst) + ", where the group has " +
                countText(group.outputs.size(), "output"));
  if (known.sent >> in.dst & 1)
    return fail("output " + std::to_string(in.dst) + " is used twice on one path");
  known.sent |= 1u << in.dst;
  ++facts.sendsAt[in.dst];
  return true;
}

/// Hands what is known after a word to those that can come next.
bool ProgramVerifier::flow(uint32_t at, const Instruction &in, const Known &after) {
  bool isBranch = in.op == Op::Sknc || in.op == Op::Jmp;
  if (isBranch) {
    size_t target = size_t(at) + 1 + size_t(in.value);
    if (target > words.size())
      return fail("a branch to word " + std::to_string(target) + " of a program of " +
                  std::to_string(words.size()));
    before[target].join(after);
    if (target < words.size())
      facts.code[target].joins = true;
    facts.branches = true;
  }
  bool ends = in.op == Op::Halt;
  facts.branches |= ends && in.predicated;
  if (ends)
    before[words.size()].join(after);
  if ((!ends && in.op != Op::Jmp) || in.predicated) {
    before[at + 1].join(after);
    if ((isBranch || ends) && at + 1 < words.size())
      facts.code[at + 1].joins = true;
  }
  return true;
}

bool ProgramVerifier::step(uint32_t at) {
  error.word = at;
  std::optional<Instruction> decoded = decode(words[at]);
  if (!decoded)
    return fail("no instruction has this word");
  const Instruction &in = *decoded;
  CheckedInstruction &checked = facts.code[at];
  checked.instruction = in;
  Known known = before[at];
  checked.reachable = known.reachable;
  if (!known.reachable)
    return fail("nothing leads to this word");
  ++known.path;
  const OpInfo &info = infoOf(in.op);
  facts.wide |= in.wide;
  bool needsC = in.predicated || in.op == Op::Sel || in.op == Op::Sknc;
  if (needsC && !known.c)
    return fail("c is read, but not defined on all paths");
  if ((info.readsA && !read(in.a, checked.aPair, known)) ||
      (info.readsB && !read(in.b, checked.bPair, known)))
    return false;
  if (in.op == Op::Rnd) {
    if (in.a >= group.sites.size())
      return fail("random site " + std::to_string(in.a) + ", where the group has " +
                  countText(group.sites.size(), "site"));
    facts.draws = facts.timed = true;
  }
  if ((in.op == Op::Spk || in.op == Op::Spka) && !send(in, known))
    return false;
  if (info.writes && !write(in, known))
    return false;
  if (info.setsC && !in.predicated)
    known.c = true;
  return flow(at, in, known);
}

std::optional<ProgramError> ProgramVerifier::run() {
  facts = {};
  if (words.empty() || words.size() > kMostProgramWords)
    return ProgramError{0, "a program of " + std::to_string(words.size()) +
                               " words, expected 1 to " + std::to_string(kMostProgramWords)};
  facts.code.resize(words.size());
  before.resize(words.size() + 1);
  before[0].reachable = true;
  for (uint32_t at = 0; at < words.size(); ++at)
    if (!step(at))
      return error;
  facts.longestPath = before.back().path;
  facts.longestWrites = before.back().writes;
  return std::nullopt;
}

std::optional<ProgramError> basalt::nc::verifyProgram(const std::vector<uint32_t> &words,
                                                      const Group &group, const StateLayout &layout,
                                                      ProgramFacts &facts) {
  return ProgramVerifier(words, group, layout, facts).run();
}
