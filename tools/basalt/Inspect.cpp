// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt inspect`: an image for people, and the differences of two. Embedded programs are
// disassembled by LLVM, which also knows their source lines.
#include "tools/basalt/Commands.h"

#include "runtime/native/Error.h"
#include "runtime/native/Output.h"
#include "runtime/neurocore/ImageFile.h"
#include "runtime/neurocore/Inspect.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstPrinter.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/TargetSelect.h"
#include <map>
#include <unistd.h>

using namespace basalt;
using namespace basalt::driver;

//===--- Embedded programs ---===//

namespace {
/// LLVM's parts that turn RV64IM code into text.
class RiscvPrinter {
public:
  RiscvPrinter();
  std::string instructionAt(llvm::ArrayRef<uint8_t> code, uint64_t address, uint64_t &size);

private:
  std::unique_ptr<llvm::MCRegisterInfo> registers;
  std::unique_ptr<llvm::MCAsmInfo> syntax;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
  std::unique_ptr<llvm::MCInstrInfo> instructions;
  std::unique_ptr<llvm::MCContext> context;
  std::unique_ptr<llvm::MCDisassembler> disassembler;
  std::unique_ptr<llvm::MCInstPrinter> printer;
};
} // namespace

RiscvPrinter::RiscvPrinter() {
  LLVMInitializeRISCVTargetInfo();
  LLVMInitializeRISCVTargetMC();
  LLVMInitializeRISCVDisassembler();
  llvm::Triple triple("riscv64");
  std::string error;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget("", triple, error);
  if (!target)
    return;
  registers.reset(target->createMCRegInfo(triple));
  syntax.reset(target->createMCAsmInfo(*registers, triple, {}));
  subtarget.reset(target->createMCSubtargetInfo(triple, "", "+m"));
  instructions.reset(target->createMCInstrInfo());
  context =
      std::make_unique<llvm::MCContext>(triple, syntax.get(), registers.get(), subtarget.get());
  disassembler.reset(target->createMCDisassembler(*subtarget, *context));
  printer.reset(target->createMCInstPrinter(triple, syntax->getAssemblerDialect(), *syntax,
                                            *instructions, *registers));
}

std::string RiscvPrinter::instructionAt(llvm::ArrayRef<uint8_t> code, uint64_t address,
                                        uint64_t &size) {
  llvm::MCInst instruction;
  size = 0;
  if (!disassembler ||
      disassembler->getInstruction(instruction, size, code, address, llvm::nulls()) !=
          llvm::MCDisassembler::Success) {
    size = std::min<uint64_t>(4, code.size());
    return ".word";
  }
  std::string text;
  llvm::raw_string_ostream stream(text);
  printer->printInst(&instruction, address, "", *subtarget, stream);
  return llvm::StringRef(text).trim().str();
}

/// Code of a section, with the names of functions and a line wherever the source changes.
static void printSection(const llvm::object::SectionRef &section, llvm::DWARFContext &debug,
                         const std::map<uint64_t, std::string> &names, RiscvPrinter &printer,
                         std::string &text) {
  llvm::Expected<llvm::StringRef> contents = section.getContents();
  if (!contents) {
    llvm::consumeError(contents.takeError());
    return;
  }
  llvm::ArrayRef<uint8_t> code(contents->bytes_begin(), contents->size());
  std::string lastPlace;
  for (uint64_t at = 0; at < code.size();) {
    uint64_t address = section.getAddress() + at, size = 0;
    if (auto name = names.find(address); name != names.end())
      text += "  " + name->second + ":\n";
    llvm::DILineInfo line =
        debug.getLineInfoForAddress({address, section.getIndex()}).value_or(llvm::DILineInfo());
    std::string place = line.Line ? line.FileName + ":" + std::to_string(line.Line) : "";
    if (!place.empty() && place != lastPlace)
      text += "    # " + place + "\n";
    lastPlace = place;
    std::string instruction = printer.instructionAt(code.drop_front(at), address, size);
    text += llvm::formatv("    {0:x-}: {1}\n", address, instruction).str();
    at += std::max<uint64_t>(size, 1);
  }
}

static std::string disassembleEmbedded(const nc::Image &image, uint32_t number) {
  const std::vector<uint8_t> &bytes = image.embedded[number].object;
  llvm::MemoryBufferRef buffer(
      llvm::StringRef(reinterpret_cast<const char *>(bytes.data()), bytes.size()), "embedded");
  auto object = llvm::object::ObjectFile::createObjectFile(buffer);
  if (!object) {
    llvm::consumeError(object.takeError());
    return "";
  }
  std::map<uint64_t, std::string> names;
  for (const llvm::object::SymbolRef &symbol : (*object)->symbols()) {
    llvm::Expected<llvm::StringRef> name = symbol.getName();
    llvm::Expected<uint64_t> address = symbol.getAddress();
    if (name && address && !name->empty() && !name->starts_with("$"))
      names.emplace(*address, name->str());
    if (!name)
      llvm::consumeError(name.takeError());
    if (!address)
      llvm::consumeError(address.takeError());
  }
  std::unique_ptr<llvm::DWARFContext> debug = llvm::DWARFContext::create(**object);
  RiscvPrinter printer;
  std::string text;
  for (const llvm::object::SectionRef &section : (*object)->sections())
    if (section.isText())
      printSection(section, *debug, names, printer, text);
  return text;
}

//===--- The command ---===//

/// The bytes of the file that names the image.
static std::string idOf(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  return buffer ? nc::imageId((*buffer)->getBuffer()) : "";
}

int basalt::driver::inspect(const Arguments &arguments) {
  rt::FileOutput output(STDOUT_FILENO, "standard output");
  nc::Image image = nc::readImageFile(arguments.images[0]);
  int code = rt::kDone;
  if (arguments.images.size() == 2) {
    std::string differences = nc::compareImages(image, nc::readImageFile(arguments.images[1]));
    output.write(differences);
    code = differences.empty() ? rt::kDone : rt::kFailed;
  } else if (arguments.json) {
    output.write(nc::inspectJson(image, idOf(arguments.images[0])));
  } else {
    output.write(
        nc::inspectText(image, idOf(arguments.images[0]), {arguments.all, disassembleEmbedded}));
  }
  output.flush();
  return code;
}
