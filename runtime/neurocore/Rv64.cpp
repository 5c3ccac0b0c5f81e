// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Running instructions.
#include "runtime/neurocore/Rv64.h"

#include "runtime/native/Error.h"

#include <cstring>

using namespace basalt;
using namespace basalt::nc;
using Op = Rv64Op;

static std::string_view textOf(const EmbeddedProgram &program) {
  return {reinterpret_cast<const char *>(program.object.data()), program.object.size()};
}

Rv64Cpu::Rv64Cpu(const EmbeddedProgram &program) : name(program.name), fuelOfCall(program.fuel) {
  std::string wrong = readObject(textOf(program), program.memoryBytes, layout);
  if (!wrong.empty())
    throw rt::InputError("embedded program '" + name + "': " + wrong);
  lines = readLines(textOf(program));
  bytes.resize(program.memoryBytes);
  for (ObjectSegment &segment : layout.segments) {
    if (!segment.contents.empty())
      std::memcpy(bytes.data() + segment.address, segment.contents.data(), segment.contents.size());
    segment.contents = {};
  }
  for (uint32_t at = layout.codeStart; at < layout.codeEnd; at += 4) {
    uint32_t word;
    std::memcpy(&word, bytes.data() + at, 4);
    code.push_back(decodeRv64(word));
  }
  code.emplace_back();
}

int64_t Rv64Cpu::call(uint32_t address, Environment &given) {
  environment = &given;
  fuel = fuelOfCall;
  std::memset(registers, 0, sizeof(registers));
  registers[2] = layout.stackTop;
  pc = 0;
  pc = place(address);
  run();
  executedBefore += fuelOfCall - fuel;
  return int64_t(registers[10]);
}

//===-- Faults
//-----------------------------------------------------------------------------------===//

static std::string hex(uint64_t number) {
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789abcdef"[number & 15]);
    number >>= 4;
  } while (number != 0);
  return "0x" + digits;
}

void Rv64Cpu::fault(const std::string &message) {
  auto address = uint32_t(layout.codeStart + 4 * pc);
  std::string source = lines.describe(address);
  executedBefore += fuelOfCall - fuel;
  environment->fail(kNone, "embedded program '" + name + "' at " + hex(address) +
                               (source.empty() ? "" : " (" + source + ")") + ": " + message);
}

void Rv64Cpu::faultAccess(const char *what, uint64_t address, unsigned size) {
  std::string where = " " + std::to_string(size) + " bytes at " + hex(address);
  if (address % size != 0)
    fault("misaligned access: it " + std::string(what) + where);
  fault("it " + std::string(what) + where + ", which it must not");
}

void Rv64Cpu::faultFuel() {
  fuel = 0;
  fault("it has not ended after " + std::to_string(fuelOfCall) + " instructions");
}

void Rv64Cpu::spend(uint64_t amount) {
  if (amount > fuel)
    faultFuel();
  fuel -= amount;
}

size_t Rv64Cpu::place(uint64_t address) {
  if (address % 4 != 0 || address < layout.codeStart || address >= layout.codeEnd)
    fault("it jumps to " + hex(address) + ", where there is no code");
  return size_t((address - layout.codeStart) / 4);
}

//===-- Memory
//-----------------------------------------------------------------------------------===//

template <typename T> void Rv64Cpu::store(uint64_t address, T value) {
  bool inStack = address >= kStackBase && address < layout.stackTop;
  bool inData = address >= layout.dataStart && address <= bytes.size() - sizeof(T);
  if ((!inStack && !inData) || address % sizeof(T) != 0)
    faultAccess("writes", address, sizeof(T));
  std::memcpy(bytes.data() + address, &value, sizeof(T));
}

//===-- Instructions
//-----------------------------------------------------------------------------===//
// Division by zero and the quotient that overflows have the results that the specification names.

static uint64_t divide(int64_t a, int64_t b) {
  return b == 0 ? ~uint64_t(0) : b == -1 ? 0 - uint64_t(a) : uint64_t(a / b);
}
static uint64_t remainder(int64_t a, int64_t b) {
  return b == 0 ? uint64_t(a) : b == -1 ? 0 : uint64_t(a % b);
}
static uint64_t divideUnsigned(uint64_t a, uint64_t b) { return b == 0 ? ~uint64_t(0) : a / b; }
static uint64_t remainderUnsigned(uint64_t a, uint64_t b) { return b == 0 ? a : a % b; }

__extension__ typedef __int128 Wide;

static uint64_t highOf(Wide product) { return uint64_t(product >> 64); }

/// The low word, sign-extended: what instructions on words leave in a register.
static uint64_t word(uint64_t value) { return uint64_t(int64_t(int32_t(value))); }

void Rv64Cpu::run() {
  uint64_t *x = registers;
  while (true) {
    const Rv64Instruction &i = code[pc];
    if (fuel == 0)
      faultFuel();
    --fuel;
    const uint64_t a = x[i.rs1], b = x[i.rs2];
    const auto sa = int64_t(a), sb = int64_t(b);
    const auto imm = uint64_t(int64_t(i.imm));
    uint64_t &rd = x[i.rd];
    bool taken = false;
    switch (i.op) {
    case Op::Illegal:
      fault("there is no instruction");
    case Op::Ebreak:
      fault("it gives up");
    case Op::Lui:
      rd = imm;
      break;
    case Op::Auipc:
      rd = layout.codeStart + 4 * pc + imm;
      break;
    case Op::Jal: {
      size_t target = place(layout.codeStart + 4 * pc + imm);
      rd = layout.codeStart + 4 * pc + 4;
      pc = target;
      continue;
    }
    case Op::Jalr: {
      uint64_t target = (a + imm) & ~uint64_t(1);
      if (target == 0)
        return;
      size_t next = place(target);
      rd = layout.codeStart + 4 * pc + 4;
      pc = next;
      continue;
    }
    case Op::Beq:
      taken = a == b;
      break;
    case Op::Bne:
      taken = a != b;
      break;
    case Op::Blt:
      taken = sa < sb;
      break;
    case Op::Bge:
      taken = sa >= sb;
      break;
    case Op::Bltu:
      taken = a < b;
      break;
    case Op::Bgeu:
      taken = a >= b;
      break;
    case Op::Lb:
      rd = uint64_t(int64_t(load<int8_t>(a + imm)));
      break;
    case Op::Lh:
      rd = uint64_t(int64_t(load<int16_t>(a + imm)));
      break;
    case Op::Lw:
      rd = uint64_t(int64_t(load<int32_t>(a + imm)));
      break;
    case Op::Ld:
      rd = load<uint64_t>(a + imm);
      break;
    case Op::Lbu:
      rd = load<uint8_t>(a + imm);
      break;
    case Op::Lhu:
      rd = load<uint16_t>(a + imm);
      break;
    case Op::Lwu:
      rd = load<uint32_t>(a + imm);
      break;
    case Op::Sb:
      store(a + imm, uint8_t(b));
      break;
    case Op::Sh:
      store(a + imm, uint16_t(b));
      break;
    case Op::Sw:
      store(a + imm, uint32_t(b));
      break;
    case Op::Sd:
      store(a + imm, b);
      break;
    case Op::Addi:
      rd = a + imm;
      break;
    case Op::Slti:
      rd = sa < int64_t(imm);
      break;
    case Op::Sltiu:
      rd = a < imm;
      break;
    case Op::Xori:
      rd = a ^ imm;
      break;
    case Op::Ori:
      rd = a | imm;
      break;
    case Op::Andi:
      rd = a & imm;
      break;
    case Op::Slli:
      rd = a << i.imm;
      break;
    case Op::Srli:
      rd = a >> i.imm;
      break;
    case Op::Srai:
      rd = uint64_t(sa >> i.imm);
      break;
    case Op::Addiw:
      rd = word(a + imm);
      break;
    case Op::Slliw:
      rd = word(a << i.imm);
      break;
    case Op::Srliw:
      rd = word(uint32_t(a) >> i.imm);
      break;
    case Op::Sraiw:
      rd = word(uint64_t(int64_t(int32_t(a) >> i.imm)));
      break;
    case Op::Add:
      rd = a + b;
      break;
    case Op::Sub:
      rd = a - b;
      break;
    case Op::Sll:
      rd = a << (b & 63);
      break;
    case Op::Slt:
      rd = sa < sb;
      break;
    case Op::Sltu:
      rd = a < b;
      break;
    case Op::Xor:
      rd = a ^ b;
      break;
    case Op::Srl:
      rd = a >> (b & 63);
      break;
    case Op::Sra:
      rd = uint64_t(sa >> (b & 63));
      break;
    case Op::Or:
      rd = a | b;
      break;
    case Op::And:
      rd = a & b;
      break;
    case Op::Addw:
      rd = word(a + b);
      break;
    case Op::Subw:
      rd = word(a - b);
      break;
    case Op::Sllw:
      rd = word(a << (b & 31));
      break;
    case Op::Srlw:
      rd = word(uint32_t(a) >> (b & 31));
      break;
    case Op::Sraw:
      rd = word(uint64_t(int64_t(int32_t(a) >> (b & 31))));
      break;
    case Op::Mul:
      rd = a * b;
      break;
    case Op::Mulh:
      rd = highOf(Wide(sa) * sb);
      break;
    case Op::Mulhsu:
      rd = highOf(Wide(sa) * b);
      break;
    case Op::Mulhu:
      rd = uint64_t((unsigned __int128)(a)*b >> 64);
      break;
    case Op::Div:
      rd = divide(sa, sb);
      break;
    case Op::Divu:
      rd = divideUnsigned(a, b);
      break;
    case Op::Rem:
      rd = remainder(sa, sb);
      break;
    case Op::Remu:
      rd = remainderUnsigned(a, b);
      break;
    case Op::Mulw:
      rd = word(a * b);
      break;
    case Op::Divw:
      rd = word(divide(int32_t(a), int32_t(b)));
      break;
    case Op::Divuw:
      rd = word(divideUnsigned(uint32_t(a), uint32_t(b)));
      break;
    case Op::Remw:
      rd = word(remainder(int32_t(a), int32_t(b)));
      break;
    case Op::Remuw:
      rd = word(remainderUnsigned(uint32_t(a), uint32_t(b)));
      break;
    case Op::Fence:
      break;
    case Op::Ecall:
      request();
      break;
    }
    if (taken) {
      pc = place(layout.codeStart + 4 * pc + imm);
      continue;
    }
    ++pc;
  }
}

//===-- For the emulator
//-------------------------------------------------------------------------===//

std::unique_ptr<EmbeddedCpu> basalt::nc::makeEmbeddedCpu(const EmbeddedProgram &program) {
  return std::make_unique<Rv64Cpu>(program);
}

std::string basalt::nc::verifyEmbeddedProgram(const Image &image, uint32_t number) {
  const EmbeddedProgram &program = image.embedded[number];
  ObjectLayout layout;
  std::string wrong = readObject(textOf(program), program.memoryBytes, layout);
  if (!wrong.empty())
    return wrong;
  for (const EmbeddedCall &call : image.calls)
    if (call.program == number && (call.address % 4 != 0 || call.address < layout.codeStart ||
                                   call.address >= layout.codeEnd))
      return "a call goes to address " + std::to_string(call.address) + ", where there is no code";
  return "";
}
