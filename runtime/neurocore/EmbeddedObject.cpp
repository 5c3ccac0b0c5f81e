// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading ELF, as much of it as embedded programs have. Every number in the file may lie.
#include "runtime/neurocore/EmbeddedObject.h"

#include "runtime/neurocore/EmbeddedCalls.h"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <optional>

namespace basalt::nc {

static constexpr unsigned kMostSegments = 16;
static constexpr uint16_t kRiscV = 243;
static constexpr uint32_t kCompressed = 1, kFloatAbi = 6; // of e_flags

namespace {
/// Bytes of which nothing beyond the end is ever read.
struct Reader {
  std::string_view bytes;

  template <typename T> std::optional<T> read(uint64_t offset) const {
    if (offset > bytes.size() || sizeof(T) > bytes.size() - offset)
      return std::nullopt;
    T result;
    std::memcpy(&result, bytes.data() + offset, sizeof(T));
    return result;
  }
  std::optional<std::string_view> part(uint64_t offset, uint64_t size) const {
    if (offset > bytes.size() || size > bytes.size() - offset)
      return std::nullopt;
    return bytes.substr(size_t(offset), size_t(size));
  }
};
} // namespace

static std::string checkHeader(const Elf64_Ehdr &header) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return "the object is no ELF file";
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB)
    return "the object is not of 64 bits, little-endian";
  if (header.e_machine != kRiscV)
    return "the object is for machine " + std::to_string(header.e_machine) + ", expected RISC-V";
  if (header.e_type != ET_EXEC)
    return "the object is not linked to fixed addresses";
  if ((header.e_flags & (kCompressed | kFloatAbi)) != 0)
    return "the object uses compressed instructions or floats";
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0 ||
      header.e_phnum > kMostSegments)
    return "the object has no usable table of segments";
  return "";
}

static std::string addSegment(const Reader &file, const Elf64_Phdr &header, uint32_t memoryBytes,
                              ObjectLayout &layout) {
  auto contents = file.part(header.p_offset, header.p_filesz);
  uint64_t from = layout.segments.empty()
                      ? kStackBase
                      : layout.segments.back().address + layout.segments.back().bytes;
  if (!contents || header.p_filesz > header.p_memsz)
    return "a segment of the object is not in the file";
  if (header.p_vaddr < from || header.p_vaddr > memoryBytes ||
      header.p_memsz > memoryBytes - header.p_vaddr)
    return "the segment at address " + std::to_string(header.p_vaddr) +
           " is not between the one before and the end of memory";
  ObjectSegment segment;
  segment.address = uint32_t(header.p_vaddr);
  segment.bytes = uint32_t(header.p_memsz);
  segment.writable = (header.p_flags & PF_W) != 0;
  segment.executable = (header.p_flags & PF_X) != 0;
  segment.contents = *contents;
  layout.segments.push_back(segment);
  return "";
}

/// One segment of code, first; what can be written, last.
static std::string arrange(uint32_t memoryBytes, ObjectLayout &layout) {
  layout.dataStart = memoryBytes;
  for (const ObjectSegment &segment : layout.segments) {
    if (segment.executable) {
      if (layout.codeEnd != 0 || segment.writable || segment.address % 4 != 0)
        return "the object has more code than one aligned segment that cannot be written";
      layout.codeStart = segment.address;
      layout.codeEnd = segment.address + segment.bytes / 4 * 4;
    }
    if (segment.writable)
      layout.dataStart = std::min(layout.dataStart, segment.address);
    else if (layout.dataStart != memoryBytes)
      return "a segment of the object behind the data cannot be written";
  }
  // Without code it holds Vars; a call finds nothing to run.
  layout.stackTop = layout.segments.front().address / 16 * 16;
  return "";
}

std::string readObject(std::string_view object, uint32_t memoryBytes, ObjectLayout &layout) {
  layout = {};
  Reader file{object};
  auto header = file.read<Elf64_Ehdr>(0);
  if (!header)
    return "the object is no ELF file";
  if (std::string wrong = checkHeader(*header); !wrong.empty())
    return wrong;
  for (unsigned i = 0; i < header->e_phnum; ++i) {
    auto segment = file.read<Elf64_Phdr>(header->e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment)
      return "the object ends within its table of segments";
    if (segment->p_type != PT_LOAD || segment->p_memsz == 0)
      continue;
    if (std::string wrong = addSegment(file, *segment, memoryBytes, layout); !wrong.empty())
      return wrong;
  }
  if (layout.segments.empty())
    return "the object has nothing to load";
  return arrange(memoryBytes, layout);
}

//===-- Lines
//------------------------------------------------------------------------------------===//

/// The contents of the section `name`.
static std::optional<std::string_view> findSection(std::string_view object, std::string_view name) {
  Reader file{object};
  auto header = file.read<Elf64_Ehdr>(0);
  if (!header || header->e_shentsize != sizeof(Elf64_Shdr))
    return std::nullopt;
  auto at = [&](unsigned index) {
    return file.read<Elf64_Shdr>(header->e_shoff + uint64_t(index) * sizeof(Elf64_Shdr));
  };
  auto names = at(header->e_shstrndx);
  auto strings = names ? file.part(names->sh_offset, names->sh_size) : std::nullopt;
  if (!strings)
    return std::nullopt;
  for (unsigned i = 0; i < header->e_shnum; ++i) {
    auto section = at(i);
    if (!section)
      return std::nullopt;
    if (section->sh_name < strings->size() &&
        strings->substr(section->sh_name, name.size() + 1) == std::string(name) + '\0')
      return file.part(section->sh_offset, section->sh_size);
  }
  return std::nullopt;
}

LineTable readLines(std::string_view object) {
  LineTable table;
  auto section = findSection(object, kLineSection);
  if (!section)
    return table;
  Reader bytes{*section};
  auto rows = bytes.read<uint32_t>(0), files = bytes.read<uint32_t>(4);
  uint64_t end = rows ? 8 + uint64_t(*rows) * sizeof(LineRow) : 0;
  if (!files || end > section->size())
    return {};
  for (uint32_t i = 0; i < *rows; ++i) {
    table.rows.push_back(*bytes.read<LineRow>(8 + uint64_t(i) * sizeof(LineRow)));
    bool inOrder = i == 0 || table.rows[i - 1].address <= table.rows[i].address;
    if (!inOrder || (table.rows[i].line != 0 && table.rows[i].file >= *files))
      return {};
  }
  std::string_view names = section->substr(size_t(end));
  for (uint32_t i = 0; i < *files; ++i) {
    size_t length = names.find('\0');
    if (length == std::string_view::npos)
      return {};
    table.files.emplace_back(names.substr(0, length));
    names.remove_prefix(length + 1);
  }
  return table;
}

const LineRow *LineTable::find(uint32_t address) const {
  auto after =
      std::upper_bound(rows.begin(), rows.end(), address,
                       [](uint32_t address, const LineRow &row) { return address < row.address; });
  if (after == rows.begin() || std::prev(after)->line == 0)
    return nullptr;
  return &*std::prev(after);
}

std::string LineTable::describe(uint32_t address) const {
  const LineRow *row = find(address);
  if (!row)
    return "";
  std::string text = files[row->file] + ":" + std::to_string(row->line);
  return row->column == 0 ? text : text + ":" + std::to_string(row->column);
}

} // namespace basalt::nc
