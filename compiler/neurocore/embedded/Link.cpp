// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Linking with lld: every address is fixed, and of debug information only a line table of our own
// is left, which has no name of a folder.
#include "compiler/neurocore/embedded/Stages.h"

#include "compiler/support/Files.h"
#include "runtime/neurocore/EmbeddedCalls.h"
#include "runtime/neurocore/EmbeddedObject.h"

#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace llvm;
namespace fs = llvm::sys::fs;

namespace basalt::neurocore {

namespace {
/// A folder for the files of one call of the linker.
struct Folder {
  SmallString<128> path;
  std::error_code error = fs::createUniqueDirectory("basalt-link", path);
  ~Folder() {
    if (!error)
      (void)fs::remove_directories(path);
  }
  std::string file(StringRef name) const { return (path + "/" + name).str(); }
};
} // namespace

static constexpr uint64_t kAlignment = 16;

/// Code and constants, then data, in segments of their own.
static std::string linkerScript(uint64_t start) {
  return formatv(R"(PHDRS {{ code PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); }
SECTIONS {{
  . = {0};
  .text : {{ *(.text .text.*) } :code
  .rodata : {{ *(.rodata .rodata.* .srodata .srodata.*) } :code
  . = ALIGN({1});
  .data : {{ *(.data .data.* .sdata .sdata.*) } :data
  .bss : {{ *(.bss .bss.* .sbss .sbss.* COMMON) } :data
  /DISCARD/ : {{ *(.stack_sizes .comment .riscv.attributes .eh_frame .note.*) }
}
)",
                 start, kAlignment)
      .str();
}

static std::string findLinker() {
  std::string beside = std::string(BASALT_LLVM_TOOLS) + "/ld.lld";
  if (fs::can_execute(beside))
    return beside;
  for (const char *name : {"ld.lld-22", "ld.lld"})
    if (auto found = sys::findProgramByName(name))
      return *found;
  return "";
}

/// Runs lld on what is in `folder`; false with its first words if it fails.
static bool runLinker(const Folder &folder, ArrayRef<std::string> keep, std::string *error) {
  std::string linker = findLinker();
  if (linker.empty()) {
    *error = "no linker for embedded programs: expected ld.lld-22 or ld.lld to be installed";
    return false;
  }
  std::string output = folder.file("program"), script = folder.file("script");
  std::string object = folder.file("object"), messages = folder.file("messages");
  std::vector<std::string> roots;
  for (const std::string &name : keep)
    roots.push_back("--undefined=" + name);
  std::vector<StringRef> arguments = {
      linker,     "-m",        "elf64lriscv",   "-static",  "--no-relax", "-z", "max-page-size=16",
      "--nmagic", "--entry=0", "--gc-sections", "--script", script,       "-o", output,
      object};
  arguments.insert(arguments.end(), roots.begin(), roots.end());
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(messages), StringRef(messages)};
  std::string reason;
  int code = sys::ExecuteAndWait(linker, arguments, std::nullopt, redirects, 60, 0, &reason);
  if (code == 0)
    return true;
  auto text = readFile(messages, 1 << 20, &reason);
  *error = "'" + linker +
           "' failed: " + (succeeded(text) ? (*text)->getBuffer().split('\n').first.str() : reason);
  return false;
}

using ElfFile = object::ELFObjectFile<object::ELF64LE>;

/// What the segments and symbols of the program say.
static void readLayout(const ElfFile &elf, Linked &result) {
  uint64_t end = 0;
  for (const auto &segment : cantFail(elf.getELFFile().program_headers())) {
    if (segment.p_type != ELF::PT_LOAD)
      continue;
    end = std::max<uint64_t>(end, segment.p_vaddr + segment.p_memsz);
    bool isData = (segment.p_flags & ELF::PF_W) != 0;
    (isData ? result.dataBytes : result.codeBytes) += uint32_t(segment.p_memsz);
  }
  result.memoryBytes = uint32_t(alignTo(end, kAlignment));
  for (const object::ELFSymbolRef symbol : elf.symbols())
    if (symbol.getBinding() == ELF::STB_GLOBAL)
      result.symbols[cantFail(symbol.getName())] = uint32_t(cantFail(symbol.getAddress()));
}

/// The program with `lines` in the place of debug information.
static Error finish(ElfFile &elf, const std::string &lines, std::vector<uint8_t> &result) {
  objcopy::ConfigManager config;
  config.Common.OutputFilename = "program";
  config.Common.StripDebug = true;
  config.Common.AddSection.push_back(
      {nc::kLineSection, MemoryBuffer::getMemBufferCopy(lines, "lines")});
  SmallVector<char, 0> bytes;
  raw_svector_ostream stream(bytes);
  if (Error error = objcopy::executeObjcopyOnBinary(config, elf, stream))
    return error;
  result.assign(bytes.begin(), bytes.end());
  return Error::success();
}

llvm::FailureOr<Linked> linkProgram(ArrayRef<char> object, uint32_t stackBytes,
                                    ArrayRef<std::string> keep, std::string *error) {
  Folder folder;
  if (folder.error) {
    *error = "cannot make a folder for the linker: " + folder.error.message();
    return failure();
  }
  uint64_t start = alignTo(nc::kStackBase + stackBytes, kAlignment);
  if (failed(writeFile(folder.file("object"), StringRef(object.data(), object.size()), error)) ||
      failed(writeFile(folder.file("script"), linkerScript(start), error)) ||
      !runLinker(folder, keep, error))
    return failure();
  auto program = readFile(folder.file("program"), uint64_t(1) << 30, error);
  if (failed(program))
    return failure();
  auto elf = ElfFile::create((*program)->getMemBufferRef());
  if (!elf) {
    *error = toString(elf.takeError());
    return failure();
  }
  Linked result;
  readLayout(*elf, result);
  StringRef bytes = (*program)->getBuffer();
  std::string lines = lineTableOf(ArrayRef(bytes.bytes_begin(), bytes.bytes_end()));
  if (Error failed = finish(*elf, lines, result.bytes)) {
    *error = toString(std::move(failed));
    return failure();
  }
  return result;
}

} // namespace basalt::neurocore
