// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writing and reading ELF, as much of it as images use.
#include "runtime/neurocore/Container.h"

#include <algorithm>
#include <cstring>
#include <elf.h>

using namespace basalt::nc;

/// Sections begin at whole pages, so that a mapped file has aligned words.
static constexpr uint64_t kAlignment = 4096;
static constexpr size_t kMostSections = 4096;

static uint64_t alignTo(uint64_t offset, uint64_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

//===-- Writing
//----------------------------------------------------------------------------------===//

namespace {
/// Names one behind the other, each ended by a zero.
struct StringTable {
  std::string bytes = std::string(1, '\0');
  uint32_t add(const std::string &name) {
    uint32_t place = uint32_t(bytes.size());
    bytes += name;
    bytes += '\0';
    return place;
  }
};

class FileWriter {
public:
  void section(Elf64_Shdr header, const std::string &bytes, uint64_t alignment) {
    file.resize(alignTo(file.size(), alignment));
    header.sh_offset = file.size();
    header.sh_size = bytes.size();
    header.sh_addralign = alignment;
    file += bytes;
    headers.push_back(header);
  }
  std::string finish();

  std::string file = std::string(sizeof(Elf64_Ehdr), '\0');
  std::vector<Elf64_Shdr> headers = std::vector<Elf64_Shdr>(1); // the first is empty in all files
};
} // namespace

template <typename T> static void append(std::string &bytes, const T &value) {
  bytes.append(reinterpret_cast<const char *>(&value), sizeof(value));
}

std::string FileWriter::finish() {
  file.resize(alignTo(file.size(), 8));
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_REL;
  header.e_machine = EM_NONE;
  header.e_version = EV_CURRENT;
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shoff = file.size();
  header.e_shnum = uint16_t(headers.size());
  header.e_shstrndx = uint16_t(headers.size() - 1);
  std::memcpy(file.data(), &header, sizeof(header));
  for (const Elf64_Shdr &section : headers)
    append(file, section);
  return std::move(file);
}

std::string basalt::nc::writeContainer(const std::vector<Section> &sections,
                                       const std::vector<Symbol> &symbols) {
  FileWriter writer;
  StringTable names, symbolNames;
  for (const Section &section : sections) {
    Elf64_Shdr header{};
    header.sh_name = names.add(section.name);
    header.sh_type = uint32_t(section.type);
    header.sh_entsize = section.entrySize;
    writer.section(header, section.bytes, section.type == SectionType::Note ? 4 : kAlignment);
  }
  std::string table(sizeof(Elf64_Sym), '\0'); // the first is empty here, too
  const Symbol *before = nullptr;
  uint32_t name = 0;
  for (const Symbol &symbol : symbols) {
    Elf64_Sym entry{};
    // A Var in many places has its name once.
    if (!before || before->name != symbol.name)
      name = symbolNames.add(symbol.name);
    before = &symbol;
    entry.st_name = name;
    entry.st_info = ELF64_ST_INFO(STB_LOCAL, STT_OBJECT);
    entry.st_shndx = uint16_t(symbol.section + 1);
    entry.st_value = symbol.offset;
    entry.st_size = symbol.size;
    append(table, entry);
  }
  Elf64_Shdr header{};
  header.sh_name = names.add(".symtab");
  header.sh_type = SHT_SYMTAB;
  header.sh_entsize = sizeof(Elf64_Sym);
  header.sh_link = uint32_t(sections.size() + 2);
  header.sh_info = uint32_t(symbols.size() + 1); // all are local
  writer.section(header, table, 8);
  header = {};
  header.sh_name = names.add(".strtab");
  header.sh_type = SHT_STRTAB;
  writer.section(header, symbolNames.bytes, 1);
  header.sh_name = names.add(".shstrtab");
  writer.section(header, names.bytes, 1);
  return writer.finish();
}

//===-- Reading
//----------------------------------------------------------------------------------===//

namespace {
class FileReader {
public:
  explicit FileReader(std::string_view file) : file(file) {}

  std::string read();
  std::vector<Elf64_Shdr> headers;

  bool inside(uint64_t offset, uint64_t size) const {
    return offset <= file.size() && size <= file.size() - offset;
  }
  std::string_view bytesOf(const Elf64_Shdr &header) const {
    return file.substr(header.sh_offset, header.sh_size);
  }
  template <typename T> T load(uint64_t offset) const {
    T value;
    std::memcpy(&value, file.data() + offset, sizeof(T));
    return value;
  }

private:
  std::string readHeader(Elf64_Ehdr &header);
  std::string checkSection(size_t index);
  std::string checkOverlaps();

  std::string_view file;
};
} // namespace

std::string FileReader::readHeader(Elf64_Ehdr &header) {
  if (file.size() < sizeof(header))
    return "the file has " + std::to_string(file.size()) + " bytes, expected at least " +
           std::to_string(sizeof(header));
  header = load<Elf64_Ehdr>(0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return "the file is no ELF file";
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_ident[EI_VERSION] != EV_CURRENT || header.e_type != ET_REL ||
      header.e_machine != EM_NONE || header.e_shentsize != sizeof(Elf64_Shdr))
    return "the file is no ELF file of 64 bits, little-endian, relocatable, of no machine";
  size_t count = header.e_shnum;
  if (count == 0 || count > kMostSections)
    return "the file has " + std::to_string(count) + " sections, expected 1 to " +
           std::to_string(kMostSections);
  if (!inside(header.e_shoff, count * sizeof(Elf64_Shdr)))
    return "the table of sections ends at " +
           std::to_string(header.e_shoff + count * sizeof(Elf64_Shdr)) + ", the file at " +
           std::to_string(file.size());
  if (header.e_shstrndx >= count)
    return "the names of sections are in section " + std::to_string(header.e_shstrndx) +
           ", where there are " + std::to_string(count);
  return "";
}

std::string FileReader::checkSection(size_t index) {
  const Elf64_Shdr &header = headers[index];
  if (header.sh_type == SHT_NOBITS)
    return "section " + std::to_string(index) + " has no bytes in the file";
  if (!inside(header.sh_offset, header.sh_size))
    return "section " + std::to_string(index) + " has " + std::to_string(header.sh_size) +
           " bytes from " + std::to_string(header.sh_offset) + " on, the file " +
           std::to_string(file.size());
  return "";
}

std::string FileReader::checkOverlaps() {
  std::vector<std::pair<uint64_t, size_t>> order;
  for (size_t i = 1; i < headers.size(); ++i)
    if (headers[i].sh_size > 0)
      order.emplace_back(headers[i].sh_offset, i);
  std::sort(order.begin(), order.end());
  for (size_t i = 1; i < order.size(); ++i) {
    const Elf64_Shdr &before = headers[order[i - 1].second];
    if (before.sh_offset + before.sh_size > order[i].first)
      return "sections " + std::to_string(order[i - 1].second) + " and " +
             std::to_string(order[i].second) + " overlap at " + std::to_string(order[i].first);
  }
  return "";
}

std::string FileReader::read() {
  Elf64_Ehdr header{};
  if (std::string error = readHeader(header); !error.empty())
    return error;
  headers.resize(header.e_shnum);
  for (size_t i = 0; i < headers.size(); ++i)
    headers[i] = load<Elf64_Shdr>(header.e_shoff + i * sizeof(Elf64_Shdr));
  for (size_t i = 1; i < headers.size(); ++i)
    if (std::string error = checkSection(i); !error.empty())
      return error;
  if (std::string error = checkOverlaps(); !error.empty())
    return error;
  const Elf64_Shdr &names = headers[header.e_shstrndx];
  std::string_view text = header.e_shstrndx ? bytesOf(names) : std::string_view();
  if (text.empty() || text.back() != '\0')
    return "the names of sections do not end";
  for (size_t i = 1; i < headers.size(); ++i)
    if (headers[i].sh_name >= text.size())
      return "the name of section " + std::to_string(i) + " is at " +
             std::to_string(headers[i].sh_name) + " of " + std::to_string(text.size());
  return "";
}

std::string basalt::nc::readContainer(std::string_view file, std::vector<SectionView> &sections) {
  FileReader reader(file);
  if (std::string error = reader.read(); !error.empty())
    return error;
  std::string_view names = reader.bytesOf(reader.headers[reader.load<Elf64_Ehdr>(0).e_shstrndx]);
  for (size_t i = 1; i < reader.headers.size(); ++i) {
    const Elf64_Shdr &header = reader.headers[i];
    if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_STRTAB)
      continue;
    // The table of names ends with a zero.
    sections.push_back({names.data() + header.sh_name, header.sh_type, reader.bytesOf(header)});
  }
  return "";
}

std::vector<Symbol> basalt::nc::readSymbols(std::string_view file) {
  std::vector<Symbol> symbols;
  FileReader reader(file);
  if (!reader.read().empty())
    return symbols;
  for (const Elf64_Shdr &header : reader.headers) {
    if (header.sh_type != SHT_SYMTAB || header.sh_link >= reader.headers.size())
      continue;
    std::string_view names = reader.bytesOf(reader.headers[header.sh_link]);
    for (uint64_t at = sizeof(Elf64_Sym); at + sizeof(Elf64_Sym) <= header.sh_size;
         at += sizeof(Elf64_Sym)) {
      auto entry = reader.load<Elf64_Sym>(header.sh_offset + at);
      if (entry.st_name >= names.size() || names.back() != '\0' || entry.st_shndx == 0)
        return {};
      symbols.push_back(
          {names.data() + entry.st_name, entry.st_shndx - 1u, entry.st_value, entry.st_size});
    }
  }
  return symbols;
}
