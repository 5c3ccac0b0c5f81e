// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Disassembly by LLVM's tables of RV64IM.
#include "compiler/neurocore/embedded/Disassemble.h"

#include "runtime/neurocore/EmbeddedObject.h"

#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstPrinter.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Format.h"
#include <map>

extern "C" {
void LLVMInitializeRISCVTargetInfo();
void LLVMInitializeRISCVTargetMC();
void LLVMInitializeRISCVDisassembler();
}

using namespace llvm;

namespace basalt::neurocore {

namespace {

/// LLVM's parts that take instructions apart and print them.
struct Machinery {
  std::unique_ptr<MCRegisterInfo> registers;
  std::unique_ptr<MCAsmInfo> assembly;
  std::unique_ptr<MCInstrInfo> instructions;
  std::unique_ptr<MCSubtargetInfo> subtarget;
  std::unique_ptr<MCContext> context;
  std::unique_ptr<MCDisassembler> disassembler;
  std::unique_ptr<MCInstPrinter> printer;

  bool make(std::string *error);
};

bool Machinery::make(std::string *error) {
  LLVMInitializeRISCVTargetInfo();
  LLVMInitializeRISCVTargetMC();
  LLVMInitializeRISCVDisassembler();
  Triple triple("riscv64-unknown-unknown-elf");
  const Target *target = TargetRegistry::lookupTarget(triple, *error);
  if (!target)
    return false;
  MCTargetOptions options;
  registers.reset(target->createMCRegInfo(triple));
  assembly.reset(target->createMCAsmInfo(*registers, triple, options));
  instructions.reset(target->createMCInstrInfo());
  subtarget.reset(target->createMCSubtargetInfo(triple, "generic-rv64", "+m"));
  context = std::make_unique<MCContext>(triple, assembly.get(), registers.get(), subtarget.get());
  disassembler.reset(target->createMCDisassembler(*subtarget, *context));
  printer.reset(target->createMCInstPrinter(triple, 0, *assembly, *instructions, *registers));
  return disassembler && printer;
}

class Listing {
public:
  Listing(Machinery &machinery, const nc::ObjectLayout &layout, nc::LineTable lines,
          std::map<uint64_t, std::string> symbols)
      : machinery(machinery), layout(layout), lines(std::move(lines)), symbols(std::move(symbols)) {
  }

  std::string text();

private:
  void instruction(uint64_t address, ArrayRef<uint8_t> bytes);

  Machinery &machinery;
  const nc::ObjectLayout &layout;
  nc::LineTable lines;
  std::map<uint64_t, std::string> symbols;
  std::string result, place;
  raw_string_ostream out{result};
};

void Listing::instruction(uint64_t address, ArrayRef<uint8_t> bytes) {
  if (auto symbol = symbols.find(address); symbol != symbols.end())
    out << symbol->second << ":\n";
  if (std::string now = lines.describe(uint32_t(address)); now != place) {
    place = now;
    if (!place.empty())
      out << "  ; " << place << "\n";
  }
  MCInst decoded;
  uint64_t size = 0;
  auto status = machinery.disassembler->getInstruction(decoded, size, bytes, address, nulls());
  out << format("  %6llx: ", static_cast<unsigned long long>(address));
  if (status == MCDisassembler::Success) {
    std::string words;
    raw_string_ostream stream(words);
    machinery.printer->printInst(&decoded, address, "", *machinery.subtarget, stream);
    for (char &c : words)
      c = c == '\t' ? ' ' : c;
    out << StringRef(words).trim() << "\n";
  } else {
    out << format(".word 0x%08x\n", support::endian::read32le(bytes.data()));
  }
}

std::string Listing::text() {
  for (const nc::ObjectSegment &segment : layout.segments) {
    if (!segment.executable)
      continue;
    ArrayRef<uint8_t> bytes(reinterpret_cast<const uint8_t *>(segment.contents.data()),
                            segment.contents.size());
    for (size_t at = 0; at + 4 <= bytes.size(); at += 4)
      instruction(segment.address + at, bytes.slice(at, 4));
  }
  return result;
}

} // namespace

llvm::FailureOr<std::string> disassemble(std::string_view object, std::string *error) {
  nc::ObjectLayout layout;
  *error = nc::readObject(object, UINT32_MAX, layout);
  if (!error->empty())
    return failure();
  Machinery machinery;
  if (!machinery.make(error))
    return failure();
  std::map<uint64_t, std::string> symbols;
  auto elf = object::ObjectFile::createObjectFile(
      MemoryBufferRef(StringRef(object.data(), object.size()), "object"));
  if (!elf) { // names are an extra
    consumeError(elf.takeError());
  } else {
    for (const object::SymbolRef symbol : (*elf)->symbols()) {
      Expected<StringRef> name = symbol.getName();
      Expected<uint64_t> address = symbol.getAddress();
      if (name && address && !name->empty() && !name->starts_with("$"))
        symbols[*address] = name->str();
      else
        consumeError(joinErrors(name ? Error::success() : name.takeError(),
                                address ? Error::success() : address.takeError()));
    }
  }
  return Listing(machinery, layout, nc::readLines(object), std::move(symbols)).text();
}

} // namespace basalt::neurocore
