// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// DWARF's line table => the plain one of runtime/neurocore/EmbeddedObject.h, which the emulator can
// read without knowing DWARF.
#include "compiler/neurocore/embedded/Stages.h"

#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/Endian.h"
#include <map>

using namespace llvm;

namespace basalt::neurocore {

namespace {
struct Row {
  uint32_t address, file, line, column;
};

struct Table {
  std::vector<Row> rows;
  std::vector<std::string> files;
  std::map<std::string, uint32_t> numbers;

  void add(const DWARFDebugLine::LineTable &lines);
  std::string text() const;
};
} // namespace

void Table::add(const DWARFDebugLine::LineTable &lines) {
  for (const DWARFDebugLine::Row &row : lines.Rows) {
    std::string name;
    bool isKnown = !row.EndSequence && row.Line != 0 &&
                   lines.getFileNameByIndex(row.File, "",
                                            DILineInfoSpecifier::FileLineInfoKind::RawValue, name);
    uint32_t file = 0;
    if (isKnown) {
      auto [known, isNew] = numbers.try_emplace(name, uint32_t(files.size()));
      if (isNew)
        files.push_back(name);
      file = known->second;
    }
    Row added = {uint32_t(row.Address.Address), file, isKnown ? row.Line : 0, row.Column};
    if (!rows.empty() && rows.back().address == added.address)
      rows.back() = added;
    else
      rows.push_back(added);
  }
}

std::string Table::text() const {
  std::string result;
  auto add = [&](uint32_t number) {
    char bytes[4];
    support::endian::write32le(bytes, number);
    result.append(bytes, 4);
  };
  add(uint32_t(rows.size()));
  add(uint32_t(files.size()));
  for (const Row &row : rows)
    for (uint32_t number : {row.address, row.file, row.line, row.column})
      add(number);
  for (const std::string &name : files)
    result += name + '\0';
  return result;
}

std::string lineTableOf(ArrayRef<uint8_t> bytes) {
  StringRef text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  auto object = cantFail(object::ObjectFile::createObjectFile(MemoryBufferRef(text, "program")));
  auto dwarf = DWARFContext::create(*object);
  Table table;
  for (const auto &unit : dwarf->compile_units())
    if (const DWARFDebugLine::LineTable *lines = dwarf->getLineTableForUnit(unit.get()))
      table.add(*lines);
  llvm::stable_sort(table.rows, [](const Row &a, const Row &b) { return a.address < b.address; });
  return table.text();
}

} // namespace basalt::neurocore
