// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instructions as text, both ways.
#include "runtime/neurocore/Microcode.h"

#include <charconv>
#include <cstdio>

using namespace basalt::nc;

//===-- Printing
//---------------------------------------------------------------------------------===//

std::string basalt::nc::operandText(uint8_t operand) {
  using namespace operands;
  static const char *const kSpecial[] = {"0", "1", "step", "timers"};
  if (operand >= Zero)
    return kSpecial[(operand - Zero) & 3];
  struct Range {
    uint8_t first;
    char letter;
  };
  for (Range range : {Range{FirstAccumulator, 'a'}, Range{FirstParameter, 'p'},
                      Range{FirstConstant, 'k'}, Range{FirstState, 's'}, Range{0, 'r'}})
    if (operand >= range.first)
      return range.letter + std::to_string(operand - range.first);
  return "?";
}

static const char *roundText(Round round) {
  return round == Round::Floor ? "floor" : round == Round::TowardZero ? "tz" : "near";
}

namespace {
enum class Form { Bare, Immediate, Unary, Binary, Multiply, Shift, Width, Distance, Send, Random };
}

static Form formOf(Op op) {
  switch (op) {
  case Op::Halt:
    return Form::Bare;
  case Op::Ldi:
    return Form::Immediate;
  case Op::Mov:
  case Op::Neg:
  case Op::Abs:
    return Form::Unary;
  case Op::Muls:
    return Form::Multiply;
  case Op::Shl:
  case Op::Sar:
  case Op::Srz:
    return Form::Shift;
  case Op::Sat:
  case Op::Sats:
  case Op::Wrap:
    return Form::Width;
  case Op::Sknc:
  case Op::Jmp:
    return Form::Distance;
  case Op::Spk:
  case Op::Spka:
    return Form::Send;
  case Op::Rnd:
    return Form::Random;
  default:
    return Form::Binary;
  }
}

std::string basalt::nc::formatInstruction(const Instruction &in, const OperandNames *names) {
  auto operand = [&](uint8_t number) {
    std::string name = names && names->nameOf ? names->nameOf(number) : std::string();
    return name.empty() ? operandText(number) : name;
  };
  std::string head =
      (in.predicated ? "?" : "") + std::string(infoOf(in.op).name) + (in.wide ? ".d" : "");
  std::string dst = in.dst == operands::Discard ? "_" : operand(in.dst);
  switch (formOf(in.op)) {
  case Form::Bare:
    return head;
  case Form::Immediate:
    return head + " " + dst + ", " + std::to_string(in.value);
  case Form::Unary:
    return head + " " + dst + ", " + operand(in.a);
  case Form::Binary:
    return head + " " + dst + ", " + operand(in.a) + ", " + operand(in.b);
  case Form::Multiply: {
    std::string text = head + " " + dst + ", " + operand(in.a) + ", " + operand(in.b);
    if (in.imm || in.round != Round::Floor)
      text += ", " + std::to_string(in.imm);
    return in.round == Round::Floor ? text : text + ", " + roundText(in.round);
  }
  case Form::Shift: {
    std::string amount = in.b == operands::Zero ? std::to_string(in.imm) : operand(in.b);
    // A plain 0 or 1 is an amount, so the operand of value one keeps a sum.
    if (in.b != operands::Zero && (in.imm || in.b == operands::One))
      amount += "+" + std::to_string(in.imm);
    return head + " " + dst + ", " + operand(in.a) + ", " + amount;
  }
  case Form::Width:
    return head + " " + dst + ", " + operand(in.a) + ", " + std::to_string(in.value);
  case Form::Distance:
    return head + " " + std::to_string(in.value);
  case Form::Send:
    return head + " " + std::to_string(in.dst) + ", " + operand(in.a);
  case Form::Random:
    return head + " " + dst + ", " + std::to_string(in.a);
  }
  return head;
}

std::string basalt::nc::disassemble(const std::vector<uint32_t> &words, const OperandNames *names) {
  std::string text;
  for (uint32_t word : words) {
    std::optional<Instruction> instruction = decode(word);
    char raw[32];
    std::snprintf(raw, sizeof(raw), ".word 0x%08x", word);
    text += (instruction ? formatInstruction(*instruction, names) : std::string(raw)) + "\n";
  }
  return text;
}

//===-- Parsing
//----------------------------------------------------------------------------------===//

namespace {
/// Parses one instruction; what is wrong is in `error`.
class LineParser {
public:
  LineParser(std::string_view text, const OperandNames *names) : rest(text), names(names) {}

  std::optional<uint32_t> parse();
  std::string error;

private:
  bool fail(const std::string &message) {
    if (error.empty())
      error = message;
    return false;
  }
  std::string_view word();
  bool comma() {
    skip();
    if (rest.empty() || rest.front() != ',')
      return fail("expected ',' before '" + std::string(rest) + "'");
    rest.remove_prefix(1);
    return true;
  }
  void skip() {
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t'))
      rest.remove_prefix(1);
  }
  bool atEnd() {
    skip();
    return rest.empty();
  }
  bool number(std::string_view text, int64_t least, int64_t most, int64_t &value);
  bool operand(std::string_view text, uint8_t &value);
  bool operand(uint8_t &value) { return operand(word(), value); }
  bool destination(uint8_t &value);
  bool mnemonic(Instruction &in);
  bool operandsOf(Instruction &in);
  bool multiplyTail(Instruction &in);
  bool amount(Instruction &in);

  std::string_view rest;
  const OperandNames *names;
};
} // namespace

std::string_view LineParser::word() {
  skip();
  size_t end = rest.find_first_of(", \t");
  std::string_view result = rest.substr(0, end);
  rest.remove_prefix(result.size());
  return result;
}

bool LineParser::number(std::string_view text, int64_t least, int64_t most, int64_t &value) {
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || code != std::errc() || end != text.data() + text.size())
    return fail("expected a number, found '" + std::string(text) + "'");
  if (value < least || value > most)
    return fail(std::to_string(value) + " is not in " + std::to_string(least) + ".." +
                std::to_string(most));
  return true;
}

bool LineParser::operand(std::string_view text, uint8_t &value) {
  if (names && names->operandNamed)
    if (std::optional<uint8_t> named = names->operandNamed(text)) {
      value = *named;
      return true;
    }
  for (unsigned i = 0; i < 64; ++i)
    if (text == operandText(uint8_t(i))) {
      value = uint8_t(i);
      return true;
    }
  return fail("unknown operand '" + std::string(text) + "'");
}

bool LineParser::destination(uint8_t &value) {
  std::string_view text = word();
  if (text == "_") {
    value = operands::Discard;
    return true;
  }
  return operand(text, value);
}

bool LineParser::mnemonic(Instruction &in) {
  skip();
  if (!rest.empty() && rest.front() == '?') {
    in.predicated = true;
    rest.remove_prefix(1);
  }
  std::string_view text = word(), plain = text;
  if (plain.size() > 2 && plain.substr(plain.size() - 2) == ".d") {
    in.wide = true;
    plain.remove_suffix(2);
  }
  for (unsigned i = 0; i < kOps; ++i)
    if (plain == infoOf(Op(i)).name && (infoOf(Op(i)).hasWide || !in.wide)) {
      in.op = Op(i);
      return true;
    }
  return fail("unknown instruction '" + std::string(text) + "'");
}

bool LineParser::multiplyTail(Instruction &in) {
  if (atEnd())
    return true;
  int64_t value = 0;
  if (!comma() || !number(word(), 0, 31, value))
    return false;
  in.imm = uint8_t(value);
  if (atEnd())
    return true;
  if (!comma())
    return false;
  std::string_view text = word();
  for (Round round : {Round::Floor, Round::TowardZero, Round::Nearest})
    if (text == roundText(round)) {
      in.round = round;
      return true;
    }
  return fail("expected floor, tz or near, found '" + std::string(text) + "'");
}

bool LineParser::amount(Instruction &in) {
  std::string_view text = word();
  in.b = operands::Zero;
  size_t plus = text.find('+');
  bool isNumber = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  if (!isNumber && !operand(text.substr(0, plus), in.b))
    return false;
  if (!isNumber && plus == text.npos)
    return true;
  int64_t value = 0;
  if (!number(isNumber ? text : text.substr(plus + 1), 0, 31, value))
    return false;
  in.imm = uint8_t(value);
  return true;
}

bool LineParser::operandsOf(Instruction &in) {
  int64_t value = 0;
  switch (formOf(in.op)) {
  case Form::Bare:
    return true;
  case Form::Immediate:
    if (!destination(in.dst) || !comma() || !number(word(), -(1 << 17), (1 << 17) - 1, value))
      return false;
    in.value = int32_t(value);
    return true;
  case Form::Unary:
    return destination(in.dst) && comma() && operand(in.a);
  case Form::Binary:
    return destination(in.dst) && comma() && operand(in.a) && comma() && operand(in.b);
  case Form::Multiply:
    return destination(in.dst) && comma() && operand(in.a) && comma() && operand(in.b) &&
           multiplyTail(in);
  case Form::Shift:
    return destination(in.dst) && comma() && operand(in.a) && comma() && amount(in);
  case Form::Width:
    if (!destination(in.dst) || !comma() || !operand(in.a) || !comma() ||
        !number(word(), 1, in.wide ? 64 : 32, value))
      return false;
    in.value = int32_t(value);
    return true;
  case Form::Distance:
    if (!number(word(), 0, 4095, value))
      return false;
    in.value = int32_t(value);
    return true;
  case Form::Send:
    if (!number(word(), 0, 3, value) || !comma() || !operand(in.a))
      return false;
    in.dst = uint8_t(value);
    return true;
  case Form::Random:
    if (!destination(in.dst) || !comma() || !number(word(), 0, 63, value))
      return false;
    in.a = uint8_t(value);
    return true;
  }
  return false;
}

std::optional<uint32_t> LineParser::parse() {
  Instruction in;
  if (!mnemonic(in) || !operandsOf(in))
    return std::nullopt;
  if (!atEnd()) {
    fail("expected the end of the instruction, found '" + std::string(rest) + "'");
    return std::nullopt;
  }
  uint32_t result = encode(in);
  if (!decode(result)) {
    fail("this instruction cannot be predicated");
    return std::nullopt;
  }
  return result;
}

std::optional<std::vector<uint32_t>> basalt::nc::assemble(std::string_view text, std::string *error,
                                                          const OperandNames *names) {
  std::vector<uint32_t> words;
  unsigned line = 1;
  bool inComment = false;
  while (true) {
    size_t end = text.find_first_of("\n;");
    std::string_view piece = text.substr(0, end);
    size_t comment = inComment ? 0 : piece.find('#');
    std::string_view code = piece.substr(0, comment);
    if (code.find_first_not_of(" \t") != code.npos) {
      LineParser parser(code, names);
      std::optional<uint32_t> word = parser.parse();
      if (!word) {
        if (error)
          *error = "line " + std::to_string(line) + ": " + parser.error;
        return std::nullopt;
      }
      words.push_back(*word);
    }
    if (end == text.npos)
      return words;
    inComment = text[end] == ';' && (inComment || comment != piece.npos);
    line += text[end] == '\n';
    text.remove_prefix(end + 1);
  }
}
